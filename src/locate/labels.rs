//! Cuts printed labels out of a page, clean of lines and handwriting, and reads them.

use image::GrayImage;
use imageproc::region_labelling::{Connectivity, connected_components};

use super::colons::Colon;
use super::ink::Ink;
use super::line::Line;
use crate::domain::{FieldType, ReadError, ReadRequest, Reading, Recognizer, Rectangle, Segmentation};

/// One connected piece of ink.
#[derive(Debug, Clone, Copy)]
struct Piece {
    area: Rectangle,
    pixels: usize,
}

/// A label's own ink: its place and a clean crop of it.
pub(super) struct LabelInk {
    /// The smallest rectangle around it, in pixels of the page.
    pub area: Rectangle,
    /// Its picture, everything else white.
    pub crop: GrayImage,
    /// The column of the page at which the picture begins.
    pub crop_left: i32,
    /// The column where it ends, its colon included.
    pub end: i32,
}

/// The ink of the label that ends where `leader` begins: the pieces inside `zone` that follow
/// each other leftwards from the leader without a wide gap. `zone` ends right at the leader, and `foot` is the
/// row below which no letter of a label begins; when `unsure`, the leader may begin further right, where
/// the word ends that its beginning cuts.
pub(super) fn label_before(
    image: &GrayImage,
    ink: &Ink,
    (zone, foot, unsure): (Rectangle, i32, bool),
    lines: &[&Line],
    colons: &[Colon],
) -> Option<LabelInk> {
    let mm = ink.millimetre;
    let colon = colon_in(zone, colons, mm);
    // What stands after the colon is writing that hides the start of the line.
    let zone = colon.map_or(zone, |colon| Rectangle { right: colon.left as i32, ..zone });
    let seen = Rectangle { right: zone.right + (4.0 * mm) as i32, ..zone }.grown(2);
    let seen = seen.within(image.width(), image.height());
    if seen.is_empty() {
        return None;
    }
    let (map, pieces) = pieces(ink, seen, lines);
    let zone = if unsure && colon.is_none() { past_the_word(zone, &pieces, mm) } else { zone };
    let own = |piece: &Piece| {
        let middle = (piece.area.top + piece.area.bottom) / 2;
        let inside = piece.area.left >= zone.left && piece.area.right <= zone.right + (0.5 * mm) as i32;
        let next_row = piece.area.bottom >= seen.bottom - 1 && piece.area.top > foot;
        inside
            && (zone.top..zone.bottom).contains(&middle)
            && piece.area.height() <= zone.height()
            && !next_row
    };
    let mut chosen: Vec<usize> = (0..pieces.len()).filter(|i| own(&pieces[*i])).collect();
    chosen.sort_by_key(|i| std::cmp::Reverse((pieces[*i].area.right, *i)));
    let mut kept: Vec<usize> = Vec::new();
    let mut left = zone.right;
    for i in chosen {
        // Writing may cover where the line begins, so the label may end well before it is seen.
        let widest = if kept.is_empty() { 13.0 } else { 4.5 };
        if f64::from(left - pieces[i].area.right) > widest * mm {
            break;
        }
        // A lone speck does not carry the label on to whatever lies further left.
        if f64::from(pieces[i].area.height()) > 0.8 * mm {
            left = left.min(pieces[i].area.left);
            kept.push(i);
        } else if !kept.is_empty() {
            kept.push(i);
        }
    }
    kept.retain(|i| pieces[*i].area.right > left);
    let pixels: usize = kept.iter().map(|i| pieces[*i].pixels).sum();
    let area = kept.iter().map(|i| pieces[*i].area).reduce(|a, b| a.union(&b))?;
    let body = area.height() as f64 >= 1.3 * mm && pixels as f64 >= 0.8 * mm * mm;
    body.then(|| LabelInk {
        area,
        crop: crop(image, ink.threshold, &map, seen, area, &kept),
        crop_left: area.left - margin(area),
        end: colon.map_or(area.right, |colon| area.right.max(colon.right as i32)),
    })
}

/// The zone up to the end of the word that its right edge cuts, when it cuts one and that ends soon.
fn past_the_word(zone: Rectangle, pieces: &[Piece], mm: f64) -> Rectangle {
    let mut right = zone.right;
    let mut gap = (-0.3 * mm) as i32;
    loop {
        let next = pieces.iter().filter(|piece| {
            let middle = (piece.area.top + piece.area.bottom) / 2;
            let letter = f64::from(piece.area.height()) > 0.8 * mm;
            let here = piece.area.left < right + gap && piece.area.right > right;
            letter && here && (zone.top..zone.bottom).contains(&middle)
        });
        let Some(end) = next.map(|piece| piece.area.right).max() else { break };
        (right, gap) = (end, (0.6 * mm) as i32);
    }
    let soon = f64::from(right - zone.right) < 3.6 * mm;
    if soon { Rectangle { right, ..zone } } else { zone }
}

/// Writing hides no more of the start of a line than so many millimetres.
const HIDDEN: f64 = 75.0;

/// The last colon of a zone that print can stand before.
fn colon_in(zone: Rectangle, colons: &[Colon], mm: f64) -> Option<&Colon> {
    let right = f64::from(zone.right) + 0.5 * mm;
    let left = (f64::from(zone.left) + 1.5 * mm).max(right - HIDDEN * mm);
    let (top, bottom) = (f64::from(zone.top), f64::from(zone.bottom));
    let inside = |colon: &&Colon| {
        left < colon.left && colon.right <= right && top < colon.top && colon.bottom < bottom
    };
    colons.iter().filter(inside).max_by(|a, b| a.right.total_cmp(&b.right))
}

/// All the ink inside `zone`, without `lines`, as one label (a cell of a table's head).
pub(super) fn label_in(image: &GrayImage, ink: &Ink, zone: Rectangle, lines: &[&Line]) -> Option<LabelInk> {
    let seen = zone.within(image.width(), image.height());
    if seen.is_empty() {
        return None;
    }
    let (map, pieces) = pieces(ink, seen, lines);
    let mm = ink.millimetre;
    let long = |p: &Piece| p.area.height() as f64 > 8.0 * mm || p.area.width() as f64 > 40.0 * mm;
    let speck = |p: &Piece| (p.area.height().max(p.area.width()) as f64) < 0.25 * mm;
    let kept: Vec<usize> = (0..pieces.len()).filter(|i| !long(&pieces[*i]) && !speck(&pieces[*i])).collect();
    let area = kept.iter().map(|i| pieces[*i].area).reduce(|a, b| a.union(&b))?;
    let body = area.height() as f64 >= 1.0 * mm;
    body.then(|| LabelInk {
        area,
        crop: crop(image, ink.threshold, &map, seen, area, &kept),
        crop_left: area.left - margin(area),
        end: area.right,
    })
}

/// Reads a label; upper-case headings and accents do not matter to the caller, who folds it.
pub(super) fn read(
    label: &LabelInk,
    segmentation: Segmentation,
    recognizer: &mut dyn Recognizer,
) -> Result<Reading, ReadError> {
    recognizer.read(ReadRequest { image: &label.crop, segmentation, field_type: FieldType::Text })
}

/// The pieces of ink inside `seen`, numbered as in the map (which counts from 1). Ink on one of
/// `lines` is left out.
fn pieces(
    ink: &Ink,
    seen: Rectangle,
    lines: &[&Line],
) -> (image::ImageBuffer<image::Luma<u32>, Vec<u32>>, Vec<Piece>) {
    let half = (0.22 * ink.millimetre).max(1.6);
    let mut tones = GrayImage::new(seen.width() as u32, seen.height() as u32);
    for (x, y, pixel) in tones.enumerate_pixels_mut() {
        let (x, y) = (x as i32 + seen.left, y as i32 + seen.top);
        let on_line = |line: &&Line| {
            let along = f64::from(x);
            along >= line.from - 2.0
                && along <= line.to + 2.0
                && (line.at(along) - f64::from(y)).abs() <= half
        };
        if ink.dark(x as usize, y as usize) && !lines.iter().any(on_line) {
            pixel.0[0] = 255;
        }
    }
    let map = connected_components(&tones, Connectivity::Eight, image::Luma([0]));
    let mut found: Vec<Option<Piece>> = Vec::new();
    for (x, y, number) in map.enumerate_pixels() {
        let Some(number) = (number.0[0] as usize).checked_sub(1) else { continue };
        if found.len() <= number {
            found.resize(number + 1, None);
        }
        let (x, y) = (x as i32 + seen.left, y as i32 + seen.top);
        let dot = Rectangle::new(x, y, x + 1, y + 1);
        let piece = found[number].get_or_insert(Piece { area: dot, pixels: 0 });
        piece.area = piece.area.union(&dot);
        piece.pixels += 1;
    }
    (map, found.into_iter().flatten().collect())
}

/// The picture of the kept pieces, white around, with a margin that engines like.
fn crop(
    image: &GrayImage,
    threshold: u8,
    map: &image::ImageBuffer<image::Luma<u32>, Vec<u32>>,
    seen: Rectangle,
    area: Rectangle,
    kept: &[usize],
) -> GrayImage {
    let frame = area.grown(margin(area));
    let mut wanted = vec![false; kept.iter().max().map_or(1, |last| last + 2)];
    wanted[0] = true;
    for i in kept {
        wanted[i + 1] = true;
    }
    let mut crop = GrayImage::from_pixel(frame.width() as u32, frame.height() as u32, image::Luma([255]));
    let source = frame.intersection(&seen);
    for y in source.top..source.bottom {
        for x in source.left..source.right {
            let owner = map.get_pixel((x - seen.left) as u32, (y - seen.top) as u32).0[0] as usize;
            let value = *image.get_pixel(x as u32, y as u32);
            // Ink that belongs to no piece lies on a line: it goes with the line.
            let on_line = owner == 0 && value.0[0] < threshold;
            if wanted.get(owner).copied().unwrap_or(false) && !on_line {
                crop.put_pixel((x - frame.left) as u32, (y - frame.top) as u32, value);
            }
        }
    }
    crop
}

/// The white margin around a label's picture.
fn margin(area: Rectangle) -> i32 {
    (area.height() / 4).clamp(6, 24)
}
