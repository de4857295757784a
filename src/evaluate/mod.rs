//! Quality figures: what vigie said of labelled articles, against what their labels say. Pure
//! counting; the command line reads the files and runs the articles.

pub mod errors;
pub mod figures;
pub mod grouping;
pub mod intervals;
pub mod labelled;
pub mod score;
