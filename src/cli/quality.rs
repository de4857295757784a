//! Quality figures and errors for people, as `eval` and `train` print them.

use std::fmt::Write as _;

use super::{Failure, print};
use crate::evaluate::errors::errors;
use crate::evaluate::figures::Rates;
use crate::evaluate::intervals::Interval;
use crate::evaluate::labelled::{Labelled, Said};
use crate::evaluate::score::Score;

/// A figure that nothing stands behind is a dash, not a perfect score.
pub fn figure(value: f64) -> String {
    if value.is_nan() {
        "  -  ".to_owned()
    } else {
        format!("{value:.3}")
    }
}

/// Precision, recall and F1 in words.
pub fn score(score: Score) -> String {
    format!(
        "P {}  R {}  F1 {}",
        figure(score.precision),
        figure(score.recall),
        figure(score.f1)
    )
}

/// The figures of each attack type, sector and kind, with how many articles have it.
pub fn class_lines(rates: &Rates) -> String {
    let mut text = String::new();
    for (heading, classes) in [
        ("by attack type", &rates.attacks_by_type),
        ("by sector", &rates.sectors),
        ("by kind", &rates.kinds),
    ] {
        let _ = writeln!(text, "  {heading}");
        for (class, value) in classes {
            let _ = writeln!(text, "    {class:<32} {}", score(*value));
        }
    }
    text
}

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

/// The articles that were read wrongly, by cause. `compared` tells of two of them, by their places, whether they share
/// a key.
pub fn print_errors(
    labels: &[Labelled],
    said: &[Said],
    titles: &[&str],
    compared: &dyn Fn(usize, usize) -> bool,
) -> Result<(), Failure> {
    let mut text = String::new();
    for (cause, lines) in errors(labels, said, titles, compared) {
        let _ = writeln!(text, "{cause}: {}", lines.len());
        for line in lines {
            let _ = writeln!(text, "  {line}");
        }
    }
    print(&text)
}
