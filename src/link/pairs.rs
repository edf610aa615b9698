//! Pairs of entries, weighed.

use std::collections::BTreeMap;

use super::blocks::Family;
use super::compare::{self, Weighed};
use super::event::{Event, Events, MOTHER, Person, SUBJECT, Sex};
use super::rarity::Rarity;
use super::{Agreement, Candidate, LinkKind, Reason};
use crate::domain::Kind;

/// A pair that may belong together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    kind: LinkKind,
    first: u32,
    second: u32,
    /// The persons of both the link is about, by their places.
    roles: (u8, u8),
    /// Odds that they belong together, as a power of two.
    odds: f64,
}

impl Pair {
    fn key(&self) -> (u32, u32, LinkKind, (u8, u8)) {
        (self.first, self.second, self.kind, self.roles)
    }
}

/// Pairs far below the bar still compete with those above.
const COMPETING: f64 = 0.02;

/// The pairs of one group whose probability is not far below `least`.
pub(super) fn within(
    events: &Events,
    (rarity, counts): (&Rarity, Counts),
    family: Family,
    group: &[(u64, u32)],
    least: f64,
) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (place, (_, a)) in group.iter().enumerate() {
        for (_, b) in &group[place + 1..] {
            let (first, second) = (*a.min(b), *a.max(b));
            of_pair(events, (rarity, counts), family, (first, second), |pair| pairs.push(pair));
        }
    }
    pairs.retain(|pair| probability(pair.odds) >= least.min(COMPETING));
    pairs
}

/// Probability from odds given as a power of two.
fn probability(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp2())
}

/// Every way in which two entries may belong together.
fn of_pair(
    events: &Events,
    (rarity, counts): (&Rarity, Counts),
    family: Family,
    (first, second): (u32, u32),
    mut give: impl FnMut(Pair),
) {
    let (Some(a), Some(b)) = (events.list.get(first as usize), events.list.get(second as usize)) else {
        return;
    };
    let couples = matches!(family, Family::Couple | Family::Woman | Family::Man);
    let mut weigh = |kind, roles: (usize, usize)| {
        let weights = weights(events, rarity, kind, (a, b), roles);
        if let Some(weights) = weights {
            let odds = counts.prior(kind, a.kind, b.kind)
                + weights.iter().map(|(_, weighed)| weighed.1).sum::<f64>();
            let odds = odds.min(against_siblings(kind, a.kind, &weights));
            give(Pair { kind, first, second, roles: (roles.0 as u8, roles.1 as u8), odds });
        }
    };
    if a.kind == b.kind {
        weigh(LinkKind::SameEvent, (SUBJECT, SUBJECT));
    } else if !couples {
        for person_a in a.subjects() {
            b.subjects().for_each(|person_b| weigh(LinkKind::SamePerson, (person_a, person_b)));
        }
    }
    if couples && (a.kind == Kind::Birth || b.kind == Kind::Birth) {
        weigh(LinkKind::SameParents, (MOTHER, MOTHER));
    }
}

/// The fields of a pair with their weights.
type Weights = Vec<(&'static str, Weighed)>;

/// What speaks for and against a link; none where the times make it impossible.
fn weights(
    events: &Events,
    rarity: &Rarity,
    kind: LinkKind,
    (a, b): (&Event, &Event),
    roles: (usize, usize),
) -> Option<Weights> {
    let mut weights = Weights::with_capacity(8);
    let mut add = |field: &'static str, weighed: Option<Weighed>| {
        weights.extend(weighed.map(|weighed| (field, weighed)));
    };
    let name = |x: &Person, y: &Person| compare::names(x, y, &events.syllables, rarity);
    let born = |x: &Person, y: &Person| compare::days(x.born, y.born, compare::born_sure(x, y));
    match kind {
        LinkKind::SameEvent => {
            let (subject_a, subject_b) = (&a.people[SUBJECT], &b.people[SUBJECT]);
            let labels = labels(a.kind);
            for (person, (label, birth)) in labels.iter().enumerate() {
                let (x, y) = (&a.people[person], &b.people[person]);
                add(label, name(x, y));
                let weighed = born(x, y);
                // Where the parents are the same their years are, too: they say little more.
                let parent = a.kind == Kind::Birth && person > 0;
                add(
                    birth,
                    weighed.map(|(agreement, weight)| {
                        (agreement, if parent { weight.min(2.0) } else { weight })
                    }),
                );
            }
            if a.kind != Kind::Marriage {
                add("sex", compare::sexes(subject_a.sex, subject_b.sex));
            }
            if a.kind == Kind::Death {
                add("death.date", compare::days(a.death, b.death, 0.8));
            }
            add("registration", registration(a, b));
        }
        LinkKind::SamePerson => {
            possible(a, b)?;
            let (x, y) = (&a.people[roles.0], &b.people[roles.1]);
            if x.sex != Sex::Unknown
                && y.sex != Sex::Unknown
                && x.sex != y.sex
                && a.kind == Kind::Marriage
                && b.kind == Kind::Marriage
            {
                return None;
            }
            add("name", name(x, y));
            add("birth_date", born(x, y));
            add("sex", compare::sexes(x.sex, y.sex));
        }
        LinkKind::SameParents => {
            let (mother_a, father_a) = a.couple()?;
            let (mother_b, father_b) = b.couple()?;
            apart(a, b)?;
            add("mother.name", name(mother_a, mother_b));
            add("mother.birth_year", born(mother_a, mother_b));
            add("father.name", name(father_a, father_b));
            add("father.birth_year", born(father_a, father_b));
        }
    }
    Some(weights)
}

/// What the names and births of the people of an event are called.
fn labels(kind: Kind) -> &'static [(&'static str, &'static str)] {
    match kind {
        Kind::Birth => &[
            ("child.name", "child.birth_date"),
            ("mother.name", "mother.birth_year"),
            ("father.name", "father.birth_year"),
        ],
        Kind::Marriage => &[("husband.name", "husband.birth_date"), ("wife.name", "wife.birth_date")],
        Kind::Death => &[("deceased.name", "deceased.birth_date")],
    }
}

/// Odds that two births are one event rather than of brothers and sisters, of whom there are far more than
/// second registrations and who share parents, family name and often the middle name, but rarely the whole
/// name or the day. Without end for everything else.
fn against_siblings(kind: LinkKind, registers: Kind, weights: &Weights) -> f64 {
    if (kind, registers) != (LinkKind::SameEvent, Kind::Birth) {
        return f64::INFINITY;
    }
    let weight = |(field, (agreement, weight)): &(&'static str, Weighed)| match (*field, agreement) {
        ("child.name", Agreement::Exact) => 8.5,
        ("child.name", Agreement::AccentsOff) => 5.0,
        ("child.name", Agreement::OneLetter) => 2.0,
        ("child.name", Agreement::Partly) => -2.3,
        ("child.birth_date", Agreement::Exact) => 5.5,
        ("child.birth_date", Agreement::OneLetter) => 1.6,
        ("child.name" | "child.birth_date" | "sex" | "registration", _) => *weight,
        _ => 0.0,
    };
    SECOND_REGISTRATIONS_TO_SIBLINGS.log2() + weights.iter().map(weight).sum::<f64>()
}

/// How many births are registered twice for one pair of brothers and sisters in a store.
const SECOND_REGISTRATIONS_TO_SIBLINGS: f64 = 0.02;

/// How two registrations agree: copies of a book share number and day; an event registered again has a
/// new number and day, and stands in another book.
fn registration(a: &Event, b: &Event) -> Option<Weighed> {
    let same_day = a.registered.whole() && a.registered == b.registered;
    let same_number = a.number > 0 && a.number == b.number;
    Some(match (same_day, same_number) {
        (true, true) => (Agreement::Exact, 9.0),
        // Two on one day with different numbers are two entries: twins.
        (true, false) if a.book == b.book => (Agreement::Differs, -10.0),
        (true, false) => (Agreement::Partly, -4.0),
        (false, true) => (Agreement::Partly, 1.0),
        (false, false) if a.book == b.book => (Agreement::Differs, -3.0),
        (false, false) => (Agreement::Differs, -1.5),
    })
}

/// Whether the same person can have both events, by their years.
fn possible(a: &Event, b: &Event) -> Option<()> {
    let year = |event: &Event| match event.kind {
        Kind::Death if event.death.known() => event.death.year,
        Kind::Birth if event.people[SUBJECT].born.known() => event.people[SUBJECT].born.year,
        _ => event.registered.year,
    };
    let order = |kind| match kind {
        Kind::Birth => 0,
        Kind::Marriage => 1,
        Kind::Death => 2,
    };
    let (first, second) = if order(a.kind) <= order(b.kind) { (a, b) } else { (b, a) };
    let (from, to) = (year(first), year(second));
    if from == 0 || to == 0 {
        return Some(());
    }
    let years = match (first.kind, second.kind) {
        (Kind::Birth, Kind::Marriage) => 12..=90,
        (Kind::Birth, _) => -1..=115,
        _ => -1..=100,
    };
    years.contains(&(to - from)).then_some(())
}

/// Whether two births, or a marriage and a birth, can be of one couple, by their years.
fn apart(a: &Event, b: &Event) -> Option<()> {
    let year = |event: &Event| match event.kind {
        Kind::Birth if event.people[SUBJECT].born.known() => event.people[SUBJECT].born.year,
        _ => event.registered.year,
    };
    let (from, to) = (year(a), year(b));
    (from == 0 || to == 0 || from.abs_diff(to) <= 32).then_some(())
}

/// How many entries of each kind there are, from which follows how likely a pair belongs together before
/// anything is compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    births: f64,
    marriages: f64,
    deaths: f64,
}

impl Counts {
    /// Counts the entries.
    pub fn of(events: &Events) -> Self {
        let count = |kind| events.list.iter().filter(|event| event.kind == kind).count().max(1) as f64;
        Self { births: count(Kind::Birth), marriages: count(Kind::Marriage), deaths: count(Kind::Death) }
    }

    /// Odds as a power of two: how many such links an office is expected to have, among all its pairs.
    fn prior(self, kind: LinkKind, a: Kind, b: Kind) -> f64 {
        let Self { births, marriages, deaths } = self;
        let odds = match (kind, a.min(b), a.max(b)) {
            // One in a hundred entries stands twice.
            (LinkKind::SameEvent, ..) => 0.02 / (births + marriages + deaths),
            // One in five of the fewer has the other.
            (LinkKind::SamePerson, Kind::Birth, Kind::Marriage) => 0.2 / births.max(2.0 * marriages),
            (LinkKind::SamePerson, Kind::Birth, _) => 0.2 / births.max(deaths),
            (LinkKind::SamePerson, ..) => 0.2 / (2.0 * marriages).max(deaths),
            (LinkKind::SameParents, Kind::Birth, Kind::Birth) => 1.0 / births,
            (LinkKind::SameParents, ..) => 0.3 / births.min(marriages),
        };
        odds.log2()
    }
}

/// Brothers and sisters are shown at most this many to an entry.
const MOST_RELATIVES: usize = 6;

/// The pairs above the bar: each once, what competes for one person sharing its odds.
pub(super) fn settle(events: &Events, mut pairs: Vec<Pair>, least: f64) -> Vec<Pair> {
    pairs.sort_by(|a, b| a.key().cmp(&b.key()).then(b.odds.total_cmp(&a.odds)));
    pairs.dedup_by_key(|pair| pair.key());
    compete(events, &mut pairs);
    pairs.retain(|pair| probability(pair.odds) >= least);
    let same: std::collections::BTreeSet<_> = pairs
        .iter()
        .filter(|pair| pair.kind == LinkKind::SameEvent)
        .map(|pair| (pair.first, pair.second))
        .collect();
    pairs.retain(|pair| pair.kind != LinkKind::SameParents || !same.contains(&(pair.first, pair.second)));
    let mut relatives: BTreeMap<u32, usize> = BTreeMap::new();
    pairs.sort_by(|a, b| b.odds.total_cmp(&a.odds).then(a.key().cmp(&b.key())));
    pairs.retain(|pair| {
        if pair.kind != LinkKind::SameParents {
            return true;
        }
        let room = |entry: u32| relatives.get(&entry).is_none_or(|count| *count < MOST_RELATIVES);
        let kept = room(pair.first) || room(pair.second);
        if kept {
            [pair.first, pair.second].iter().for_each(|entry| *relatives.entry(*entry).or_default() += 1);
        }
        kept
    });
    pairs.sort_by_key(Pair::key);
    pairs
}

/// A person is born once and dies once: candidates for one birth or one death share the odds.
fn compete(events: &Events, pairs: &mut [Pair]) {
    let kind = |entry: u32| events.list[entry as usize].kind;
    let rivals = |pair: &Pair| {
        [(pair.first, pair.roles.0, kind(pair.second)), (pair.second, pair.roles.1, kind(pair.first))]
    };
    let mut sums: BTreeMap<(u32, u8, Kind), f64> = BTreeMap::new();
    let persons = |pair: &&mut Pair| pair.kind == LinkKind::SamePerson;
    for pair in pairs.iter_mut().filter(persons) {
        rivals(pair).into_iter().for_each(|rival| *sums.entry(rival).or_default() += pair.odds.exp2());
    }
    for pair in pairs.iter_mut().filter(persons) {
        let own = pair.odds.exp2();
        // Only one birth and one death; a person may marry again.
        let contested = rivals(pair).into_iter().filter(|rival| rival.2 != Kind::Marriage);
        let others =
            contested.filter_map(|rival| sums.get(&rival)).fold(0.0_f64, |most, sum| most.max(sum - own));
        pair.odds -= (1.0 + others.max(0.0)).log2();
    }
}

/// The pair with its reasons.
pub(super) fn explain(events: &Events, rarity: &Rarity, pair: &Pair) -> Candidate {
    let (a, b) = (&events.list[pair.first as usize], &events.list[pair.second as usize]);
    let roles = (usize::from(pair.roles.0), usize::from(pair.roles.1));
    let weights = weights(events, rarity, pair.kind, (a, b), roles).unwrap_or_default();
    let mut reasons: Vec<Reason> = weights
        .into_iter()
        .map(|(field, (agreement, weight))| Reason {
            field: field.to_owned(),
            agreement,
            weight: (weight * 10.0).round() as f32 / 10.0,
        })
        .collect();
    reasons.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then_with(|| a.field.cmp(&b.field)));
    let role = |event: &Event, person| match pair.kind {
        LinkKind::SameEvent => "event",
        LinkKind::SamePerson => event.role(person),
        LinkKind::SameParents => "parents",
    };
    let score = (probability(pair.odds) * 1e4).floor() / 1e4;
    let one = (a.entry, role(a, roles.0));
    let other = (b.entry, role(b, roles.1));
    let ((first, first_role), (second, second_role)) =
        if one.0 <= other.0 { (one, other) } else { (other, one) };
    Candidate { kind: pair.kind, first, first_role, second, second_role, score, reasons }
}
