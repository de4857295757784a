//! One incident, one record: which addresses are the same page, which articles tell the same
//! incident, and what an incident is, given its articles.

pub mod data;
pub mod figures;
pub mod group;
pub mod imprint;
pub mod incident;
pub mod name;
pub mod pair;
mod reasons;
pub mod relabel;
pub mod url;
