//! `hotich search`: find entries, whatever accents were typed.

use std::io::{self, Write};

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};

use super::arguments::Search;
use super::exit::{Failure, Outcome};
use super::print_json;
use crate::domain::FieldStatus;
use crate::store::Store;
use crate::store::search::{Hit, HitField, Query, understood};

/// Shows the hits, closest first, as a table or as JSON lines.
pub fn search(arguments: Search) -> Result<Outcome, Failure> {
    let store = Store::open_read(&arguments.store.store).map_err(Failure::nothing)?;
    let typed = understood(&arguments.query);
    let query = Query {
        kind: arguments.kind.or(typed.kind),
        years: arguments.year.or(typed.years),
        number: arguments.number.or(typed.number),
        book: arguments.book,
        place: arguments.place,
        role: arguments.role.or(typed.role),
        limit: usize::from(arguments.limit),
        text: typed.text,
        date: typed.date,
        ..Query::default()
    };
    if query == (Query { limit: query.limit, ..Query::default() }) {
        return Err(Failure::Usage(
            "type a name or a place, or give a filter such as --year 1975".to_owned(),
        ));
    }
    let found = store.search(&query).map_err(Failure::nothing)?;
    let mut output = io::stdout().lock();
    if arguments.json {
        for hit in &found.hits {
            print_json(&mut output, hit)?;
        }
    } else if found.hits.is_empty() {
        writeln!(io::stderr(), "nothing found: try fewer words, or drop a filter")?;
    } else {
        writeln!(output, "{}", table(&found.hits))?;
    }
    if found.more {
        writeln!(io::stderr(), "there are more: narrow the search, or raise --limit")?;
    }
    Ok(Outcome::Done)
}

fn table(hits: &[Hit]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["kind", "number", "registered", "who", "matched", "where it stands"]);
    for hit in hits {
        table.add_row([
            hit.kind.to_string(),
            shown(hit, &["entry.number"]),
            shown(hit, &["registration.date"]),
            shown(hit, &["child.name", "husband.name", "wife.name", "deceased.name"]),
            hit.matched.iter().map(why).collect::<Vec<_>>().join("\n"),
            format!("{} entry {}", hit.scan, hit.entry),
        ]);
    }
    table
}

/// A field that fits, and what of it does.
fn why(field: &HitField) -> String {
    match &field.other_reading {
        Some(other) => format!("{}: {other} (another reading, verified by nobody)", field.name),
        None => format!("{}: {}", field.name, value(field)),
    }
}

/// The values of those of the fields that hold something, a line each.
fn shown(hit: &Hit, names: &[&str]) -> String {
    let wanted = hit.fields.iter().filter(|field| names.contains(&field.name.as_str()));
    wanted.map(value).collect::<Vec<_>>().join("\n")
}

/// A value; with a question mark when neither a person nor a bound stands behind it.
fn value(field: &HitField) -> String {
    match field.status {
        FieldStatus::Verified | FieldStatus::Accepted => field.value.clone(),
        FieldStatus::Review | FieldStatus::Blank | FieldStatus::Illegible | FieldStatus::Torn => {
            format!("{} ?", field.value)
        }
    }
}
