//! `hotich calibrate`: confidence and acceptance fitted to values whose truth is known.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use jiff::Timestamp;
use serde::Serialize;

use super::arguments::Calibrate;
use super::exit::{Failure, Outcome};
use super::{print_json, weighing};
use crate::domain::{DraftField, DraftRecord, FieldStatus};
use crate::evaluate::{self, TruthEntry};
use crate::pipeline;
use crate::store::Store;
use crate::trust::bound::Line;
use crate::trust::{Calibration, Contract, Examples, Judged};

/// What a calibration is worth, measured on books it had not seen.
#[derive(Debug, Serialize)]
struct Report {
    /// Values it was fitted to.
    values: usize,
    /// By stratum: how well confidence means what it says, and where the lines run.
    strata: BTreeMap<&'static str, StratumReport>,
    /// The calibration error by type of field.
    types: BTreeMap<String, TypeReport>,
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

/// Fits a calibration, says what it is worth, and keeps it.
pub fn calibrate(arguments: &Calibrate) -> Result<Outcome, Failure> {
    let by_truth = !arguments.truths.is_empty();
    if by_truth && arguments.truths.len() != arguments.stores.len() {
        return Err(Failure::Usage("give one --truth for each --store, in the same order".to_owned()));
    }
    if !arguments.dry_run && arguments.to.is_none() && (by_truth || arguments.stores.len() > 1) {
        let message = "say where to write the calibration: --to FILE (or --dry-run to measure only)";
        return Err(Failure::Usage(message.to_owned()));
    }
    let mut examples = Examples::default();
    let mut contract = Contract::default();
    for (place, folder) in arguments.stores.iter().enumerate() {
        let store = Store::open_read(folder).map_err(Failure::nothing)?;
        contract = weighing::contract(&store).map_err(Failure::nothing)?;
        let truth = arguments.truths.get(place).map(|file| evaluate::read_truth(file)).transpose();
        add_books(&mut examples, &store, truth.map_err(Failure::nothing)?)?;
    }
    let made_from =
        format!("{} stores, {}", arguments.stores.len(), if by_truth { "truth" } else { "verified values" });
    let (calibration, judged) = examples.fit(made_from).map_err(Failure::nothing)?;
    let report = Report::of(&calibration, &judged, &contract);
    keep(arguments, &calibration)?;
    if let Some(file) = &arguments.details {
        write_details(file, &judged)?;
    }
    let mut output = io::stdout().lock();
    if arguments.json {
        print_json(&mut output, &report)?
    } else {
        report.tell(&mut output)?
    }
    Ok(Outcome::Done)
}

/// Writes every value with its confidence and its truth, the most confident first.
fn write_details(file: &Path, judged: &[Judged]) -> Result<(), Failure> {
    let mut all: Vec<&Judged> = judged.iter().collect();
    all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut output = BufWriter::new(fs::File::create(file)?);
    for one in all {
        print_json(&mut output, one)?;
    }
    Ok(output.flush()?)
}

fn keep(arguments: &Calibrate, calibration: &Calibration) -> Result<(), Failure> {
    if arguments.dry_run {
        return Ok(());
    }
    let text = calibration.to_json().map_err(Failure::nothing)?;
    if let Some(file) = &arguments.to {
        return Ok(fs::write(file, text)?);
    }
    let mut store = Store::create_or_open(&arguments.stores[0]).map_err(Failure::nothing)?;
    store.set(weighing::CALIBRATION, &text, Timestamp::now()).map_err(Failure::nothing)
}

/// Adds what is known of every book of a store: by truth, or by what people have settled.
fn add_books(examples: &mut Examples, store: &Store, truth: Option<Vec<TruthEntry>>) -> Result<(), Failure> {
    let covers = store.covers().map_err(Failure::nothing)?;
    let truth = truth.map(evaluate::by_scan);
    for book in store.books_to_weigh(false).map_err(Failure::nothing)? {
        let mut all = store.records_of_book(&book).map_err(Failure::nothing)?.records;
        let settled = all.clone();
        // The machine is judged by what it says alone.
        all.iter_mut().flat_map(|record| &mut record.fields).for_each(|field| field.settled = false);
        let cover = covers.get(&book).cloned().unwrap_or_default();
        let weighing = pipeline::decide_book(&mut all, &cover);
        match &truth {
            Some(truth) => examples.add(&all, &weighing, &|record, field| {
                let entry = evaluate::entry_of(truth, record)?;
                Some(entry.fields.get(&field.name)?.value.clone())
            }),
            None => examples.add(&all, &weighing, &|record, field| verified(&settled, record, field)),
        }
    }
    Ok(())
}

/// What a person said of the field: its value, empty for a blank; none when nobody said anything, or
/// that nobody can read it any more.
fn verified(settled: &[DraftRecord], record: &DraftRecord, field: &DraftField) -> Option<String> {
    let same = settled.iter().find(|other| (&other.scan, other.entry) == (&record.scan, record.entry))?;
    let field = same.field(field.name.as_str()).filter(|field| field.settled)?;
    (!matches!(field.status, FieldStatus::Illegible | FieldStatus::Torn)).then(|| field.value.clone())
}

impl Report {
    fn of(calibration: &Calibration, judged: &[Judged], contract: &Contract) -> Self {
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
        }
    }

    fn tell(&self, output: &mut dyn Write) -> io::Result<()> {
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
        writeln!(output, "{table}\n\n{types}")
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Expected calibration error over ten classes of equal width (Naeini, Cooper and Hauskrecht 2015).
fn calibration_error(judged: &[&Judged]) -> f64 {
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
