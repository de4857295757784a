//! One incident, one record: which addresses are the same page, which articles tell the same
//! incident, and what an incident is, given its articles.

pub mod group;
pub mod imprint;
pub mod incident;
pub mod name;
pub mod pair;
pub mod relabel;
pub mod url;
