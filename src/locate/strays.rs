//! Labels that are not where the form has them in its order, or not worded as it knows them.

use std::ops::Range;

use super::align::{Alignment, FoundLabel, score};

/// A label out of its order must be this like the slot.
const KNOWN: f64 = 0.8;
/// What it costs for each slot that it is away from where the form has it: of two slots with one
/// wording the nearer is meant.
const AWAY: f64 = 0.01;
/// A label in an unknown wording that has its place must have so many letters.
const FEWEST_LETTERS: usize = 3;
/// What may continue a value must be this like the slot whose place it takes.
const MAY_CONTINUE: f64 = 0.5;
/// More unknown labels in a row are not told by their place.
const MOST_UNKNOWN: usize = 3;

/// The alignment with places for labels that kept neither order nor wording: those that stand
/// elsewhere than the form has them, then those in the one gap that is left for them.
pub(super) fn place(mut alignment: Alignment, found: &[FoundLabel], alike: &[Vec<f64>]) -> Alignment {
    let ordered = alignment.places.clone();
    let moved = place_moved(&mut alignment, found, alike);
    let total: f64 = alignment
        .places
        .iter()
        .enumerate()
        .fold(0.0, |sum, (label, place)| sum + place.map_or(0.0, |(_, slot)| alike[slot][label]));
    if moved {
        alignment.laid = total;
        alignment.score = score(total, found, alike.len() * alignment.entries);
    }
    place_unknown(&mut alignment, &ordered, found, alike);
    in_order(&mut alignment, alike);
    alignment
}

/// Of labels with one wording (*Dân tộc* of the child, of the mother, of the father) the earlier is the earlier slot's.
fn in_order(alignment: &mut Alignment, alike: &[Vec<f64>]) {
    for entry in 0..alignment.entries {
        for slot in (0..alike.len()).filter(|slot| !alike[..*slot].contains(&alike[*slot])) {
            let same = |place: &Option<(usize, usize)>| {
                place.is_some_and(|(of, other)| of == entry && alike[other] == alike[slot])
            };
            let labels: Vec<usize> =
                (0..alignment.places.len()).filter(|label| same(&alignment.places[*label])).collect();
            let mut slots: Vec<_> = labels.iter().map(|label| alignment.places[*label]).collect();
            slots.sort_unstable();
            labels.into_iter().zip(slots).for_each(|(label, place)| alignment.places[label] = place);
        }
    }
}

/// Places labels that are surely of a slot which nothing else is laid on; whether there are any.
fn place_moved(alignment: &mut Alignment, found: &[FoundLabel], alike: &[Vec<f64>]) -> bool {
    let mut pairs: Vec<(f64, usize, usize, usize)> = Vec::new();
    for label in (0..found.len()).filter(|label| alignment.places[*label].is_none()) {
        for (entry, near) in neighbours(&alignment.places, label) {
            let open = (0..alike.len()).filter(|slot| alike[*slot][label] >= KNOWN);
            pairs.extend(
                open.map(|slot| (alike[slot][label] - AWAY * slot.abs_diff(near) as f64, label, entry, slot)),
            );
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2, a.3).cmp(&(b.1, b.2, b.3))));
    let mut moved = false;
    for (_, label, entry, slot) in pairs {
        if alignment.places[label].is_none() && !alignment.places.contains(&Some((entry, slot))) {
            alignment.places[label] = Some((entry, slot));
            moved = true;
        }
    }
    moved
}

/// The nearest placed labels before and after `label`: their entries, and the slots to be expected
/// beside theirs.
fn neighbours(places: &[Option<(usize, usize)>], label: usize) -> Vec<(usize, usize)> {
    let before = places[..label].iter().rev().flatten().next().map(|(entry, slot)| (*entry, slot + 1));
    let after = places[label..].iter().flatten().next().map(|(entry, slot)| (*entry, slot.saturating_sub(1)));
    let mut near: Vec<(usize, usize)> = before.into_iter().chain(after).collect();
    near.dedup_by_key(|(entry, _)| *entry);
    near
}

/// Places unknown print between two labels of an entry that stand in their order, when the form has
/// just as many labels there that were not found. The columns of a table also have their order before the first
/// label and after the last.
fn place_unknown(
    alignment: &mut Alignment,
    ordered: &[Option<(usize, usize)>],
    found: &[FoundLabel],
    alike: &[Vec<f64>],
) {
    let end = |label: usize, slot: usize| {
        found.iter().all(|label| label.heads_column).then_some((label, (0, slot)))
    };
    let inner = ordered.iter().enumerate().filter_map(|(label, place)| place.map(|place| (label + 1, place)));
    // Labels and slots count from 1 here, so that a table can begin before its first and end after its last.
    let inner = inner.map(|(label, (entry, slot))| (label, (entry, slot + 1)));
    let placed: Vec<(usize, (usize, usize))> =
        end(0, 0).into_iter().chain(inner).chain(end(found.len() + 1, alike.len() + 1)).collect();
    for pair in placed.windows(2) {
        let [(left, (entry, from)), (right, (other, to))] = *pair else { continue };
        if entry == other && to > from + 1 {
            place_between(alignment, (found, alike), (entry, from..to - 1), left..right - 1);
        }
    }
}

/// Places the unknown ones of `labels` on the open ones of `slots`, when there are as many.
fn place_between(
    alignment: &mut Alignment,
    (found, alike): (&[FoundLabel], &[Vec<f64>]),
    (entry, slots): (usize, Range<usize>),
    labels: Range<usize>,
) {
    let is_slot_open = |slot: &usize| !alignment.places.contains(&Some((entry, *slot)));
    let slots: Vec<usize> = slots.filter(is_slot_open).collect();
    let is_open = |label: &usize| {
        let known_enough = || slots.iter().any(|slot| alike[*slot][*label] >= MAY_CONTINUE);
        alignment.places[*label].is_none() && (!found[*label].may_continue || known_enough())
    };
    let unknown = |label: &usize| {
        let letters = found[*label].folded.chars().filter(|c| c.is_alphabetic()).count();
        found[*label].printed && letters >= FEWEST_LETTERS
    };
    let mut unknown: Vec<usize> = labels.clone().filter(is_open).filter(unknown).collect();
    if slots.len() == 1 && unknown.is_empty() {
        // A label hidden by a seal or by writing reads as anything.
        let hidden = |label: &usize| {
            let found = &found[*label];
            found.heads_column || found.may_begin && !found.folded.is_empty()
        };
        unknown.extend(labels.filter(is_open).filter(hidden));
    }
    if unknown.len() == slots.len() && unknown.len() <= MOST_UNKNOWN {
        for (label, slot) in unknown.into_iter().zip(slots) {
            alignment.places[label] = Some((entry, slot));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::align::{Alignment, FoundLabel, Likeness, align};
    use super::super::forms::Form;
    use super::in_order;

    fn form() -> Form {
        let slot =
            |field: &str, label: &str| format!("[[slot]]\nfields = [\"{field}\"]\nlabels = [\"{label}\"]\n");
        let text = "id = \"birth-1\"\nkind = \"birth\"\nfrom = 1950\nto = 1960\nlayout = \"slots\"\n"
            .to_owned()
            + &slot("entry.number", "Số")
            + &slot("registration.date", "Ngày đăng ký")
            + &slot("child.name", "Họ tên")
            + &slot("child.sex", "Giới tính")
            + &slot("child.birth_place", "Nơi sinh");
        super::super::form_file::check(&text).unwrap()
    }

    /// Which slot each label goes to.
    fn places(labels: &[&str]) -> Vec<Option<usize>> {
        let label = |folded: &&str| FoundLabel {
            folded: (*folded).to_owned(),
            may_begin: true,
            printed: true,
            ..FoundLabel::default()
        };
        let found: Vec<FoundLabel> = labels.iter().map(label).collect();
        let places = align(&mut Likeness::new(&found), &form(), false).places;
        places.into_iter().map(|place| place.map(|(_, slot)| slot)).collect()
    }

    #[test]
    fn labels_out_of_order_find_their_slot() {
        let found = places(&["so", "ho ten", "gioi tinh", "noi sinh", "ngay dang ky"]);
        assert_eq!(found, [Some(0), Some(2), Some(3), Some(4), Some(1)]);
    }

    #[test]
    fn an_unknown_wording_is_told_by_its_neighbours() {
        let found = places(&["so", "ngay dang ky", "ho ten", "trai gai", "noi sinh"]);
        assert_eq!(found, [Some(0), Some(1), Some(2), Some(3), Some(4)]);
    }

    #[test]
    fn a_hidden_label_is_told_by_the_one_place_left() {
        let labels = ["so", "ngay dang ky", "v8", "gioi tinh", "noi sinh"];
        assert_eq!(places(&labels), [Some(0), Some(1), Some(2), Some(3), Some(4)]);
        assert_eq!(places(&["so", "ngay dang ky", "v8", "noi sinh"])[2], None);
    }

    #[test]
    fn words_that_may_continue_a_value_take_no_place_unless_they_are_like_its_label() {
        let label = |folded: &str| FoundLabel {
            folded: folded.to_owned(),
            may_begin: true,
            printed: true,
            may_continue: !folded.ends_with(':'),
            ..FoundLabel::default()
        };
        let found = |third| ["so:", "ngay dang ky:", third, "gioi tinh:", "noi sinh:"].map(label);
        let place = |third| {
            let found = found(third);
            align(&mut Likeness::new(&found), &form(), false).places[2]
        };
        assert_eq!(place("tran sung tra:"), Some((0, 2)));
        assert_eq!(place("tran sung tra"), None);
        assert_eq!(place("ho te"), Some((0, 2)));
        assert_eq!(place("hote"), Some((0, 2)));
    }

    #[test]
    fn the_first_and_the_last_column_of_a_table_need_no_readable_head() {
        let columns = |labels: &[&str]| {
            let column = |folded: &&str| FoundLabel {
                folded: (*folded).to_owned(),
                printed: true,
                heads_column: true,
                ..FoundLabel::default()
            };
            let found: Vec<FoundLabel> = labels.iter().map(column).collect();
            let places = align(&mut Likeness::new(&found), &form(), false).places;
            places.into_iter().map(|place| place.map(|(_, slot)| slot)).collect::<Vec<_>>()
        };
        let all = [Some(0), Some(1), Some(2), Some(3), Some(4)];
        assert_eq!(columns(&["57", "ngay dang ky", "ho ten", "gioi tinh", "noi sinh"]), all);
        assert_eq!(columns(&["so", "ngay dang ky", "ho ten", "gioi tinh", ""]), all);
        // Two columns where the form has one: nobody knows which.
        assert_eq!(
            columns(&["", "57", "ngay dang ky", "ho ten", "gioi tinh", "noi sinh"])[..2],
            [None, None]
        );
        // Outside a table a title may stand there.
        assert_eq!(places(&["57", "ngay dang ky", "ho ten", "gioi tinh", "noi sinh"])[0], None);
    }

    #[test]
    fn of_two_labels_with_one_wording_the_earlier_is_the_earlier_slots() {
        let alike = vec![vec![1.0, 0.0, 1.0], vec![0.0, 1.0, 0.0], vec![1.0, 0.0, 1.0]];
        let places = vec![Some((0, 2)), Some((0, 1)), Some((0, 0))];
        let mut alignment = Alignment { places, entries: 1, laid: 0.0, score: 1.0 };
        in_order(&mut alignment, &alike);
        assert_eq!(alignment.places, [Some((0, 0)), Some((0, 1)), Some((0, 2))]);
    }

    #[test]
    fn a_label_too_many_is_no_slot() {
        let found = places(&["so", "ngay dang ky", "giay bao tu", "ho ten", "gioi tinh", "noi sinh"]);
        assert_eq!(found[2], None);
        let found = places(&["so", "ngay dang ky", "ho ten", "can cuoc", "tuoi", "noi sinh"]);
        assert_eq!(found[3..5], [None, None]);
    }
}
