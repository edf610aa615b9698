//! Entries as linking sees them: who, born when, registered when; a hundred bytes or so each.

use super::syllables::{Name, Syllables};
use crate::domain::{FieldStatus, Kind, PartialDate};

/// A date of which parts may be unknown (0).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Day {
    pub year: i16,
    pub month: i8,
    pub day: i8,
}

impl Day {
    /// Whether it is known at all.
    pub fn known(self) -> bool {
        self.year != 0
    }

    /// Whether it is known to the day.
    pub fn whole(self) -> bool {
        self.day != 0
    }
}

impl From<PartialDate> for Day {
    fn from(date: PartialDate) -> Self {
        Self { year: date.year(), month: date.month().unwrap_or(0), day: date.day().unwrap_or(0) }
    }
}

/// A sex as far as it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Sex {
    #[default]
    Unknown,
    Male,
    Female,
}

/// A person of an entry.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Person {
    pub name: Name,
    pub folded: Name,
    /// How sure the name is, 0..=1.
    pub name_sure: f32,
    pub sex: Sex,
    pub born: Day,
    pub born_sure: f32,
}

/// The places of people in [`Event::people`].
pub(super) const SUBJECT: usize = 0;
pub(super) const MOTHER: usize = 1;
pub(super) const FATHER: usize = 2;
pub(super) const HUSBAND: usize = 0;
pub(super) const WIFE: usize = 1;

/// One entry.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub entry: i64,
    pub book: u32,
    pub kind: Kind,
    pub number: u32,
    pub registered: Day,
    pub death: Day,
    /// Child, mother, father; husband, wife; or the deceased.
    pub people: [Person; 3],
}

impl Event {
    /// The people an event happens to: the child, both spouses, the deceased.
    pub fn subjects(&self) -> std::ops::Range<usize> {
        if self.kind == Kind::Marriage { HUSBAND..WIFE + 1 } else { SUBJECT..SUBJECT + 1 }
    }

    /// Mother and father, or wife and husband; none for a death.
    pub fn couple(&self) -> Option<(&Person, &Person)> {
        match self.kind {
            Kind::Birth => Some((&self.people[MOTHER], &self.people[FATHER])),
            Kind::Marriage => Some((&self.people[WIFE], &self.people[HUSBAND])),
            Kind::Death => None,
        }
    }

    /// The role of a person.
    pub fn role(&self, person: usize) -> &'static str {
        match (self.kind, person) {
            (Kind::Birth, SUBJECT) => "child",
            (Kind::Birth, MOTHER) => "mother",
            (Kind::Birth, _) => "father",
            (Kind::Marriage, HUSBAND) => "husband",
            (Kind::Marriage, _) => "wife",
            (Kind::Death, _) => "deceased",
        }
    }
}

/// All entries of a store, ready for linking.
#[derive(Debug, Default)]
pub struct Events {
    pub(super) list: Vec<Event>,
    pub(super) syllables: Syllables,
}

impl Events {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// Takes entries in, field by field.
#[derive(Debug, Default)]
pub struct EventReader {
    events: Events,
}

impl EventReader {
    /// The fields linking looks at; others may be left out.
    pub const FIELDS: [&'static str; 19] = [
        "entry.number",
        "registration.date",
        "child.name",
        "child.sex",
        "child.birth_date",
        "mother.name",
        "mother.birth_year",
        "father.name",
        "father.birth_year",
        "husband.name",
        "husband.birth_date",
        "wife.name",
        "wife.birth_date",
        "deceased.name",
        "deceased.sex",
        "deceased.birth_date",
        "death.date",
        "child.birth_date_words",
        "death.date_words",
    ];

    /// Begins the entry numbered `entry` of the book numbered `book`; entries come in ascending order.
    pub fn begin(&mut self, entry: i64, book: u32, kind: Kind) {
        let mut people = [Person::default(); 3];
        match kind {
            Kind::Birth => (people[MOTHER].sex, people[FATHER].sex) = (Sex::Female, Sex::Male),
            Kind::Marriage => (people[HUSBAND].sex, people[WIFE].sex) = (Sex::Male, Sex::Female),
            Kind::Death => {}
        }
        let (registered, death) = (Day::default(), Day::default());
        self.events.list.push(Event { entry, book, kind, number: 0, registered, death, people });
    }

    /// A field of the entry begun last; `confidence` is 0..=1. What a person verified is sure.
    pub fn field(&mut self, name: &str, value: &str, status: FieldStatus, confidence: f64) {
        let Some(event) = self.events.list.last_mut() else { return };
        if value.is_empty() {
            return;
        }
        let sure = if status == FieldStatus::Verified { 1.0 } else { confidence as f32 };
        let (subject, what) = name.split_once('.').unwrap_or((name, ""));
        let person = match (event.kind, subject) {
            (Kind::Birth, "child") | (Kind::Marriage, "husband") | (Kind::Death, "deceased") => 0,
            (Kind::Birth, "mother") | (Kind::Marriage, "wife") => 1,
            (Kind::Birth, "father") => 2,
            _ => return event_field(event, name, value),
        };
        let person = &mut event.people[person];
        match what {
            "name" => {
                person.name = self.events.syllables.name(value);
                person.folded = self.events.syllables.folded(&person.name);
                person.name_sure = sure;
            }
            "sex" if value == "male" => person.sex = Sex::Male,
            "sex" if value == "female" => person.sex = Sex::Female,
            "birth_date" | "birth_year" => {
                (person.born, person.born_sure) = (day(value), sure);
            }
            // Words say the same date a second time, and more surely where the figures are not known.
            "birth_date_words" if !person.born.whole() && day(value).known() => {
                (person.born, person.born_sure) = (day(value), sure);
            }
            _ => {}
        }
    }

    /// All entries taken in.
    #[must_use]
    pub fn finish(self) -> Events {
        self.events
    }
}

fn event_field(event: &mut Event, name: &str, value: &str) {
    match name {
        "entry.number" => event.number = value.parse().unwrap_or(0),
        "registration.date" => event.registered = day(value),
        "death.date" => event.death = day(value),
        "death.date_words" if !event.death.whole() => event.death = day(value),
        _ => {}
    }
}

fn day(value: &str) -> Day {
    value.parse::<PartialDate>().map(Day::from).unwrap_or_default()
}
