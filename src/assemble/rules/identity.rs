//! Rules about numbers of persons and their papers.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::{DraftField, FieldType};

use super::{Broken, Check, Entry, when};
use crate::domain::lists::rows;

pub(super) const CHECKS: &[Check] = &[
    Check { rule: "V036", message: "the number says the other sex", broken: spouse_sex },
    Check { rule: "V055", message: "the number of the paper has neither 9 nor 12 figures", broken: length },
    Check {
        rule: "V056",
        message: "the 12 figures do not have the form of a personal number",
        broken: shape,
    },
    Check {
        rule: "V057",
        message: "the personal number does not fit the sex or the year of birth",
        broken: child_number,
    },
];

#[derive(Deserialize)]
struct Province {
    cccd_code: String,
}

/// The codes of the 63 provinces, which stay in the numbers after every merger.
static PROVINCES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let rows: Vec<Province> = rows(include_str!("../../../models/lists/provinces_63.csv"));
    rows.into_iter().map(|row| row.cccd_code).collect()
});

/// The figures of a 12-figure number.
fn twelve(value: &str) -> Option<Vec<u8>> {
    let figures: Vec<u8> = value.bytes().filter(u8::is_ascii_digit).map(|figure| figure - b'0').collect();
    (value.len() == 12 && figures.len() == 12).then_some(figures)
}

fn is_number(field: &DraftField) -> bool {
    matches!(field.field_type, FieldType::IdNumber | FieldType::Document)
}

fn spouse_sex(entry: &Entry<'_>) -> Broken {
    let odd = |name: &str, parity: u8| {
        let number = entry.value(name).and_then(twelve);
        when(number.is_some_and(|figures| figures[3] % 2 != parity), &[name])
    };
    [odd("husband.document", 0), odd("wife.document", 1)].concat()
}

fn length(entry: &Entry<'_>) -> Broken {
    entry.each(|field| {
        let all_figures = !field.value.is_empty() && field.value.bytes().all(|c| c.is_ascii_digit());
        is_number(field) && all_figures && !matches!(field.value.len(), 9 | 12)
    })
}

fn shape(entry: &Entry<'_>) -> Broken {
    entry.each(|field| {
        is_number(field)
            && twelve(&field.value).is_some_and(|figures| {
                let known = PROVINCES.contains(&field.value[..3]) && figures[3] <= 3;
                let birth = entry.date(&format!("{}.birth_date", field.name.subject()));
                !known || birth.is_some_and(|birth| !fits_birth_year(&figures, birth.year()))
            })
    })
}

/// Whether the fifth and sixth figure are the year of birth and the fourth its century (0 and 1
/// for 1900 to 1999, 2 and 3 for 2000 to 2099).
fn fits_birth_year(figures: &[u8], year: i16) -> bool {
    let written = i16::from(figures[4]) * 10 + i16::from(figures[5]);
    let century = 1900 + 100 * i16::from(figures[3] / 2);
    century + written == year
}

fn child_number(entry: &Entry<'_>) -> Broken {
    let Some(figures) = entry.value("child.id_number").and_then(twelve) else { return Vec::new() };
    let sex = entry.value("child.sex").is_some_and(|sex| match sex {
        "male" => figures[3] % 2 != 0,
        "female" => figures[3].is_multiple_of(2),
        _ => false,
    });
    let year = entry.date("child.birth_date").is_some_and(|birth| !fits_birth_year(&figures, birth.year()));
    let sex = when(sex, &["child.id_number", "child.sex"]);
    [sex, when(year, &["child.id_number", "child.birth_date"])].concat()
}
