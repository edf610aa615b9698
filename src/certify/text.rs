//! A certificate as lines for people: the same lines on a terminal and on paper.

use std::io::{self, Write};

use super::certificate::{Account, Certificate, NumberRun, PageCounts};
use super::wording::Language;
use crate::domain::BookCover;

/// The lines of a certificate by their sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// What it is.
    pub title: String,
    /// Which book it is about.
    pub about: Vec<String>,
    /// What it comes to.
    pub verdict: String,
    /// Headings with their lines.
    pub sections: Vec<(String, Vec<String>)>,
}

/// Writes the certificate as plain text.
///
/// # Errors
/// When `output` cannot be written to.
pub fn write(certificate: &Certificate, language: Language, output: &mut dyn Write) -> io::Result<()> {
    let lines = lines(certificate, language);
    writeln!(output, "{}", lines.title)?;
    lines.about.iter().try_for_each(|line| writeln!(output, "  {line}"))?;
    for (heading, lines) in &lines.sections {
        writeln!(output, "{heading}")?;
        lines.iter().try_for_each(|line| writeln!(output, "  {line}"))?;
    }
    writeln!(output, "{}", lines.verdict)
}

/// The certificate as lines.
#[must_use]
pub fn lines(certificate: &Certificate, language: Language) -> Lines {
    let title = language.pick("Certificate of completeness", "Bản xác nhận tính đầy đủ của sổ hộ tịch");
    let mut sections: Vec<_> = certificate.runs.iter().map(|run| run_section(run, language)).collect();
    let findings = |open| {
        let findings = certificate.findings.iter().filter(move |finding| finding.open == open);
        findings.map(|finding| language.finding(finding)).collect::<Vec<_>>()
    };
    sections.push((language.pick("Unexplained", "Chưa giải thích được").to_owned(), findings(true)));
    sections.push((language.pick("To know", "Cần biết").to_owned(), findings(false)));
    sections.retain(|(_, lines)| !lines.is_empty());
    Lines {
        title: format!("{title}: {}", certificate.book),
        about: about(&certificate.cover, certificate.pages, language),
        verdict: verdict(certificate, language),
        sections,
    }
}

/// What it comes to in one sentence.
fn verdict(certificate: &Certificate, language: Language) -> String {
    let open = certificate.findings.iter().filter(|finding| finding.open).count();
    match (open, language) {
        (0, _) => {
            language.pick("Nothing is unexplained.", "Không có điều gì chưa giải thích được.").to_owned()
        }
        (1, Language::English) => "One thing is unexplained.".to_owned(),
        (_, Language::English) => format!("{open} things are unexplained."),
        (_, Language::Vietnamese) => format!("Có {open} điều chưa giải thích được."),
    }
}

fn about(cover: &BookCover, pages: PageCounts, language: Language) -> Vec<String> {
    let mut parts = Vec::new();
    parts.extend(cover.kind.map(|kind| language.kind(kind).to_owned()));
    parts.extend(cover.office.clone());
    parts.extend(
        cover.volume.as_ref().map(|volume| format!("{} {volume}", language.pick("volume", "quyển số"))),
    );
    parts.extend(cover.year.map(|year| format!("{} {year}", language.pick("opened", "mở năm"))));
    let mut about: Vec<_> = Some(parts.join(", ")).into_iter().filter(|line| !line.is_empty()).collect();
    let named = [
        (pages.with_entries, language.pick("pages of a form", "trang biểu mẫu")),
        (pages.other, language.pick("other pages", "trang khác")),
        (pages.failed, language.pick("not readable", "không đọc được")),
        (pages.pending, language.pick("to read", "chưa đọc")),
    ];
    let named = named.iter().enumerate().filter(|(place, (count, _))| *place == 0 || *count > 0);
    about.push(named.map(|(_, (count, name))| format!("{count} {name}")).collect::<Vec<_>>().join(", "));
    about
}

/// One run: its ends, then its numbers by what became of them.
fn run_section(run: &NumberRun, language: Language) -> (String, Vec<String>) {
    let numbers = language.pick("Numbers", "Các số");
    let year = run.year.map(|year| format!("{} {year}", language.pick(" of", " năm"))).unwrap_or_default();
    let heading = format!(
        "{numbers}{year}: {} ({}) {} {} ({})",
        run.first,
        language.basis(run.first_known),
        language.pick("to", "đến"),
        run.last,
        language.basis(run.last_known)
    );
    let lines = Account::ALL.iter().filter_map(|account| {
        let count = run.numbers.iter().filter(|number| number.account == *account).count();
        (count > 0).then(|| format!("{}: {count} ({})", language.account(*account), ranges(run, *account)))
    });
    (heading, lines.collect())
}

/// The numbers with `account` as ranges.
fn ranges(run: &NumberRun, account: Account) -> String {
    let wanted: Vec<_> =
        run.numbers.iter().filter(|number| number.account == account).map(|number| number.number).collect();
    let ranges = wanted
        .chunk_by(|a, b| b - a == 1)
        .filter_map(|range| Some(Language::range(*range.first()?, *range.last()?)));
    ranges.collect::<Vec<_>>().join(", ")
}
