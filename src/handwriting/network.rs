//! The network run on the CPU: lines in, the likelihood of every character at every step out.

use std::sync::Arc;

use rten::{Model, RunOptions, ThreadPool};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use super::normalise::{COLUMNS_PER_STEP, Line, ROWS};
use super::weights::WeightsError;

/// Lines are filled up with paper to a multiple of this many columns, alone or in a batch, so that
/// what a line reads does not depend on the lines beside it.
const COLUMN_STEP: usize = 32;

/// A loaded network, on one thread.
pub(super) struct Network {
    model: Model,
    options: RunOptions,
    classes: usize,
}

/// For each step of a line the logarithm of the likelihood of every class; class 0 is "none".
#[derive(Debug, Clone)]
pub(super) struct Likelihoods {
    /// Number of classes.
    pub classes: usize,
    /// Step after step, natural logarithms.
    pub logarithms: Vec<f32>,
}

impl Likelihoods {
    /// The steps, each a likelihood per class.
    pub(super) fn steps(&self) -> impl Iterator<Item = &[f32]> {
        self.logarithms.chunks_exact(self.classes)
    }
}

impl Network {
    /// The network in `weights` (ONNX), which must tell `classes` classes apart.
    pub(super) fn load(weights: Vec<u8>, classes: usize) -> Result<Self, WeightsError> {
        let model = Model::load(weights).map_err(|error| WeightsError::Network(error.to_string()))?;
        let pool = Arc::new(ThreadPool::with_num_threads(1));
        let network = Self { model, options: RunOptions::default().with_thread_pool(Some(pool)), classes };
        let blank =
            Line { ink: super::plane::Plane::from_fn(COLUMN_STEP, ROWS, |_, _| 0.0), crop_per_column: 1.0 };
        network.run(&[&blank])?;
        Ok(network)
    }

    /// The number of columns that `line` is filled up to; lines of one batch share it.
    pub(super) fn columns(line: &Line) -> usize {
        line.ink.columns.div_ceil(COLUMN_STEP) * COLUMN_STEP
    }

    /// The likelihoods of `lines`, all of one number of columns.
    pub(super) fn run(&self, lines: &[&Line]) -> Result<Vec<Likelihoods>, WeightsError> {
        let Some(columns) = lines.iter().map(|line| Self::columns(line)).max() else { return Ok(Vec::new()) };
        let mut input = NdTensor::<f32, 4>::zeros([lines.len(), 1, ROWS, columns]);
        for (i, line) in lines.iter().enumerate() {
            for (x, y, value) in line.ink.pixels() {
                input[[i, 0, y, x]] = value;
            }
        }
        let failed = |error: &dyn std::fmt::Display| WeightsError::Network(error.to_string());
        let output = self.model.run_one(input.into(), Some(self.options.clone())).map_err(|e| failed(&e))?;
        let output: NdTensor<f32, 3> = output.try_into().map_err(|_| failed(&"its answer has no steps"))?;
        if output.size(2) != self.classes || output.size(0) != lines.len() {
            let message = format!("it tells {} classes apart, its alphabet {}", output.size(2), self.classes);
            return Err(WeightsError::Network(message));
        }
        Ok(lines.iter().enumerate().map(|(i, line)| self.of_line(&output, i, line)).collect())
    }

    fn of_line(&self, output: &NdTensor<f32, 3>, line: usize, picture: &Line) -> Likelihoods {
        let steps = picture.ink.columns.div_ceil(COLUMNS_PER_STEP).min(output.size(1));
        let mut logarithms = Vec::with_capacity(steps * self.classes);
        for step in 0..steps {
            let row: Vec<f32> = (0..self.classes).map(|class| output[[line, step, class]]).collect();
            let highest = row.iter().copied().fold(f32::MIN, f32::max);
            let sum: f32 = row.iter().map(|value| (value - highest).exp()).sum();
            logarithms.extend(row.iter().map(|value| value - highest - sum.ln()));
        }
        Likelihoods { classes: self.classes, logarithms }
    }
}
