//! Precision, recall and F1.

use serde::Serialize;

/// Precision, recall and their harmonic mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    /// Of what was said, how much is right.
    pub precision: f64,
    /// Of what is right, how much was said.
    pub recall: f64,
    /// 2PR / (P + R).
    pub f1: f64,
}

impl Score {
    /// From precision and recall.
    pub fn of(precision: f64, recall: f64) -> Score {
        let sum = precision + recall;
        Score {
            precision,
            recall,
            f1: if sum == 0.0 {
                0.0
            } else {
                2.0 * precision * recall / sum
            },
        }
    }

    /// From counts of right, wrong and missed answers. With nothing said, precision is not a number;
    /// with nothing to find, recall is none; F1 is 0 as soon as something was wrong or missed.
    pub fn of_counts(right: usize, wrong: usize, missed: usize) -> Score {
        let ratio = |part: usize, whole: usize| {
            if whole == 0 {
                f64::NAN
            } else {
                part as f64 / whole as f64
            }
        };
        let f1 = ratio(2 * right, 2 * right + wrong + missed);
        Score {
            precision: ratio(right, right + wrong),
            recall: ratio(right, right + missed),
            f1,
        }
    }
}
