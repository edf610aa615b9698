//! What speaks for and against one value, as numbers a calibration can weigh.

use std::collections::BTreeMap;

use crate::domain::catalogue::is_critical;
use crate::domain::text::fold;
use crate::domain::{Candidate, DraftField, DraftRecord, FieldType, Fit, ScanName, Seconded, Severity, hour};

use super::belief::Belief;
use super::evidence::Evidence;
use super::weigh::{Weighed, log_odds};

/// The name of each number, in their order, and the kind of evidence it is; none for the reading itself.
pub(super) const NUMBERS: [(&str, Option<Evidence>); 49] = [
    ("one", None),
    ("reading", None),
    ("weighed", None),
    ("margin", None),
    ("column", Some(Evidence::Order)),
    ("usual", Some(Evidence::Words)),
    ("known", Some(Evidence::Words)),
    ("near", Some(Evidence::Words)),
    ("rival", Some(Evidence::Words)),
    ("vouched", Some(Evidence::Entry)),
    ("contradicted", Some(Evidence::Entry)),
    ("listed", Some(Evidence::Lists)),
    ("mended", Some(Evidence::Lists)),
    ("unlisted", Some(Evidence::Lists)),
    ("unread", None),
    ("unclear", None),
    ("letters", None),
    ("entry", Some(Evidence::Surroundings)),
    ("page", Some(Evidence::Surroundings)),
    ("book", Some(Evidence::Surroundings)),
    ("queries", Some(Evidence::Entry)),
    ("blocks", Some(Evidence::Entry)),
    ("changed", None),
    ("second", None),
    ("form", None),
    ("partial", None),
    ("swapped", Some(Evidence::Entry)),
    ("broken", Some(Evidence::Order)),
    ("marks", None),
    ("astray", Some(Evidence::Layout)),
    ("place listed", Some(Evidence::Lists)),
    ("place marks", Some(Evidence::Lists)),
    ("place unlisted", Some(Evidence::Lists)),
    ("place run on", Some(Evidence::Lists)),
    ("place nested", Some(Evidence::Lists)),
    ("place loose", Some(Evidence::Lists)),
    ("place complete", Some(Evidence::Lists)),
    ("place figures", Some(Evidence::Lists)),
    ("place long numbers", Some(Evidence::Lists)),
    ("name families", Some(Evidence::Lists)),
    ("name given", Some(Evidence::Lists)),
    ("name middle", Some(Evidence::Lists)),
    ("name family", Some(Evidence::Lists)),
    ("seconded", Some(Evidence::SecondReader)),
    ("opposed", Some(Evidence::SecondReader)),
    ("opposed marks", Some(Evidence::SecondReader)),
    ("opposed letters", Some(Evidence::SecondReader)),
    ("opposed words", Some(Evidence::SecondReader)),
    ("separators", Some(Evidence::Words)),
];

/// The numbers of one value.
pub(super) type Features = [f64; NUMBERS.len()];

/// How surely the fields around a field were read: the mean logarithm of the odds of their readings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Surroundings {
    pub entry: f64,
    pub page: f64,
    pub book: f64,
}

/// How surely the fields around every field of a book were read, record by record, field by field.
pub(super) fn surroundings(records: &[DraftRecord], book: &[Vec<Weighed>]) -> Vec<Vec<Surroundings>> {
    let sums: Vec<Sum> =
        book.iter().map(|fields| fields.iter().filter_map(reading).fold((0.0, 0.0), add)).collect();
    let mut pages: BTreeMap<&ScanName, Sum> = BTreeMap::new();
    for (record, sum) in records.iter().zip(&sums) {
        let page = pages.entry(&record.scan).or_default();
        *page = (page.0 + sum.0, page.1 + sum.1);
    }
    let whole = sums.iter().fold((0.0, 0.0), |all, sum| (all.0 + sum.0, all.1 + sum.1));
    let each = records.iter().zip(book).zip(&sums);
    each.map(|((record, fields), sum)| {
        let page = pages.get(&record.scan).copied().unwrap_or_default();
        let around = |field: &Weighed| {
            let own = reading(field);
            Surroundings { entry: without(*sum, own), page: without(page, own), book: without(whole, own) }
        };
        fields.iter().map(around).collect()
    })
    .collect()
}

/// Logarithms of odds summed up, and how many.
type Sum = (f64, f64);

/// The mean of all but one's own, drawn to what is typical where there is little.
fn without(all: Sum, own: Option<f64>) -> f64 {
    let (sum, count) = own.map_or(all, |own| (all.0 - own, all.1 - 1.0));
    (sum + 2.0 * TYPICAL) / (count + 2.0)
}

/// Letters of a date of which the day is missing (`1956-08`).
const MONTH: usize = 7;

/// What stands in for surroundings that say little.
const TYPICAL: f64 = 2.0;

fn add(all: Sum, reading: f64) -> Sum {
    (all.0 + reading, all.1 + 1.0)
}

/// How surely the reading holds the likeliest value; none where nothing was read.
fn reading(field: &Weighed) -> Option<f64> {
    field.belief.best().map(|best| log_odds(best.read))
}

/// Leaves out the numbers of one kind of evidence.
pub(super) fn leave_out<const N: usize>(
    numbers: &mut [f64; N],
    kinds: &[(&str, Option<Evidence>); N],
    without: Option<Evidence>,
) {
    let each = numbers.iter_mut().zip(kinds).filter(|(_, (_, kind))| kind.is_some() && *kind == without);
    each.for_each(|(number, _)| *number = 0.0);
}

/// What speaks for and against the likeliest value of `field`; none when it has none.
pub(super) fn of_value(
    record: &DraftRecord,
    field: &DraftField,
    weighed: &Weighed,
    around: Surroundings,
) -> Option<Features> {
    let best = weighed.belief.best()?;
    let candidate = field.candidates.get(best.candidate)?;
    let flag = |holds: bool| f64::from(u8::from(holds));
    let broken = |severity: Severity| {
        let rules = record.rules.iter();
        let count =
            rules.filter(|rule| rule.severity == severity && rule.fields.contains(&field.name)).count();
        count.min(2) as f64
    };
    let clarity = match candidate.fit {
        Fit::Parsed(clarity) => 1.0 - clarity,
        _ => 0.0,
    };
    let no_hour = field.field_type == FieldType::Time && !hour::is_hour(&best.value);
    let opposed = Opposed::of(field, candidate);
    let (place, name) = (weighed.place.unwrap_or_default(), weighed.name.unwrap_or_default());
    Some([
        1.0,
        log_odds(best.read),
        log_odds(weighed.belief.likelihood(best)),
        weighed.belief.margin().clamp(-5.0, 10.0),
        weighed.column.unwrap_or_default().clamp(-9.0, 9.0),
        weighed.usual.unwrap_or_default().min(8.0),
        weighed.known,
        (1.0 + weighed.near).ln(),
        weighed.rival,
        flag(weighed.vouched),
        flag(weighed.contradicted),
        flag(candidate.fit == Fit::Listed),
        flag(candidate.fit == Fit::Mended),
        flag(candidate.fit == Fit::Unlisted),
        flag(matches!(candidate.fit, Fit::Ditto | Fit::Unread) || no_hour),
        clarity,
        (candidate.value.chars().count() as f64 + 1.0).ln(),
        around.entry,
        around.page,
        around.book,
        broken(Severity::Query),
        broken(Severity::Block),
        flag(best.candidate != 0),
        flag(candidate.text != field.raw),
        log_odds(record.form_match.get()),
        flag(field.field_type == FieldType::Date && best.value.len() == MONTH),
        flag(weighed.swapped),
        flag(weighed.broken),
        other_marks(&weighed.belief),
        weighed.astray.min(1.0),
        place.listed,
        place.marks_off,
        place.unlisted,
        place.run_on,
        place.nested,
        place.loose,
        place.complete,
        place.figures,
        place.long_numbers,
        name.families,
        name.given,
        name.middle,
        name.family,
        flag(best.seconded == Seconded::Agrees),
        flag(best.seconded == Seconded::Differs),
        flag(opposed.marks_only),
        (1.0 + opposed.letters).ln(),
        (1.0 + opposed.words).ln(),
        weighed.separators,
    ])
}

/// In what another text, which a second engine reads, differs from a value's. Tesseract loses marks in pale or small print,
/// and whole words where it fails; another letter in one word is a doubt.
#[derive(Default)]
struct Opposed {
    /// Only marks or signs differ.
    marks_only: bool,
    /// Letters and figures that differ, marks aside.
    letters: f64,
    /// Words that do.
    words: f64,
}

impl Opposed {
    /// Of the text of `chosen`, a candidate of `field`; nothing where no second engine reads otherwise.
    fn of(field: &DraftField, chosen: &Candidate) -> Self {
        let second = field.candidates.iter().find(|other| other.seconded == Seconded::Agrees);
        let second = second.filter(|_| chosen.seconded == Seconded::Differs);
        second.map_or_else(Self::default, |second| {
            let (own, other) = (fold(&chosen.text), fold(&second.text));
            let others: Vec<&str> = other.split(' ').collect();
            let words = own.split(' ').filter(|word| !others.contains(word)).count() as f64;
            Self { marks_only: own == other, letters: strsim::levenshtein(&own, &other) as f64, words }
        })
    }
}

/// The share of the reading that holds the likeliest value with other marks, of all that holds it with any.
fn other_marks(belief: &Belief) -> f64 {
    let Some(best) = belief.best() else { return 0.0 };
    let folded = fold(&best.value);
    let same = belief.choices.iter().filter(|choice| fold(&choice.value) == folded);
    let all: f64 = same.map(|choice| choice.read).sum();
    1.0 - best.read / all.max(1e-9)
}

/// The name of each number that speaks of a blank.
pub(super) const BLANK_NUMBERS: [(&str, Option<Evidence>); 9] = [
    ("one", None),
    ("blank", None),
    ("read", None),
    ("entry", Some(Evidence::Surroundings)),
    ("page", Some(Evidence::Surroundings)),
    ("usually", Some(Evidence::Words)),
    ("needed", None),
    ("broken", Some(Evidence::Order)),
    ("astray", Some(Evidence::Layout)),
];

/// The numbers of one blank.
pub(super) type BlankFeatures = [f64; BLANK_NUMBERS.len()];

/// What speaks for and against `field` being blank; `usually` is the share of its column in the book
/// that is blank.
pub(super) fn of_blank(
    record: &DraftRecord,
    field: &DraftField,
    weighed: &Weighed,
    (around, usually): (Surroundings, f64),
) -> BlankFeatures {
    // Every entry has them; notes are about what came later.
    let needed = field.name.as_str() != "notes" && is_critical(record.kind, &field.name);
    [
        1.0,
        log_odds(field.blank.get()),
        f64::from(u8::from(!field.candidates.is_empty())),
        around.entry,
        around.page,
        usually,
        f64::from(u8::from(needed)),
        f64::from(u8::from(weighed.broken)),
        weighed.astray.min(1.0),
    ]
}
