//! A whole book weighed at once: which of its candidates every field is, by reading and evidence.

use crate::domain::{
    self, BookCover, Candidate, DraftField, DraftRecord, FieldType, LinkedSource, LinkedValue, LinkedValues,
    PartialDate, Seconded, text::comparable,
};

use super::belief::{Belief, Choice};
use super::evidence::separators::Separators;
use super::evidence::words::BookWords;
use super::evidence::{Evidence, days, entry, layout, names, places, sequence};

/// How likely a registration lies in a year other than that of the cover, and in a year that no book
/// of that cover reaches.
const OTHER_YEAR: f64 = 0.1;
const IMPOSSIBLE_YEAR: f64 = 0.003;
/// A book of before 2006 may have been used for up to this many years (validation rule V008).
const YEARS_OF_A_BOOK: i16 = 15;

/// What is known of one field once its book has been weighed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Weighed {
    /// What it may say.
    pub belief: Belief,
    /// What the column says: the logarithm of the odds for the value, none where no column speaks.
    pub column: Option<f64>,
    /// The number or date that the column asks for, where it is another one, nothing was read, the column is not
    /// sure, or an entry beside has it too.
    pub expected: Option<String>,
    /// What the book's own words say (see [`super::evidence::words::Support`]).
    pub usual: Option<f64>,
    /// The share of its parts that the book says elsewhere.
    pub known: f64,
    /// How often the book says nearly the same.
    pub near: f64,
    /// How much oftener the book says the same with other marks (see
    /// [`super::evidence::words::Support`]).
    pub rival: f64,
    /// How much less likely a place is for the way it is parted, as a logarithm (see
    /// [`super::evidence::separators::Separators`]).
    pub separators: f64,
    /// How a place stands to the places there are; none for what is no place.
    pub place: Option<places::Standing>,
    /// How a name stands to the names there are; none for what is none.
    pub name: Option<names::Standing>,
    /// How far it stands from where it stands in other entries.
    pub astray: f64,
    /// Whether a linked entry says something else.
    pub unlike_linked: bool,
    /// Whether a spreadsheet into which the entry was keyed says something else.
    pub unlike_keyed: bool,
    /// Whether another field of the entry says the same.
    pub vouched: bool,
    /// Whether another field that should say the same says something else.
    pub contradicted: bool,
    /// Whether the spouses' names speak for the other sex, so that all of theirs may be exchanged.
    pub swapped: bool,
    /// Whether the numbers of the page do not run on by one, so that an entry was cut wrongly.
    pub broken: bool,
    /// Whether its writing is plain.
    pub plain: bool,
}

/// The fields of a book, entry by entry, as reading and evidence have them, but for one kind of evidence
/// that may be left out. `records` stand in the order of the book.
pub(super) fn weigh(
    records: &[DraftRecord],
    (cover, linked): (&BookCover, &LinkedValues),
    without: Option<Evidence>,
) -> Vec<Vec<Weighed>> {
    let is_plain = domain::is_plain(records);
    let of = |field: &DraftField| Weighed {
        belief: Belief::of(field),
        plain: is_plain && Candidate::seem_plain(&field.candidates),
        ..Weighed::default()
    };
    let fields = |record: &DraftRecord| record.fields.iter().map(of).collect();
    let mut book: Vec<Vec<Weighed>> = records.iter().map(fields).collect();
    let with = |kind: Evidence| without != Some(kind);
    if with(Evidence::SecondReader) {
        book.iter_mut().flatten().for_each(|weighed| weigh_second(&mut weighed.belief));
    }
    if with(Evidence::Order) {
        weigh_registration_dates(records, cover, &mut book);
        weigh_numbers(records, &mut book);
    }
    if with(Evidence::Entry) {
        records.iter().zip(&mut book).for_each(|(record, fields)| weigh_entry(record, fields));
    }
    if with(Evidence::Order) {
        mark_broken_pages(records, &mut book);
    }
    if with(Evidence::Lists) {
        records.iter().zip(&mut book).for_each(|(record, fields)| weigh_by_lists(record, fields));
    }
    if with(Evidence::Links) {
        for (place, (record, fields)) in records.iter().zip(&mut book).enumerate() {
            weigh_links(record, linked.of(place), fields);
        }
    }
    if with(Evidence::Words) {
        weigh_words(records, cover, &mut book);
    }
    if with(Evidence::Entry) {
        records.iter().zip(&mut book).for_each(|(record, fields)| compare_fields(record, fields));
    }
    if with(Evidence::Lists) {
        records.iter().zip(&mut book).for_each(|(record, fields)| look_up(record, fields));
    }
    if with(Evidence::Links) {
        for (place, (record, fields)) in records.iter().zip(&mut book).enumerate() {
            compare_links(record, linked.of(place), fields);
        }
    }
    if with(Evidence::Layout) {
        let astray = layout::astray(records);
        let each = book.iter_mut().flatten().zip(astray.into_iter().flatten());
        each.for_each(|(weighed, astray)| weighed.astray = astray);
    }
    book
}

/// How much likelier a value is that a second engine reads, against one that it does not read.
const SECONDED: f64 = 10.0;

/// Weighs the values of a field by what a second engine reads.
fn weigh_second(belief: &mut Belief) {
    belief.weigh(|choice| if choice.seconded == Seconded::Agrees { SECONDED.ln() } else { 0.0 });
}

/// How much likelier a value is that a linked entry has, against one that it does not have.
const LINKED: f64 = 20.0;

/// Weighs the fields of an entry by what linked entries have for them.
fn weigh_links(record: &DraftRecord, linked: &[LinkedValue], fields: &mut [Weighed]) {
    for (field, weighed) in record.fields.iter().zip(fields) {
        for other in linked.iter().filter(|other| other.field == field.name) {
            let value = comparable(&other.value);
            weighed.belief.weigh(|choice| if choice.comparable == value { LINKED.ln() } else { 0.0 });
        }
    }
}

/// Notes which fields say what linked entries say, and which say something else.
fn compare_links(record: &DraftRecord, linked: &[LinkedValue], fields: &mut [Weighed]) {
    for (field, weighed) in record.fields.iter().zip(fields) {
        let Some(best) = weighed.belief.best() else { continue };
        for other in linked.iter().filter(|other| other.field == field.name) {
            let same = best.comparable == comparable(&other.value);
            weighed.vouched |= same;
            match other.source {
                LinkedSource::Entry => weighed.unlike_linked |= !same,
                LinkedSource::Spreadsheet => weighed.unlike_keyed |= !same,
            }
        }
    }
}

/// Weighs places and names by the places and names there are.
fn weigh_by_lists(record: &DraftRecord, fields: &mut [Weighed]) {
    for (field, weighed) in record.fields.iter().zip(fields) {
        match field.field_type {
            FieldType::Place => weighed.belief.weigh(|choice| places::standing(&choice.value).score),
            FieldType::PersonName => {
                weighed.belief.weigh(|choice| names::standing(&choice.comparable).score())
            }
            _ => {}
        }
    }
}

/// Notes how the likeliest places and names stand to those there are.
fn look_up(record: &DraftRecord, fields: &mut [Weighed]) {
    for (field, weighed) in record.fields.iter().zip(fields) {
        let Some(best) = weighed.belief.best() else { continue };
        match field.field_type {
            FieldType::Place => weighed.place = Some(places::standing(&best.value)),
            FieldType::PersonName => weighed.name = Some(names::standing(&best.comparable)),
            _ => {}
        }
    }
}

/// The place of the field `name` in each record.
fn places<'r>(records: &'r [DraftRecord], name: &'r str) -> impl Iterator<Item = Option<usize>> + 'r {
    records.iter().map(move |record| record.fields.iter().position(|field| field.name.as_str() == name))
}

fn weigh_registration_dates(records: &[DraftRecord], cover: &BookCover, book: &mut [Vec<Weighed>]) {
    let places: Vec<Option<usize>> = places(records, "registration.date").collect();
    let mut column = Vec::with_capacity(records.len());
    for (fields, place) in book.iter_mut().zip(&places) {
        let Some(place) = *place else {
            column.push(Vec::new());
            continue;
        };
        let belief = &mut fields[place].belief;
        if let Some(year) = cover.year {
            belief.weigh(|choice| {
                let date: Option<PartialDate> = choice.comparable.parse().ok();
                date.map_or(IMPOSSIBLE_YEAR, |date| year_of_cover(date.year() - year)).ln()
            });
        }
        column.push(dates_of(belief));
    }
    let found = days::in_order(&column);
    for ((fields, place), (dates, found)) in book.iter_mut().zip(&places).zip(column.iter().zip(found)) {
        let Some(place) = *place else { continue };
        let weighed = &mut fields[place];
        let known = |choice: &Choice| {
            let date = choice.comparable.parse().ok();
            dates.iter().position(|(known, _)| Some(*known) == date)
        };
        weighed.belief.weigh(|choice| {
            known(choice)
                .map_or(0.0, |known| (found.likelihoods[known].max(1e-9) / dates[known].1.max(1e-9)).ln())
        });
        let best = weighed.belief.best().and_then(known);
        weighed.column = best.map(|best| log_odds(found.likelihoods[best]) - log_odds(dates[best].1));
        let read = best.map_or(0.0, |best| found.likelihoods[best]);
        if let Some((day, likelihood)) = found.best
            && likelihood > read
            && best.is_none_or(|best| dates[best].0 != day)
        {
            weighed.column = Some(-log_odds(likelihood));
            weighed.expected = Some(day.to_string());
        }
    }
}

fn year_of_cover(difference: i16) -> f64 {
    match difference {
        0 => 1.0,
        1..=YEARS_OF_A_BOOK => OTHER_YEAR,
        _ => IMPOSSIBLE_YEAR,
    }
}

/// The dates a field may have, each with its likelihood.
fn dates_of(belief: &Belief) -> Vec<(PartialDate, f64)> {
    let each = belief.choices.iter();
    each.filter_map(|choice| Some((choice.comparable.parse().ok()?, belief.likelihood(choice)))).collect()
}

/// A column that holds its number less likely than this leaves it open between two: a person decides.
const DISPUTED: f64 = 0.9;

fn weigh_numbers(records: &[DraftRecord], book: &mut [Vec<Weighed>]) {
    let places: Vec<Option<usize>> = places(records, "entry.number").collect();
    let numbers = |fields: &Vec<Weighed>, place: Option<usize>| -> Vec<(i64, f64)> {
        let Some(place) = place else { return Vec::new() };
        let belief = &fields[place].belief;
        let each = belief.choices.iter();
        each.filter_map(|choice| Some((number(&choice.comparable)?, belief.likelihood(choice)))).collect()
    };
    let column: Vec<Vec<(i64, f64)>> =
        book.iter().zip(&places).map(|(fields, place)| numbers(fields, *place)).collect();
    // A lone number runs on from nothing.
    let found = if records.len() < 2 { None } else { sequence::run_on(&column) };
    let Some(found) = found else { return };
    let numbers: Vec<i64> = found.iter().map(|found| found.number).collect();
    for (entry, ((fields, place), found)) in book.iter_mut().zip(&places).zip(found).enumerate() {
        let Some(place) = *place else { continue };
        let weighed = &mut fields[place];
        let odds = log_odds(found.likelihood);
        weighed.belief.weigh(|choice| match number(&choice.comparable) == Some(found.number) {
            true => odds.max(0.0),
            false => 0.0,
        });
        let best = weighed.belief.best().and_then(|best| number(&best.comparable));
        let runs_on = best == Some(found.number);
        weighed.column = Some(if runs_on { odds } else { -odds });
        // A number that the entry before or after has too is that of the volume, or given twice.
        let twice = [entry.checked_sub(1), Some(entry + 1)].into_iter().flatten();
        let twice = twice.filter_map(|beside| numbers.get(beside)).any(|number| *number == found.number);
        let open = !runs_on || twice || found.likelihood < DISPUTED;
        weighed.expected = open.then(|| found.number.to_string());
    }
}

/// Marks the fields of every page on which the numbers do not run on by one.
fn mark_broken_pages(records: &[DraftRecord], book: &mut [Vec<Weighed>]) {
    let places: Vec<Option<usize>> = places(records, "entry.number").collect();
    let numbers: Vec<Option<i64>> = book
        .iter()
        .zip(&places)
        .map(|(fields, place)| number(&fields[(*place)?].belief.best()?.comparable))
        .collect();
    let mut first = 0;
    for page in records.chunk_by(|a, b| a.scan == b.scan) {
        let page = first..first + page.len();
        first = page.end;
        let runs_on = |pair: &[Option<i64>]| match pair {
            [Some(a), Some(b)] => *b == a + 1,
            _ => false,
        };
        let broken = !numbers[page.clone()].windows(2).all(runs_on);
        book[page].iter_mut().flatten().for_each(|weighed| weighed.broken = broken);
    }
}

/// The number that a value begins with (`85`, `85/1978`, `85a`), unless another stands beside it (`36-9`).
fn number(value: &str) -> Option<i64> {
    let (figures, rest) = value.split_at(value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len()));
    let is_one = rest.starts_with('/') || !rest.contains(|c: char| c.is_ascii_digit());
    figures.parse().ok().filter(|_| figures.len() <= 6 && is_one)
}

fn weigh_entry(record: &DraftRecord, fields: &mut [Weighed]) {
    let mut beliefs: Vec<Belief> = fields.iter_mut().map(|field| std::mem::take(&mut field.belief)).collect();
    let names = record.fields.iter().map(|field| field.name.as_str()).collect();
    entry::weigh(&mut entry::Entry { kind: record.kind, names, beliefs: &mut beliefs });
    fields.iter_mut().zip(beliefs).for_each(|(field, belief)| field.belief = belief);
}

/// Learns the words of the book, then weighs each value by what the rest of the book says.
fn weigh_words(records: &[DraftRecord], cover: &BookCover, book: &mut [Vec<Weighed>]) {
    let (mut words, mut separators) = (BookWords::default(), Separators::default());
    words.add_cover(cover);
    let all = || records.iter().flat_map(|record| &record.fields);
    for (field, weighed) in all().zip(book.iter().flatten()) {
        if let Some((value, likelihood)) = likeliest(&weighed.belief) {
            words.add(&field.name, field.field_type, &value, likelihood);
            if field.field_type == FieldType::Place {
                separators.add(&value, likelihood);
            }
        }
    }
    for (field, weighed) in all().zip(book.iter_mut().flatten()) {
        let own = likeliest(&weighed.belief);
        let own = own.as_ref().map(|(value, likelihood)| (value.as_str(), *likelihood));
        let support = |value: &str| words.support(&field.name, field.field_type, value, own);
        weighed.belief.weigh(|choice| support(&choice.value).map_or(0.0, |support| support.usual));
        if field.field_type == FieldType::Place {
            weighed.belief.weigh(|choice| separators.support(&choice.value, own));
        }
        let Some((value, _)) = likeliest(&weighed.belief) else { continue };
        if field.field_type == FieldType::Place {
            weighed.separators = separators.support(&value, own);
        }
        let found = support(&value);
        weighed.usual = found.map(|support| support.usual);
        weighed.known = found.map_or(0.0, |support| support.known);
        weighed.near = words.near(&field.name, field.field_type, &value, own);
        weighed.rival = found.map_or(0.0, |support| support.rival);
    }
}

/// The likeliest value of a field, with its likelihood.
fn likeliest(belief: &Belief) -> Option<(String, f64)> {
    let best = belief.best()?;
    Some((best.value.clone(), belief.likelihood(best)))
}

/// Pairs of fields of which the first mostly says what the second says.
const SAME: [(&str, &str); 4] = [
    ("child.birth_date", "child.birth_date_words"),
    ("death.date", "death.date_words"),
    ("declarant.name", "father.name"),
    ("declarant.name", "mother.name"),
];

/// Notes which fields of an entry say the same, and which say what cannot be.
fn compare_fields(record: &DraftRecord, fields: &mut [Weighed]) {
    let value = |fields: &[Weighed], name: &str| -> Option<(usize, String)> {
        let place = record.fields.iter().position(|field| field.name.as_str() == name)?;
        Some((place, fields[place].belief.best()?.comparable.clone()))
    };
    for (one, other) in SAME {
        let (Some((a, first)), Some((b, second))) = (value(fields, one), value(fields, other)) else {
            continue;
        };
        let is_date = record.fields[a].field_type == FieldType::Date;
        for place in [a, b] {
            fields[place].vouched |= first == second;
            fields[place].contradicted |= is_date && first != second;
        }
    }
    let other_sex = |(name, sex): &(&str, &str)| {
        value(fields, name).and_then(|(_, name)| entry::sex_of(&name)).is_some_and(|usual| usual != *sex)
    };
    if [("husband.name", "male"), ("wife.name", "female")].iter().any(other_sex) {
        for (field, weighed) in record.fields.iter().zip(fields.iter_mut()) {
            weighed.swapped = matches!(field.name.subject(), "husband" | "wife");
        }
    }
    if let (Some((place, child)), father, mother) =
        (value(fields, "child.name"), value(fields, "father.name"), value(fields, "mother.name"))
    {
        let family = |name: &str| name.split(' ').next().map(comparable);
        let parents: Vec<_> = [&father, &mother].into_iter().flatten().collect();
        let bears = parents.iter().any(|(_, parent)| family(parent) == family(&child));
        fields[place].contradicted |= !parents.is_empty() && !bears;
    }
}

/// The logarithm of the odds of a likelihood, bounded.
pub(super) fn log_odds(likelihood: f64) -> f64 {
    let bounded = likelihood.clamp(1e-4, 1.0 - 1e-4);
    (bounded / (1.0 - bounded)).ln()
}
