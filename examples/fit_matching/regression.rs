//! Logistic regression by Newton's method, with a pull of the weights to zero.

use plimsoll::screening::evidence::{SIGNALS, Signals};

const SIZE: usize = SIGNALS.len();

/// One labelled comparison.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Example {
    pub(crate) signals: Signals,
    pub(crate) same: bool,
    pub(crate) weight: f64,
}

/// Weights that make the examples likeliest within their bounds.
#[expect(clippy::indexing_slicing, reason = "square matrices of a fixed size")]
pub(crate) fn fit(examples: &[Example], bounds: &[(f64, f64); SIZE], pull: f64) -> [f64; SIZE] {
    let mut weights = bounds.map(|(least, most)| 0.0_f64.clamp(least, most));
    let mut held = [false; SIZE];
    for _ in 0..60 {
        let mut gradient = [0.0_f64; SIZE];
        let mut curvature = vec![[0.0_f64; SIZE]; SIZE];
        for example in examples {
            let signals = example.signals.map(f64::from);
            let odds: f64 = signals
                .iter()
                .zip(weights)
                .map(|(signal, weight)| signal * weight)
                .sum();
            let likely = 1.0 / (1.0 + (-odds).exp());
            let miss = f64::from(u8::from(example.same)) - likely;
            let spread = (likely * (1.0 - likely)).max(1e-6) * example.weight;
            for one in 0..SIZE {
                if signals[one] == 0.0 {
                    continue;
                }
                gradient[one] += miss * signals[one] * example.weight;
                for (slot, signal) in curvature[one].iter_mut().zip(signals) {
                    *slot += spread * signals[one] * signal;
                }
            }
        }
        for place in 0..SIZE {
            let pull = if place == 0 { 1e-3 } else { pull };
            gradient[place] -= pull * weights[place];
            curvature[place][place] += pull;
            if held[place] {
                gradient[place] = 0.0;
                curvature[place] = [0.0; SIZE];
                for row in &mut curvature {
                    row[place] = 0.0;
                }
                curvature[place][place] = 1.0;
            }
        }
        let step = solve(curvature, gradient);
        let mut moved = 0.0_f64;
        for place in 0..SIZE {
            weights[place] += step[place];
            moved = moved.max(step[place].abs());
            let (least, most) = bounds[place];
            if weights[place] < least || weights[place] > most {
                weights[place] = weights[place].clamp(least, most);
                held[place] = true;
            }
        }
        if moved < 1e-7 {
            break;
        }
    }
    weights
}

/// Gauss with pivots.
#[expect(clippy::indexing_slicing, reason = "square matrices of a fixed size")]
fn solve(mut matrix: Vec<[f64; SIZE]>, mut right: [f64; SIZE]) -> [f64; SIZE] {
    for column in 0..SIZE {
        let pivot = (column..SIZE)
            .max_by(|one, other| {
                matrix[*one][column]
                    .abs()
                    .total_cmp(&matrix[*other][column].abs())
            })
            .unwrap_or(column);
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        for row in column + 1..SIZE {
            let factor = matrix[row][column] / matrix[column][column];
            let pivot_row = matrix[column];
            for (slot, above) in matrix[row].iter_mut().zip(pivot_row).skip(column) {
                *slot -= factor * above;
            }
            right[row] -= factor * right[column];
        }
    }
    for row in (0..SIZE).rev() {
        for place in row + 1..SIZE {
            right[row] -= matrix[row][place] * right[place];
        }
        right[row] /= matrix[row][row];
    }
    right
}
