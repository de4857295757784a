//! The ground floor: what the product talks about. Types that carry data from one step to the
//! next, with their stable names. Nothing here reads a clock, a file, a socket or a setting.

pub mod analysis;
pub mod answer;
pub mod article;
pub mod correction;
pub mod coverage;
pub mod explanation;
pub mod fact;
pub mod feed;
pub mod filter;
pub mod id;
pub mod imprint;
pub mod incident;
pub mod label;
pub mod paris;
