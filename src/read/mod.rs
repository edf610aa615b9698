//! Field image to readings: cuts a field's ink, says whether it is blank, reads its lines.

mod blank;
mod components;
mod crop;
mod ends;
mod known_leader;
mod leader;
mod lines;
mod next_label;
mod recognise;
mod rulings;
mod scale;
mod second;
mod struck;
mod window;

use components::{Component, Components, components};
use known_leader::KnownLeader;
use lines::Line;
use recognise::read_lines;
use scale::Scale;
pub use second::TwoReaders;
use window::Window;

use image::GrayImage;

use crate::domain::{
    Confidence, FieldReading, FieldType, LineReading, LocatedEntry, LocatedField, ReadError, Reading,
    Recognizer, Rectangle, Region, UprightPage,
};

/// Reads every field of `entry`, in its order.
///
/// # Errors
/// When `recognizer` fails.
pub fn read_entry(
    page: &UprightPage,
    entry: &LocatedEntry,
    recognizer: &mut dyn Recognizer,
) -> Result<Vec<FieldReading>, ReadError> {
    Ok(cut_entry(page, entry, recognizer)?.into_iter().map(|(reading, _)| reading).collect())
}

/// Reads every field of `entry`, in its order, and gives the picture of each of its lines beside the
/// reading: what the recogniser was shown, without the end of a printed label before the value.
///
/// # Errors
/// When `recognizer` fails.
pub fn cut_entry(
    page: &UprightPage,
    entry: &LocatedEntry,
    recognizer: &mut dyn Recognizer,
) -> Result<Vec<(FieldReading, Vec<GrayImage>)>, ReadError> {
    let scale = Scale::of(page, entry);
    let mut inks: Vec<Vec<Ink>> = entry.fields.iter().map(|field| inks(page, scale, field)).collect();
    let letter = usual_letter(&inks);
    inks.iter_mut().flatten().for_each(|ink| ink.cut(letter));
    let pictures: Vec<LinePicture<'_>> = pictures(entry, &inks).collect();
    let readings = read_lines(&pictures, recognizer)?;
    let mut lines: Vec<Vec<LineReading>> = vec![Vec::new(); entry.fields.len()];
    let mut shown: Vec<Vec<GrayImage>> = vec![Vec::new(); entry.fields.len()];
    let mut struck: Vec<String> = Vec::new();
    let mut read = pictures.into_iter().zip(readings).peekable();
    while let Some((picture, reading)) = read.next() {
        let Some((mut reading, begin)) = reading else { continue };
        let bounds = picture.picture.right_of(picture.line.bounds(), begin);
        let first = lines[picture.field].first().map(|line| line.reading.text.as_str());
        if first.is_some_and(|first| next_label::is_heading(&reading.text, first)) {
            continue;
        }
        if picture.line.is_struck {
            struck.push(std::mem::take(&mut reading.text));
            if read.peek().is_some_and(|(next, _)| next.is_beside(&picture)) {
                continue;
            }
            reading = Reading {
                confidence: Confidence::FULL,
                characters: Vec::new(),
                alternatives: Vec::new(),
                ..reading
            };
        }
        let ink = picture.ink.window.on_page(bounds);
        lines[picture.field].push(LineReading { ink, reading, struck: std::mem::take(&mut struck) });
        shown[picture.field].push(picture.picture.beginning_at(begin));
    }
    let read = entry.fields.iter().zip(&inks).zip(lines).zip(shown);
    Ok(read.map(|(((field, inks), lines), shown)| (field_reading(field, inks, lines), shown)).collect())
}

/// The ink of each region of a field.
fn inks(page: &UprightPage, scale: Scale, field: &LocatedField) -> Vec<Ink> {
    field.regions.iter().filter_map(|region| Ink::of(page, scale, region, field.cell)).collect()
}

/// How high the letters of an entry are, as most of its regions have it.
fn usual_letter(inks: &[Vec<Ink>]) -> i32 {
    let written = inks.iter().flatten().filter(|ink| !ink.writing.is_empty());
    let mut heights: Vec<i32> = written.map(|ink| components::letter_height(&ink.writing)).collect();
    heights.sort_unstable();
    heights.get(heights.len() / 2).copied().unwrap_or(i32::MAX / 2)
}

/// One line of writing, ready to be read.
struct LinePicture<'i> {
    /// Which field of the entry it belongs to.
    field: usize,
    field_type: FieldType,
    /// The wordings of the label that may stand before it, folded; none but before the first line of a field.
    wordings: &'i [String],
    /// The wordings of the labels that may stand after it, folded.
    labels: &'i [String],
    /// Whether it is a further line of its field.
    continues: bool,
    ink: &'i Ink,
    line: &'i Line,
    picture: crop::Picture,
}

impl LinePicture<'_> {
    /// Whether another picture shows another part of the same line.
    fn is_beside(&self, other: &Self) -> bool {
        std::ptr::eq(self.ink, other.ink) && self.line.rows == other.line.rows
    }
}

/// Every line of every field, in order.
fn pictures<'i>(entry: &'i LocatedEntry, inks: &'i [Vec<Ink>]) -> impl Iterator<Item = LinePicture<'i>> {
    entry.fields.iter().zip(inks).enumerate().flat_map(move |(number, (field, inks))| {
        // Several fields in one region can be anything.
        let field_type = if let [one] = field.types[..] { one } else { FieldType::Text };
        let wordings = std::iter::once(field.wordings.as_slice()).chain(std::iter::repeat(&[][..]));
        let lines = inks.iter().flat_map(|ink| ink.lines.iter().map(move |line| (ink, line)));
        lines.zip(wordings).enumerate().map(move |(place, ((ink, line), wordings))| {
            let picture = crop::crop(&ink.window, &ink.components, line);
            let (labels, continues) = (entry.labels.as_slice(), place > 0);
            LinePicture { field: number, field_type, wordings, labels, continues, ink, line, picture }
        })
    })
}

fn field_reading(field: &LocatedField, inks: &[Ink], lines: Vec<LineReading>) -> FieldReading {
    // Where the label is not what it should be, the value may have been taken for part of it.
    let label = Confidence::clamped(f64::midpoint(1.0, field.label.get()));
    let blank = inks.iter().map(|ink| ink.blank).fold(label, Confidence::min);
    let place = field.regions.iter().map(|region| region.area).reduce(|a, b| a.union(&b));
    let place = place.unwrap_or(Rectangle::new(0, 0, 0, 0));
    FieldReading { fields: field.names.clone(), lines, blank, place }
}

/// Above this there is nothing worth reading.
const SURELY_BLANK: f64 = 0.9;

/// The writing of one region, cut into lines.
struct Ink {
    window: Window,
    components: Components,
    /// The pieces that are writing, until they are cut into lines.
    writing: Vec<Component>,
    lines: Vec<Line>,
    /// How many rows a ruling or a stroke through a word may fill.
    thickest: f64,
    blank: Confidence,
}

impl Ink {
    fn of(page: &UprightPage, scale: Scale, region: &Region, cell: bool) -> Option<Self> {
        let unit = scale.millimetre;
        let mut window = Window::cut(page, region.area, (unit as i32, (2.5 * unit) as i32), scale)?;
        let leader = region.leader.and_then(|segment| KnownLeader::new(segment, &window));
        let components = without_print(&mut window, leader, unit);
        let strong = writing(&components.list, window.tone.paper - scale.faintest_stroke());
        let pale = writing(&components.list, window.tone.paper - scale.faintest_mark());
        let kept = with_marks(strong, pale);
        let begin = f64::from(window.region.left).max(leader.map_or(0.0, |leader| leader.begin()));
        let kept = match leader {
            Some(leader) => leader.own_row(kept, window.region),
            None => kept,
        };
        let kept = if cell { kept } else { ends::without_label(kept, begin, unit) };
        let kept = ends::without_specks(kept, unit);
        let blank = blank::blank(&kept, window.tone, scale);
        let kept = if blank.get() > SURELY_BLANK { Vec::new() } else { kept };
        Some(Self { window, components, writing: kept, lines: Vec::new(), thickest: thickest(unit), blank })
    }

    /// Cuts the writing into lines; `letter` is how high the letters of the entry are.
    fn cut(&mut self, letter: i32) {
        let lines = lines::lines(&self.components, std::mem::take(&mut self.writing), letter);
        let parts = lines.into_iter().flat_map(|line| {
            let own = components::letter_height(&line.pieces).min(letter).max(1);
            struck::part(&self.window, &self.components, line, own, self.thickest)
        });
        self.lines = parts.collect();
    }
}

/// How many rows a ruling may fill; `unit` is a millimetre in pixels.
fn thickest(unit: f64) -> f64 {
    (0.6 * unit).max(3.0)
}

/// The pieces of ink in `window` once rulings and leaders are taken out.
fn without_print(window: &mut Window, leader: Option<KnownLeader>, unit: f64) -> Components {
    if let Some(leader) = leader {
        leader.remove(&mut window.mask, unit);
    }
    rulings::remove_solid(&mut window.mask, thickest(unit) as u32);
    let pieces = |window: &Window| {
        let mut components = components(&window.mask, &window.grey, window.region);
        let left_over = |piece: &Component| leader.is_some_and(|leader| leader.left_over(piece, unit));
        components.list.retain(|piece| !left_over(piece));
        components
    };
    let mut components = pieces(window);
    let dot = (0.75 * unit).max(3.0) as i32;
    if leader::remove_dots(&mut window.mask, &mut components.list, dot) {
        components = pieces(window);
        leader::remove_dots(&mut window.mask, &mut components.list, dot);
    }
    components
}

/// The pieces that are the region's own writing; a piece that is nowhere darker than `lightest`
/// shines through from the back of the sheet.
fn writing(pieces: &[Component], lightest: f64) -> Vec<Component> {
    let own = pieces.iter().filter(|piece| 2 * piece.inside >= piece.area);
    own.filter(|piece| piece.extent() >= 3 && f64::from(piece.darkest) < lightest).cloned().collect()
}

/// `strong` and those of the `pale` pieces that are marks of its letters: right above or below one.
fn with_marks(strong: Vec<Component>, pale: Vec<Component>) -> Vec<Component> {
    let letter = components::letter_height(&strong);
    let is_mark_of = |mark: Rectangle, body: Rectangle| {
        let near = (mark.top - body.bottom).max(body.top - mark.bottom) < letter / 3;
        2 * body.height() >= letter && near && mark.left < body.right && body.left < mark.right
    };
    let is_mark = |mark: &Component| {
        2 * mark.bounds.height() < letter && strong.iter().any(|body| is_mark_of(mark.bounds, body.bounds))
    };
    let kept = |piece: &Component| strong.iter().any(|own| own.label == piece.label) || is_mark(piece);
    pale.into_iter().filter(kept).collect()
}

#[cfg(test)]
mod tests;
