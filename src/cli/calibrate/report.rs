//! What a calibration is worth, measured on books it had not seen.

use std::collections::BTreeMap;
use std::io::{self, Write};

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde::Serialize;

use super::curves::Curves;
use super::pooling::Pooling;
use super::splits::Splits;
use crate::trust::bound::Line;
use crate::trust::{Calibration, Contract, Judged};

/// What a calibration is worth, measured on books it had not seen.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// Values it was fitted to.
    values: usize,
    /// By stratum: how well confidence means what it says, and where the lines run.
    strata: BTreeMap<&'static str, StratumReport>,
    /// The calibration error by type of field.
    types: BTreeMap<String, TypeReport>,
    /// How much can be accepted at which error, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) curves: Option<Curves>,
    /// What the values add to what was known, when they were pooled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pooling: Option<Pooling>,
    /// How often the promised bound was broken in random splits, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) splits: Option<Splits>,
}

#[derive(Debug, Serialize)]
struct TypeReport {
    /// Values read whose truth is known.
    values: usize,
    /// The share of them that is right.
    right: f64,
    /// See [`StratumReport`].
    calibration_error: f64,
}

#[derive(Debug, Serialize)]
struct StratumReport {
    /// Values whose truth is known.
    values: usize,
    /// The share of them that is right.
    right: f64,
    /// The mean distance between confidence and truth over ten classes of confidence (expected
    /// calibration error).
    calibration_error: f64,
    /// Where the line is drawn for most fields, and for those an extract is about.
    lines: [Line; 2],
    /// The share accepted with those lines, and the share of errors among them.
    accepted: [f64; 2],
    /// See `accepted`.
    wrong: [f64; 2],
}

impl Report {
    pub(super) fn of(calibration: &Calibration, judged: &[Judged], contract: &Contract) -> Self {
        let mut by_stratum: BTreeMap<&'static str, Vec<&Judged>> = BTreeMap::new();
        let mut by_type: BTreeMap<String, Vec<&Judged>> = BTreeMap::new();
        for one in judged {
            by_stratum.entry(one.stratum).or_default().push(one);
            let name = serde_json::to_string(&one.field_type).unwrap_or_default();
            by_type.entry(name.trim_matches('"').to_owned()).or_default().push(one);
        }
        let right = |judged: &[&Judged]| share(judged.iter().filter(|one| one.right).count(), judged.len());
        let report = |(name, judged): (&'static str, Vec<&Judged>)| {
            let known = calibration.strata.get(name).cloned().unwrap_or_default();
            let lines = [false, true].map(|critical| known.line(contract.limit(critical)));
            let taken = lines.map(|line| -> Vec<&&Judged> {
                let Line::At { confidence, .. } = line else { return Vec::new() };
                judged.iter().filter(|one| one.confidence >= confidence).collect()
            });
            let report = StratumReport {
                values: judged.len(),
                right: right(&judged),
                calibration_error: calibration_error(&judged),
                lines,
                accepted: [0, 1].map(|index| share(taken[index].len(), judged.len())),
                wrong: [0, 1].map(|index: usize| {
                    share(taken[index].iter().filter(|one| !one.right).count(), taken[index].len())
                }),
            };
            (name, report)
        };
        let type_report = |(name, judged): (String, Vec<&Judged>)| {
            let (values, calibration_error) = (judged.len(), calibration_error(&judged));
            (name, TypeReport { values, right: right(&judged), calibration_error })
        };
        Self {
            values: judged.len(),
            strata: by_stratum.into_iter().map(report).collect(),
            types: by_type.into_iter().map(type_report).collect(),
            curves: None,
            pooling: None,
            splits: None,
        }
    }

    pub(super) fn tell(&self, output: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new();
        table.load_style(NOTHING);
        table.set_header([
            "stratum",
            "values",
            "right",
            "calibration error",
            "line",
            "accepted",
            "wrong",
            "critical line",
            "accepted",
            "wrong",
        ]);
        let line = |line: Line| match line {
            Line::At { confidence, .. } => format!("{confidence:.4}"),
            Line::Nowhere { more } => format!("{more} more needed"),
            Line::Broken { .. } => "broken".to_owned(),
        };
        for (name, stratum) in &self.strata {
            let StratumReport { values, right, calibration_error, lines, accepted, wrong } = stratum;
            let mut row = vec![(*name).to_owned(), values.to_string()];
            row.extend([format!("{right:.3}"), format!("{calibration_error:.3}")]);
            for index in [0, 1] {
                row.extend([
                    line(lines[index]),
                    format!("{:.3}", accepted[index]),
                    format!("{:.4}", wrong[index]),
                ]);
            }
            table.add_row(row);
        }
        let mut types = Table::new();
        types.load_style(NOTHING);
        types.set_header(["type", "values", "right", "calibration error"]);
        for (name, TypeReport { values, right, calibration_error }) in &self.types {
            types.add_row([
                name.clone(),
                values.to_string(),
                format!("{right:.3}"),
                format!("{calibration_error:.3}"),
            ]);
        }
        writeln!(output, "fitted to {} values; measured on books held out in turn", self.values)?;
        writeln!(output, "{table}\n\n{types}")?;
        self.pooling.iter().try_for_each(|pooling| pooling.tell(output))?;
        self.splits.iter().try_for_each(|splits| splits.tell(output))?;
        self.curves.iter().try_for_each(|curves| curves.tell(output))
    }
}

pub(super) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Expected calibration error over ten classes of equal width (Naeini, Cooper and Hauskrecht 2015).
pub(super) fn calibration_error(judged: &[&Judged]) -> f64 {
    let mut classes = [(0.0, 0.0, 0_usize); 10];
    for one in judged {
        let class = &mut classes[((one.confidence * 10.0) as usize).min(9)];
        class.0 += one.confidence;
        class.1 += f64::from(u8::from(one.right));
        class.2 += 1;
    }
    classes.iter().map(|(confidence, right, _)| (confidence - right).abs()).sum::<f64>()
        / judged.len().max(1) as f64
}
