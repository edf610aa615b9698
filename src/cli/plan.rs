//! `hotich plan`: what people should look at in the hours there are, and what error remains.

use std::collections::BTreeMap;
use std::io::{self, Write};

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, Table};
use serde::Serialize;

use super::arguments::Plan;
use super::exit::{Failure, Outcome};
use super::print_json;
use crate::domain::FieldStatus;
use crate::domain::task::{Task, affordable};
use crate::store::Store;

/// What the hours buy.
#[derive(Debug, Serialize)]
struct Planned {
    /// The hours there are.
    hours: f64,
    /// Fields to look at in them, of all that people must look at.
    fields: usize,
    /// All fields people must look at.
    fields_in_review: usize,
    /// The hours all of them would take.
    hours_for_all: f64,
    /// Errors found on average.
    errors_found: f64,
    /// Errors that remain on average: among fields not looked at, and among those accepted.
    errors_left: ErrorsLeft,
    /// By book and field, the worthiest first.
    tasks: Vec<Group>,
}

#[derive(Debug, Serialize)]
struct ErrorsLeft {
    in_review: f64,
    accepted: f64,
    /// As a share of all fields that hold a value or a blank.
    share_of_fields: f64,
}

/// The fields of one name in one book.
#[derive(Debug, Default, Serialize)]
struct Group {
    book: String,
    field: String,
    fields: usize,
    errors_found: f64,
    minutes: f64,
}

/// One task and the place of its group.
type Placed = (Task, usize);

/// Plans the hours.
pub fn plan(arguments: &Plan) -> Result<Outcome, Failure> {
    let store = Store::open_read(&arguments.store.store).map_err(Failure::nothing)?;
    let mut groups: Vec<(String, String)> = Vec::new();
    let mut tasks: Vec<Placed> = Vec::new();
    let (mut accepted, mut settled) = (0.0, 0_usize);
    for book in store.books_to_weigh(false).map_err(Failure::nothing)? {
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for record in store.records_of_book(&book).map_err(Failure::nothing)?.records {
            for field in &record.fields {
                if matches!(field.status, FieldStatus::Accepted | FieldStatus::Blank) && !field.settled {
                    accepted += 1.0 - field.confidence.get();
                }
                let Some(task) = Task::of(record.kind, field) else {
                    settled += 1;
                    continue;
                };
                let name = field.name.as_str().to_owned();
                let place = *known.entry(name.clone()).or_insert_with(|| {
                    groups.push((book.clone(), name));
                    groups.len() - 1
                });
                tasks.push((task, place));
            }
        }
    }
    tasks.sort_by(|a, b| a.0.by_worth(&b.0));
    let planned = planned(arguments.hours, &tasks, &groups, (accepted, settled));
    let mut output = io::stdout().lock();
    if arguments.json {
        print_json(&mut output, &planned)?
    } else {
        planned.tell(&mut output)?
    }
    Ok(Outcome::Done)
}

fn planned(
    hours: f64,
    tasks: &[Placed],
    names: &[(String, String)],
    (accepted, settled): (f64, usize),
) -> Planned {
    let count = affordable(tasks.iter().map(|(task, _)| task), hours * 3600.0);
    let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
    for (task, place) in &tasks[..count] {
        let (book, field) = &names[*place];
        let group = groups.entry(*place).or_default();
        (group.book, group.field) = (book.clone(), field.clone());
        group.fields += 1;
        group.errors_found += task.errors;
        group.minutes += task.seconds / 60.0;
    }
    let mut groups: Vec<Group> = groups.into_values().collect();
    groups.sort_by(|a, b| (b.errors_found / b.minutes).total_cmp(&(a.errors_found / a.minutes)));
    // The sum of nothing is -0.
    let errors = |tasks: &[Placed]| tasks.iter().fold(0.0, |sum, (task, _)| sum + task.errors);
    let in_review = errors(&tasks[count..]);
    Planned {
        hours,
        fields: count,
        fields_in_review: tasks.len(),
        hours_for_all: tasks.iter().map(|(task, _)| task.seconds).sum::<f64>() / 3600.0,
        errors_found: errors(&tasks[..count]),
        errors_left: ErrorsLeft {
            in_review,
            accepted,
            share_of_fields: (in_review + accepted) / (tasks.len() + settled).max(1) as f64,
        },
        tasks: groups,
    }
}

/// Lines of the table; all are in the JSON.
const SHOWN: usize = 25;

impl Planned {
    fn tell(&self, output: &mut dyn Write) -> io::Result<()> {
        let Self { hours, fields, fields_in_review, hours_for_all, errors_found, errors_left, .. } = self;
        writeln!(output, "{fields_in_review} fields to review, about {hours_for_all:.1} hours of work")?;
        writeln!(output, "in {hours} hours: {fields} fields, about {errors_found:.0} errors found")?;
        let ErrorsLeft { in_review, accepted, share_of_fields } = errors_left;
        let percent = 100.0 * share_of_fields;
        writeln!(
            output,
            "left then: about {in_review:.0} errors not looked at and {accepted:.1} among accepted \
             fields ({percent:.2} % of all fields)"
        )?;
        let mut table = Table::new();
        table.load_style(UTF8_HORIZONTAL_ONLY);
        table.set_header(["book", "field", "fields", "errors found", "minutes"]);
        for group in self.tasks.iter().take(SHOWN) {
            table.add_row([
                group.book.clone(),
                group.field.clone(),
                group.fields.to_string(),
                format!("{:.1}", group.errors_found),
                format!("{:.1}", group.minutes),
            ]);
        }
        for column in 2..5 {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        writeln!(output, "{table}")?;
        if self.tasks.len() > SHOWN {
            writeln!(output, "and {} more (--json lists all)", self.tasks.len() - SHOWN)?;
        }
        Ok(())
    }
}
