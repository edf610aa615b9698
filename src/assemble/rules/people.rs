//! Rules about persons: names, sex, family, ethnic group.

use crate::domain::{FieldType, text::comparable};

use super::{Broken, Check, Entry, when};
use crate::assemble::lexicon::{Match, lexicon};
use crate::assemble::names::is_family_name;

pub(super) const CHECKS: &[Check] = &[
    Check {
        rule: "V035",
        message: "groom and bride have one name and one date of birth",
        broken: one_person,
    },
    Check {
        rule: "V037",
        message: "a second or later marriage, and the notes say nothing of the one before",
        broken: earlier_marriage,
    },
    Check {
        rule: "V044",
        message: "the name does not have two to six syllables, or does not begin with a known family name",
        broken: odd_name,
    },
    Check { rule: "V045", message: "the name holds signs that names do not hold", broken: odd_letters },
    Check { rule: "V046", message: "the child has neither parent's family name", broken: family_name },
    Check { rule: "V047", message: "the middle name is usual for the other sex", broken: middle_name },
    Check {
        rule: "V051",
        message: "something is written for the sex, but it is neither nam nor nữ",
        broken: odd_sex,
    },
    Check {
        rule: "V052",
        message: "the ethnic group is not on the list",
        broken: |e| not_listed(e, FieldType::Ethnicity),
    },
    Check { rule: "V053", message: "the child's ethnic group is neither parent's", broken: ethnic_group },
    Check {
        rule: "V054",
        message: "the nationality is not on the list",
        broken: |e| not_listed(e, FieldType::Nationality),
    },
];

/// Ethnic groups whose children need not bear a parent's family name.
const OTHER_NAMING: [&str; 12] = [
    "thái",
    "khmer",
    "khơ-me",
    "khơ me",
    "chăm",
    "ê-đê",
    "gia-rai",
    "ba-na",
    "cơ-ho",
    "mông",
    "ra-glai",
    "xơ-đăng",
];

fn one_person(entry: &Entry<'_>) -> Broken {
    let same = |name: &str| {
        let pair = entry.value(&format!("husband.{name}")).zip(entry.value(&format!("wife.{name}")));
        pair.is_some_and(|(husband, wife)| comparable(husband) == comparable(wife))
    };
    when(
        same("name") && same("birth_date"),
        &["husband.name", "wife.name", "husband.birth_date", "wife.birth_date"],
    )
}

fn earlier_marriage(entry: &Entry<'_>) -> Broken {
    let later = |name: &str| {
        entry.value(name).and_then(|count| count.parse::<u8>().ok()).is_some_and(|count| count > 1)
    };
    let names = ["husband.marriage_count", "wife.marriage_count"];
    let odd = entry.field("notes").is_some_and(|notes| notes.value.is_empty());
    names
        .into_iter()
        .filter(|name| odd && later(name))
        .flat_map(|name| when(true, &[name, "notes"]))
        .collect()
}

fn odd_name(entry: &Entry<'_>) -> Broken {
    entry.each(|field| {
        let syllables: Vec<&str> = field.value.split_whitespace().collect();
        let subject = field.name.subject();
        let ethnicity = entry.value(&format!("{subject}.ethnicity")).map(comparable);
        let usual_naming = ethnicity.is_none_or(|ethnicity| ethnicity == comparable("Kinh"));
        field.field_type == FieldType::PersonName
            && !syllables.is_empty()
            && usual_naming
            && !((2..=6).contains(&syllables.len()) && is_family_name(syllables[0]))
    })
}

fn odd_letters(entry: &Entry<'_>) -> Broken {
    let allowed = |c: char| c.is_alphabetic() || " -'’.()".contains(c);
    entry.each(|field| field.field_type == FieldType::PersonName && !field.value.chars().all(allowed))
}

fn family_name(entry: &Entry<'_>) -> Broken {
    let first = |name: &str| entry.value(name).and_then(|name| name.split(' ').next()).map(comparable);
    let other_naming = ["child.ethnicity", "father.ethnicity", "mother.ethnicity"]
        .iter()
        .filter_map(|name| entry.value(name))
        .any(|group| OTHER_NAMING.iter().any(|other| comparable(other) == comparable(group)));
    let (child, father, mother) = (first("child.name"), first("father.name"), first("mother.name"));
    let odd = child.is_some() && father.is_some() && child != father && child != mother && !other_naming;
    when(odd, &["child.name", "father.name", "mother.name"])
}

fn middle_name(entry: &Entry<'_>) -> Broken {
    let odd = |subject: &str| {
        let (name, sex) = (format!("{subject}.name"), format!("{subject}.sex"));
        let middle = |word: &str| {
            let syllables: Vec<String> =
                entry.value(&name).map(|name| name.split(' ').map(comparable).collect()).unwrap_or_default();
            syllables.len() > 2 && syllables[1..syllables.len() - 1].contains(&comparable(word))
        };
        let odd = match entry.value(&sex) {
            Some("male") => middle("Thị"),
            Some("female") => middle("Văn"),
            _ => false,
        };
        when(odd, &[&name, &sex])
    };
    [odd("child"), odd("deceased")].concat()
}

fn odd_sex(entry: &Entry<'_>) -> Broken {
    entry.each(|field| {
        field.field_type == FieldType::Sex
            && field.value.is_empty()
            && !field.raw.is_empty()
            && field.ink.is_some()
    })
}

fn not_listed(entry: &Entry<'_>, field_type: FieldType) -> Broken {
    entry.each(|field| {
        field.field_type == field_type
            && !field.value.is_empty()
            && lexicon(&field.name, field_type)
                .is_some_and(|words| matches!(words.look_up(&field.value), Match::Near(_) | Match::Unknown))
    })
}

fn ethnic_group(entry: &Entry<'_>) -> Broken {
    let names = ["child.ethnicity", "father.ethnicity", "mother.ethnicity"];
    let [child, father, mother] = names.map(|name| entry.value(name).map(comparable));
    let odd = child.is_some() && father.is_some() && mother.is_some() && child != father && child != mother;
    when(odd, &names)
}
