//! The search on made-up likelihoods.

use super::{Seen, decode};
use crate::domain::{EngineVersion, FieldType, Reading};
use crate::handwriting::network::Likelihoods;

const CHARACTERS: &str = " 0123456789/ABĐNVaăâeêghinoôtuưyxzễệ";

/// Each step as the characters seen there with their shares; what is left is "none".
fn read(steps: &[&[(char, f32)]], field_type: FieldType) -> Reading {
    let characters: Vec<char> = CHARACTERS.chars().collect();
    let classes = characters.len() + 1;
    let mut logarithms = Vec::new();
    for step in steps {
        let mut shares = vec![1e-7_f32; classes];
        for (character, share) in *step {
            shares[1 + characters.iter().position(|c| c == character).unwrap()] = *share;
        }
        shares[0] = (1.0 - shares[1..].iter().sum::<f32>()).max(1e-7);
        logarithms.extend(shares.iter().map(|share| share.ln()));
    }
    let likelihoods = Likelihoods { classes, logarithms };
    let seen = Seen { likelihoods: &likelihoods, characters: &characters, columns_per_step: 4.0 };
    decode(&seen, field_type, EngineVersion("test".to_owned()))
}

/// Read as surely as the network is of clear print: 997 in 1,000.
fn read_clear(text: &str, field_type: FieldType) -> Reading {
    let steps: Vec<Vec<(char, f32)>> = text.chars().flat_map(|c| [vec![(c, 0.997)], vec![]]).collect();
    let steps: Vec<&[(char, f32)]> = steps.iter().map(Vec::as_slice).collect();
    read(&steps, field_type)
}

#[test]
fn what_is_clearly_seen_is_read_though_no_list_has_it() {
    for field_type in [FieldType::PersonName, FieldType::Date, FieldType::Ethnicity, FieldType::Place] {
        for text in ["Nazxo Vehig", "xyzz"] {
            assert_eq!(read_clear(text, field_type).text, text, "{field_type:?}");
        }
    }
}

#[test]
fn where_the_ink_is_unsure_the_field_decides() {
    let unsure: &[&[(char, f32)]] = &[
        &[('N', 0.98)],
        &[('g', 0.98)],
        &[('u', 0.98)],
        &[('y', 0.98)],
        &[('ê', 0.55), ('ễ', 0.4)],
        &[('n', 0.98)],
    ];
    let name = read(unsure, FieldType::PersonName);
    assert_eq!(name.text, "Nguyễn");
    assert_eq!(name.alternatives[0].text, "Nguyên");
    assert!(name.confidence > name.alternatives[0].confidence);
    let day: &[&[(char, f32)]] = &[
        &[('9', 0.5), ('2', 0.45)],
        &[('5', 0.98)],
        &[('/', 0.9)],
        &[('1', 0.98)],
        &[('/', 0.9)],
        &[('1', 0.98)],
        &[('9', 0.98)],
        &[('6', 0.98)],
        &[('0', 0.98)],
    ];
    assert_eq!(read(day, FieldType::Date).text, "25/1/1960");
    assert_eq!(read(day, FieldType::Number).text, "95/1/1960");
}

#[test]
fn nothing_is_invented_where_no_ink_is() {
    for field_type in [FieldType::PersonName, FieldType::Sex, FieldType::Nationality] {
        let faint: Vec<&[(char, f32)]> = vec![&[('N', 0.01)]; 30];
        for steps in [&faint[..], &[]] {
            let reading = read(steps, field_type);
            assert_eq!((reading.text.as_str(), reading.confidence.get()), ("", 0.0), "{field_type:?}");
        }
    }
}

#[test]
fn letters_are_told_where_they_stand() {
    let reading = read_clear("Vu A", FieldType::PersonName);
    let places: Vec<(&str, (i32, i32))> =
        reading.characters.iter().map(|c| (c.text.as_str(), c.columns)).collect();
    assert_eq!(places.len(), 3);
    assert!(places.windows(2).all(|pair| pair[0].1.1 <= pair[1].1.0 + 4), "{places:?}");
    assert!(
        places.iter().zip([0, 8, 24]).all(|((_, columns), x)| (columns.0..columns.1).contains(&x)),
        "{places:?}"
    );
}
