//! A phrase that was found in a text: what the first pass and the scope of its words work on.

use std::ops::Range;

use super::phrasebook::Meaning;

/// One phrase found, before anything is concluded from it.
pub(super) struct Found {
    /// What it speaks for.
    pub(super) meaning: Meaning,
    /// Its weight.
    pub(super) weight: f32,
    /// Its sentence.
    pub(super) sentence: usize,
    /// Byte range in the folded text.
    pub(super) folded: Range<usize>,
    /// The phrase's index in the lexicon.
    pub(super) phrase: usize,
    /// Whether it only looks like what it is: a negated « confirme », the « pas » of « pas moins de ».
    pub(super) void: bool,
}
