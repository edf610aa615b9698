//! How a place stands to the places there are, part by part: what is listed, what is listed but for its
//! marks, and what runs together where a clerk writes a comma.

use std::sync::LazyLock;

use super::gazetteer::{GAZETTEER, Gazetteer, Known, Level};
use crate::domain::text::comparable;

/// How much likelier (logarithm) a place is for each part that is listed, is listed but for its marks, or
/// runs on into the next.
const LISTED: f64 = 0.7;
const MARKS_OFF: f64 = -1.5;
const RUN_ON: f64 = -1.5;

/// How a place stands to the places there are.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Standing {
    /// The share of its parts that are listed.
    pub listed: f64,
    /// Parts that differ from a listed name by their marks alone.
    pub marks_off: f64,
    /// Parts that are not listed.
    pub unlisted: f64,
    /// Words for a level within a part, where a new part should begin.
    pub run_on: f64,
    /// Neighbouring parts of which the one lies in the other, less those that are listed and do not.
    pub nested: f64,
    /// Parts below the commune that are listed: their names are of many kinds, so that says less.
    pub loose: f64,
    /// Whether the last part is a listed commune or above, or a whole place of birth or death.
    pub complete: f64,
    /// Figures, which no list can vouch for.
    pub figures: f64,
    /// Numbers of houses that have more figures than houses do: mostly a letter or stroke among them.
    pub long_numbers: f64,
    /// How much likelier it makes the place, as a logarithm.
    pub score: f64,
}

/// The parts of a place: what stands between commas and dashes, the stops of abbreviations (`TX. Tịnh Biên`,
/// `P.4`) left out. A dash between two words without spaces parts them as well, unless both are one name that is
/// listed (`Sài-gòn`).
pub(crate) fn parts(value: &str) -> Vec<String> {
    let pieces = value.split([',', ';', '–']).flat_map(|part| part.split(" - "));
    let parts = pieces.flat_map(|piece| parted(&piece.replace('.', " ")));
    parts.filter(|part| !part.is_empty()).collect()
}

/// A piece of a place parted at the dashes between its words, each part as values are compared.
fn parted(piece: &str) -> Vec<String> {
    let Some(dash) = piece.match_indices('-').map(|(at, _)| at).find(|at| parts_words(piece, *at)) else {
        return vec![comparable(piece)];
    };
    let one = comparable(&piece.replace('-', " "));
    if understand(&GAZETTEER, &one).known == Known::Listed {
        return vec![one];
    }
    let mut parts = vec![comparable(&piece[..dash])];
    parts.extend(parted(&piece[dash + 1..]));
    parts
}

/// Whether the dash at byte `at` stands between words; between figures it is one of a number.
fn parts_words(piece: &str, at: usize) -> bool {
    let (before, after) = (piece[..at].chars().next_back(), piece[at + 1..].chars().next());
    let is_figure = |c: char| c.is_ascii_digit();
    before.zip(after).is_some_and(|(before, after)| !(is_figure(before) && is_figure(after)))
}

/// One part of a place, understood as far as may be.
struct Part {
    name: String,
    long_number: bool,
    level: Option<Level>,
    known: Known,
    run_on: usize,
}

/// How `value`, a place as written, stands to the places there are.
pub(crate) fn standing(value: &str) -> Standing {
    let gazetteer = &*GAZETTEER;
    let parts: Vec<Part> = parts(value).iter().map(|part| understand(gazetteer, part)).collect();
    let count = |known: Known| parts.iter().filter(|part| part.known == known).count() as f64;
    let (listed, marks_off) = (count(Known::Listed), count(Known::MarksOff));
    let run_on = parts.iter().map(|part| part.run_on).sum::<usize>() as f64;
    let figures = value.chars().filter(char::is_ascii_digit).count() as f64;
    Standing {
        listed: listed / (parts.len() as f64).max(1.0),
        marks_off,
        unlisted: count(Known::Unlisted),
        run_on,
        nested: parts.windows(2).map(|pair| nested(gazetteer, &pair[0], &pair[1])).sum(),
        loose: parts.iter().filter(|part| part.known == Known::Listed && part.is_below_commune()).count()
            as f64,
        complete: f64::from(u8::from(
            parts.last().is_some_and(|part| part.known == Known::Listed && !part.is_below_commune()),
        )),
        figures: figures.min(8.0),
        long_numbers: parts.iter().filter(|part| part.long_number).count() as f64,
        score: LISTED * listed + MARKS_OFF * marks_off + RUN_ON * run_on,
    }
}

impl Part {
    fn is_below_commune(&self) -> bool {
        matches!(self.level, Some(Level::Hamlet | Level::Street))
    }
}

/// 1 where the one part lies in the next, -1 where both are listed units and it does not.
fn nested(gazetteer: &Gazetteer, inner: &Part, outer: &Part) -> f64 {
    let unit = |part: &Part| {
        part.known == Known::Listed
            && matches!(part.level, Some(Level::Province | Level::District | Level::Commune))
    };
    if gazetteer.lies_in(&inner.name, &outer.name) {
        1.0
    } else if unit(inner) && unit(outer) && inner.level != outer.level {
        -1.0
    } else {
        0.0
    }
}

/// Offices are called after their commune (`UBND xã Nghĩa Thuận`).
static OFFICES: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let offices = ["UBND", "UBHC", "Ủy ban nhân dân"].map(comparable);
    offices.iter().map(|office| office.split(' ').map(str::to_owned).collect()).collect()
});
/// What may stand before the number of a house.
static NUMBER: LazyLock<String> = LazyLock::new(|| comparable("số"));

fn understand(gazetteer: &Gazetteer, part: &str) -> Part {
    let syllables: Vec<&str> = part.split(' ').collect();
    let mut rest = syllables.as_slice();
    for office in &*OFFICES {
        if office.len() < rest.len() && office.iter().zip(rest).all(|(a, b)| a == b) {
            rest = &rest[office.len()..];
        }
    }
    let (levels, name) = levels_of(gazetteer, rest);
    let run_on = (1..name.len())
        .filter(|place| {
            gazetteer.level_words(&name[*place..]).is_some_and(|(_, levels)| strong(name[*place], &levels))
        })
        .count();
    let joined = name.join(" ");
    let known = best_known(gazetteer, &levels, &joined);
    let long_number =
        syllables.iter().any(|word| word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_digit()));
    Part { level: levels.first().copied(), known, run_on, long_number, name: joined }
}

/// Words for a level that are no part of a name themselves.
fn strong(word: &str, levels: &[Level]) -> bool {
    word.chars().count() > 2
        && levels.iter().any(|level| {
            matches!(level, Level::Province | Level::District | Level::Commune | Level::Institution)
        })
}

/// The levels a part may be of, and its name without the words for them.
fn levels_of<'s, 'p>(gazetteer: &Gazetteer, syllables: &'s [&'p str]) -> (Vec<Level>, &'s [&'p str]) {
    if gazetteer.look_up(Level::Phrase, &syllables.join(" ")) == Known::Listed {
        return (vec![Level::Phrase], syllables);
    }
    if let Some((length, levels)) = gazetteer.level_words(syllables) {
        match levels[..] {
            // Communes are called so as well (Phố Lu, Đường Lâm).
            [Level::Street] if best_known(gazetteer, &[], &syllables.join(" ")) == Known::Listed => {}
            [Level::Street] => return (levels, street(gazetteer, &syllables[length..])),
            _ => return (levels, &syllables[length..]),
        }
    }
    let house = if syllables[0] == *NUMBER { &syllables[1..] } else { syllables };
    match house {
        [first, rest @ ..] if is_number(first) && !rest.is_empty() => {
            (vec![Level::Street], street(gazetteer, rest))
        }
        _ => (Vec::new(), syllables),
    }
}

/// The name of a street without the words for it and the numbers of lanes before it: `ngõ 45 phố Lê Lợi`.
fn street<'s, 'p>(gazetteer: &Gazetteer, syllables: &'s [&'p str]) -> &'s [&'p str] {
    let mut rest = syllables;
    while gazetteer.look_up(Level::Street, &rest.join(" ")) != Known::Listed {
        rest = match (gazetteer.level_words(rest), rest) {
            (Some((length, levels)), _) if levels == [Level::Street] => &rest[length..],
            (_, [first, more @ ..]) if is_number(first) && !more.is_empty() => more,
            _ => break,
        };
    }
    rest
}

/// A number of a house, a hamlet or a ward (`12`, `12a`, `230/12`).
fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && word.chars().filter(|c| c.is_alphabetic()).count() <= 1
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '/')
}

fn best_known(gazetteer: &Gazetteer, levels: &[Level], name: &str) -> Known {
    const UNTOLD: [Level; 4] = [Level::Phrase, Level::Province, Level::District, Level::Commune];
    let told = !levels.is_empty();
    if told && is_number(name) {
        return Known::Listed;
    }
    let each = if told { levels } else { &UNTOLD };
    let all = || each.iter().map(|level| gazetteer.look_up(*level, name));
    if all().any(|known| known == Known::Listed) {
        Known::Listed
    } else if all().any(|known| known == Known::MarksOff) {
        Known::MarksOff
    } else {
        Known::Unlisted
    }
}

#[cfg(test)]
mod tests {
    use super::standing;

    #[test]
    fn places_there_are_are_known() {
        for place in [
            "Xã Nghĩa Thuận, huyện Tư Nghĩa, tỉnh Quảng Ngãi",
            "217B Nguyễn Trãi - thị trấn Sao Vàng - huyện Thọ Xuân - tỉnh Thanh Hoá",
            "Vũ Lăng - Kiến Xương - Thái Bình",
            "UBND phường An Cựu, thành phố Huế",
            "Tại nhà",
            "Bệnh viện Bạch Mai",
            "XÓM 7, XÃ MINH QUANG, HUYỆN BA VÌ",
            "P. An Cựu, TP. Huế",
            "Vũ Lăng-huyện Kiến Xương-tỉnh Thái Bình",
            "Sài-gòn",
            "33/12 phố Lê Lợi, phường An Cựu",
            "Số 12 ngõ Hùng Vương",
            "Ngõ 12",
            "Kiệt 45 đường Hai Bà Trưng",
            "12 ngõ 45 phố Hai Bà Trưng",
            "Phố Lu - Bảo Thắng - Lào Cai",
            "Đường Lâm, Ba Vì",
        ] {
            let found = standing(place);
            assert_eq!((found.listed, found.run_on), (1.0, 0.0), "{place}: {found:?}");
            assert!(found.nested >= 0.0, "{place}");
        }
    }

    #[test]
    fn marks_that_are_off_are_told() {
        for place in [
            "Tai nhà",
            "tỉnh Hà Đỗng",
            "68 HAI BÀ TRUNG",
            "68 ngõ Hai Bà Trung",
            "huyện Ba Vi",
            "Bệnh viện Trung ương Huê",
        ] {
            assert_eq!(standing(place).marks_off, 1.0, "{place}");
        }
    }

    #[test]
    fn parts_that_run_on_are_told() {
        for place in
            ["Xã Nghĩa Thuận huyện Tư Nghĩa", "Số 8 Hùng Vương xã Cẩm Giàng", "Nguyễn Bệnh viện tỉnh"]
        {
            assert!(standing(place).run_on >= 1.0, "{place}");
        }
        assert_eq!(standing("Xã Nghĩa Thuận, huyện Yên Mô").nested, -1.0);
        assert_eq!(standing("Xã Nghĩa Thuận, huyện Tư Nghĩa").nested, 1.0);
    }

    #[test]
    fn anything_may_be_written() {
        for place in ["", ",", "số", " - ", "12", "xã", "của"] {
            assert!(standing(place).score.is_finite(), "{place}");
        }
    }
}
