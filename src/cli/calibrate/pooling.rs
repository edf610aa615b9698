//! What an office's own values add to what is known, on its books held out in turn.

use std::collections::BTreeMap;
use std::io::{self, Write};

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde::Serialize;

use super::report::{calibration_error, share};
use crate::trust::bound::{Line, Stratum};
use crate::trust::{Calibration, Contract, Judged, Pooled, surprise};

/// The known calibration beside the pooled one.
#[derive(Debug, Serialize)]
pub(super) struct Pooling {
    /// Whether the weights were moved by the office's values.
    moved: bool,
    /// The known calibration.
    known: Worth,
    /// The pooled one.
    pooled: Worth,
}

/// What a calibration is worth on values whose books it had not seen.
#[derive(Debug, Serialize)]
struct Worth {
    /// The mean negative logarithm of the likelihood given to what is true.
    surprise: f64,
    /// See `StratumReport`.
    calibration_error: f64,
    /// The share accepted with its lines for most fields.
    accepted: f64,
    /// The share of errors among them.
    wrong: f64,
}

impl Pooling {
    /// What pooling with `known` was worth.
    pub(super) fn of(known: &Calibration, pooled: &Pooled, contract: &Contract) -> Self {
        Self {
            moved: pooled.moved,
            known: Worth::of(&known.strata, &pooled.as_known, contract),
            pooled: Worth::of(&pooled.fitted.calibration.strata, &pooled.fitted.judged, contract),
        }
    }

    /// Prints it as a table.
    pub(super) fn tell(&self, output: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new();
        table.load_style(NOTHING);
        table.set_header(["calibration", "surprise", "calibration error", "accepted", "wrong"]);
        for (name, worth) in [("as known", &self.known), ("pooled", &self.pooled)] {
            table.add_row([
                name.to_owned(),
                format!("{:.4}", worth.surprise),
                format!("{:.4}", worth.calibration_error),
                format!("{:.3}", worth.accepted),
                format!("{:.4}", worth.wrong),
            ]);
        }
        let moved = if self.moved {
            "were moved"
        } else {
            "stay as known: moving them explains these values no better"
        };
        writeln!(output, "\n{table}\nthe weights {moved}")
    }
}

impl Worth {
    fn of(strata: &BTreeMap<String, Stratum>, judged: &[Judged], contract: &Contract) -> Self {
        let lines: BTreeMap<&str, f64> = strata
            .iter()
            .filter_map(|(name, stratum)| match stratum.line(contract.error_limit) {
                Line::At { confidence, .. } => Some((name.as_str(), confidence)),
                _ => None,
            })
            .collect();
        let taken = |one: &&&Judged| lines.get(one.stratum).is_some_and(|line| one.confidence >= *line);
        let all: Vec<&Judged> = judged.iter().collect();
        let accepted: Vec<&&Judged> = all.iter().filter(taken).collect();
        let wrong = accepted.iter().filter(|one| !one.right).count();
        Self {
            surprise: surprise(judged),
            calibration_error: calibration_error(&all),
            accepted: share(accepted.len(), all.len()),
            wrong: share(wrong, accepted.len()),
        }
    }
}
