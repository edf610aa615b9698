//! Lays the fields of an entry that was drawn out as they stand in its neighbour.

use crate::domain::{DraftField, FieldName, Rectangle};
use crate::reread::DrawnBox;
use crate::store::desk::EntryView;

/// An entry drawn this close to where its neighbour begins, as a share of its width or height, begins there.
const NEAR: i32 = 8;

/// The entry whose layout is to be followed: the nearest that has one; `drawn` in pixels of the picture.
pub(super) fn nearest(entries: &[EntryView], drawn: Rectangle) -> Option<&EntryView> {
    let distance = |entry: &&EntryView| {
        let area = on_picture(entry, entry.area());
        let apart = |a: i32, b: i32, c: i32, d: i32| i64::from(a + b - c - d).abs();
        apart(area.top, area.bottom, drawn.top, drawn.bottom)
            + apart(area.left, area.right, drawn.left, drawn.right)
    };
    entries.iter().filter(|entry| parts(entry).len() > 1).min_by_key(distance)
}

/// The boxes of the fields of `entry`, moved as a whole to where another was drawn.
pub(super) fn boxes_like(entry: &EntryView, drawn: Rectangle) -> Vec<DrawnBox> {
    let area = on_picture(entry, entry.area());
    let across = shift((area.left, area.right), (drawn.left, drawn.right));
    let down = shift((area.top, area.bottom), (drawn.top, drawn.bottom));
    let moved = |(names, place): (Vec<FieldName>, Rectangle)| {
        let place = on_picture(entry, place);
        let (left, right) = (place.left + across, place.right + across);
        DrawnBox { names, area: Rectangle::new(left, place.top + down, right, place.bottom + down) }
    };
    parts(entry).into_iter().map(moved).collect()
}

/// The fields of an entry by the place they share, in their order.
fn parts(entry: &EntryView) -> Vec<(Vec<FieldName>, Rectangle)> {
    let mut parts: Vec<(Vec<FieldName>, Rectangle)> = Vec::new();
    // What was not found has the whole entry for its place.
    let found = |field: &&DraftField| field.place != entry.area();
    for field in entry.fields.iter().map(|field| &field.field).filter(found) {
        match parts.iter_mut().find(|(_, place)| *place == field.place) {
            Some((names, _)) => names.push(field.name.clone()),
            None => parts.push((vec![field.name.clone()], field.place)),
        }
    }
    parts
}

fn on_picture(entry: &EntryView, place: Rectangle) -> Rectangle {
    entry.page.to_scan.inverse().bounds(place)
}

/// How far to move from one extent to another: middle to middle, for whoever draws leaves a margin; not at all
/// when one lies beside the other.
fn shift((from, to): (i32, i32), (drawn_from, drawn_to): (i32, i32)) -> i32 {
    let by = (drawn_from + drawn_to - from - to) / 2;
    if by.abs() <= (to - from) / NEAR { 0 } else { by }
}

#[cfg(test)]
mod tests {
    use super::shift;

    #[test]
    fn an_entry_moves_by_its_middle_and_not_at_all_where_it_stands_below_another() {
        assert_eq!(shift((100, 140), (195, 245)), 100, "drawn with a margin of five");
        assert_eq!(shift((10, 410), (2, 424)), 0);
    }
}
