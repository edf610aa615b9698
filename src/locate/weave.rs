//! Printings that ask the same of two people side by side: their labels come in pairs.

use super::forms::Form;
use crate::domain::FieldName;

/// People are asked alike when so much is asked of both that each has few labels of his own.
const FEWEST_PAIRS: usize = 4;

/// The orders in which the slots of a form are printed: as the form file has them, person after
/// person; and, where two people are asked alike, in pairs: his name, her name, his age, her age.
pub(super) fn orders(form: &Form) -> Vec<Vec<usize>> {
    let printed: Vec<usize> = (0..form.slots.len()).collect();
    let woven = people(form).map(|(first, second)| woven(form, first, second));
    std::iter::once(printed).chain(woven).collect()
}

/// The two people of whom a form asks most alike, the one it asks first first.
pub(super) fn people(form: &Form) -> Option<(&str, &str)> {
    let mut subjects: Vec<&str> =
        form.slots.iter().filter_map(|slot| Some(slot.names.first()?.subject())).collect();
    subjects.dedup();
    let pairs = subjects.windows(2).map(|pair| {
        let alike = names(form, pair[0]).filter(|name| partner(form, name, pair[1]).is_some());
        (alike.count(), (pair[0], pair[1]))
    });
    pairs.filter(|(alike, _)| *alike >= FEWEST_PAIRS).max_by_key(|(alike, _)| *alike).map(|(_, pair)| pair)
}

/// The slots in the order of pairs; what is asked of one person only keeps its place in his order.
fn woven(form: &Form, first: &str, second: &str) -> Vec<usize> {
    let of = |slot: usize| form.slots[slot].names.first();
    let has_partner = |slot: usize| {
        let name = of(slot).filter(|name| name.subject() == second);
        name.is_some_and(|name| partner(form, name, first).is_some())
    };
    let mut order = Vec::with_capacity(form.slots.len());
    for slot in (0..form.slots.len()).filter(|slot| !has_partner(*slot)) {
        order.push(slot);
        let name = of(slot).filter(|name| name.subject() == first);
        order.extend(name.and_then(|name| partner(form, name, second)));
    }
    order
}

/// The first fields of the slots about `subject`.
fn names<'f>(form: &'f Form, subject: &str) -> impl Iterator<Item = &'f FieldName> {
    form.slots.iter().filter_map(|slot| slot.names.first()).filter(move |name| name.subject() == subject)
}

/// The slot that asks of `subject` what `slot` asks of another.
pub(super) fn partner_of(form: &Form, slot: usize, subject: &str) -> Option<usize> {
    partner(form, form.slots[slot].names.first()?, subject)
}

/// The slot that asks of `subject` what the field `name` asks of another.
fn partner(form: &Form, name: &FieldName, subject: &str) -> Option<usize> {
    let asked = |name: &FieldName| name.as_str().split_once('.').map(|(_, asked)| asked.to_owned());
    let asked_here = asked(name)?;
    form.slots.iter().position(|slot| {
        slot.names
            .first()
            .is_some_and(|own| own.subject() == subject && asked(own).as_ref() == Some(&asked_here))
    })
}

#[cfg(test)]
mod tests {
    use super::super::FormSet;
    use super::super::align::{FoundLabel, Likeness, align};

    /// Which field each label of a page of a shipped form goes to, with its entry.
    fn fields(id: &str, labels: &[&str]) -> Vec<String> {
        let forms = FormSet::shipped();
        let form = forms.forms().iter().find(|form| form.id.as_str() == id).unwrap();
        let label = |folded: &&str| FoundLabel {
            folded: (*folded).to_owned(),
            may_begin: true,
            printed: true,
            ..FoundLabel::default()
        };
        let found: Vec<FoundLabel> = labels.iter().map(label).collect();
        let places = align(&mut Likeness::new(&found), form, true).places;
        let name = |place: Option<(usize, usize)>| {
            place.map_or(String::new(), |(entry, slot)| format!("{entry} {}", form.slots[slot].names[0]))
        };
        places.into_iter().map(name).collect()
    }

    const PAIRS: [&str; 12] = [
        "so tt",
        "ngay dang ky",
        "ben nam",
        "ben nu",
        "nam sinh",
        "sinh ngay",
        "dan toc",
        "dan toc",
        "nghe",
        "nghe",
        "cho o",
        "noi o",
    ];
    const FIELDS: [&str; 12] = [
        "entry.number",
        "registration.date",
        "husband.name",
        "wife.name",
        "husband.birth_date",
        "wife.birth_date",
        "husband.ethnicity",
        "wife.ethnicity",
        "husband.occupation",
        "wife.occupation",
        "husband.residence",
        "wife.residence",
    ];

    #[test]
    fn labels_in_pairs_go_to_husband_and_wife_in_turn() {
        let labels = [PAIRS, PAIRS, PAIRS].concat();
        let wanted: Vec<String> =
            (0..3).flat_map(|entry| FIELDS.map(|field| format!("{entry} {field}"))).collect();
        assert_eq!(fields("marriage-1976", &labels), wanted);
    }

    #[test]
    fn a_person_after_the_other_stays_so() {
        let order = [0, 1, 2, 4, 6, 8, 10, 3, 5, 7, 9, 11];
        let labels: Vec<&str> = order.iter().map(|n| PAIRS[*n]).collect();
        let wanted: Vec<String> = order.iter().map(|n| format!("0 {}", FIELDS[*n])).collect();
        assert_eq!(fields("marriage-1976", &labels), wanted);
    }
}
