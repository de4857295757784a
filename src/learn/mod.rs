//! Fitting numbers to labelled examples, whatever the numbers stand for: regularised logistic
//! regression, calibration of its scores, and the words that tell two piles of texts apart.

pub mod calibration;
pub mod log_odds;
pub mod logistic;
