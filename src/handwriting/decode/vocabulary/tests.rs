//! What the languages hold likely, and that they exclude nothing.

use super::language;
use crate::domain::FieldType;

const ALL: [FieldType; 16] = [
    FieldType::Number,
    FieldType::Text,
    FieldType::Date,
    FieldType::DateWords,
    FieldType::Time,
    FieldType::Choice,
    FieldType::Place,
    FieldType::PersonName,
    FieldType::Sex,
    FieldType::Ethnicity,
    FieldType::Nationality,
    FieldType::IdNumber,
    FieldType::Document,
    FieldType::Occupation,
    FieldType::Cause,
    FieldType::Relation,
];

/// The logarithm of the likelihood of a whole text, none when it is excluded.
fn likelihood(field_type: FieldType, text: &str) -> Option<f32> {
    let language = language(field_type);
    let end = text.chars().try_fold(language.beginning(), |state, c| language.after(&state, c))?;
    let likelihood = language.whole(&end);
    (likelihood > -1e6).then_some(likelihood)
}

#[test]
fn nothing_is_excluded() {
    for field_type in ALL {
        for text in ["Xyzw Qđồng", "ZORRO-7", "Nguyễn Văn An", "12/8/1956", "Kinh", "(?)"] {
            assert!(likelihood(field_type, text).is_some(), "{field_type:?} {text}");
        }
    }
}

#[test]
fn what_is_usual_is_likelier() {
    for (field_type, usual, unusual) in [
        (FieldType::PersonName, "Nguyễn Văn An", "Nguyên Vân Am"),
        (FieldType::PersonName, "Nguyễn Văn An", "nguyễn văn an"),
        (FieldType::Date, "12/8/1956", "42/8/1956"),
        (FieldType::Date, "25/01/1969", "25/31/1969"),
        (FieldType::Date, "ngày 12 tháng 8 năm 1956", "ngay 12 tháng 8 năm 1956"),
        (FieldType::DateWords, "ngày mười hai tháng tám", "ngày mươi hái tháng tam"),
        (FieldType::Ethnicity, "Kinh", "Kính"),
        (FieldType::Sex, "Nữ", "Nử"),
        (FieldType::Nationality, "Việt Nam", "Viết Nam"),
        (FieldType::Place, "xã Hương Thủy, huyện Hương Phú", "xạ Hương Thủy, huyễn Hương Phú"),
        (FieldType::Place, "205B phố Huế", "205Z phố Huế"),
        (FieldType::Place, "Hà Nội", "Hạ Nội"),
        (FieldType::Place, "xã Xuân Thới Thượng, huyện Hóc Môn", "xã Xuân Thơi Thượng, huyện Học Môn"),
        (FieldType::Place, "Bệnh viện Từ Dũ", "Bệnh viện Tự Du"),
        (FieldType::Place, "231 Nguyễn Trãi", "231 Nguyễn Trai"),
        (FieldType::Place, "76 ngõ Nguyễn Trãi", "76 ngã Nguyễn Trãi"),
        (FieldType::Document, "C1215460", "01215460"),
        (FieldType::Document, "348831179", "B48831179"),
        (FieldType::Document, "017316905862", "0173169058622"),
        (FieldType::Number, "127", "I27"),
        (FieldType::Number, "02/2016", "0212016"),
        (FieldType::Text, "02/2016", "0212016"),
        (FieldType::Time, "17h10", "17110"),
        (FieldType::Time, "7 giờ 30 phút", "7 gio 30 phut"),
    ] {
        let of = |text| likelihood(field_type, text).unwrap();
        assert!(of(usual) > of(unusual), "{field_type:?} {usual} {} {unusual} {}", of(usual), of(unusual));
    }
}

#[test]
fn the_likelihood_of_a_beginning_is_never_below_that_of_the_whole() {
    let language = language(FieldType::Place);
    let mut state = language.beginning();
    let mut before = language.likelihood(&state);
    for character in "xã Vĩnh Lộc, huyện Can Lộc".chars() {
        state = language.after(&state, character).unwrap();
        let now = language.likelihood(&state);
        assert!(now <= before + 1e-4 && language.whole(&state) <= now + 1e-4, "{character}");
        before = now;
    }
}

#[test]
fn a_line_may_end_where_a_part_does() {
    for (field_type, line, going_on) in [
        (FieldType::Place, "Số 176 Điện Biên Phủ", ","),
        (FieldType::Place, "Thôn Quyết Tiến", " -"),
        (FieldType::Text, "Cải chính họ tên", ","),
    ] {
        let (Some(whole), Some(open)) =
            (likelihood(field_type, line), likelihood(field_type, &format!("{line}{going_on}")))
        else {
            panic!("excluded");
        };
        assert!(open > whole - 4.0, "{line}{going_on}: {open} beside {whole}");
    }
}

#[test]
fn a_line_may_begin_with_the_dash_of_the_one_before() {
    let (Some(begun), Some(whole)) =
        (likelihood(FieldType::Place, "- huyện Tiên Du"), likelihood(FieldType::Place, "huyện Tiên Du"))
    else {
        panic!("excluded");
    };
    assert!(begun > whole - 4.0, "{begun} beside {whole}");
}
