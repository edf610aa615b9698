//! What the training code says came of adapting, for people and machines.

use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

/// An error before and after, as shares of the characters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// With the weights that were begun with.
    pub before: f64,
    /// With the new ones.
    pub after: f64,
}

/// One set of lines that must not be read worse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Regression {
    /// Its name.
    pub set: String,
    /// The character error.
    #[serde(flatten)]
    pub error: Change,
    /// The highest error that is let pass.
    pub allowed: f64,
}

/// What came of adapting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Whether the new weights were kept.
    pub kept: bool,
    /// Why, in words.
    pub why: String,
    /// The version of the new weights.
    pub version: String,
    /// Lines learned from.
    pub learned_from: usize,
    /// Lines held back.
    pub held_out: usize,
    /// Lines that could not be used: the names of their files.
    pub left_out: Vec<String>,
    /// The character error on the lines held back.
    pub error: Change,
    /// How sure it is that the lines held back are read better and not by chance, 0..=1.
    pub sure: f64,
    /// The sets that must not be read worse.
    pub regression: Vec<Regression>,
    /// How far the weights went from the old ones to the fully adapted ones, 0..=1.
    pub step: f64,
    /// How long it took.
    pub seconds: f64,
}

impl Report {
    /// Shows it to people; `folder` is where the weights went.
    pub fn show(&self, folder: &Path, output: &mut dyn Write) -> io::Result<()> {
        let Change { before, after } = self.error;
        writeln!(output, "lines: {} learned from, {} held back", self.learned_from, self.held_out)?;
        if !self.left_out.is_empty() {
            writeln!(
                output,
                "left out: {} lines that cannot be opened or learned from",
                self.left_out.len()
            )?;
        }
        writeln!(
            output,
            "character error on the lines held back: {:.1} % before, {:.1} % after ({})",
            100.0 * before,
            100.0 * after,
            less(self.error)
        )?;
        for Regression { set, error: Change { before, after }, allowed } in &self.regression {
            let (before, after, allowed) = (100.0 * before, 100.0 * after, 100.0 * allowed);
            writeln!(
                output,
                "other lines ({set}): {before:.1} % before, {after:.1} % after, {allowed:.1} % let pass"
            )?;
        }
        match self.kept {
            true => writeln!(output, "kept {}: read with --handwriting {}", self.version, folder.display()),
            false => writeln!(output, "not kept: {}", self.why),
        }
    }
}

/// By how much an error fell.
fn less(Change { before, after }: Change) -> String {
    match before > 0.0 {
        true if after <= before => format!("{:.0} % less", 100.0 * (1.0 - after / before)),
        true => format!("{:.0} % more", 100.0 * (after / before - 1.0)),
        false => "there was none to lose".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Report;

    const ANSWER: &str = r#"{"kept": true, "why": "", "version": "hotich-hand 1, adapted 0f3c", "learned_from": 160,
        "held_out": 40, "left_out": [], "error": {"before": 0.211, "after": 0.0955}, "sure": 1.0,
        "regression": [{"set": "hand", "before": 0.12, "after": 0.121, "allowed": 0.125}], "step": 0.75,
        "seconds": 90.5}"#;

    fn shown(report: &Report) -> String {
        let mut output = Vec::new();
        report.show(Path::new("office"), &mut output).unwrap();
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn the_report_says_by_how_much_and_where_the_weights_are() {
        let mut report: Report = serde_json::from_str(ANSWER).unwrap();
        let text = shown(&report);
        assert!(text.contains("21.1 % before, 9.6 % after (55 % less)"), "{text}");
        assert!(text.contains("other lines (hand): 12.0 % before, 12.1 % after, 12.5 % let pass"), "{text}");
        assert!(text.ends_with("read with --handwriting office\n"), "{text}");
        (report.kept, report.why) = (false, "the lines held back are not read better".to_owned());
        report.error.after = 0.25;
        let text = shown(&report);
        assert!(
            text.contains("(18 % more)")
                && text.ends_with("not kept: the lines held back are not read better\n")
        );
    }
}
