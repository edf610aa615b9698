//! Finds which printed form a straightened page is and where each field of each entry stands.
//!
//! Lines come first (rulings, solid and dotted leaders), then the print before or above them is
//! read and matched, in order, against the labels of the known forms. Nothing is placed by
//! coordinates, so printings that differ in type, spacing and margins are the same form.

mod align;
mod bend;
mod colons;
mod columns;
mod continuing;
mod cover;
mod decide;
mod feet;
mod form_file;
pub mod forms;
mod grid;
mod hidden_rows;
mod ink;
mod label_ends;
mod labels;
mod line;
mod parting;
mod read_once;
mod rulings;
mod sides;
mod slot_page;
mod slots;
mod strays;
mod strokes;
mod table;
mod traces;
mod weave;
mod within;

use image::GrayImage;

use crate::domain::{
    BookCover, LocatedEntry, LocatedPage, NotAForm, PageContent, ReadError, Recognizer, UprightPage,
};

use align::Likeness;
use decide::Candidate;
use forms::Layout;
pub use forms::{Form, FormSet, FormSetError};
use grid::Grid;
use ink::Ink;
use read_once::ReadOnce;
use rulings::Lines;
use slot_page::SlotPage;
use table::TablePage;

/// Finds the form of a page, its entries (from top to bottom, those without writing left out) and
/// the regions of their fields, all in pixels of `page.ink`.
///
/// A region runs from the end of its label to the next label (or a little past the end of its
/// line, since writing runs over), and from about nine tenths of a row above its line to four
/// tenths below: generously, so ink of the neighbouring rows reaches into it. The region of a cell
/// is the inside of its rulings. The rows of a sheet that did not lie flat are made level in
/// `page.ink`, and what is still bent of its lines is taken out, for a region knows straight ones
/// only.
///
/// # Errors
/// When the recognizer fails; a page that is no form is no error.
pub fn locate(
    page: UprightPage,
    forms: &FormSet,
    cover: &BookCover,
    recognizer: &mut dyn Recognizer,
) -> Result<LocatedPage, ReadError> {
    let mut page = page;
    let ink = Ink::of(&page.ink);
    if cover::is_blank(&ink) {
        return Ok(LocatedPage { page, bend: None, content: PageContent::Other(NotAForm::BlankPage) });
    }
    let lines = rulings::find(&ink);
    if let Some((level, bend)) = bend::levelled(&page.ink, &ink, &lines.horizontal) {
        let pictured = std::mem::replace(&mut page.ink, level);
        let ink = Ink::of(&page.ink);
        let content = content(&mut page.ink, (&ink, rulings::find(&ink)), forms, cover, recognizer)?;
        if let PageContent::Form { .. } = content {
            return Ok(LocatedPage { page, bend: Some(bend), content });
        }
        page.ink = pictured;
    }
    let content = content(&mut page.ink, (&ink, lines), forms, cover, recognizer)?;
    Ok(LocatedPage { page, bend: None, content })
}

/// What a page that is not blank turns out to be.
fn content(
    image: &mut GrayImage,
    (ink, lines): (&Ink, Lines),
    forms: &FormSet,
    cover: &BookCover,
    recognizer: &mut dyn Recognizer,
) -> Result<PageContent, ReadError> {
    let mut once = ReadOnce::new(recognizer);
    let sheet = Sheet { image, ink, forms, cover };
    let plain = sheet.look(&lines, &mut once)?;
    let looked = if plain.fit() >= GOOD {
        plain
    } else {
        let traces = traces::find(image, ink);
        let horizontal = traces::complete(ink, &lines.horizontal, traces);
        let horizontal = parting::without_labels(ink, horizontal, &lines.colons);
        let lines = Lines { horizontal, ..lines };
        let traced = sheet.look(&lines, &mut once)?;
        let whole = traced.is_better_than(&plain).then(|| parting::unhidden(image, ink, &lines));
        let looked = if whole.is_some() { traced } else { plain };
        let lacks_rulings = looked.is_table && looked.fit() < GOOD_TABLE || looked.found.is_none();
        let ruled = if lacks_rulings {
            let vertical = [lines.vertical, traces::upright(image, ink)].concat();
            let ruled = sheet.look(&Lines { vertical, ..lines }, &mut once)?;
            let better = ruled.is_table && (!looked.is_table || ruled.is_better_than(&looked));
            better.then_some(ruled)
        } else {
            None
        };
        if let Some(whole) = whole {
            traces::erase(image, ink, &whole);
        }
        ruled.unwrap_or(looked)
    };
    let Looked { found, is_table } = looked;
    if let Some((candidate, entries)) = found {
        if entries.is_empty() {
            return Ok(PageContent::Other(NotAForm::NoEntries));
        }
        let Candidate { form, alignment } = candidate;
        let (form, kind, match_score) = (form.id.clone(), form.kind, alignment.score);
        return Ok(PageContent::Form { form, kind, match_score, entries });
    }
    // Tables carry the title of their book at their head.
    let cover = !is_table && cover::is_cover(image, ink, recognizer)?;
    Ok(PageContent::Other(if cover { NotAForm::Cover } else { NotAForm::UnknownForm }))
}

/// A form that fits at least this well need not be looked for with fainter lines.
const GOOD: f64 = 0.97;

/// In a table that fits less than this, columns run together for want of their rulings.
const GOOD_TABLE: f64 = 0.9;

/// So much more of a form's labels must be found to make up for what fainter lines do harm.
const MORE: f64 = 0.7;

/// What was found with some lines.
struct Looked<'a> {
    found: Found<'a>,
    is_table: bool,
}

impl Looked<'_> {
    /// Whether clearly more labels of the form were found here. Labels that make up another entry
    /// count only when the whole fits better.
    fn is_better_than(&self, other: &Self) -> bool {
        let laid = |looked: &Self| {
            let alignment = looked.found.as_ref().map(|(candidate, _)| &candidate.alignment);
            alignment.map_or((0, 0.0), |alignment| (alignment.entries, alignment.laid))
        };
        let ((entries, sum), (other_entries, other_sum)) = (laid(self), laid(other));
        let more = sum > other_sum + MORE;
        if entries > other_entries { more && self.fit() > other.fit() } else { more }
    }

    /// How well the form fits, 0 when there is none.
    fn fit(&self) -> f64 {
        self.found.as_ref().map_or(0.0, |(candidate, _)| candidate.alignment.score)
    }
}

/// A form that fits, and its entries.
type Found<'f> = Option<(Candidate<'f>, Vec<LocatedEntry>)>;

/// A page, and what it is looked at for.
#[derive(Clone, Copy)]
struct Sheet<'s, 'f> {
    image: &'s GrayImage,
    ink: &'s Ink,
    forms: &'f FormSet,
    cover: &'s BookCover,
}

impl<'f> Sheet<'_, 'f> {
    /// Looks for a form with the lines found so far.
    fn look(self, lines: &Lines, once: &mut ReadOnce<'_>) -> Result<Looked<'f>, ReadError> {
        let grid = Grid::find(self.ink, lines).map(|grid| self.whole(grid, lines));
        let is_table = grid.is_some();
        let found = match grid {
            Some(grid) => self.as_table(grid, once)?,
            None => {
                let lines = self.without_feet(lines.clone());
                let whole = Lines { horizontal: parting::unhidden(self.image, self.ink, &lines), ..lines };
                // Of a label whose line was hidden the feet are known only now.
                self.as_slots(&self.without_feet(whole), once)?
            }
        };
        Ok(Looked { found, is_table })
    }

    /// The table with its fainter rulings too, when it lacks rows.
    fn whole(self, grid: Grid, lines: &Lines) -> Grid {
        if !grid.lacks_rows(self.ink) {
            return grid;
        }
        let traces = traces::find(self.image, self.ink);
        let horizontal = traces::complete(self.ink, &lines.horizontal, traces);
        let traced = Grid::find(self.ink, &Lines { horizontal, ..lines.clone() });
        traced.filter(|traced| traced.rows() > grid.rows()).unwrap_or(grid)
    }

    /// The lines without those that letters make.
    fn without_feet(self, lines: Lines) -> Lines {
        Lines { horizontal: feet::without(self.image, self.ink, &lines), ..lines }
    }

    /// The page as a ruled table.
    fn as_table(self, grid: Grid, once: &mut ReadOnce<'_>) -> Result<Found<'f>, ReadError> {
        let table = TablePage::read(self.image, self.ink, grid, self.forms, once)?;
        let mut likeness = Likeness::new(table.labels());
        let tables = self.forms.tables();
        let candidates =
            tables.map(|form| Candidate { form, alignment: align::align(&mut likeness, form, false) });
        let chosen = decide::choose(candidates.collect(), self.cover);
        Ok(chosen.map(|found| {
            let entries = table.entries(self.ink, found.form, &found.alignment);
            (found, entries)
        }))
    }

    /// The page as labels with lines after them.
    fn as_slots(self, lines: &Lines, once: &mut ReadOnce<'_>) -> Result<Found<'f>, ReadError> {
        let ink = self.ink;
        let rows = slots::rows(ink, lines);
        let rows =
            if rows.leaders.len() < FEWEST_SLOTS { slots::rows_without_lines(ink, lines) } else { rows };
        if rows.leaders.len() < FEWEST_SLOTS {
            return Ok(None);
        }
        let mut read = SlotPage::read(self.image, ink, lines, rows, once)?;
        columns::order(&mut read, self.image, ink, self.forms.forms(), once)?;
        let labels = read.labels();
        let mut likeness = Likeness::new(&labels);
        let slots = self.forms.forms().iter().filter(|form| form.layout == Layout::Slots);
        let candidates = slots.map(|form| Candidate { form, alignment: read.align(&mut likeness, form) });
        let Some(mut found) = decide::choose(candidates.collect(), self.cover) else { return Ok(None) };
        let realigned = |read: &SlotPage, form: &Form| {
            let labels = read.labels();
            read.align(&mut Likeness::new(&labels), form)
        };
        if read.part_at_labels(self.image, (ink, lines), (found.form, &found.alignment), once)? {
            found.alignment = realigned(&read, found.form);
        }
        if read.add_hidden_rows(self.image, (ink, lines), (found.form, &found.alignment), once)? {
            found.alignment = realigned(&read, found.form);
            // What was hidden may hold labels as well.
            if read.part_at_labels(self.image, (ink, lines), (found.form, &found.alignment), once)? {
                found.alignment = realigned(&read, found.form);
            }
        }
        let entries = read.entries(ink, found.form, &found.alignment);
        Ok(Some((found, entries)))
    }
}

/// A page with fewer lines to write on is no form of slots.
const FEWEST_SLOTS: usize = 6;

#[cfg(test)]
mod tests;
