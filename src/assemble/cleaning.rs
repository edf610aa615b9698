//! Takes off what the form left in a reading: leaders, stray stops, edges of rulings.

use crate::domain::{FieldType, text::clean};

/// Signs that never begin a value.
const NEVER_FIRST: &[char] = &[
    ' ', '.', ',', ';', ':', '-', '–', '—', '_', '·', '…', '|', '~', '*', '=', '\\', ')', ']', '}', '!', '?',
];
/// Signs that never end a value.
const NEVER_LAST: &[char] =
    &[' ', '.', ',', ';', ':', '-', '–', '—', '_', '·', '…', '|', '~', '*', '=', '\\', '(', '[', '{', '/'];

/// The lines of a field as one text, as read: leaders and rulings left out, nothing else changed.
pub(super) fn joined<'t>(lines: impl IntoIterator<Item = &'t str>) -> String {
    let lines: Vec<String> = lines.into_iter().map(|line| without_leaders(&clean(line))).collect();
    clean(&lines.join(" "))
}

/// A text as written: no leaders, no stray signs at the ends.
pub(super) fn as_written(text: &str) -> String {
    // Composed first: some signs (the Greek stop U+0387) are leaders only in their normal form.
    let text = clean(&without_leaders(&clean(text)));
    text.trim_start_matches(NEVER_FIRST).trim_end_matches(NEVER_LAST).to_owned()
}

/// `text` without the end of a printed label before it: a few letters and a colon (`ch: Việt Nam`), and whatever stands
/// before a colon where the value has none itself (`đệm, tên: Lê Văn Sĩ`); and without the label of a date after it
/// (`02/2020 ngày`).
pub(super) fn without_label(field_type: FieldType, text: &str) -> &str {
    const LONGEST_REMAINDER: usize = 4;
    let text = match text.trim_end().rsplit_once(' ') {
        Some((value, "ngày")) => value,
        _ => text,
    };
    if without_colon(field_type)
        && let Some((_, value)) = text.rsplit_once(':')
        && value.chars().any(char::is_alphabetic)
    {
        return value;
    }
    match text.split_once(':') {
        Some((label, value))
            if label.trim().chars().count() <= LONGEST_REMAINDER
                && label.chars().all(|c| !c.is_numeric()) =>
        {
            value
        }
        _ => text,
    }
}

/// Whether values of this type never hold a colon.
fn without_colon(field_type: FieldType) -> bool {
    use FieldType::{Choice, Ethnicity, Nationality, Occupation, PersonName, Place, Relation, Sex};
    matches!(field_type, Choice | Ethnicity | Nationality | Occupation | PersonName | Place | Relation | Sex)
}

/// `text` with every run of two or more leader signs as one space.
fn without_leaders(text: &str) -> String {
    let is_leader = |c: char| matches!(c, '.' | '_' | '·' | '…' | '|' | '•');
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_leader) {
        let run = rest[start..].find(|c| !is_leader(c)).map_or(rest.len(), |length| start + length);
        let single = rest[start..run].chars().count() == 1 && rest[start..].starts_with('.');
        kept.push_str(&rest[..start]);
        kept.push_str(if single { "." } else { " " });
        rest = &rest[run..];
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{as_written, joined, without_label};
    use crate::domain::FieldType;

    #[test]
    fn leaders_and_stray_signs_go() {
        for (read, written) in [
            ("....Nguyễn Văn A....", "Nguyễn Văn A"),
            ("_ Kinh _", "Kinh"),
            ("Kinh…………", "Kinh"),
            (": Việt Nam |", "Việt Nam"),
            ("Số 5, xã A - huyện B -", "Số 5, xã A - huyện B"),
            ("Lê Thị B .......... 1956", "Lê Thị B 1956"),
            ("TP. Hà Nội", "TP. Hà Nội"),
            ("(đã ly hôn)", "(đã ly hôn)"),
            ("'Hơ Mông", "'Hơ Mông"),
            ("......", ""),
            ("a\u{387}b", "a b"),
        ] {
            assert_eq!(as_written(read), written, "{read}");
        }
    }

    #[test]
    fn ends_of_labels_go() {
        for (field_type, read, value) in [
            (FieldType::Nationality, "ch: Việt Nam", " Việt Nam"),
            (FieldType::Time, "10:30", "10:30"),
            (FieldType::Text, "Ghi chú: đã cấp", "Ghi chú: đã cấp"),
            (FieldType::PersonName, "đệm, tên: Lê Văn Sĩ", " Lê Văn Sĩ"),
            (FieldType::PersonName, "Lê Văn Sĩ :", "Lê Văn Sĩ :"),
            (FieldType::Text, "02/2020 ngày", "02/2020"),
            (FieldType::Time, "20 giờ ngày ", "20 giờ"),
        ] {
            assert_eq!(without_label(field_type, read), value);
        }
    }

    #[test]
    fn lines_are_joined_in_order() {
        assert_eq!(joined(["xã A -....", "huyện B  "]), "xã A - huyện B");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in "\\PC*") {
            let once = as_written(&text);
            prop_assert_eq!(as_written(&once), once);
        }
    }
}
