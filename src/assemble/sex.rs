//! Nam or nữ, in the words of every era.

use super::cleaning::as_written;
use super::letters::plain;

/// `male`, `female` or `unknown`, and how plainly it was written (0..=1). None when it is neither.
pub(super) fn sex(text: &str) -> Option<(&'static str, f64)> {
    let written = as_written(text);
    let text = written.to_lowercase();
    let spelled = match text.as_str() {
        "nam" | "trai" | "con trai" | "nam giới" | "đàn ông" => Some("male"),
        "nữ" | "gái" | "con gái" | "nữ giới" | "đàn bà" => Some("female"),
        "không xác định" | "không rõ" | "chưa rõ" | "chưa xác định" => Some("unknown"),
        _ => None,
    };
    spelled.map(|sex| (sex, 1.0)).or_else(|| after_label(&written)).or_else(|| misread(&plain(&text)))
}

/// The sex after the end of a label that names both (*trai hay gái*): it begins with a capital.
fn after_label(text: &str) -> Option<(&'static str, f64)> {
    let (label, last) = text.rsplit_once([' ', ':', ',', '/'])?;
    if !last.starts_with(char::is_uppercase) {
        return None;
    }
    let (label, last) = (label.to_lowercase(), last.to_lowercase());
    let of_label = |word: &str| matches!(word, "" | "con" | "hay" | "hoặc" | "trai" | "gái" | "nam" | "nữ");
    let ends_label = !label.ends_with("con") && label.split([' ', ':', ',', '/']).all(of_label);
    match last.as_str() {
        "nam" | "trai" if ends_label => Some(("male", 0.6)),
        "nữ" | "gái" if ends_label => Some(("female", 0.6)),
        _ => None,
    }
}

/// The sex that a text without accents is nearest to; none when it is as near to the other.
fn misread(plain: &str) -> Option<(&'static str, f64)> {
    let letters: String = plain.chars().filter(|c| c.is_alphabetic()).collect();
    match letters.as_str() {
        "nam" | "trai" | "contrai" => return Some(("male", 0.8)),
        "nu" | "gai" | "congai" => return Some(("female", 0.8)),
        _ => {}
    }
    let near =
        |words: &[&str]| letters.len() > 1 && words.iter().any(|w| strsim::levenshtein(&letters, w) <= 1);
    match (near(&["nam", "trai", "contrai"]), near(&["nu", "gai", "congai"])) {
        (true, false) => Some(("male", 0.5)),
        (false, true) => Some(("female", 0.5)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::sex;

    #[test]
    fn words_of_every_era() {
        for (read, expected) in [
            ("Nam", Some("male")),
            ("NAM.", Some("male")),
            ("Nữ", Some("female")),
            ("Nử", Some("female")),
            ("Nu", Some("female")),
            ("Nũ ....", Some("female")),
            ("Năm", Some("male")),
            ("Nan", Some("male")),
            ("Nư", Some("female")),
            ("Na", None),
            ("gái Trai", Some("male")),
            ("trai, gái Gái", Some("female")),
            ("Nam hay nữ: Nam", Some("male")),
            ("trai, gái", None),
            ("Con gái", Some("female")),
            ("con trai", Some("male")),
            ("Không xác định", Some("unknown")),
            ("Kinh", None),
            ("", None),
        ] {
            assert_eq!(sex(read).map(|(sex, _)| sex), expected, "{read}");
        }
        assert!(sex("Nử").unwrap().1 < sex("Nữ").unwrap().1);
    }

    proptest! {
        #[test]
        fn no_text_stops_it(text in "\\PC*") {
            let _ = sex(&text);
        }
    }
}
