//! The sheet of paper against the scanner's lid or the desk.

use image::{GrayImage, RgbImage};

use super::edges::{Edge, edges, edges_of_roughness};
use super::outline::Outline;
use crate::domain::{Point, Projection};

/// Long side, in pixels, of the copy on which the sheet is looked for.
pub(super) const COPY: f64 = 640.0;
/// The share of its own length on which an edge must be seen.
const LEAST_SUPPORT: f64 = 0.6;
/// A step of brightness weaker than this (grey values) may be one of the desk: an edge of roughness further
/// inside than so many pixels counts for more.
const WEAK: f64 = 25.0;
const APART: f64 = 12.0;
/// The share of the picture the sheet must fill.
const LEAST_AREA: f64 = 0.25;
/// How far a corner of a photographed sheet may be from a right angle, in degrees.
const WIDEST_CORNER: f64 = 22.0;
/// Corners nearer to a right angle than this (degrees) are those of a sheet that lay flat.
const FLAT_CORNER: f64 = 0.08;
/// Opposite sides whose lengths differ by less than this share are those of a sheet that lay flat.
const FLAT_SIDES: f64 = 0.002;

/// The four edges of a sheet lie at one angle when each is within this of their mean, in degrees.
const EDGES_AGREE: f64 = 0.5;

/// What is known of the sheet, in pixels of the scan.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    /// The paper: the frame of the scan less what lies beyond the edges that are seen.
    pub outline: Outline,
    /// Its corners (top left, top right, bottom right, bottom left) when all four edges are
    /// convincing.
    pub corners: Option<[Point; 4]>,
    /// How strong the left, top, right and bottom edges are (grey values of the step), those that
    /// are seen.
    pub sides: [Option<f64>; 4],
}

/// Looks for the sheet on a small `copy` of a scan of `width` x `height` pixels.
pub(super) fn find_sheet(copy: &Copy<'_>, width: u32, height: u32) -> Sheet {
    let (width, height) = (f64::from(width), f64::from(height));
    let planes = copy.planes();
    let Some(first) = planes.first() else {
        return Sheet::whole(width, height);
    };
    let (sx, sy) = (width / f64::from(first.width().max(1)), height / f64::from(first.height().max(1)));
    let small = Outline::frame(f64::from(first.width()), f64::from(first.height()));
    let light = seen_whole(edges(&planes), &small);
    let found = if light.iter().all(is_plain) {
        light
    } else {
        each_side(light, seen_whole(edges_of_roughness(&planes), &small))
    };
    let to_scan = Projection::scaling(sx, sy);
    let outline = found.iter().flatten().fold(small.clone(), |rest, edge| rest.cut(edge.from, edge.to));
    if outline.area() < LEAST_AREA * small.area() {
        return Sheet::whole(width, height);
    }
    let corners = corners(&found).filter(|corners| convincing(corners, &small));
    Sheet {
        outline: outline.mapped(&to_scan),
        corners: corners.map(|corners| corners.map(|corner| to_scan.apply(corner))),
        sides: found.map(|edge| edge.map(|edge| edge.strength)),
    }
}

/// The edge of every side: that of brightness, unless it is missing or weak and paper that is smoother than
/// its desk begins further inside.
fn each_side(light: [Option<Edge>; 4], rough: [Option<Edge>; 4]) -> [Option<Edge>; 4] {
    let mut rough = rough.into_iter();
    light.map(|light| match (light, rough.next().flatten()) {
        (Some(light), Some(rough)) if light.strength < WEAK && inwards(&light, &rough) > APART => Some(rough),
        (light, rough) => light.or(rough),
    })
}

/// Whether an edge of brightness is seen and strong enough to stand by itself.
fn is_plain(edge: &Option<Edge>) -> bool {
    edge.as_ref().is_some_and(|edge| edge.strength >= WEAK)
}

/// How far inside of `light` the edge `rough` lies in its middle, in pixels.
fn inwards(light: &Edge, rough: &Edge) -> f64 {
    let middle = Point { x: (rough.from.x + rough.to.x) / 2.0, y: (rough.from.y + rough.to.y) / 2.0 };
    let (dx, dy) = (light.to.x - light.from.x, light.to.y - light.from.y);
    (dx * (middle.y - light.from.y) - dy * (middle.x - light.from.x)) / dx.hypot(dy).max(1e-9)
}

/// The edges that are seen on enough of their own length, between their neighbours.
fn seen_whole(mut found: [Option<Edge>; 4], frame: &Outline) -> [Option<Edge>; 4] {
    for side in 0..4 {
        if let Some(edge) = &found[side]
            && own_support(edge, &found, side, frame) < LEAST_SUPPORT
        {
            found[side] = None;
        }
    }
    found
}

/// The small copy of a scan on which its sheet is looked for.
pub(super) enum Copy<'a> {
    /// A grey scan.
    Grey(&'a GrayImage),
    /// A colour scan.
    Colour(&'a RgbImage),
}

impl Copy<'_> {
    /// Brightness and, for colour, how much warmer than blue a pixel is.
    fn planes(&self) -> Vec<GrayImage> {
        let colour = match self {
            Self::Grey(grey) => return vec![(*grey).clone()],
            Self::Colour(colour) => colour,
        };
        let plane = |of: fn(&[u8]) -> u8| {
            let pixels = colour.as_raw().chunks_exact(3).map(of).collect();
            GrayImage::from_raw(colour.width(), colour.height(), pixels).unwrap_or_default()
        };
        vec![
            plane(|p| ((u16::from(p[0]) + u16::from(p[1])) / 2) as u8),
            plane(|p| (128 + (i16::from(p[0]) - i16::from(p[2])) / 2).clamp(0, 255) as u8),
        ]
    }
}

impl Sheet {
    /// A scan that shows no edge: all of it is sheet.
    fn whole(width: f64, height: f64) -> Self {
        Self { outline: Outline::frame(width, height), corners: None, sides: [None; 4] }
    }

    /// The map from a flat sheet to the scan, when the scan shows the sheet in perspective.
    pub(super) fn perspective(&self) -> Option<Projection> {
        let corners = self.corners?;
        let [top, right, bottom, left] =
            [0, 1, 2, 3].map(|i: usize| distance(corners[i], corners[(i + 1) % 4]));
        let uneven = |a: f64, b: f64| (a - b).abs() / a.max(b) > FLAT_SIDES;
        if !(self.crookedness() > FLAT_CORNER || uneven(top, bottom) || uneven(left, right)) {
            return None;
        }
        let extent = ((top + bottom) / 2.0, (left + right) / 2.0);
        let unit = square_to(&corners)?;
        Some(Projection::scaling(1.0 / extent.0, 1.0 / extent.1).then(&unit))
    }
}

impl Sheet {
    /// The angle of the sheet's edges once `base` is undone: of its top and bottom against the rows,
    /// of its sides against the columns, when they agree.
    pub(super) fn edge_angle(&self, base: &Projection) -> Option<f64> {
        let back = base.inverse();
        let corners = self.corners?.map(|corner| back.apply(corner));
        let way = |a: usize, b: usize| (corners[b].x - corners[a].x, corners[b].y - corners[a].y);
        let across = [way(0, 1), way(3, 2)].map(|(x, y)| y.atan2(x).to_degrees());
        let down = [way(0, 3), way(1, 2)].map(|(x, y)| (-x).atan2(y).to_degrees());
        let all = [across[0], across[1], down[0], down[1]];
        let mean = all.iter().sum::<f64>() / 4.0;
        all.iter().all(|angle| (angle - mean).abs() < EDGES_AGREE).then_some(mean)
    }

    /// How far the corner that is furthest from a right angle is from it, in degrees; 0 when no
    /// corners are known.
    pub(super) fn crookedness(&self) -> f64 {
        let Some(corners) = self.corners else { return 0.0 };
        (0..4).map(|i| (corner_angle(&corners, i) - 90.0).abs()).fold(0.0, f64::max)
    }
}

/// The share of the edge on `side`, between its neighbours, on which it is seen.
fn own_support(edge: &Edge, all: &[Option<Edge>; 4], side: usize, frame: &Outline) -> f64 {
    let others = all.iter().enumerate().filter(|(other, _)| *other != side);
    let rest =
        others.filter_map(|(_, edge)| edge.as_ref()).fold(frame.clone(), |rest, e| rest.cut(e.from, e.to));
    let (dx, dy) = (edge.to.x - edge.from.x, edge.to.y - edge.from.y);
    let along = |p: &Point| ((p.x - edge.from.x) * dx + (p.y - edge.from.y) * dy) / dx.hypot(dy).max(1e-9);
    // The part of the edge inside: cut the rest by the edge and take the corners that lie on it.
    let inside = rest.cut(edge.from, edge.to);
    let on_edge = inside.corners().iter().filter(|p| off_line(edge, p) < 0.5).map(along);
    let (low, high) = on_edge.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    if high <= low {
        return 0.0;
    }
    let at = |way: f64| Point {
        x: edge.from.x + dx * way / dx.hypot(dy),
        y: edge.from.y + dy * way / dx.hypot(dy),
    };
    edge.support(at(low), at(high))
}

/// The distance of `p` from the line of `edge`.
fn off_line(edge: &Edge, p: &Point) -> f64 {
    let (dx, dy) = (edge.to.x - edge.from.x, edge.to.y - edge.from.y);
    (dx * (p.y - edge.from.y) - dy * (p.x - edge.from.x)).abs() / dx.hypot(dy).max(1e-9)
}

/// Where the four edges meet: top left, top right, bottom right, bottom left.
fn corners(edges: &[Option<Edge>; 4]) -> Option<[Point; 4]> {
    let [Some(left), Some(top), Some(right), Some(bottom)] = edges else {
        return None;
    };
    Some([meeting(left, top)?, meeting(top, right)?, meeting(right, bottom)?, meeting(bottom, left)?])
}

/// Where two lines meet.
fn meeting(a: &Edge, b: &Edge) -> Option<Point> {
    let (ax, ay) = (a.to.x - a.from.x, a.to.y - a.from.y);
    let (bx, by) = (b.to.x - b.from.x, b.to.y - b.from.y);
    let cross = ax * by - ay * bx;
    if cross.abs() < 1e-9 {
        return None;
    }
    let t = ((b.from.x - a.from.x) * by - (b.from.y - a.from.y) * bx) / cross;
    Some(Point { x: a.from.x + t * ax, y: a.from.y + t * ay })
}

/// Whether four corners are those of a sheet: inside the frame or hardly beyond, no corner far
/// from a right angle.
fn convincing(corners: &[Point; 4], frame: &Outline) -> bool {
    let (_, far) = frame.extremes();
    let near = |value: f64, limit: f64| value >= -0.05 * limit && value <= 1.05 * limit;
    corners.iter().all(|p| near(p.x, far.x) && near(p.y, far.y))
        && (0..4).all(|i| (corner_angle(corners, i) - 90.0).abs() <= WIDEST_CORNER)
}

/// The angle at corner `i` in degrees.
fn corner_angle(corners: &[Point; 4], i: usize) -> f64 {
    let (here, next, last) = (corners[i], corners[(i + 1) % 4], corners[(i + 3) % 4]);
    let (ax, ay, bx, by) = (next.x - here.x, next.y - here.y, last.x - here.x, last.y - here.y);
    (ax * by - ay * bx).atan2(ax * bx + ay * by).to_degrees()
}

/// The distance between two points.
fn distance(a: Point, b: Point) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}

/// The projection of the unit square onto four corners (Heckbert, Fundamentals of Texture Mapping
/// and Image Warping, 1989, section 2.2.3).
fn square_to(corners: &[Point; 4]) -> Option<Projection> {
    let [a, b, c, d] = *corners;
    let (dx1, dy1, dx2, dy2) = (b.x - c.x, b.y - c.y, d.x - c.x, d.y - c.y);
    let (sx, sy) = (a.x - b.x + c.x - d.x, a.y - b.y + c.y - d.y);
    let base = dx1 * dy2 - dx2 * dy1;
    if base.abs() < 1e-9 {
        return None;
    }
    let (g, h) = ((sx * dy2 - dx2 * sy) / base, (dx1 * sy - sx * dy1) / base);
    Projection::from_rows([
        [b.x - a.x + g * b.x, d.x - a.x + h * d.x, a.x],
        [b.y - a.y + g * b.y, d.y - a.y + h * d.y, a.y],
        [g, h, 1.0],
    ])
}
