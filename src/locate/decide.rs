//! Which form a page is: the best fit, and what settles it when several fit alike.

use super::align::Alignment;
use super::forms::Form;
use crate::domain::BookCover;

/// A form and how it fits.
pub(super) struct Candidate<'a> {
    /// The form.
    pub form: &'a Form,
    /// Its fit.
    pub alignment: Alignment,
}

/// A page is of a form when it fits at least this well.
const FITS: f64 = 0.5;
/// Fits closer than this are the same: the labels do not tell the forms apart.
const ALIKE: f64 = 0.02;
/// A form that lays so much less of the page's labels on its slots lacks one that is printed.
const OWN_LABEL: f64 = 0.8;
/// A form of another kind than the cover's must fit better by this.
const OTHER_KIND: f64 = 0.2;
/// A form that is younger than the book must fit better by this: its sheets were not yet printed.
const TOO_YOUNG: f64 = 0.15;
/// A form out of use when the book was opened must fit better by this: old stock was used up.
const TOO_OLD: f64 = 0.03;

/// The form a page is of, when it is of one. Among forms that fit alike the one whose years alone
/// hold the cover's year, else the oldest.
pub(super) fn choose<'a>(candidates: Vec<Candidate<'a>>, cover: &BookCover) -> Option<Candidate<'a>> {
    let score = |candidate: &Candidate<'_>| {
        let other = cover.kind.is_some_and(|kind| kind != candidate.form.kind);
        let years = cover.year.map_or(0.0, |year| out_of_use(candidate.form, year));
        candidate.alignment.score - if other { OTHER_KIND } else { 0.0 } - years
    };
    let best = candidates.iter().map(score).fold(0.0, f64::max);
    let mut alike: Vec<Candidate<'a>> = candidates
        .into_iter()
        .filter(|candidate| score(candidate) >= best - ALIKE && candidate.alignment.score >= FITS)
        .collect();
    // A label that only some of them know, and that is printed, tells them apart.
    let most = alike.iter().map(|candidate| candidate.alignment.laid).fold(0.0, f64::max);
    alike.retain(|candidate| candidate.alignment.laid > most - OWN_LABEL);
    alike.sort_by(|a, b| a.form.years.cmp(&b.form.years).then_with(|| a.form.id.cmp(&b.form.id)));
    let holds = |candidate: &Candidate<'_>| {
        let (from, to) = candidate.form.years;
        cover.year.is_some_and(|year| (from..=to).contains(&year))
    };
    let named = alike.iter().position(holds).unwrap_or(0);
    (named < alike.len()).then(|| alike.swap_remove(named))
}

/// What a form loses in a book of `year`.
fn out_of_use(form: &Form, year: i16) -> f64 {
    let (from, to) = form.years;
    if year < from {
        TOO_YOUNG
    } else if year > to {
        TOO_OLD
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::align::Alignment;
    use super::super::forms::FormSet;
    use super::{Candidate, choose};
    use crate::domain::BookCover;

    /// The form chosen of two that fit like this and lay so much of the page's labels on their slots.
    fn chosen(fits: [(&str, f64, f64); 2]) -> String {
        let forms = FormSet::shipped();
        let candidate = |(id, score, laid): (&str, f64, f64)| Candidate {
            form: forms.forms().iter().find(|form| form.id.as_str() == id).unwrap(),
            alignment: Alignment { places: Vec::new(), entries: 1, laid, score },
        };
        let cover = BookCover { year: Some(2012), ..BookCover::default() };
        choose(fits.map(candidate).into(), &cover).unwrap().form.id.as_str().to_owned()
    }

    #[test]
    fn of_forms_that_fit_alike_the_one_with_its_own_label_printed_is_chosen() {
        assert_eq!(chosen([("birth-2006", 0.982, 26.0), ("birth-2010", 1.0, 27.0)]), "birth-2010");
        assert_eq!(chosen([("birth-2006", 0.982, 26.0), ("birth-2010", 0.981, 26.0)]), "birth-2006");
    }
}
