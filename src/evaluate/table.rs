//! The figures of an evaluation as tables for people.

use std::fmt::{Display, Formatter, Result};

use comfy_table::{CellAlignment, Table, presets::NOTHING};

use super::{Evaluation, Score};

/// Groupings that are shown; all of them are in the JSON.
const SHOWN: [&str; 4] = ["writing", "form", "book", "type"];

impl Display for Evaluation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "{}", self.summary())?;
        let mut table = Table::new();
        table.load_style(NOTHING);
        table.set_header([
            "",
            "fields",
            "right",
            "filled right",
            "cer",
            "accepted",
            "wrong of these",
            "boxes",
        ]);
        table.add_row(row("all", &self.all));
        for grouping in SHOWN {
            for (group, score) in self.by.get(grouping).into_iter().flatten() {
                table.add_row(row(&format!("{grouping} {group}"), score));
            }
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        writeln!(f, "{table}")
    }
}

impl Evaluation {
    /// The figures that are not about single fields.
    fn summary(&self) -> Table {
        let mut table = Table::new();
        table.load_style(NOTHING);
        table.add_row(["entries".to_owned(), self.entries.to_string()]);
        for (name, figure) in [
            ("entries found", self.entries_found),
            ("kind right", self.kind_right),
            ("form right", self.form_right),
            ("records wholly right", self.records_right),
        ] {
            table.add_row([name.to_owned(), percent(figure)]);
        }
        for (error, share) in &self.coverage_at_error {
            table.add_row([format!("can be taken at error {error}"), percent(Some(*share))]);
        }
        if let Some(skew) = &self.skew {
            table
                .add_row([format!("angle within 0.2° ({} flatbed pages)", skew.pages), percent(skew.within)]);
            table.add_row(["angle left open".to_owned(), percent(skew.abstained)]);
            let worst = skew.worst.map_or_else(|| "-".to_owned(), |worst| format!("{worst:.2}°"));
            table.add_row(["angle, worst error".to_owned(), worst]);
        }
        table
    }
}

fn row(name: &str, score: &Score) -> [String; 8] {
    let shares =
        [score.right, score.filled_right, score.cer, score.accepted, score.accepted_wrong, score.boxes];
    let [right, filled_right, cer, accepted, wrong, boxes] = shares.map(percent);
    [name.to_owned(), score.fields.to_string(), right, filled_right, cer, accepted, wrong, boxes]
}

/// A share in percent with two places.
fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |share| format!("{:.2} %", 100.0 * share))
}
