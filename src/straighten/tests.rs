//! Small drawn pages: known angles, known perspective, known marks; and pictures that are none.

mod drawing;

use image::{DynamicImage, GrayImage, Luma, RgbImage};
use proptest::prelude::*;

use self::drawing::{Drawing, MARK, place_of_mark};
use super::{Side, halves, inspect, poses, straighten};
use crate::domain::{PageProblem, Point, Projection, ScanImage, UprightPage};

/// A scan of these pixels.
fn scan(pixels: impl Into<DynamicImage>) -> ScanImage {
    ScanImage { pixels: pixels.into(), dots_per_inch: Some(200.0) }
}

/// Checks that the mark is found on the page and leads back to where it was drawn.
fn assert_mark_leads_back(page: &UprightPage, drawing: &Drawing) {
    let drawn = drawing.to_scan.apply(MARK);
    let expected = page.to_scan.inverse().apply(drawn);
    let found = place_of_mark(&page.ink, expected).expect("the mark is on the page");
    let back = page.to_scan.apply(found);
    let off = (back.x - drawn.x).hypot(back.y - drawn.y);
    assert!(off <= 1.5, "the mark leads {off:.2} pixels off");
}

#[test]
fn a_turned_page_is_turned_back() {
    for angle in [-12.0, -3.3, -0.4, 0.0, 0.9, 5.0, 12.0] {
        let drawing = Drawing::turned(angle);
        let page = straighten(&scan(drawing.draw()));
        let found = page.skew.unwrap_or_else(|| panic!("abstained at {angle}")).0;
        assert!((found - angle).abs() <= 0.15, "{angle}: found {found}");
        assert!(page.problems.is_empty(), "{angle}: {:?}", page.problems);
        assert_mark_leads_back(&page, &drawing);
    }
}

#[test]
fn perspective_is_undone() {
    let drawing = Drawing::photographed();
    let page = straighten(&scan(drawing.draw()));
    assert!(page.skew.is_some());
    assert_mark_leads_back(&page, &drawing);
    // Rows of the drawing are rows of the page.
    let row = |y: f64| {
        [100.0, 700.0].map(|x| page.to_scan.inverse().apply(drawing.to_scan.apply(Point { x, y })).y)
    };
    for y in [100.0, 500.0, 900.0] {
        let [left, right] = row(y);
        assert!((left - right).abs() < 2.5, "row {y}: {left:.1} and {right:.1}");
    }
}

#[test]
fn the_desk_becomes_white_and_the_page_is_cut_to_its_sheet() {
    let drawing = Drawing::turned(4.0);
    let page = straighten(&scan(drawing.draw()));
    let (width, height) = (f64::from(page.ink.width()), f64::from(page.ink.height()));
    assert!((width - 800.0).abs() < 90.0 && (height - 1100.0).abs() < 90.0, "{width} x {height}");
    for (x, y) in [(0, 0), (page.ink.width() - 1, 0), (0, page.ink.height() - 1)] {
        assert!(page.ink.get_pixel(x, y).0[0] > 200, "desk at ({x}, {y})");
    }
    let paper = page.ink.get_pixel(page.ink.width() / 2, 30).0[0];
    assert!(paper >= 250, "paper {paper}");
}

#[test]
fn a_sheet_on_a_desk_as_bright_as_itself_is_cut_out_by_its_smoothness() {
    for drawing in [Drawing::turned(4.0), Drawing::photographed()] {
        let page = straighten(&scan(drawing.draw_on_wood()));
        let (width, height) = page.ink.dimensions();
        let cut = (700..870).contains(&width) && (950..1190).contains(&height);
        assert!(cut, "a page of {width} x {height} of a scan of {:?}", drawing.extent);
        let dark = |x: u32| page.ink.get_pixel(x, height / 2).0[0] < 200;
        assert!(!(0..8).any(dark), "the desk is white");
        assert_mark_leads_back(&page, &drawing);
    }
}

#[test]
fn a_page_without_writing_stays_as_it_lies() {
    for value in [0, 128, 255] {
        let page = straighten(&scan(GrayImage::from_pixel(300, 400, Luma([value]))));
        assert_eq!(page.skew, None);
        assert_eq!(page.problems.first(), Some(&PageProblem::SkewUnsure));
        let corner = page.to_scan.apply(Point { x: 10.0, y: 10.0 });
        assert!((corner.x - 10.0).abs() < 0.1 && (corner.y - 10.0).abs() < 0.1);
    }
}

#[test]
fn noise_is_no_writing() {
    let mut state = 7_u32;
    let noise = GrayImage::from_fn(500, 600, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Luma([(state >> 24) as u8])
    });
    assert_eq!(straighten(&scan(noise)).skew, None);
}

#[test]
fn four_poses_lead_back_to_one_scan() {
    let drawing = Drawing::turned(1.5);
    let page = straighten(&scan(drawing.draw()));
    let all: Vec<UprightPage> = poses(page).collect();
    assert_eq!(all.len(), 4);
    all.iter().for_each(|pose| assert_mark_leads_back(pose, &drawing));
    assert!(all[0].ink.height() > all[0].ink.width(), "lines run across on the page as it lies");
    assert_eq!(all[0].ink.dimensions(), all[1].ink.dimensions());
}

#[test]
fn a_page_lying_on_its_side_is_turned_first() {
    let drawing = Drawing::turned(-2.0);
    let page = straighten(&scan(image::imageops::rotate90(&drawing.draw())));
    assert!((page.skew.expect("the angle is seen").0 + 2.0).abs() < 0.15);
    let first = poses(page).next().expect("a first pose");
    assert!(first.ink.height() > first.ink.width());
}

#[test]
fn a_spread_is_cut_at_its_fold() {
    let spread = drawing::spread(812);
    let page = straighten(&scan(spread));
    let [left, right] = halves(&page).expect("the fold is seen");
    let cut = right.to_scan.apply(Point { x: 0.0, y: f64::from(right.ink.height()) / 2.0 }).x;
    assert!((cut - 812.0).abs() < 12.0, "cut at {cut:.0}");
    assert_eq!(left.ink.width() + right.ink.width(), page.ink.width());
}

#[test]
fn a_single_page_is_not_cut() {
    assert!(halves(&straighten(&scan(Drawing::turned(0.5).draw()))).is_none());
}

#[test]
fn inspection_tells_blur_from_sharpness() {
    let sharp = Drawing::enlarged(1.4).draw();
    let seen = inspect(&scan(sharp.clone()));
    assert_eq!((seen.problems.as_slice(), seen.cut_edges.as_slice()), (&[][..], &[][..]));
    let soft = inspect(&scan(imageproc::filter::gaussian_blur_f32(&sharp, 4.0)));
    assert!(soft.blur > 0.6 && seen.blur < 0.3, "sharp {}, soft {}", seen.blur, soft.blur);
    assert!(soft.problems.contains(&PageProblem::Blurred));
}

#[test]
fn writing_cut_by_the_frame_is_told() {
    let drawing = Drawing::turned(0.6).draw();
    let cut = image::imageops::crop_imm(&drawing, 0, 0, 500, drawing.height()).to_image();
    assert_eq!(inspect(&scan(cut)).cut_edges, [Side::Right]);
}

#[test]
fn colour_scans_are_straightened_too() {
    let drawing = Drawing::turned(-1.2);
    let colour = DynamicImage::ImageLuma8(drawing.draw()).to_rgb8();
    let page = straighten(&scan(colour));
    assert!((page.skew.expect("the angle is seen").0 + 1.2).abs() < 0.15);
    assert_mark_leads_back(&page, &drawing);
}

#[test]
fn a_huge_scan_is_brought_down() {
    let drawing = Drawing::enlarged(3.4);
    let page = straighten(&scan(drawing.draw()));
    assert!(f64::from(page.ink.width()) * f64::from(page.ink.height()) < 8.8e6);
    assert!(page.colour.width().max(page.colour.height()) <= 1800);
    assert_mark_leads_back(&page, &drawing);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Any picture of any size goes through, and its map can be undone.
    #[test]
    fn any_picture_goes_through(width in 1_u32..90, height in 1_u32..90, seed: u32, colour: bool) {
        let value = |x: u32, y: u32| (seed.wrapping_mul(x * 31 + y * 17 + 1) >> 13) as u8;
        let pixels: DynamicImage = if colour {
            RgbImage::from_fn(width, height, |x, y| image::Rgb([value(x, y), value(y, x), value(x, x)])).into()
        } else {
            GrayImage::from_fn(width, height, |x, y| Luma([value(x, y)])).into()
        };
        let image = scan(pixels);
        let page = straighten(&image);
        prop_assert!(page.ink.width() > 0 && page.ink.height() > 0 && page.colour.width() > 0);
        prop_assert!(Projection::from_rows(page.to_scan.rows()).is_some());
        let seen = inspect(&image);
        prop_assert!((0.0..=1.0).contains(&seen.blur));
        let _ = halves(&page);
        prop_assert_eq!(poses(page).count(), 4);
    }
}
