//! What is kept of an article's words, so that it can be compared with others without its text.

use serde::{Deserialize, Serialize};

/// A few hashed words of an article. Two articles on one incident share rare names, figures and telling words.
/// Each list is ordered by hash, each hash once.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Imprint {
    /// Words of the headline, with their weight (rarer is heavier; the root of the sum of squares is about 1,000).
    pub title: Vec<(u32, u16)>,
    /// The most telling words of headline and text, weighted in the same way.
    pub text: Vec<(u32, u16)>,
    /// Proper names, with their rarity (ten times the logarithm of how few articles have them).
    pub names: Vec<(u32, u16)>,
    /// Figures of three digits and more that are no years, and smaller ones with a unit, without separators.
    pub numbers: Vec<u64>,
}
