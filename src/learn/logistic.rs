//! L2-regularised logistic regression over sparse rows, by L-BFGS.

use argmin::core::{CostFunction, Error, Executor, Gradient, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;

/// How many steps of the optimiser at most.
const MOST_STEPS: u64 = 300;
/// How many earlier steps the optimiser remembers.
const MEMORY: usize = 8;
/// The gradient's length at which the optimum is near enough, per unit of example weight.
const GRADIENT_TOLERANCE: f64 = 1e-5;

/// One labelled example.
#[derive(Debug, Clone, PartialEq)]
pub struct Example<'a> {
    /// Column and value of what is not zero.
    pub row: &'a [(u32, f32)],
    /// Whether the answer is yes.
    pub yes: bool,
    /// How much it counts.
    pub weight: f32,
}

/// What keeps weights small, by column: `strength × weight² / 2` is added to the loss.
#[derive(Debug, Clone, PartialEq)]
pub struct Penalty {
    /// One strength a column; 0 leaves it free.
    pub strengths: Vec<f32>,
}

/// Why nothing could be fitted.
#[derive(Debug, thiserror::Error)]
#[error("the optimiser gave up: {0}")]
pub struct NotFitted(String);

struct Loss<'a> {
    examples: &'a [Example<'a>],
    penalty: &'a Penalty,
}

/// The weights, one a column, that explain the examples best. The same examples in the same order give the
/// same weights to the last bit.
pub fn fit(examples: &[Example<'_>], penalty: &Penalty) -> Result<Vec<f64>, NotFitted> {
    let start = vec![0.0; penalty.strengths.len()];
    if examples.is_empty() {
        return Ok(start);
    }
    let total: f64 = examples.iter().map(|example| f64::from(example.weight)).sum();
    let failed = |error: Error| NotFitted(error.to_string());
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), MEMORY)
        .with_tolerance_grad(GRADIENT_TOLERANCE * total)
        .map_err(failed)?
        .with_tolerance_cost(1e-9 * total)
        .map_err(failed)?;
    let result = Executor::new(Loss { examples, penalty }, solver)
        .configure(|state| state.param(start).max_iters(MOST_STEPS))
        .run()
        .map_err(failed)?;
    let best = result.state().get_best_param().cloned();
    best.ok_or_else(|| NotFitted("no step lowered the loss".to_owned()))
}

/// The score of a row: above 0 speaks for yes.
pub fn score(weights: &[f64], row: &[(u32, f32)]) -> f64 {
    row.iter()
        .map(|(column, value)| weights[*column as usize] * f64::from(*value))
        .sum()
}

/// The probability that belongs to a score.
pub fn probability(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}

impl CostFunction for Loss<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, weights: &Vec<f64>) -> Result<f64, Error> {
        let misfit: f64 = self
            .examples
            .iter()
            .map(|example| {
                let score = score(weights, example.row);
                let towards = if example.yes { score } else { -score };
                // ln(1 + e^-towards), without overflow.
                let loss = (-towards.abs()).exp().ln_1p() + (-towards).max(0.0);
                f64::from(example.weight) * loss
            })
            .sum();
        let size: f64 = weights
            .iter()
            .zip(&self.penalty.strengths)
            .map(|(weight, strength)| f64::from(*strength) * weight * weight)
            .sum();
        Ok(misfit + size / 2.0)
    }
}

impl Gradient for Loss<'_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, weights: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let mut gradient: Vec<f64> = weights
            .iter()
            .zip(&self.penalty.strengths)
            .map(|(weight, strength)| f64::from(*strength) * weight)
            .collect();
        for example in self.examples {
            let off = probability(score(weights, example.row)) - f64::from(u8::from(example.yes));
            let pull = off * f64::from(example.weight);
            for (column, value) in example.row {
                gradient[*column as usize] += pull * f64::from(*value);
            }
        }
        Ok(gradient)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(rows: &[(&[(u32, f32)], bool)], strengths: &[f32]) -> Vec<f64> {
        let examples: Vec<Example<'_>> = rows
            .iter()
            .map(|(row, yes)| Example {
                row,
                yes: *yes,
                weight: 1.0,
            })
            .collect();
        let penalty = Penalty {
            strengths: strengths.to_vec(),
        };
        fit(&examples, &penalty).unwrap()
    }

    #[test]
    fn the_bias_alone_finds_the_share_of_yes() {
        let weights = fitted(
            &[
                (&[(0, 1.0)], true),
                (&[(0, 1.0)], false),
                (&[(0, 1.0)], false),
                (&[(0, 1.0)], false),
            ],
            &[0.0],
        );
        assert!((probability(weights[0]) - 0.25).abs() < 1e-4, "{weights:?}");
    }

    #[test]
    fn a_telling_column_is_found_and_an_empty_one_stays_at_zero() {
        let yes: &[(u32, f32)] = &[(0, 1.0), (1, 1.0)];
        let no: &[(u32, f32)] = &[(0, 1.0)];
        let weights = fitted(&[(yes, true), (yes, true), (no, false), (no, false)], &[0.0, 0.1, 0.1]);
        assert!(weights[1] > 1.0, "{weights:?}");
        assert_eq!(weights[2], 0.0);
        assert!(score(&weights, yes) > 0.0 && score(&weights, no) < 0.0);
    }

    #[test]
    fn a_stronger_penalty_gives_smaller_weights_and_the_optimum_is_one() {
        let yes: &[(u32, f32)] = &[(0, 1.0)];
        let no: &[(u32, f32)] = &[(0, -1.0)];
        let loose = fitted(&[(yes, true), (no, false)], &[0.01]);
        let tight = fitted(&[(yes, true), (no, false)], &[10.0]);
        assert!(tight[0] > 0.0 && tight[0] < loose[0], "{tight:?} {loose:?}");
        // At the optimum the pull of the two examples equals the penalty's.
        assert!((2.0 * (1.0 - probability(tight[0])) - 10.0 * tight[0]).abs() < 1e-4);
    }

    #[test]
    fn no_examples_no_weights() {
        assert_eq!(fitted(&[], &[1.0, 1.0]), [0.0, 0.0]);
    }
}
