//! The line of data from first to last: collecting a pass, reading articles, filing incidents,
//! replaying archives. The steps below do the work and never call each other.

pub mod analyse;
pub mod ask;
pub mod base;
pub mod correct;
pub mod difference;
pub mod explain;
pub mod ledger;
pub mod pass;
mod recap;
pub mod replay;
pub mod report;
pub mod suggest;
pub mod train;
