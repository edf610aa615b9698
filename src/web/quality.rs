//! How far and how good the work is: figures of books and fields, of nobody in particular.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use jiff::{SignedDuration, Timestamp};

use super::error::WebError;
use super::guard::Person;
use super::language::Language;
use super::routes::Place;
use super::state::Shared;
use super::telling::{Frame, page_reason};
use super::verification::today;
use crate::domain::{FieldName, Kind, catalogue};
use crate::store::Store;
use crate::store::desk::{BookQuality, FieldQuality, PageTask, Progress};
use crate::trust::bound::upper_bound;

/// Days of the chart.
const DAYS: i64 = 30;
/// Pages listed.
const PAGES: usize = 50;

/// A row of figures.
struct Row {
    name: String,
    link: String,
    figures: FieldQuality,
    /// Shares in hundredths: settled, accepted, to do.
    settled: f64,
    accepted: f64,
    to_do: f64,
    /// The error found by audits and its bound, in words.
    audited: String,
    differed: String,
}

struct Pace {
    action: String,
    answers: u64,
    per_hour: f64,
    /// Width of the bar, in hundredths of the widest.
    width: f64,
}

/// A bar of the chart: x, height, label.
struct Bar {
    x: usize,
    y: f64,
    height: f64,
    label: String,
}

#[derive(Template)]
#[template(path = "quality.html")]
struct QualityPage {
    frame: Frame,
    total: Row,
    books: Vec<(Row, Vec<Row>)>,
    pace: Vec<Pace>,
    bars: Vec<Bar>,
    seeded: (u64, u64),
    pages: Vec<PageTask>,
    page_count: u64,
}

/// The page.
pub(super) async fn page(
    State(shared): State<Shared>,
    Person(account): Person,
    language: Language,
) -> Result<Html<String>, WebError> {
    let first = Timestamp::now() - SignedDuration::from_hours(24 * (DAYS - 1));
    let first = first.strftime("%Y-%m-%d").to_string();
    let read = move |store: &Store| {
        let pages = (store.page_tasks(PAGES)?, store.page_task_count()?);
        Ok((store.quality(&today())?, store.progress(&first)?, store.pace()?, store.seeded()?, pages))
    };
    let (books, progress, pace, seeded, (pages, page_count)) = shared.readers.read(read).await?;
    let total = books.iter().flat_map(|book| book.fields.values()).fold(FieldQuality::default(), add);
    let words = language.words();
    let page = QualityPage {
        frame: Frame::new(language, &account, Some(Place::Quality)),
        total: row(words.everything.to_owned(), "/verify".to_owned(), total),
        books: books.iter().map(|book| of_book(language, book)).collect(),
        pace: paces(pace),
        bars: bars(&progress),
        seeded,
        pages: pages.into_iter().map(|page| in_words(language, page)).collect(),
        page_count,
    };
    Ok(Html(page.render()?))
}

/// The task with its reason in words.
fn in_words(language: Language, page: PageTask) -> PageTask {
    PageTask { reason: page_reason(language, &page.reason).to_owned(), ..page }
}

fn add(sum: FieldQuality, field: &FieldQuality) -> FieldQuality {
    FieldQuality {
        fields: sum.fields + field.fields,
        accepted: sum.accepted + field.accepted,
        settled: sum.settled + field.settled,
        to_do: sum.to_do + field.to_do,
        audited: sum.audited + field.audited,
        audited_wrong: sum.audited_wrong + field.audited_wrong,
        keyed_twice: sum.keyed_twice + field.keyed_twice,
        differed: sum.differed + field.differed,
        today: sum.today + field.today,
    }
}

fn of_book(language: Language, book: &BookQuality) -> (Row, Vec<Row>) {
    let total = book.fields.values().fold(FieldQuality::default(), add);
    let address = |field: &str| format!("/verify?book={}&field={field}", escaped(&book.book));
    let fields = book
        .fields
        .iter()
        .map(|(name, figures)| row(label(language, name), address(name.as_str()), figures.clone()));
    (row(book.book.clone(), address(""), total), fields.collect())
}

fn label(language: Language, name: &FieldName) -> String {
    let kind = Kind::ALL.into_iter().find(|kind| catalogue::find(*kind, name).is_some());
    language.field(kind.unwrap_or(Kind::Birth), name)
}

/// A name as part of an address.
fn escaped(name: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    name.bytes()
        .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn row(name: String, link: String, figures: FieldQuality) -> Row {
    let share = |part: u64| 100.0 * part as f64 / figures.fields.max(1) as f64;
    let percent = |part: u64, whole: u64| 100.0 * part as f64 / whole.max(1) as f64;
    let audited = match figures.audited {
        0 => "–".to_owned(),
        all => {
            let bound = 100.0 * upper_bound(figures.audited_wrong, all);
            format!("{:.1} % (≤ {bound:.1} %)", percent(figures.audited_wrong, all))
        }
    };
    let differed = match figures.keyed_twice {
        0 => "–".to_owned(),
        all => format!("{:.1} %", percent(figures.differed, all)),
    };
    Row {
        settled: share(figures.settled),
        accepted: share(figures.accepted),
        to_do: share(figures.to_do),
        audited,
        differed,
        name,
        link,
        figures,
    }
}

fn paces(pace: BTreeMap<String, (u64, f64)>) -> Vec<Pace> {
    let per_hour = |seconds: f64| 3600.0 / seconds.max(0.1);
    let most = pace.values().map(|(_, seconds)| per_hour(*seconds)).fold(1.0, f64::max);
    let one = |(action, (answers, seconds)): (String, (u64, f64))| {
        let per_hour = per_hour(seconds);
        Pace { action, answers, per_hour, width: 100.0 * per_hour / most }
    };
    pace.into_iter().map(one).collect()
}

/// Height of the chart.
const CHART: f64 = 120.0;

fn bars(progress: &[Progress]) -> Vec<Bar> {
    let most = progress.iter().map(|day| day.answers).max().unwrap_or(1).max(1) as f64;
    let bar = |(place, day): (usize, &Progress)| {
        let height = CHART * day.answers as f64 / most;
        Bar { x: place * 24, y: CHART - height, height, label: format!("{}: {}", day.day, day.answers) }
    };
    progress.iter().enumerate().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::{FieldQuality, escaped, row};

    #[test]
    fn an_audited_error_stands_with_its_bound() {
        let figures = FieldQuality { fields: 200, audited: 100, audited_wrong: 1, ..FieldQuality::default() };
        let row = row("a".to_owned(), String::new(), figures);
        assert!(row.audited.starts_with("1.0 % (≤ 4.7 %"), "{}", row.audited);
        assert_eq!(row.differed, "–");
    }

    #[test]
    fn names_of_books_survive_in_addresses() {
        assert_eq!(escaped("ks-1978"), "ks-1978");
        assert_eq!(escaped("sổ 1&2"), "s%E1%BB%95%201%262");
    }
}
