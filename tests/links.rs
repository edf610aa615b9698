//! Linking over an invented office, against the truth of who is who.

#![allow(clippy::unwrap_used)] // A test that cannot go on shall stop.

mod population;

use hotich::link::{Candidate, LinkKind, Search, find};

fn with_threads(threads: usize, office: &population::Office) -> Vec<Candidate> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| find(&office.events, Search::default()))
}

#[test]
fn what_is_proposed_is_mostly_right_and_most_of_it_is_found() {
    let office = population::office(6_000, 11);
    let found = with_threads(2, &office);
    let pairs: Vec<_> = found.iter().map(|link| (link.kind, link.first, link.second)).collect();
    for (kind, precision, recall, count) in population::measure(&office, &pairs) {
        let wanted = match kind {
            LinkKind::SameEvent => (0.95, 0.88), // about ninety pairs
            LinkKind::SamePerson => (0.95, 0.70),
            LinkKind::SameParents => (0.97, 0.75),
        };
        assert!(
            precision >= wanted.0 && recall >= wanted.1,
            "{kind:?}: {precision:.3} {recall:.3} of {count}"
        );
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let office = population::office(2_000, 5);
    let (one, four) = (with_threads(1, &office), with_threads(4, &office));
    assert!(!one.is_empty());
    assert_eq!(one, four);
}
