//! Mends what stands plainly wrong in a text and can have been one thing only.

use crate::domain::FieldType;
use crate::domain::text::{fold, is_number_of_label};

use super::letters::in_case_of;

/// `written`, the text of a field of this type, with what can only have been misread made good.
pub(super) fn mended(field_type: FieldType, written: String) -> String {
    match field_type {
        FieldType::Place => with_office(with_slash(without_date_label(written))),
        FieldType::Text => with_slash_in_date(written),
        FieldType::PersonName => without_next_label(written),
        _ => written,
    }
}

/// A house in a lane ("12/45 Nguyễn Du") whose slash was read as a figure 1: no address begins with two numbers. ("12 18"
/// may as well be "12/18".)
fn with_slash(written: String) -> String {
    let (before, numbers) = match written.strip_prefix("Số ") {
        Some(numbers) => ("Số ", numbers),
        None => ("", written.as_str()),
    };
    let figures = |text: &str| text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut words = numbers.splitn(3, ' ');
    let slash = (words.next(), words.next().and_then(|word| word.strip_prefix('1')), words.next());
    let (Some(house), Some(inner), Some(street)) = slash else { return written };
    let of_house = inner.trim_end_matches(|c: char| c.is_ascii_uppercase());
    if house.is_empty() || of_house.len() < 2 || !figures(house) || !figures(of_house) {
        return written;
    }
    format!("{before}{house}/{inner} {street}")
}

/// A date within a remark ("ngày 21/6/1963") whose first slash was read as a figure 1. ("21 12/1963" may be of December.)
fn with_slash_in_date(written: String) -> String {
    let words: Vec<&str> = written.split(' ').collect();
    let is_day = |text: &str, last: u32| {
        text.len() <= 2 && text.parse().is_ok_and(|day: u32| (1..=last).contains(&day))
    };
    let month = |word: &str| {
        let (month, year) = word.strip_prefix('1')?.split_once('/')?;
        let of_two = ["0", "1", "2"].contains(&month);
        (!of_two && is_day(month, 12) && year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| format!("{month}/{year}"))
    };
    let dates = words.windows(2).enumerate().filter(|(_, pair)| is_day(pair[0], 31));
    match dates.filter_map(|(at, pair)| Some((at, month(pair[1])?))).next() {
        Some((at, month)) => {
            let date = format!("{}/{month}", words[at]);
            [&words[..at], &[date.as_str()], &words[at + 2..]].concat().join(" ")
        }
        None => written,
    }
}

/// A name without the first letters of the label after it ("Lê Văn Sĩ Q", before "Quan hệ"): no syllable is made of them;
/// or without its number ("Lê Văn Sĩ 12. Số", before "12. Số đăng ký").
fn without_next_label(written: String) -> String {
    let words: Vec<&str> = written.split(' ').collect();
    let numbered = words.iter().position(|word| is_number_of_label(word)).filter(|at| {
        let label = &words[at + 1..];
        *at >= SHORTEST_NAME && (label.is_empty() || label[0].starts_with(char::is_uppercase))
    });
    if let Some(at) = numbered {
        return words[..at].join(" ");
    }
    match written.rsplit_once(' ') {
        Some((name, end)) if ["q", "qu"].contains(&end.to_lowercase().as_str()) => name.to_owned(),
        _ => written,
    }
}

/// Nobody is called by fewer syllables.
const SHORTEST_NAME: usize = 2;

/// A place without the label of the date after it ("tỉnh Bình Dương Đăng ký ngày 9 tháng 7"): no place is called so.
fn without_date_label(written: String) -> String {
    let words: Vec<&str> = written.split(' ').collect();
    let Some(day) = words.iter().position(|word| word.starts_with("Ngày") || *word == "ngày") else {
        return written;
    };
    let before = &words[..day];
    let place = match before {
        [place @ .., "Đăng", "ký"] => place,
        [place @ .., number] if words[day] != "ngày" && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            place
        }
        _ if words[day] == "ngày" => return written,
        place => place,
    };
    if place.is_empty() { written } else { place.join(" ") }
}

/// A place that begins with the office ("Ủy ban nhân dân xã Lộc Hòa"), a misread letter or tone of it made good.
fn with_office(written: String) -> String {
    const OFFICE: &str = "Ủy ban nhân dân";
    let Some((end, _)) = written.match_indices(' ').nth(3) else { return written };
    let (office, rest) = written.split_at(end);
    match strsim::levenshtein(&fold(office), &fold(OFFICE)) {
        0 | 1 => in_case_of(OFFICE, office) + rest,
        _ => written,
    }
}

#[cfg(test)]
mod tests {
    use super::mended;
    use crate::domain::FieldType;

    #[test]
    fn what_can_only_have_been_misread_is_made_good() {
        for (field_type, written, right) in [
            (FieldType::Place, "Số 57 141 phố Kỳ Đồng", "Số 57/41 phố Kỳ Đồng"),
            (FieldType::Place, "205 146B Sầm Sơn", "205/46B Sầm Sơn"),
            (FieldType::Place, "12 Nguyễn Du", "12 Nguyễn Du"),
            (FieldType::Place, "205 1", "205 1"),
            (FieldType::Place, "Uỷ bạn nhân dân xã Bố", "Ủy ban nhân dân xã Bố"),
            (FieldType::Place, "ỦY HAN NHÂN DÂN XÃ BỐ", "ỦY BAN NHÂN DÂN XÃ BỐ"),
            (FieldType::Place, "Ủy thác nhân dân xã Bố", "Ủy thác nhân dân xã Bố"),
            (FieldType::Text, "Đã cấp bản sao ngày 21 16/1963", "Đã cấp bản sao ngày 21/6/1963"),
            (FieldType::Text, "ngày 21 12/1963", "ngày 21 12/1963"),
            (FieldType::Text, "Quyết định số 21 16/KH", "Quyết định số 21 16/KH"),
            (FieldType::PersonName, "Lê Văn Sĩ Q", "Lê Văn Sĩ"),
            (FieldType::PersonName, "Lê Văn Ý", "Lê Văn Ý"),
            (FieldType::PersonName, "Hoàng Thị Thục 12. Số", "Hoàng Thị Thục"),
            (FieldType::PersonName, "Hoàng Thị Thục 12", "Hoàng Thị Thục"),
            (FieldType::PersonName, "Lê Văn Sĩ 35 tuổi", "Lê Văn Sĩ 35 tuổi"),
            (FieldType::PersonName, "Lê 2", "Lê 2"),
            (
                FieldType::Place,
                "thị xã Cai Lậy, tỉnh Tiền Giang 2 Ngày, thá",
                "thị xã Cai Lậy, tỉnh Tiền Giang",
            ),
            (FieldType::Place, "tỉnh Bình Dương Đăng ký ngày ngày 9 tháng 7", "tỉnh Bình Dương"),
            (FieldType::Place, "Bệnh viện ngày Sài Gòn", "Bệnh viện ngày Sài Gòn"),
            (FieldType::Place, "Ngày 12", "Ngày 12"),
        ] {
            assert_eq!(mended(field_type, written.to_owned()), right, "{written}");
        }
    }
}
