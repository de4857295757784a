//! What a text may speak of: a mention is some of its words with what they name. Plain values that
//! the later steps weigh; how names are cut and settled is told elsewhere.

use std::ops::Range;

use super::bodies::Body;
use crate::model::label::Sector;

/// One mention.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mention {
    /// Its words.
    pub tokens: Range<usize>,
    /// Its sentence.
    pub sentence: usize,
    /// What it names.
    pub what: What,
}

/// What a mention names.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    /// A body that could be a victim.
    Body(Body),
    /// « la mairie », « l'hôpital »: the cue of this index, for the body of the article's place.
    Head(u16),
    /// A département, région or territory as a place.
    Area(Area),
    /// An attacker of this index; `careful` when its name is also an ordinary word.
    Actor { index: u16, careful: bool },
    /// A country, its people or one of its cities.
    Country(u16),
    /// A word that tells a sector.
    SectorWord(Sector),
    /// Somebody who never is the victim.
    Bystander,
}

/// Which area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Area {
    /// The département of this index.
    Departement(u16),
    /// The région of this index.
    Region(u16),
    /// The town of this index, by its people: « lillois ».
    Town(u32),
    /// Any other.
    Other,
}
