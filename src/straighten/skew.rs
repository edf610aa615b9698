//! The angle of a page, told by witnesses that do not depend on each other: its rulings, the sides of
//! its columns, the edges of its sheet and its writing. Two must agree, or the page stays as it lies.
//! What is ruled or cut straight is heard before what a hand wrote: on registers of which the angle is
//! known, the sides of columns were off by up to 0.14 degrees, edges 0.15, rulings 0.33 and writing
//! 0.84.

use image::GrayImage;

use super::baselines::{Ink, TextAngle};
use super::rulings::{Lines, Ruling};

/// Two witnesses agree when they differ by no more than this, in degrees.
const AGREEMENT: f64 = 0.2;
/// The edges of a sheet are cut by hand or torn; they confirm the writing within this, in degrees.
const EDGE_AGREEMENT: f64 = 0.35;
/// Printed lines that differ from it by more than this, in degrees, speak against an angle the
/// writing shares with another witness.
const CONTRADICTION: f64 = 0.35;
/// Writing whose lines stand out less than this (sharpness at its best angle against the usual) is
/// no witness.
const LEAST_SHARPNESS: f64 = 1.25;
/// Together, rulings must be as long as this many widths of the page.
const LEAST_RULING: f64 = 0.5;
/// Rulings that agree on an angle lie within this of each other, in degrees.
const RULING_SPREAD: f64 = 0.4;
/// No angle beyond this is taken out, in degrees.
const WIDEST: f64 = 15.5;

/// What the witnesses say, in degrees; positive when lines fall to the right.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Witnesses {
    /// Rulings and leaders along the writing.
    pub rulings: Option<f64>,
    /// Rulings across the writing: the sides of columns.
    pub columns: Option<f64>,
    /// The writing.
    pub text: Option<f64>,
    /// The upper and the lower half of the writing, each by itself.
    pub halves: [Option<f64>; 2],
    /// The edges of the sheet.
    pub edges: Option<f64>,
    /// Whether a perspective was undone that made the edges the axes of the page: then they say no
    /// more than that.
    pub edges_are_axes: bool,
}

impl Witnesses {
    /// Hears the witnesses of an evened-out page with these lines, whose sheet lies at the angle
    /// `edges`, or was undone along them.
    pub(super) fn hear(page: &GrayImage, lines: Lines, edges: Option<f64>, edges_are_axes: bool) -> Self {
        let both = Directions::of(page, lines);
        let sideways = both.sideways();
        // Seen with rows and columns exchanged, an angle changes its sign.
        let (seen, other, extent, sign) = if sideways {
            (&both.down, &both.across, (page.height(), page.width()), -1.0)
        } else {
            (&both.across, &both.down, (page.width(), page.height()), 1.0)
        };
        let middle = extent.1 as f32 / 2.0;
        let signed = |angle: Option<f64>| angle.map(|angle| angle * sign);
        let rulings = common_angle(&seen.rulings, f64::from(extent.0));
        let columns = common_angle(&other.rulings, f64::from(extent.1));
        let half = |upper: bool| {
            let part = seen.ink.part(upper, middle);
            said(&part, part.rough_angle())
        };
        // Where rulings speak, the halves need not be asked.
        let halves = if rulings.is_none() { [half(true), half(false)] } else { [None, None] };
        Self {
            rulings: signed(rulings),
            columns: columns.map(|angle| -angle * sign),
            text: signed(said(&seen.ink, seen.text)),
            halves: halves.map(signed),
            edges,
            edges_are_axes,
        }
    }

    /// The angle two of them agree on.
    pub(super) fn agreed(&self) -> Option<f64> {
        let angle = self.straight().or_else(|| self.confirmed_by_writing()).or_else(|| self.without_lines());
        angle.filter(|angle| angle.abs() <= WIDEST)
    }

    /// The angle two of columns, rulings and edges share.
    fn straight(&self) -> Option<f64> {
        self.with_edges(self.columns)
            .or_else(|| middle(self.columns, self.rulings))
            .or_else(|| self.with_edges(self.rulings))
    }

    /// Between an angle and that of the edges; edges that became the axes only confirm.
    fn with_edges(&self, angle: Option<f64>) -> Option<f64> {
        let shared = middle(angle, self.edges);
        if self.edges_are_axes { shared.and(angle) } else { shared }
    }

    /// The angle the writing shares with another witness, unless printed lines speak against it. A
    /// hand may climb, so the figure of printed lines is theirs.
    fn confirmed_by_writing(&self) -> Option<f64> {
        let edges = self.edges.filter(|_| !self.edges_are_axes);
        let angle = middle(self.columns, self.text)
            .and(self.columns)
            .or_else(|| middle(edges, self.text))
            .or_else(|| middle(self.rulings, self.text).and(self.rulings))?;
        let against = |line: f64| (line - angle).abs() > CONTRADICTION;
        let contradicted = [self.columns, self.rulings].into_iter().flatten().any(against);
        (!contradicted).then_some(angle)
    }

    /// The angle of the writing where nothing is ruled and the edges, or its two halves, confirm it.
    fn without_lines(&self) -> Option<f64> {
        let within = if self.edges_are_axes { AGREEMENT } else { EDGE_AGREEMENT };
        let confirmed =
            near(self.text, self.edges, within) || near(self.halves[0], self.halves[1], AGREEMENT);
        self.text.filter(|_| confirmed && self.rulings.is_none() && self.columns.is_none())
    }
}

/// Whether two angles are known and differ by no more than `within`.
fn near(a: Option<f64>, b: Option<f64>, within: f64) -> bool {
    matches!((a, b), (Some(a), Some(b)) if (a - b).abs() <= within)
}

/// Between two angles that agree.
fn middle(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    near(a, b, AGREEMENT).then(|| Some((a? + b?) / 2.0))?
}

/// The angle of some writing, when its lines stand out enough.
fn said(ink: &Ink, rough: Option<TextAngle>) -> Option<f64> {
    let clear = rough.filter(|text| text.sharpness >= LEAST_SHARPNESS)?;
    Some(ink.fine_angle(clear.degrees))
}

/// Whether the lines of writing run down an evened-out page instead of across.
pub(super) fn runs_down(page: &GrayImage) -> bool {
    Directions::of(page, Lines::of(page)).sideways()
}

/// What is seen along the rows of a page, or along its columns.
struct Direction {
    rulings: Vec<Ruling>,
    ink: Ink,
    text: Option<TextAngle>,
}

/// Both directions of a page.
struct Directions {
    across: Direction,
    down: Direction,
    long_side: f64,
}

impl Directions {
    fn of(page: &GrayImage, lines: Lines) -> Self {
        let Lines { across, down } = lines;
        let ink = Ink::of(page, &across, &down);
        let turned = ink.transposed(page.height());
        Self {
            across: Direction { rulings: across, text: ink.rough_angle(), ink },
            down: Direction { rulings: down, text: turned.rough_angle(), ink: turned },
            long_side: f64::from(page.width().max(page.height())),
        }
    }

    /// Weighs how strongly lines of writing stand out and how long the rulings are, either way. In
    /// doubt the writing runs across.
    fn sideways(&self) -> bool {
        let lines = |seen: &Direction| seen.text.map_or(1e-6, |text| text.lines.max(1e-6));
        let length = |seen: &Direction| self.long_side + seen.rulings.iter().map(Ruling::length).sum::<f64>();
        let ratio =
            lines(&self.down) / lines(&self.across) * (length(&self.down) / length(&self.across)).sqrt();
        ratio > 1.3
    }
}

/// The angle most of the length of `lines` lies at, on a page `width` pixels wide; none when they
/// are too short or too scattered.
fn common_angle(lines: &[Ruling], width: f64) -> Option<f64> {
    let weight = |line: &Ruling| line.length().powi(2);
    let mut sorted: Vec<&Ruling> = lines.iter().collect();
    sorted.sort_by(|a, b| a.slope.total_cmp(&b.slope));
    let total: f64 = lines.iter().map(weight).sum();
    let mut passed = 0.0;
    let middle = sorted.iter().find(|line| {
        passed += weight(line);
        passed >= total / 2.0
    })?;
    let agreeing: Vec<&&Ruling> =
        sorted.iter().filter(|line| (line.angle() - middle.angle()).abs() <= RULING_SPREAD).collect();
    let length: f64 = agreeing.iter().map(|line| line.length()).sum();
    let agreed: f64 = agreeing.iter().map(|line| weight(line)).sum();
    if length < LEAST_RULING * width || agreed < 0.5 * total {
        return None;
    }
    Some(agreeing.iter().map(|line| weight(line) * line.angle()).sum::<f64>() / agreed)
}

#[cfg(test)]
mod tests {
    use super::Witnesses;

    #[test]
    fn what_is_straight_is_heard_before_the_writing() {
        let heard =
            Witnesses { rulings: Some(0.5), text: Some(0.66), edges: Some(0.4), ..Witnesses::default() };
        assert_eq!(heard.agreed(), Some(0.45));
        // Edges that became the axes of the page have no say in the figure.
        assert_eq!(Witnesses { edges_are_axes: true, ..heard }.agreed(), Some(0.5));
        // Printed lines speak against the writing and the edges.
        assert_eq!(Witnesses { text: Some(1.5), edges: Some(1.5), ..heard }.agreed(), None);
        // A hand that climbs and one edge do not outweigh both kinds of printed lines.
        let table = Witnesses { columns: Some(0.5), text: Some(-0.4), edges: Some(-0.4), ..heard };
        assert_eq!(table.agreed(), Some(0.5));
    }

    #[test]
    fn writing_confirms_the_sides_of_columns_unless_rulings_speak_against_both() {
        let heard = Witnesses { columns: Some(-1.5), text: Some(-1.375), ..Witnesses::default() };
        assert_eq!(heard.agreed(), Some(-1.5));
        assert_eq!(Witnesses { rulings: Some(-1.0), ..heard }.agreed(), None);
        assert_eq!(Witnesses { text: Some(-1.0), ..heard }.agreed(), None);
    }

    #[test]
    fn edges_made_the_axes_confirm_writing_only_when_near() {
        let heard = Witnesses { text: Some(0.3), edges: Some(0.0), ..Witnesses::default() };
        assert_eq!(heard.agreed(), Some(0.3));
        assert_eq!(Witnesses { edges_are_axes: true, ..heard }.agreed(), None);
    }
}
