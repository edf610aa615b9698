//! Evidence within one entry: what its fields say of each other.

use crate::domain::{Kind, PartialDate};
use crate::trust::belief::Belief;

/// Pairs of fields that say the same, once in figures and once in words (TT 04/2020, articles 31
/// and 34).
const TWICE: [(&str, &str); 2] =
    [("child.birth_date", "child.birth_date_words"), ("death.date", "death.date_words")];

/// How likely figures and words differ in the book itself.
const DIFFER: f64 = 0.01;
/// How much likelier a name is that stands in the entry a second time (the declarant is mostly father or
/// mother), against one that stands there by chance.
const SAME_PERSON: f64 = 60.0;
/// How likely a child bears neither parent's family name.
const OTHER_FAMILY: f64 = 0.05;
/// How much likelier a sex is when the middle name is usual for it.
const MIDDLE_NAME: f64 = 4.0;

/// The fields of one entry with what is believed of them.
pub(crate) struct Entry<'e> {
    pub kind: Kind,
    pub names: Vec<&'e str>,
    pub beliefs: &'e mut [Belief],
}

impl Entry<'_> {
    fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| *known == name)
    }

    /// What is believed of `name`, as it stands.
    fn belief(&self, name: &str) -> Belief {
        self.place(name).map(|place| self.beliefs[place].clone()).unwrap_or_default()
    }

    fn weigh(&mut self, name: &str, evidence: impl Fn(&str) -> f64) {
        if let Some(place) = self.place(name) {
            self.beliefs[place].weigh(|choice| evidence(&choice.comparable).ln());
        }
    }

    fn date(&self, name: &str) -> Option<PartialDate> {
        self.belief(name).best()?.comparable.parse().ok()
    }
}

/// Weighs every field of the entry by the others; the date of registration is settled before.
pub(crate) fn weigh(entry: &mut Entry<'_>) {
    if let Some(registered) = entry.date("registration.date") {
        weigh_ages(entry, registered);
    }
    for (figures, words) in TWICE {
        let (a, b) = (entry.belief(figures), entry.belief(words));
        if !a.choices.is_empty() && !b.choices.is_empty() {
            entry.weigh(figures, |value| DIFFER + b.likelihood_of(value));
            entry.weigh(words, |value| DIFFER + a.likelihood_of(value));
        }
    }
    if entry.kind == Kind::Birth {
        weigh_family(entry);
    }
    for (sex, name) in [("child.sex", "child.name"), ("deceased.sex", "deceased.name")] {
        let usual = entry.belief(name).best().and_then(|name| sex_of(&name.comparable));
        if let Some(usual) = usual {
            entry.weigh(sex, |value| if value == usual { MIDDLE_NAME } else { 1.0 });
        }
    }
}

/// The sex a name speaks for by its middle syllables, when it does.
pub(crate) fn sex_of(name: &str) -> Option<&'static str> {
    let syllables: Vec<&str> = name.split(' ').collect();
    let middle = syllables.get(1..syllables.len().saturating_sub(1))?;
    let has = |word: &str| middle.iter().any(|syllable| crate::domain::text::comparable(word) == **syllable);
    match (has("thị"), has("văn")) {
        (true, false) => Some("female"),
        (false, true) => Some("male"),
        _ => None,
    }
}

/// A child bears a parent's family name, and the declarant is mostly a parent.
fn weigh_family(entry: &mut Entry<'_>) {
    let family = |name: &str| name.split(' ').next().map(str::to_owned).unwrap_or_default();
    let bears = |belief: &Belief, wanted: &str| -> f64 {
        let choices = belief.choices.iter().filter(|choice| family(&choice.comparable) == wanted);
        choices.map(|choice| belief.likelihood(choice)).sum()
    };
    let [father, mother, child, declarant] =
        ["father.name", "mother.name", "child.name", "declarant.name"].map(|name| entry.belief(name));
    if !(father.choices.is_empty() && mother.choices.is_empty()) {
        entry.weigh("child.name", |name| {
            OTHER_FAMILY + bears(&father, &family(name)).max(bears(&mother, &family(name)))
        });
    }
    if !child.choices.is_empty() {
        entry.weigh("father.name", |name| 2.0 * OTHER_FAMILY + bears(&child, &family(name)));
    }
    for (parent, belief) in [("father.name", &father), ("mother.name", &mother)] {
        entry.weigh(parent, |name| 1.0 + SAME_PERSON * declarant.likelihood_of(name));
        entry.weigh("declarant.name", |name| 1.0 + SAME_PERSON * belief.likelihood_of(name));
    }
}

/// How likely the years and days between two dates of an entry are, as found in registers: births and
/// deaths are registered within weeks, parents and spouses are of an age.
fn weigh_ages(entry: &mut Entry<'_>, registered: PartialDate) {
    let names: Vec<String> = entry.names.iter().map(|name| (*name).to_owned()).collect();
    for name in names {
        let plausible: fn(PartialDate, PartialDate) -> f64 = match name.as_str() {
            "child.birth_date" | "child.birth_date_words" | "death.date" | "death.date_words" => soon,
            "father.birth_year" | "mother.birth_year" => parent,
            "husband.birth_date" | "wife.birth_date" => spouse,
            "deceased.birth_date" => deceased,
            _ => continue,
        };
        entry
            .weigh(&name, |value| value.parse().map_or(0.5, |date: PartialDate| plausible(date, registered)));
    }
}

fn soon(event: PartialDate, registered: PartialDate) -> f64 {
    let days = registered.latest().since(event.earliest()).map_or(-1, |span| span.get_days());
    match days {
        0..=62 => 1.0,
        63..=366 => 0.1,
        367.. => 0.03,
        _ => 0.002,
    }
}

fn age(birth: PartialDate, registered: PartialDate) -> i16 {
    registered.year() - birth.year()
}

fn parent(birth: PartialDate, registered: PartialDate) -> f64 {
    match age(birth, registered) {
        18..=45 => 1.0,
        14..=17 | 46..=52 => 0.15,
        53..=65 => 0.03,
        _ => 0.002,
    }
}

fn spouse(birth: PartialDate, registered: PartialDate) -> f64 {
    match age(birth, registered) {
        17..=40 => 1.0,
        41..=55 => 0.1,
        15..=16 | 56..=75 => 0.03,
        _ => 0.002,
    }
}

fn deceased(birth: PartialDate, registered: PartialDate) -> f64 {
    match age(birth, registered) {
        20..=95 => 1.0,
        0..=19 => 0.3,
        96..=110 => 0.1,
        _ => 0.002,
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, sex_of, weigh};
    use crate::domain::{Kind, Seconded, text::comparable};
    use crate::trust::belief::{Belief, Choice};

    fn belief(values: &[(&str, f64)]) -> Belief {
        let choice = |(candidate, (value, read)): (usize, &(&str, f64))| Choice {
            candidate,
            value: (*value).to_owned(),
            comparable: comparable(value),
            read: *read,
            seconded: Seconded::Unknown,
            weight: read.ln(),
        };
        let rest = 1.0 - values.iter().map(|(_, read)| read).sum::<f64>();
        Belief { choices: values.iter().enumerate().map(choice).collect(), elsewhere: rest.max(0.01) }
    }

    fn best(kind: Kind, fields: &[(&str, &[(&str, f64)])], wanted: &str) -> String {
        let mut beliefs: Vec<Belief> = fields.iter().map(|(_, values)| belief(values)).collect();
        let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        let place = names.iter().position(|name| *name == wanted).unwrap();
        weigh(&mut Entry { kind, names, beliefs: &mut beliefs });
        beliefs[place].best().unwrap().comparable.clone()
    }

    #[test]
    fn figures_and_words_decode_each_other() {
        let figures: &[(&str, f64)] = &[("1975-03-02", 0.6), ("1975-08-02", 0.35)];
        let words: &[(&str, f64)] = &[("1975-03-09", 0.5), ("1975-08-02", 0.45)];
        let fields = [("child.birth_date", figures), ("child.birth_date_words", words)];
        for (field, _) in fields {
            assert_eq!(best(Kind::Birth, &fields, field), "1975-08-02");
        }
    }

    #[test]
    fn a_declarant_vouches_for_a_parent() {
        let father: &[(&str, f64)] = &[("Nguyễn Văn Kỳ", 0.7), ("Nguyễn Văn Kỷ", 0.2)];
        let declarant: &[(&str, f64)] = &[("Nguyễn Văn Kỷ", 0.8)];
        let fields = [("father.name", father), ("declarant.name", declarant)];
        assert_eq!(best(Kind::Birth, &fields, "father.name"), comparable("Nguyễn Văn Kỷ"));
    }

    #[test]
    fn a_child_bears_a_parents_name() {
        let child: &[(&str, f64)] = &[("Vi Hữu Giáp", 0.7), ("Vũ Hữu Giáp", 0.2)];
        let father: &[(&str, f64)] = &[("Vũ Hữu Tân", 0.9)];
        let fields = [("child.name", child), ("father.name", father)];
        assert_eq!(best(Kind::Birth, &fields, "child.name"), comparable("Vũ Hữu Giáp"));
        let neither: &[(&str, f64)] = &[("Lò Thị Hoa", 0.99)];
        let fields = [("child.name", neither), ("father.name", father)];
        assert_eq!(best(Kind::Birth, &fields, "child.name"), comparable("Lò Thị Hoa"));
    }

    #[test]
    fn a_father_is_rarely_seventy() {
        let year: &[(&str, f64)] = &[("1936", 0.6), ("1986", 0.3)];
        let registered: &[(&str, f64)] = &[("2007-05-02", 0.99)];
        let fields = [("registration.date", registered), ("father.birth_year", year)];
        assert_eq!(best(Kind::Birth, &fields, "father.birth_year"), "1986");
    }

    #[test]
    fn middle_names_speak_for_a_sex() {
        for (name, sex) in
            [("Lê Thị Hoa", Some("female")), ("Lê Văn Nam", Some("male")), ("Lê Hoa", None), ("Thị", None)]
        {
            assert_eq!(sex_of(&comparable(name)), sex, "{name}");
        }
    }
}
