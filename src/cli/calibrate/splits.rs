//! Whether the promised bound holds: half of the values draw the line, the other half tries it, again and
//! again.

use std::collections::BTreeMap;
use std::io::{self, Write};

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde::Serialize;

use crate::trust::bound::{Line, Stratum};
use crate::trust::{Contract, Judged};

/// How often a line drawn by one half broke the limit in the other, by stratum.
#[derive(Debug, Serialize)]
pub(super) struct Splits {
    /// Halves of the values, drawn value by value.
    by_value: BTreeMap<&'static str, Tried>,
    /// Halves of the books.
    by_book: BTreeMap<&'static str, Tried>,
}

/// Lines drawn by one half and tried by the other.
#[derive(Debug, Default, Clone, Copy, Serialize)]
struct Tried {
    /// Splits of which one half could draw a line.
    drawn: usize,
    /// Those in which more than the limit was wrong in the other half.
    broken: usize,
}

impl Splits {
    /// Tries so many splits of every stratum by the limit for most fields; the same splits every time.
    pub(super) fn of(judged: &[Judged], contract: &Contract, times: usize) -> Self {
        let mut strata: BTreeMap<&'static str, Vec<&Judged>> = BTreeMap::new();
        judged.iter().for_each(|one| strata.entry(one.stratum).or_default().push(one));
        let tried = |by_book: bool| {
            let each = strata.iter();
            each.map(|(name, judged)| (*name, tried(judged, contract.error_limit, times, by_book))).collect()
        };
        Self { by_value: tried(false), by_book: tried(true) }
    }

    /// Prints them as a table.
    pub(super) fn tell(&self, output: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new();
        table.load_style(NOTHING);
        table.set_header(["line drawn by half of", "stratum", "lines drawn", "broken in the other half"]);
        for (name, strata) in [("the values", &self.by_value), ("the books", &self.by_book)] {
            let mut all = Tried::default();
            for (stratum, tried) in strata {
                all = Tried { drawn: all.drawn + tried.drawn, broken: all.broken + tried.broken };
                table.add_row([name, stratum, &tried.drawn.to_string(), &tried.broken.to_string()]);
            }
            table.add_row([name, "all", &all.drawn.to_string(), &all.broken.to_string()]);
        }
        writeln!(output, "\n{table}")
    }
}

fn tried(judged: &[&Judged], limit: f64, times: usize, by_book: bool) -> Tried {
    let mut tried = Tried::default();
    for split in 0..times {
        let (draw, test): (Vec<_>, Vec<_>) = judged
            .iter()
            .zip(0_u64..)
            .partition(|(one, place)| half(if by_book { one.book as u64 } else { *place }, split as u64));
        let values: Vec<_> = draw.iter().map(|(one, _)| (one.confidence, one.right, one.book)).collect();
        let Line::At { confidence, .. } = Stratum::of_books(&values).line(limit) else { continue };
        let taken: Vec<_> = test.iter().filter(|(one, _)| one.confidence >= confidence).collect();
        let wrong = taken.iter().filter(|(one, _)| !one.right).count();
        tried.drawn += 1;
        tried.broken += usize::from(wrong as f64 > limit * taken.len() as f64);
    }
    tried
}

/// Which half something falls into in a split: one bit, well mixed (splitmix64; Steele, Lea and Flood, "Fast
/// splittable pseudorandom number generators", 2014).
fn half(place: u64, split: u64) -> bool {
    let mut mixed = (place ^ (split << 32)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::half;

    #[test]
    fn halves_are_halves_and_splits_differ() {
        for split in 0..5 {
            let count = (0..10_000).filter(|place| half(*place, split)).count();
            assert!((4_700..5_300).contains(&count), "{count}");
        }
        let same = (0..10_000).filter(|place| half(*place, 1) == half(*place, 2)).count();
        assert!((4_700..5_300).contains(&same), "{same}");
    }
}
