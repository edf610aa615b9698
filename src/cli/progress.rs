//! How far a batch has come: a bar on a terminal, plain lines now and then otherwise.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use indicatif::ProgressStyle;
use serde::Serialize;
use tracing::Span;
use tracing_indicatif::span_ext::IndicatifSpanExt;

use crate::domain::{PageFinding, ScanOutcome, ScanResult};
use crate::weighing::Weighed;

/// A plain line is written after so many pages.
const PAGES_A_LINE: u64 = 50;

/// What a batch has done.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Pages read.
    pub pages: u64,
    /// Of these, pages of no known form, covers and blank pages.
    pub pages_without_entries: u64,
    /// Entries found.
    pub entries: u64,
    /// Fields read.
    pub fields_read: u64,
    /// Of those of books weighed so far: accepted, or blank for certain.
    pub fields_accepted: u64,
    /// Of those of books weighed so far: a person must look at them.
    pub fields_to_review: u64,
    /// Pages that could not be read.
    pub failed: u64,
}

impl Tally {
    /// Adds one scan.
    pub fn add(&mut self, outcome: &ScanOutcome) {
        let ScanResult::Read(pages) = &outcome.result else {
            self.failed += 1;
            return;
        };
        for page in pages {
            self.pages += 1;
            match &page.finding {
                PageFinding::NotAForm(_) => self.pages_without_entries += 1,
                PageFinding::Records { records, .. } => {
                    self.entries += records.len() as u64;
                    self.fields_read += records.iter().map(|record| record.fields.len() as u64).sum::<u64>();
                }
            }
        }
    }
}

/// Shows a batch to people on stderr.
pub struct Progress {
    span: Span,
    start: Instant,
    tally: Mutex<Tally>,
}

impl Progress {
    /// A batch of about `total` pages (files may turn out to hold several).
    pub fn new(total: u64) -> Self {
        let span = tracing::info_span!("digitize");
        let template = "{bar:30} {pos}/{len} pages, {msg}, {eta} left";
        span.pb_set_style(
            &ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        span.pb_set_length(total);
        span.pb_start();
        Self { span, start: Instant::now(), tally: Mutex::default() }
    }

    /// Makes room for pages that were not counted at the start.
    pub fn expect_more(&self, pages: u64) {
        self.span.pb_inc_length(pages);
    }

    /// Passes over pages that were done before.
    pub fn skip(&self, pages: u64) {
        self.span.pb_inc(pages);
    }

    /// Counts a file that could not be opened.
    pub fn fail(&self) {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).failed += 1;
        self.span.pb_inc(1);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.span.pb_set_finish_message("done");
    }

    /// Counts one scan and shows how things stand.
    pub fn add(&self, outcome: &ScanOutcome) {
        let tally = {
            let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
            tally.add(outcome);
            *tally
        };
        let line = self.line(&tally);
        self.span.pb_set_message(&line);
        self.span.pb_inc(1);
        let done = tally.pages + tally.failed;
        if !io::stderr().is_terminal() && done % PAGES_A_LINE == 0 {
            let _ = writeln!(io::stderr(), "{done} pages, {line}");
        }
    }

    /// Counts the fields of a book that was weighed.
    pub fn weighed(&self, weighed: Weighed) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.fields_accepted += weighed.accepted;
        tally.fields_to_review += weighed.to_review;
    }

    /// What was done so far.
    pub fn tally(&self) -> Tally {
        *self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn line(&self, tally: &Tally) -> String {
        let minutes = self.start.elapsed().as_secs_f64() / 60.0;
        let rate = (tally.pages + tally.failed) as f64 / minutes.max(1e-6);
        format!(
            "{rate:.0} pages/min, fields: {} accepted, {} to review, {} pages failed",
            tally.fields_accepted, tally.fields_to_review, tally.failed
        )
    }
}
