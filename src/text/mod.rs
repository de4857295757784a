//! French text as the steps see it: decoded, without its markup, folded for matching with its
//! offsets kept, cut into sentences; dates as people write them. Knows nothing of labels or models.

pub mod charset;
pub mod dates;
pub mod document;
pub mod fold;
pub mod hash;
pub mod headline;
pub mod needles;
pub mod numbers;
pub mod plain;
pub mod words;
