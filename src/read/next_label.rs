//! What the page prints after a value and was read as part of it: the next label ("Nam Trực 8. Số Giấy CMND"), or the
//! heading below it ("PHẦN GHI VỀ TRẺ EM").

use crate::domain::FieldType;
use crate::domain::text::{fold, is_number_of_label};

/// Words that begin as a label does have at least so many letters, ...
const FEWEST_LETTERS: usize = 8;
/// ... or so many after the number of the label.
const FEWEST_AFTER_NUMBER: usize = 2;
/// Of so many letters one may be misread.
const ONE_MISREAD_IN: usize = 8;
/// Two capitals are an abbreviation ("TP", "NT"); a heading has at least so many letters.
const SHORTEST_HEADING: usize = 6;

/// How many of the first `words` of a line are the value's own: what follows is the beginning of one of `labels`, the
/// folded wordings of the form. A line that continues a value may be nothing but a label.
pub(super) fn own_words(words: &[&str], field_type: FieldType, labels: &[String], continues: bool) -> usize {
    use FieldType::{Date, DateWords, Text};
    // Remarks speak of what labels speak of, and dates are parsed whatever follows.
    if matches!(field_type, Text | Date | DateWords) {
        return words.len();
    }
    let begins_label = |from: &usize| {
        let (rest, numbered) = match words[*from..] {
            [number, ref rest @ ..] if is_number_of_label(number) => (rest, true),
            ref rest => (rest, false),
        };
        let read: Vec<char> = fold(&rest.join(" ")).chars().filter(|c| c.is_alphanumeric()).collect();
        let fewest = if numbered { FEWEST_AFTER_NUMBER } else { FEWEST_LETTERS };
        let is_capital = rest.first().is_some_and(|word| word.starts_with(char::is_uppercase));
        read.len() >= fewest
            && (is_capital || !numbered)
            && labels.iter().any(|label| begins_with(label, &read))
    };
    let first = usize::from(!continues);
    (first..words.len()).find(begins_label).unwrap_or(words.len())
}

/// Whether `line`, which seems to continue `first`, is the heading below it: capitals throughout, which the value is
/// not.
pub(super) fn is_heading(line: &str, first: &str) -> bool {
    let letters = || line.chars().filter(|c| c.is_alphabetic());
    letters().count() >= SHORTEST_HEADING
        && letters().all(char::is_uppercase)
        && line.contains(' ')
        && first.contains(char::is_lowercase)
}

/// Whether a folded wording begins as `read`, spaces aside.
fn begins_with(wording: &str, read: &[char]) -> bool {
    let mut printed = wording.chars().filter(|c| c.is_alphanumeric());
    let mut misread = 0;
    for letter in read {
        match printed.next() {
            None => return false,
            Some(other) => misread += usize::from(other != *letter),
        }
    }
    misread <= read.len() / ONE_MISREAD_IN
}

#[cfg(test)]
mod tests {
    use super::{is_heading, own_words};
    use crate::domain::FieldType;

    #[test]
    fn the_label_after_a_value_is_no_part_of_it() {
        let labels = ["so giay cmnd ho chieu", "so", "ket hon lan thu may", "chung minh nhan dan", "phu"];
        let labels = labels.map(str::to_owned);
        let own = |text: &str, field_type, continues| {
            let words: Vec<&str> = text.split(' ').collect();
            words[..own_words(&words, field_type, &labels, continues)].join(" ")
        };
        for (field_type, text, value) in [
            (FieldType::Place, "huyện Nam Trực 8. Số Giấy CMND/Hộ chiếu", "huyện Nam Trực"),
            (FieldType::Place, "huyện Nam Trực số giấy cmnd", "huyện Nam Trực"),
            (FieldType::Document, "080262570 9 Kết", "080262570"),
            (FieldType::Nationality, "Hoa Kỳ Chững minh nhăn", "Hoa Kỳ"),
            (FieldType::Nationality, "Hoa Kỳ Chứng mính nhân", "Hoa Kỳ"),
            (FieldType::Place, "Thôn Phú Thuận 6", "Thôn Phú Thuận 6"),
            (FieldType::Place, "Khóm 2, xã Phú Thuận", "Khóm 2, xã Phú Thuận"),
            (FieldType::Place, "Số 8 Số", "Số"),
            (FieldType::Place, "Số Giấy CMND", "Số Giấy CMND"),
            (FieldType::Text, "theo 8. Số Giấy CMND", "theo 8. Số Giấy CMND"),
        ] {
            assert_eq!(own(text, field_type, false), value, "{text}");
        }
        assert_eq!(own("8. Số Giấy CMND", FieldType::Place, true), "");
        assert_eq!(own("huyện Nam Trực", FieldType::Place, true), "huyện Nam Trực");
    }

    #[test]
    fn capitals_below_a_value_without_are_a_heading() {
        for (line, first, heading) in [
            ("PHẦN GHI VỀ TRẺ EM", "UBND xã Tiết Diệu", true),
            ("II. CHA, MẸ", "UBND xã Tiết Diệu", true),
            ("TỈNH TRÀ VINH", "UBND XÃ TIẾT DIỆU", false),
            ("TP. HCM", "xã Tiết Diệu", false),
            ("huyện Tiểu Cần", "xã Tiết Diệu", false),
        ] {
            assert_eq!(is_heading(line, first), heading, "{line}");
        }
    }
}
