//! Two people side by side: what stands on his side is his, what stands on hers is hers.

use super::align::Alignment;
use super::forms::Form;
use super::weave::{partner_of, people};

/// So many labels must tell whose side is whose.
const FEWEST: usize = 4;
/// The share of them that keep their sides on a page that is read aright but for a few.
const MOST: f64 = 0.6;
/// Columns lie apart by at least this share of the width that the labels take.
const APART: f64 = 0.25;

/// Gives labels of the wrong side to the other person of the two that `form` asks alike: a row that leans, or a
/// label that was not found, may have handed his to her. `lefts` says where each label begins.
pub(super) fn settle(alignment: &mut Alignment, form: &Form, lefts: &[f64]) {
    let Some((first, second)) = people(form) else { return };
    for entry in 0..alignment.entries {
        let of_entry =
            |place: &Option<(usize, usize)>| place.filter(|(of, _)| *of == entry).map(|(_, slot)| slot);
        let labels: Vec<Label> = alignment
            .places
            .iter()
            .enumerate()
            .filter_map(|(label, place)| {
                let slot = of_entry(place)?;
                let subject = form.slots[slot].names.first()?.subject();
                let is_second = subject == second;
                let other = if is_second { first } else { second };
                let partner =
                    (is_second || subject == first).then(|| partner_of(form, slot, other)).flatten()?;
                Some(Label { label, slot, partner, is_second, left: lefts[label] })
            })
            .collect();
        for label in strayed(&labels) {
            alignment.places[label.label] = Some((entry, label.partner));
        }
        // Where both were not exchanged, the slot that is claimed twice stays with the label that had it.
        for label in strayed(&labels) {
            let claimed = Some((entry, label.partner));
            if alignment.places.iter().filter(|place| **place == claimed).count() > 1 {
                alignment.places[label.label] = Some((entry, label.slot));
            }
        }
    }
}

/// A label of one of the two.
struct Label {
    label: usize,
    slot: usize,
    /// What asks the same of the other.
    partner: usize,
    is_second: bool,
    left: f64,
}

/// The labels that stand on the other's side, when most stand on their own.
fn strayed(labels: &[Label]) -> Vec<&Label> {
    let lefts = |second: bool| {
        let mut lefts: Vec<f64> =
            labels.iter().filter(|label| label.is_second == second).map(|label| label.left).collect();
        lefts.sort_by(f64::total_cmp);
        lefts
    };
    let all = || labels.iter().map(|label| label.left);
    let width = all().fold(f64::NEG_INFINITY, f64::max) - all().fold(f64::INFINITY, f64::min);
    let (one, other) = (lefts(false), lefts(true));
    // Hers may be the side on the left.
    let (Some(left), Some(right)) = (one.get(one.len() / 2), other.get(other.len() / 2)) else {
        return Vec::new();
    };
    let (middle, second_right) = ((left + right) / 2.0, right > left);
    let (stray, own): (Vec<&Label>, Vec<&Label>) =
        labels.iter().partition(|label| (label.left > middle) == (label.is_second != second_right));
    let told = (right - left).abs() > APART * width && own.len() >= FEWEST;
    let most = own.len() as f64 >= MOST * labels.len() as f64;
    if told && most { stray } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::super::FormSet;
    use super::super::align::Alignment;

    /// The fields of labels at these places, laid as `laid` has them, once their sides are settled.
    fn settled(laid: &[(&str, f64)]) -> Vec<String> {
        let forms = FormSet::shipped();
        let form = forms.forms().iter().find(|form| form.id.as_str() == "marriage-2006").unwrap();
        let slot = |name: &str| form.slots.iter().position(|slot| slot.names[0].as_str() == name).unwrap();
        let places = laid.iter().map(|(name, _)| Some((0, slot(name)))).collect();
        let mut alignment = Alignment { places, entries: 1, laid: 0.0, score: 1.0 };
        let lefts: Vec<f64> = laid.iter().map(|(_, left)| *left).collect();
        super::settle(&mut alignment, form, &lefts);
        alignment.places.iter().map(|place| form.slots[place.unwrap().1].names[0].to_string()).collect()
    }

    #[test]
    fn a_row_that_was_exchanged_is_put_right() {
        let fields = settled(&[
            ("husband.name", 100.0),
            ("wife.name", 900.0),
            ("husband.birth_date", 100.0),
            ("wife.birth_date", 900.0),
            ("husband.document", 910.0),
            ("wife.document", 105.0),
        ]);
        assert_eq!(fields[4..], ["wife.document", "husband.document"]);
        assert_eq!(fields[..2], ["husband.name", "wife.name"]);
    }

    #[test]
    fn her_side_may_be_the_left() {
        let fields = settled(&[
            ("wife.name", 100.0),
            ("husband.name", 900.0),
            ("wife.birth_date", 100.0),
            ("husband.birth_date", 900.0),
            ("husband.document", 105.0),
            ("wife.document", 910.0),
        ]);
        assert_eq!(fields[4..], ["wife.document", "husband.document"]);
        assert_eq!(fields[..2], ["wife.name", "husband.name"]);
    }

    #[test]
    fn a_label_alone_on_the_other_side_is_the_others() {
        let fields = settled(&[
            ("husband.name", 100.0),
            ("wife.name", 900.0),
            ("husband.birth_date", 100.0),
            ("wife.birth_date", 900.0),
            ("wife.document", 105.0),
        ]);
        assert_eq!(fields[4], "husband.document");
    }

    #[test]
    fn people_below_each_other_keep_what_they_have() {
        let laid = [
            ("husband.name", 100.0),
            ("husband.birth_date", 100.0),
            ("husband.document", 700.0),
            ("wife.name", 100.0),
            ("wife.birth_date", 100.0),
            ("wife.document", 700.0),
        ];
        assert_eq!(settled(&laid), laid.map(|(name, _)| name.to_owned()));
    }
}
