//! What is taken off a reading, with a recogniser that answers as told.

use super::without_label;
use crate::domain::{
    Alternative, CharacterReading, Confidence, EngineVersion, FieldType, Reading, SecondReading,
};

/// `text` read with every letter ten columns wide.
fn read(text: &str, alternatives: &[&str]) -> Reading {
    let letters = text.chars().filter(|c| *c != ' ').enumerate().map(|(i, c)| CharacterReading {
        text: c.to_string(),
        confidence: Confidence::FULL,
        columns: (10 * i as i32, 10 * i as i32 + 10),
        alternatives: Vec::new(),
    });
    let alternatives = alternatives
        .iter()
        .map(|text| Alternative { text: (*text).to_owned(), confidence: Confidence::NONE });
    Reading {
        text: text.to_owned(),
        confidence: Confidence::FULL,
        characters: letters.collect(),
        alternatives: alternatives.collect(),
        engine: EngineVersion("told".to_owned()),
        second: SecondReading::None,
    }
}

#[test]
fn the_end_of_a_label_is_left_out_with_its_column() {
    let (reading, begin) =
        without_label(read("tộc: Kinh", &["tộc: Kính", "tộc; Kinh"]), FieldType::Ethnicity, &[]);
    assert_eq!((reading.text.as_str(), begin), ("Kinh", 40));
    let letters: String = reading.characters.iter().map(|c| c.text.as_str()).collect();
    assert_eq!(letters, "Kinh");
    let others: Vec<&str> = reading.alternatives.iter().map(|other| other.text.as_str()).collect();
    assert_eq!(others, ["Kính"]);
}

#[test]
fn a_value_that_is_no_label_stays_whole() {
    for text in ["Kinh", "Bệnh viện: tỉnh", "12/8/1956", "", "Số:"] {
        assert_eq!(without_label(read(text, &[]), FieldType::Text, &[]), (read(text, &[]), 0), "{text}");
    }
}

#[test]
fn the_words_that_a_label_ends_with_are_no_part_of_a_value() {
    let wordings = ["noi dang ky khai tu", "noi thuong tru tam tru", "ho ten nguoi chong", "que quan"];
    let wordings = wordings.map(str::to_owned);
    for (text, value) in [
        ("khai tử, UBND xã Lộc Hòa", "UBND xã Lộc Hòa"),
        ("nạm trú 12A Nguyễn Du", "12A Nguyễn Du"),
        ("người chồng Lê Văn Sĩ", "Lê Văn Sĩ"),
        ("ú 18 Văn Cao", "18 Văn Cao"),
        // These begin as their label ends by chance, or go on in lower case.
        ("Quán Toan, Hồng Bàng", "Quán Toan, Hồng Bàng"),
        ("quán nhỏ đầu làng", "quán nhỏ đầu làng"),
        ("xã Lộc Hòa", "xã Lộc Hòa"),
        ("khai tử", "khai tử"),
    ] {
        let (reading, begin) = without_label(read(text, &[]), FieldType::Place, &wordings);
        assert_eq!((reading.text.as_str(), begin > 0), (value, value != text), "{text}");
    }
    let date = read("năm 2008", &[]);
    assert_eq!(without_label(date.clone(), FieldType::Date, &["ngay thang nam".to_owned()]), (date, 0));
}
