//! An entry in a few words: who it is about, when and where.

use serde::Serialize;

use super::language::Language;
use super::language::clerk::person_role;
use super::telling::shown;
use crate::domain::{FieldName, Kind, catalogue};

/// An entry in a few words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Summary {
    /// What is registered.
    pub kind: &'static str,
    /// Its number and the year of its registration.
    pub number: String,
    /// Whom it is about.
    pub names: String,
    /// Of a birth, the parents.
    pub parents: String,
    /// When it happened.
    pub date: String,
    /// Where.
    pub place: String,
}

impl Summary {
    /// The entry of this kind whose fields hold what `value` says, empty where they hold nothing.
    pub fn of(language: Language, kind: Kind, value: impl Fn(&str) -> String) -> Self {
        let as_shown = |name: &str| {
            let field_type = catalogue::field_type(kind, &FieldName::from(name));
            shown(field_type, &value(name))
        };
        let (people, date, places): (&[&str], _, &[&str]) = match kind {
            Kind::Birth => {
                (&["child.name"], "child.birth_date", &["child.birth_place", "registration.place"])
            }
            Kind::Marriage => (
                &["husband.name", "wife.name"],
                "registration.date",
                &["registration.place", "husband.residence", "wife.residence"],
            ),
            Kind::Death => (
                &["deceased.name"],
                "death.date",
                &["death.place", "deceased.residence", "registration.place"],
            ),
        };
        let filled = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| as_shown(name)).filter(|text| !text.is_empty()).collect()
        };
        let parents = ["father.name", "mother.name"].map(|name| {
            let role = person_role(language, name.split('.').next().unwrap_or_default());
            (as_shown(name), role)
        });
        let parents = parents.iter().filter(|(name, _)| kind == Kind::Birth && !name.is_empty());
        Self {
            kind: language.kind(kind),
            number: numbered(&as_shown("entry.number"), &value("registration.date")),
            names: filled(people).join(" – "),
            parents: parents.map(|(name, role)| format!("{role} {name}")).collect::<Vec<_>>().join(", "),
            date: as_shown(date),
            place: filled(places).into_iter().next().unwrap_or_default(),
        }
    }

    /// What it is, its number, and what is known of when, whose and where, on one line.
    pub fn line(&self) -> String {
        let known = [&self.date, &self.parents, &self.place].into_iter().filter(|part| !part.is_empty());
        known.fold(format!("{} {}", self.kind, self.number), |line, part| format!("{line} · {part}"))
    }
}

/// A number with the year of the registration, `45/1978`.
fn numbered(number: &str, registered: &str) -> String {
    let year = registered.get(..4).unwrap_or_default();
    let number = if number.is_empty() { "?" } else { number };
    // Some books write the year behind the number themselves.
    if year.is_empty() || number.contains('/') { number.to_owned() } else { format!("{number}/{year}") }
}

#[cfg(test)]
mod tests {
    use super::Summary;
    use crate::domain::Kind;
    use crate::web::language::Language;

    #[test]
    fn an_entry_is_told_in_a_few_words() {
        let value = |name: &str| match name {
            "entry.number" => "45",
            "registration.date" => "1978-10-21",
            "child.name" => "Lê An",
            "child.birth_date" => "1978-10-05",
            "mother.name" => "Trần Thị Đào",
            "registration.place" => "xã Hòa An",
            _ => "",
        };
        let summary = Summary::of(Language::Vietnamese, Kind::Birth, |name| value(name).to_owned());
        assert_eq!((summary.number.as_str(), summary.names.as_str()), ("45/1978", "Lê An"));
        assert_eq!((summary.parents.as_str(), summary.date.as_str()), ("mẹ Trần Thị Đào", "5/10/1978"));
        assert_eq!(summary.place, "xã Hòa An");
        assert_eq!(summary.line(), "Khai sinh 45/1978 · 5/10/1978 · mẹ Trần Thị Đào · xã Hòa An");
        let empty = Summary::of(Language::English, Kind::Marriage, |_| String::new());
        assert_eq!((empty.number.as_str(), empty.names.as_str()), ("?", ""));
        assert_eq!(empty.line(), "Marriage ?");
    }
}
