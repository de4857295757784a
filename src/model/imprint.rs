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
    /// Proper names, with their rarity (ten times the logarithm of articles over articles that have them).
    pub names: Vec<(u32, u16)>,
    /// The rarest words of headline and names, under which other articles on the same incident are found.
    #[serde(default)]
    pub keys: Vec<u32>,
    /// Figures of two digits and more that are no years: « 33 millions » is 33,000,000.
    pub numbers: Vec<u64>,
}
