//! How much can be accepted at which error, with all evidence and with each kind left out.

use std::collections::BTreeMap;
use std::io::{self, Write};

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde::Serialize;

use super::report::{calibration_error, share};
use crate::trust::bound::{Line, Stratum};
use crate::trust::curve::{Curve, LIMITS};
use crate::trust::{Contract, Evidence, Judged};

/// The curves of one set of values.
#[derive(Debug, Serialize)]
pub(super) struct Curves {
    /// With all evidence, by stratum; `all` are all together.
    strata: BTreeMap<&'static str, Curve>,
    /// With all evidence first, then with each kind left out.
    evidence: Vec<Left>,
}

/// What is left of the values' worth when one kind of evidence is left out.
#[derive(Debug, Serialize)]
struct Left {
    /// The kind; none for all evidence.
    without: Option<Evidence>,
    /// The share of the values that is right.
    right: f64,
    /// See `StratumReport`.
    calibration_error: f64,
    /// The share accepted with the lines for most fields.
    accepted: f64,
    /// The share of errors among them.
    wrong: f64,
    /// The curve of all values.
    curve: Curve,
}

/// All strata together.
const ALL: &str = "all";

impl Curves {
    /// The curves of values weighed with all evidence.
    pub(super) fn of(judged: &[Judged], contract: &Contract) -> Self {
        let mut values: BTreeMap<&'static str, Vec<(f64, bool)>> = BTreeMap::new();
        for one in judged {
            for name in [one.stratum, ALL] {
                values.entry(name).or_default().push((one.confidence, one.right));
            }
        }
        let strata = values.into_iter().map(|(name, values)| (name, Curve::of(values))).collect();
        Self { strata, evidence: vec![Left::of(None, judged, contract)] }
    }

    /// Adds the curve of the same values weighed without a kind of evidence.
    pub(super) fn add_without(&mut self, kind: Evidence, judged: &[Judged], contract: &Contract) {
        self.evidence.push(Left::of(Some(kind), judged, contract));
    }

    /// Prints the curves as tables.
    pub(super) fn tell(&self, output: &mut dyn Write) -> io::Result<()> {
        let percent = |share: f64| format!("{:.1} %", share * 100.0);
        let mut risks = Table::new();
        risks.load_style(NOTHING);
        let tenths: Vec<usize> = vec![10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100];
        risks.set_header(
            std::iter::once("errors among the surest".to_owned())
                .chain(tenths.iter().map(|tenth| format!("{tenth} %"))),
        );
        for (name, curve) in &self.strata {
            let risk = tenths.iter().map(|tenth| format!("{:.2} %", curve.risk[tenth - 1] * 100.0));
            risks.add_row(std::iter::once((*name).to_owned()).chain(risk));
        }
        let mut coverage = Table::new();
        coverage.load_style(NOTHING);
        let head = ["evidence left out", "right", "calibration error", "accepted", "wrong"];
        let limits = LIMITS.iter().map(|limit| format!("at {}", percent(*limit)));
        coverage.set_header(head.into_iter().map(str::to_owned).chain(limits));
        for left in &self.evidence {
            let name = left.without.map_or("none", Evidence::as_str).to_owned();
            let error = format!("{:.4}", left.calibration_error);
            let row =
                [name, percent(left.right), error, percent(left.accepted), format!("{:.4}", left.wrong)];
            coverage.add_row(row.into_iter().chain(left.curve.coverage.iter().map(|share| percent(*share))));
        }
        writeln!(output, "\n{risks}\n\n{coverage}")
    }
}

impl Left {
    fn of(without: Option<Evidence>, judged: &[Judged], contract: &Contract) -> Self {
        let of_books = |judged: &[&Judged]| -> Vec<_> {
            judged.iter().map(|one| (one.confidence, one.right, one.book)).collect()
        };
        let all: Vec<&Judged> = judged.iter().collect();
        let mut strata: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
        all.iter().for_each(|one| strata.entry(one.stratum).or_default().push(one));
        let taken: Vec<&Judged> = strata
            .into_values()
            .flat_map(|judged| match Stratum::of_books(&of_books(&judged)).line(contract.error_limit) {
                Line::At { confidence, .. } => {
                    judged.into_iter().filter(|one| one.confidence >= confidence).collect()
                }
                _ => Vec::new(),
            })
            .collect();
        let right = |judged: &[&Judged]| judged.iter().filter(|one| one.right).count();
        Self {
            without,
            right: share(right(&all), all.len()),
            calibration_error: calibration_error(&all),
            accepted: share(taken.len(), all.len()),
            wrong: share(taken.len() - right(&taken), taken.len()),
            curve: Curve::of(all.iter().map(|one| (one.confidence, one.right)).collect()),
        }
    }
}
