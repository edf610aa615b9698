//! Hours of the day as registers write them.

use super::text::fold;

/// Words that stand with an hour (parts of the day), as they are searched.
const PARTS_OF_THE_DAY: [&str; 7] = ["sang", "trua", "chieu", "toi", "dem", "khuya", "kem"];

/// Whether `value` is an hour of the day, with or without minutes: `13:50`, `13h50`, `7 giờ 45 phút`,
/// `6 giờ sáng`, `8 giờ rưỡi`.
#[must_use]
pub fn is_hour(value: &str) -> bool {
    let text = value.trim().to_lowercase();
    let (hour, rest) = number(&text);
    let rest = rest.trim_start();
    let after = [":", "h", "giờ", "g"].into_iter().find_map(|mark| rest.strip_prefix(mark));
    let (Some(hour), Some(after)) = (hour, after) else { return false };
    let colon = rest.starts_with(':');
    let (minutes, after) = number(after.trim_start());
    let after = after.trim_start().trim_start_matches("phút").trim_start_matches('\'');
    let rest = fold(after);
    hour <= 24
        && (minutes.is_some() || !colon)
        && minutes.is_none_or(|minutes| minutes < 60)
        && rest.split(' ').all(|word| word.is_empty() || word == "ruoi" || PARTS_OF_THE_DAY.contains(&word))
}

/// The hour that three or four figures stand for whose colon was not read (`1050`); none for others.
#[must_use]
pub fn of_figures(value: &str) -> Option<String> {
    let is_figures = (3..=4).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
    let (hour, minutes) = is_figures.then(|| value.split_at(value.len() - 2))?;
    Some(format!("{hour}:{minutes}")).filter(|hour| is_hour(hour))
}

/// The number that `text` begins with, of one or two figures, and what follows.
fn number(text: &str) -> (Option<u32>, &str) {
    let figures = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number = text[..figures].parse().ok().filter(|_| figures <= 2);
    (number, &text[figures..])
}

#[cfg(test)]
mod tests {
    use super::{is_hour, of_figures};

    #[test]
    fn hours_are_told_from_other_figures() {
        for hour in ["13:50", "3h15", "6 giờ", "7 giờ 45 phút", "6 giờ sáng", "8 giờ rưỡi", "10g30", "05:05"]
        {
            assert!(is_hour(hour), "{hour}");
        }
        for other in ["1050", "50", "6 giợ", "25:00", "9330", "13:", "", "12:61", "đêm"] {
            assert!(!is_hour(other), "{other}");
        }
    }

    #[test]
    fn a_colon_that_was_not_read_is_put_back() {
        assert_eq!(of_figures("1050").as_deref(), Some("10:50"));
        assert_eq!(of_figures("805").as_deref(), Some("8:05"));
        for other in ["50", "9330", "12345", "10:5", "1h30", ""] {
            assert_eq!(of_figures(other), None, "{other}");
        }
    }
}
