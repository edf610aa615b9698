//! `hotich calibrate`: confidence and acceptance fitted to values whose truth is known.

mod curves;
mod pooling;
mod report;
mod splits;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use jiff::Timestamp;

use super::arguments::Calibrate;
use super::exit::{Failure, Outcome};
use super::print_json;
use crate::domain::{DraftField, DraftRecord, FieldStatus};
use crate::evaluate::{self, TruthEntry};
use crate::pipeline;
use crate::store::Store;
use crate::trust::{Calibration, Contract, Evidence, Examples, Fitted, Judged};
use crate::weighing;

use curves::Curves;
use pooling::Pooling;
use report::Report;
use splits::Splits;

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
    let (examples, contract) = gather(arguments, None)?;
    let (Fitted { calibration, judged }, pooling) = fit(arguments, &examples, &contract)?;
    let mut report = Report::of(&calibration, &judged, &contract);
    report.pooling = pooling;
    if arguments.curves {
        report.curves = Some(measure_curves(arguments, &judged, &contract)?);
    }
    report.splits = arguments.splits.map(|times| Splits::of(&judged, &contract, times));
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

/// The calibration that is known beforehand, if the values are to be pooled with one.
fn known(arguments: &Calibrate) -> Result<Option<Calibration>, Failure> {
    match &arguments.known {
        Some(file) => Calibration::parse(&fs::read_to_string(file)?).map(Some),
        None if arguments.alone || !arguments.truths.is_empty() => Ok(None),
        None => Calibration::shipped().map(Some),
    }
    .map_err(Failure::nothing)
}

/// Fits to the values alone, or pools them with what is known and says what that is worth.
fn fit(
    arguments: &Calibrate,
    examples: &Examples,
    contract: &Contract,
) -> Result<(Fitted, Option<Pooling>), Failure> {
    let Some(known) = known(arguments)? else {
        return Ok((examples.fit(made_from(arguments)).map_err(Failure::nothing)?, None));
    };
    let made_from = format!("{}; pooled with: {}", made_from(arguments), known.made_from);
    let pooled = examples.pool(&known, made_from).map_err(Failure::nothing)?;
    let pooling = Pooling::of(&known, &pooled, contract);
    Ok((pooled.fitted, Some(pooling)))
}

/// Where a calibration comes from, for people.
fn made_from(arguments: &Calibrate) -> String {
    let what = if arguments.truths.is_empty() { "verified values" } else { "truth" };
    format!("{} stores, {what}", arguments.stores.len())
}

/// Everything that is known of the stores, and the contract of the last; one kind of evidence may be left
/// out.
fn gather(arguments: &Calibrate, without: Option<Evidence>) -> Result<(Examples, Contract), Failure> {
    let mut examples = Examples::default();
    let mut contract = Contract::default();
    for (place, folder) in arguments.stores.iter().enumerate() {
        let store = Store::open_read(folder).map_err(Failure::nothing)?;
        contract = weighing::contract(&store).map_err(Failure::nothing)?;
        let truth = arguments.truths.get(place).map(|file| evaluate::read_truth(file)).transpose();
        add_books(&mut examples, &store, truth.map_err(Failure::nothing)?, without)?;
    }
    Ok((examples, contract))
}

/// The curve with all evidence, then with each kind left out: fitted anew without it.
fn measure_curves(arguments: &Calibrate, all: &[Judged], contract: &Contract) -> Result<Curves, Failure> {
    let mut curves = Curves::of(all, contract);
    for kind in Evidence::ALL {
        let (examples, _) = gather(arguments, Some(kind))?;
        let Fitted { judged, .. } = examples.fit(made_from(arguments)).map_err(Failure::nothing)?;
        curves.add_without(kind, &judged, contract);
    }
    Ok(curves)
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
fn add_books(
    examples: &mut Examples,
    store: &Store,
    truth: Option<Vec<TruthEntry>>,
    without: Option<Evidence>,
) -> Result<(), Failure> {
    let covers = store.covers().map_err(Failure::nothing)?;
    let truth = truth.map(evaluate::by_scan);
    for book in store.books_to_weigh(false).map_err(Failure::nothing)? {
        let stored = store.records_of_book(&book).map_err(Failure::nothing)?;
        let linked = store.linked_values(&stored).map_err(Failure::nothing)?;
        let mut all = stored.records;
        let settled = all.clone();
        // The machine is judged by what it says alone.
        all.iter_mut().flat_map(|record| &mut record.fields).for_each(|field| field.settled = false);
        let cover = covers.get(&book).cloned().unwrap_or_default();
        let weighing = pipeline::decide_book(&mut all, &cover, &linked, without);
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
