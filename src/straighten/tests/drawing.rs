//! Draws a page of ruled lines and letter-like strokes as a scanner or a camera would see it.

use image::{GrayImage, Luma};

use crate::domain::{Point, Projection};

/// The sheet, in pixels of the drawing.
const SHEET: (f64, f64) = (800.0, 1100.0);
/// A square mark in an empty corner of the sheet; its middle.
pub const MARK: Point = Point { x: 740.0, y: 40.0 };
/// Half its side.
const MARK_SIDE: f64 = 5.0;

/// A page and how it lies before the camera.
pub struct Drawing {
    /// From the sheet to the scan.
    pub to_scan: Projection,
    /// Columns and rows of the scan.
    pub extent: (u32, u32),
}

impl Drawing {
    /// A sheet turned by `angle` degrees (positive: lines fall to the right) on a dark desk.
    pub fn turned(angle: f64) -> Self {
        let middle = Projection::translation(-SHEET.0 / 2.0, -SHEET.1 / 2.0);
        let to_scan =
            middle.then(&Projection::rotation_degrees(angle)).then(&Projection::translation(560.0, 670.0));
        Self { to_scan, extent: (1120, 1340) }
    }

    /// The same sheet, hardly turned, `factor` times as large.
    pub fn enlarged(factor: f64) -> Self {
        let small = Self::turned(0.7);
        let scaled = |length: u32| (f64::from(length) * factor) as u32;
        Self {
            to_scan: small.to_scan.then(&Projection::scaling(factor, factor)),
            extent: (scaled(small.extent.0), scaled(small.extent.1)),
        }
    }

    /// The sheet seen from the side.
    pub fn photographed() -> Self {
        let turned = Self::turned(2.0);
        let tilt = Projection::from_rows([[1.0, 0.02, 0.0], [0.0, 1.0, 0.0], [4e-5, 9e-5, 1.0]]);
        Self { to_scan: turned.to_scan.then(&tilt.expect("can be undone")), ..turned }
    }

    /// The scan.
    pub fn draw(&self) -> GrayImage {
        self.draw_on(|_, _| 50.0)
    }

    /// The scan on a desk of wood as bright as the paper: streaks that run on for a hand's breadth.
    pub fn draw_on_wood(&self) -> GrayImage {
        self.draw_on(|x, y| {
            let streak = u64::from(y / 3) * 2_654_435_761 + u64::from(x / 260) * 40_503;
            190.0 + (streak / 97 % 50) as f64
        })
    }

    /// The scan on a desk that is so bright at a column and row.
    fn draw_on(&self, desk: impl Fn(u32, u32) -> f64) -> GrayImage {
        let back = self.to_scan.inverse();
        GrayImage::from_fn(self.extent.0, self.extent.1, |x, y| {
            let quarter = [0.25, 0.75];
            let sum: f64 = quarter
                .iter()
                .flat_map(|dx| quarter.iter().map(move |dy| (dx, dy)))
                .map(|(dx, dy)| back.apply(Point { x: f64::from(x) + dx, y: f64::from(y) + dy }))
                .map(|place| shade(place).unwrap_or_else(|| desk(x, y)))
                .sum();
            Luma([(sum / 4.0) as u8])
        })
    }
}

/// Brightness of a place of the drawing; none beside the sheet.
fn shade(p: Point) -> Option<f64> {
    if !(0.0..SHEET.0).contains(&p.x) || !(0.0..SHEET.1).contains(&p.y) {
        return None;
    }
    let mark = (p.x - MARK.x).abs() < MARK_SIDE && (p.y - MARK.y).abs() < MARK_SIDE;
    let ruled = (60.0..740.0).contains(&p.x) && (100.0..1040.0).contains(&p.y);
    Some(if mark || (ruled && is_ink(p.x - 60.0, p.y - 100.0)) { 40.0 } else { 215.0 })
}

/// Lines 47 rows apart, each with a ruling and letters standing on it.
fn is_ink(x: f64, y: f64) -> bool {
    let (line, above) = ((y / 47.0).floor(), 47.0 - y % 47.0);
    if above < 2.0 {
        return true;
    }
    let letter = (x / 13.0).floor();
    let shape = (letter * 7.0 + line * 13.0) as u32 % 11;
    let (along, tall) = (x % 13.0, if shape.is_multiple_of(3) { 26.0 } else { 17.0 });
    if shape == 4 || letter * 13.0 > 420.0 + 20.0 * f64::from(shape) || !(5.0..tall).contains(&above) {
        return false;
    }
    let stem = along < 3.0;
    let bar = (1.0..9.0).contains(&along)
        && ((above - 6.5).abs() < 1.5 || (above - 15.0).abs() < 1.5 && shape.is_multiple_of(2));
    stem || bar
}

/// Two facing pages with the shadow of a fold at column `fold`.
pub fn spread(fold: u32) -> GrayImage {
    let page = |x: f64, y: f64| {
        (60.0..700.0).contains(&x) && (80.0..900.0).contains(&y) && is_ink(x - 60.0, y - 80.0)
    };
    GrayImage::from_fn(1620, 1000, |x, y| {
        let (column, row, fold) = (f64::from(x), f64::from(y), f64::from(fold));
        let shadow = 70.0 * (-((column - fold) / 22.0).powi(2)).exp();
        let ink = page(column, row) || page(column - fold, row);
        Luma([if ink { 60.0 - shadow / 2.0 } else { 220.0 - shadow } as u8])
    })
}

/// The middle of the dark pixels around `expected`.
pub fn place_of_mark(ink: &GrayImage, expected: Point) -> Option<Point> {
    let (mut sum_x, mut sum_y, mut weight) = (0.0, 0.0, 0.0);
    for (x, y, value) in ink.enumerate_pixels() {
        let (x, y) = (f64::from(x) + 0.5, f64::from(y) + 0.5);
        if (x - expected.x).abs() < 25.0 && (y - expected.y).abs() < 25.0 && value.0[0] < 200 {
            let depth = 255.0 - f64::from(value.0[0]);
            (sum_x, sum_y, weight) = (sum_x + x * depth, sum_y + y * depth, weight + depth);
        }
    }
    (weight > 0.0).then(|| Point { x: sum_x / weight, y: sum_y / weight })
}
