//! Every spelling of the parts of a date in words that clerks are known to use.

use crate::domain::date_in_words::word;

/// Every way to write the hundreds of a year (19 for 1900 to 1999) that clerks are known to use.
pub(super) fn spellings_of_century(century: i16) -> Vec<String> {
    let (thousands, hundreds) = (word(century / 10), word(century % 10));
    let mut ways =
        vec![format!("{thousands} nghìn {hundreds} trăm"), format!("{thousands} ngàn {hundreds} trăm")];
    match century {
        ..20 => ways.extend([format!("{hundreds} trăm"), format!("{thousands} {hundreds}")]),
        20 => ways.extend([format!("{thousands} nghìn"), format!("{thousands} ngàn")]),
        _ => {}
    }
    ways
}

/// Every way to write the last two figures of a year; one empty way for 00.
pub(super) fn spellings_below_hundred(number: i16) -> Vec<String> {
    let (tens, unit) = (number / 10, number % 10);
    let units = match (tens, unit) {
        (_, 0) => vec![""],
        (1.., 1) => vec!["mốt", "một"],
        (_, 4) => vec!["bốn", "tư"],
        (1.., 5) => vec!["lăm", "nhăm", "năm"],
        (_, 7) => vec!["bảy", "bẩy"],
        (_, unit) => vec![word(unit)],
    };
    let heads: Vec<String> = match (tens, unit) {
        (0, 0) => return vec![String::new()],
        (0, _) => vec!["linh".to_owned(), "lẻ".to_owned()],
        (1, _) => vec!["mười".to_owned()],
        (_, 0) => vec![format!("{} mươi", word(tens))],
        _ => vec![format!("{} mươi", word(tens)), word(tens).to_owned()],
    };
    heads.iter().flat_map(|head| units.iter().map(move |unit| format!("{head} {unit}"))).collect()
}
