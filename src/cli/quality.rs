//! Quality figures and errors for people, as `eval` and `train` print them.

use std::fmt::Write as _;

use super::{Failure, print};
use crate::evaluate::errors::errors;
use crate::evaluate::intervals::Interval;
use crate::evaluate::labelled::{Labelled, Said};

/// Figures with their intervals, a line each.
pub fn interval_lines(intervals: &[Interval]) -> String {
    let mut text = String::new();
    for it in intervals.iter().filter(|it| !it.value.is_nan()) {
        let _ = writeln!(
            text,
            "  {:<26} {:.3}  [{:.3} - {:.3}]",
            it.name, it.value, it.low, it.high
        );
    }
    text
}

/// The articles that were read wrongly, by cause.
pub fn print_errors(labels: &[Labelled], said: &[Said], titles: &[&str]) -> Result<(), Failure> {
    let mut text = String::new();
    for (cause, lines) in errors(labels, said, titles) {
        let _ = writeln!(text, "{cause}: {}", lines.len());
        for line in lines {
            let _ = writeln!(text, "  {line}");
        }
    }
    print(&text)
}
