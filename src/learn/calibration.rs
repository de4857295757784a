//! From scores to probabilities that mean what they say, and thresholds that keep a precision.

use super::logistic::{Example, NotFitted, Penalty, fit, probability};

/// Platt's line: the probability of a score is the logistic function of `slope × score + offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// How much steeper than the score.
    pub slope: f64,
    /// What is added.
    pub offset: f64,
}

impl Calibration {
    /// Leaves scores as they are.
    pub const NONE: Calibration = Calibration {
        slope: 1.0,
        offset: 0.0,
    };

    /// The line that fits scores of examples that had no part in making the scores.
    pub fn fit(scored: &[(f64, bool)]) -> Result<Calibration, NotFitted> {
        Calibration::fit_weighed(
            &scored
                .iter()
                .map(|(score, yes)| (*score, *yes, 1.0))
                .collect::<Vec<_>>(),
        )
    }

    /// The same for examples that count differently: score, answer, weight.
    pub fn fit_weighed(scored: &[(f64, bool, f32)]) -> Result<Calibration, NotFitted> {
        let rows: Vec<[(u32, f32); 2]> = scored.iter().map(|it| [(0, it.0 as f32), (1, 1.0)]).collect();
        let examples: Vec<Example<'_>> = rows
            .iter()
            .zip(scored)
            .map(|(row, (_, yes, weight))| Example {
                row,
                yes: *yes,
                weight: *weight,
            })
            .collect();
        let penalty = Penalty {
            strengths: vec![0.01, 0.0],
        };
        let line = fit(&examples, &penalty)?;
        Ok(Calibration {
            slope: line[0],
            offset: line[1],
        })
    }

    /// The probability of a score.
    pub fn probability(&self, score: f64) -> f64 {
        probability(self.slope * score + self.offset)
    }
}

/// The mean distance between what probabilities say and how often the answer was yes, over ten
/// equal bins (expected calibration error).
pub fn calibration_error(said: &[(f64, bool)]) -> f64 {
    const BINS: usize = 10;
    let mut bins = [(0usize, 0.0, 0usize); BINS];
    for (probability, yes) in said {
        let bin = &mut bins[((probability * BINS as f64) as usize).min(BINS - 1)];
        bin.0 += 1;
        bin.1 += probability;
        bin.2 += usize::from(*yes);
    }
    let off: f64 = bins.iter().map(|(_, sum, yes)| (sum - *yes as f64).abs()).sum();
    if said.is_empty() { 0.0 } else { off / said.len() as f64 }
}

/// Where to cut, and whether the precision that was asked for is kept there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// From here on the answer is yes.
    pub cut: f64,
    /// The precision there.
    pub precision: f64,
}

/// The threshold with the best F1 among those that keep this precision; when none does, the one with
/// the best F1 of all. None without a single yes.
pub fn threshold(said: &[(f64, bool)], precision: f64) -> Option<Threshold> {
    let mut ranked = said.to_vec();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let all_yes = ranked.iter().filter(|(_, yes)| *yes).count();
    let mut right = 0;
    let mut best: Option<(bool, f64, Threshold)> = None;
    for (index, (probability, yes)) in ranked.iter().enumerate() {
        right += usize::from(*yes);
        let next = ranked.get(index + 1).map(|(next, _)| *next);
        if right == 0 || next == Some(*probability) {
            continue;
        }
        let own = right as f64 / (index + 1) as f64;
        let f1 = 2.0 * right as f64 / (index + 1 + all_yes) as f64;
        let keeps = own >= precision;
        // Half way to the next lower score, so that neither side is cut at its edge.
        let cut = next.map_or(*probability, |next| f64::midpoint(*probability, next));
        if best.is_none_or(|(kept, known, _)| (keeps, f1) > (kept, known)) {
            best = Some((keeps, f1, Threshold { cut, precision: own }));
        }
    }
    best.map(|(_, _, threshold)| threshold)
}

/// The lowest threshold that keeps this precision: the most right answers; when none keeps it, the one with the
/// best F1. None without a single yes.
pub fn lowest_threshold(said: &[(f64, bool)], precision: f64) -> Option<Threshold> {
    let mut ranked = said.to_vec();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut right = 0;
    let mut lowest = None;
    for (index, (probability, yes)) in ranked.iter().enumerate() {
        right += usize::from(*yes);
        let next = ranked.get(index + 1).map(|(next, _)| *next);
        let own = right as f64 / (index + 1) as f64;
        if right > 0 && own >= precision && next != Some(*probability) {
            let cut = next.map_or(*probability, |next| f64::midpoint(*probability, next));
            lowest = Some(Threshold { cut, precision: own });
        }
    }
    lowest.or_else(|| threshold(said, precision))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_threshold_gives_the_most_right_answers_at_its_precision() {
        let said = [
            (0.9, true),
            (0.8, false),
            (0.7, true),
            (0.6, true),
            (0.5, false),
            (0.4, false),
        ];
        let found = lowest_threshold(&said, 0.75).unwrap();
        assert!((found.cut - 0.55).abs() < 1e-9, "{found:?}");
        let found = lowest_threshold(&said, 0.6).unwrap();
        assert!((found.cut - 0.45).abs() < 1e-9, "{found:?}");
        // Not kept anywhere: the best by F1.
        assert_eq!(
            lowest_threshold(&[(0.9, false), (0.8, true)], 0.9),
            threshold(&[(0.9, false), (0.8, true)], 0.9)
        );
        assert_eq!(lowest_threshold(&[(0.9, false)], 0.5), None);
    }

    #[test]
    fn overconfident_scores_are_drawn_in() {
        // Scores of ±4 that are right three times in four.
        let scored = [
            (4.0, true),
            (4.0, true),
            (4.0, true),
            (4.0, false),
            (-4.0, false),
            (-4.0, false),
            (-4.0, false),
            (-4.0, true),
        ];
        let calibration = Calibration::fit(&scored).unwrap();
        assert!((calibration.probability(4.0) - 0.75).abs() < 0.02, "{calibration:?}");
        let before: Vec<(f64, bool)> = scored
            .iter()
            .map(|(s, yes)| (Calibration::NONE.probability(*s), *yes))
            .collect();
        let after: Vec<(f64, bool)> = scored
            .iter()
            .map(|(s, yes)| (calibration.probability(*s), *yes))
            .collect();
        assert!(calibration_error(&after) < 0.02 && calibration_error(&before) > 0.2);
    }

    #[test]
    fn thresholds_keep_the_precision_asked_for() {
        let said = [
            (0.9, true),
            (0.8, true),
            (0.7, false),
            (0.6, true),
            (0.5, false),
            (0.4, false),
            (0.1, true),
        ];
        let cut = |said: &[(f64, bool)], precision: f64| threshold(said, precision).map(|found| found.cut);
        // All that is at 0.8 or above is right.
        assert_eq!(cut(&said, 1.0), Some(0.75));
        // Three of four is precision enough here, and finds more.
        assert_eq!(cut(&said, 0.7), Some(0.55));
        assert_eq!(cut(&[(0.3, false)], 0.9), None);
        assert_eq!(cut(&[], 0.9), None);
        // Nothing keeps it: the best F1, and the precision says so.
        let short = threshold(&[(0.9, false), (0.8, true), (0.1, false)], 0.9).unwrap();
        assert_eq!((short.cut, short.precision), (0.45, 0.5));
    }
}
