//! `read_entry` on small drawn pages, with a recogniser that only says what it was shown.

use image::{GrayImage, Luma, RgbImage};
use imageproc::drawing::{draw_filled_rect_mut, draw_line_segment_mut};
use imageproc::rect::Rect;

use super::read_entry;
use crate::domain::{
    Confidence, EngineVersion, FieldType, LocatedEntry, LocatedField, Projection, ReadError, ReadRequest,
    Reading, Recognizer, Rectangle, Region, SecondReading, UprightPage,
};

/// Keeps the pictures it is shown and reads each as its number.
#[derive(Default)]
struct Fake {
    shown: Vec<GrayImage>,
}

impl Recognizer for Fake {
    fn version(&self) -> EngineVersion {
        EngineVersion("fake".to_owned())
    }

    fn read(&mut self, request: ReadRequest<'_>) -> Result<Reading, ReadError> {
        self.shown.push(request.image.clone());
        Ok(Reading {
            text: self.shown.len().to_string(),
            confidence: Confidence::FULL,
            characters: Vec::new(),
            alternatives: Vec::new(),
            engine: self.version(),
            second: SecondReading::None,
        })
    }
}

/// White paper of 800 x 2376 pixels: 8 pixels a millimetre.
fn paper() -> UprightPage {
    UprightPage {
        ink: GrayImage::from_pixel(800, 2376, Luma([250])),
        colour: RgbImage::new(1, 1),
        to_scan: Projection::identity(),
        skew: None,
        problems: Vec::new(),
    }
}

fn stroke(page: &mut UprightPage, left: i32, top: i32, width: u32, height: u32) {
    draw_filled_rect_mut(&mut page.ink, Rect::at(left, top).of_size(width, height), Luma([30]));
}

/// Letters as boxes with a stem, 24 pixels tall, standing on row `baseline`.
fn word(page: &mut UprightPage, left: i32, baseline: i32, letters: i32) {
    for letter in 0..letters {
        let x = left + 20 * letter;
        stroke(page, x, baseline - 24, 4, 24);
        stroke(page, x, baseline - 24, 14, 4);
        stroke(page, x + 10, baseline - 24, 4, 24);
    }
}

fn dots(page: &mut UprightPage, row: i32, columns: std::ops::Range<i32>) {
    columns.step_by(9).for_each(|x| stroke(page, x, row, 3, 3));
}

fn entry(areas: &[Rectangle], cell: bool) -> LocatedEntry {
    let regions = areas.iter().map(|area| Region { area: *area, leader: None }).collect();
    let names = vec!["child.name".into()];
    let (types, wordings) = (vec![FieldType::PersonName], Vec::new());
    let field = LocatedField { names, types, regions, cell, wordings, label: Confidence::FULL };
    let area = Rectangle::new(0, 0, 800, 1200);
    LocatedEntry { number: 1, area, fields: vec![field], labels: Vec::new() }
}

fn read(page: &UprightPage, areas: &[Rectangle], cell: bool) -> (crate::domain::FieldReading, Fake) {
    let mut fake = Fake::default();
    let mut readings = read_entry(page, &entry(areas, cell), &mut fake).unwrap();
    (readings.remove(0), fake)
}

#[test]
fn a_pale_mark_of_a_letter_is_read_with_it_and_other_pale_ink_is_not() {
    let mut page = paper();
    word(&mut page, 100, 400, 6);
    // Darker than the paper by 0.4 of what the ink is: a dot over a letter, a stroke that shines through.
    for (left, top, width, height) in [(124, 366, 5, 5), (300, 376, 4, 24)] {
        draw_filled_rect_mut(&mut page.ink, Rect::at(left, top).of_size(width, height), Luma([162]));
    }
    let (reading, _) = read(&page, &[Rectangle::new(80, 340, 500, 420)], true);
    assert_eq!(reading.lines.len(), 1);
    let ink = reading.lines[0].ink;
    assert!((365..=368).contains(&ink.top) && ink.right < 220, "{ink:?}");
}

#[test]
fn worn_type_between_dark_rulings_is_read_and_what_shines_through_alone_is_not() {
    for (letters, read_lines) in [(6, 1), (0, 0)] {
        let mut page = paper();
        word(&mut page, 120, 400, letters);
        // Type 0.36 as dark as the rulings, as on the page it was found on.
        page.ink.pixels_mut().filter(|pixel| pixel.0[0] < 200).for_each(|pixel| pixel.0[0] = 181);
        draw_filled_rect_mut(&mut page.ink, Rect::at(300, 380).of_size(4, 24), Luma([181]));
        for (left, top, width, height) in [(80, 340, 460, 4), (80, 440, 460, 4), (80, 340, 4, 104)] {
            stroke(&mut page, left, top, width, height);
        }
        let (reading, _) = read(&page, &[Rectangle::new(82, 342, 540, 442)], true);
        assert_eq!(reading.lines.len(), read_lines, "{reading:?}");
        assert_eq!(reading.blank.get() > 0.9, read_lines == 0, "{:?}", reading.blank);
    }
}

#[test]
fn an_empty_slot_with_its_leader_is_blank_and_not_read() {
    for solid in [false, true] {
        let mut page = paper();
        if solid {
            stroke(&mut page, 100, 140, 500, 2)
        } else {
            dots(&mut page, 140, 100..600)
        }
        let (reading, fake) = read(&page, &[Rectangle::new(100, 90, 600, 150)], false);
        assert!(reading.blank.get() > 0.95, "{:?}", reading.blank);
        assert!(reading.lines.is_empty() && fake.shown.is_empty());
    }
}

#[test]
fn a_slot_under_another_label_is_not_surely_blank() {
    let mut entry = entry(&[Rectangle::new(100, 90, 600, 150)], false);
    entry.fields[0].label = Confidence::clamped(0.4);
    let blank = read_entry(&paper(), &entry, &mut Fake::default()).unwrap()[0].blank;
    assert!((blank.get() - 0.7).abs() < 1e-6, "{blank:?}");
}

#[test]
fn a_thin_one_is_writing() {
    let mut page = paper();
    dots(&mut page, 140, 100..600);
    stroke(&mut page, 300, 110, 3, 26);
    let (reading, _) = read(&page, &[Rectangle::new(100, 90, 600, 150)], false);
    assert!(reading.blank.get() < 0.1, "{:?}", reading.blank);
    assert_eq!(reading.lines[0].ink, Rectangle::new(300, 110, 303, 136));
}

#[test]
fn a_mark_below_a_letter_is_not_taken_for_a_dot_of_the_leader() {
    let mut page = paper();
    dots(&mut page, 140, 100..600);
    word(&mut page, 150, 134, 4);
    stroke(&mut page, 154, 138, 7, 7);
    let (reading, _) = read(&page, &[Rectangle::new(100, 90, 600, 150)], false);
    assert_eq!(reading.lines[0].ink, Rectangle::new(150, 110, 224, 145));
}

#[test]
fn a_dot_grown_together_with_a_letter_is_cut_off() {
    let mut page = paper();
    dots(&mut page, 140, 100..600);
    word(&mut page, 150, 141, 4);
    let (reading, _) = read(&page, &[Rectangle::new(100, 90, 600, 150)], false);
    let ink = reading.lines[0].ink;
    assert_eq!((ink.left, ink.right, ink.top), (150, 224, 117));
    assert!((139..=141).contains(&ink.bottom), "{ink:?}");
}

#[test]
fn what_shines_through_from_the_back_is_no_writing() {
    let mut page = paper();
    word(&mut page, 150, 300, 20);
    draw_filled_rect_mut(&mut page.ink, Rect::at(200, 110).of_size(60, 26), Luma([190]));
    let (reading, fake) = read(&page, &[Rectangle::new(100, 90, 600, 150)], false);
    assert!(reading.blank.get() > 0.95 && fake.shown.is_empty(), "{:?}", reading.blank);
}

#[test]
fn the_box_is_that_of_the_writing_and_not_of_the_leader() {
    for solid in [false, true] {
        let mut page = paper();
        if solid {
            stroke(&mut page, 100, 140, 500, 2)
        } else {
            dots(&mut page, 140, 100..600)
        }
        word(&mut page, 150, 136, 8);
        let (reading, _) = read(&page, &[Rectangle::new(100, 90, 600, 150)], false);
        assert_eq!(reading.lines.len(), 1);
        assert_eq!(reading.lines[0].ink, Rectangle::new(150, 112, 304, 136), "solid {solid}");
    }
}

#[test]
fn a_stroke_that_crosses_the_line_is_not_cut() {
    let mut page = paper();
    stroke(&mut page, 100, 140, 500, 2);
    stroke(&mut page, 200, 116, 4, 40);
    let (reading, fake) = read(&page, &[Rectangle::new(100, 90, 600, 150)], false);
    assert_eq!(reading.lines[0].ink, Rectangle::new(200, 116, 204, 156));
    let picture = &fake.shown[0];
    let middle = picture.width() / 2;
    let column: Vec<bool> = (0..picture.height()).map(|y| picture.get_pixel(middle, y).0[0] < 128).collect();
    let changes = column.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert_eq!(changes, 2, "one unbroken stroke");
}

#[test]
fn writing_of_the_neighbouring_lines_stays_out() {
    let mut page = paper();
    word(&mut page, 150, 76, 8);
    stroke(&mut page, 170, 60, 4, 40);
    word(&mut page, 150, 136, 5);
    word(&mut page, 150, 196, 8);
    let (reading, _) = read(&page, &[Rectangle::new(100, 90, 600, 150)], false);
    let boxes: Vec<Rectangle> = reading.lines.iter().map(|line| line.ink).collect();
    assert_eq!(boxes, [Rectangle::new(150, 112, 244, 136)]);
}

#[test]
fn lines_of_a_cell_are_cut_apart_in_order_without_its_borders() {
    let mut page = paper();
    for row in [100, 300] {
        stroke(&mut page, 90, row, 320, 3);
    }
    for column in [100, 400] {
        stroke(&mut page, column, 90, 3, 220);
    }
    for baseline in [160, 210, 260] {
        word(&mut page, 140, baseline, 6);
    }
    let (reading, _) = read(&page, &[Rectangle::new(102, 102, 402, 302)], true);
    let tops: Vec<i32> = reading.lines.iter().map(|line| line.ink.top).collect();
    assert_eq!(tops, [136, 186, 236]);
    assert!(reading.lines.iter().all(|line| line.ink.width() == 114));
    let texts: Vec<&str> = reading.lines.iter().map(|line| line.reading.text.as_str()).collect();
    assert_eq!(texts, ["1", "2", "3"]);
}

#[test]
fn a_dash_at_the_end_of_a_line_stays_in_its_line() {
    let mut page = paper();
    word(&mut page, 140, 160, 6);
    stroke(&mut page, 280, 147, 12, 3);
    word(&mut page, 140, 210, 6);
    let (reading, _) = read(&page, &[Rectangle::new(102, 110, 402, 240)], true);
    assert_eq!(reading.lines[0].ink.right, 292);
    assert_eq!(reading.lines[1].ink, Rectangle::new(140, 186, 254, 210));
}

#[test]
fn continuation_regions_follow_on() {
    let mut page = paper();
    word(&mut page, 300, 136, 5);
    word(&mut page, 100, 196, 5);
    let areas = [Rectangle::new(250, 95, 600, 150), Rectangle::new(80, 155, 600, 210)];
    let (reading, _) = read(&page, &areas, false);
    let lefts: Vec<i32> = reading.lines.iter().map(|line| line.ink.left).collect();
    assert_eq!(lefts, [300, 100]);
    assert_eq!(reading.place, Rectangle::new(80, 95, 600, 210));
}

#[test]
fn no_region_is_too_odd() {
    let mut page = paper();
    draw_line_segment_mut(&mut page.ink, (0.0, 0.0), (799.0, 2300.0), Luma([0]));
    word(&mut page, 0, 24, 39);
    for area in [
        Rectangle::new(0, 0, 1, 1),
        Rectangle::new(5, 5, 5, 90),
        Rectangle::new(90, 90, 10, 10),
        Rectangle::new(-500, -500, -10, -10),
        Rectangle::new(-50, -50, 3, 3),
        Rectangle::new(790, 2370, 5000, 5000),
        Rectangle::new(i32::MIN / 2, 0, i32::MAX / 2, 2),
        Rectangle::new(0, 0, 800, 2376),
        Rectangle::new(10, 0, 11, 2376),
    ] {
        let (reading, _) = read(&page, &[area], true);
        assert_eq!(reading.fields.len(), 1, "{area:?}");
    }
    let (reading, _) = read(&page, &[], false);
    assert!(reading.lines.is_empty());
}

#[test]
fn a_word_struck_through_is_read_apart_from_the_word_beside_it() {
    let mut page = paper();
    for left in [100, 220] {
        (0..5).for_each(|letter| stroke(&mut page, left + 16 * letter, 376, 10, 24));
    }
    stroke(&mut page, 92, 387, 92, 3);
    let (reading, fake) = read(&page, &[Rectangle::new(80, 340, 500, 420)], true);
    assert_eq!((reading.lines.len(), fake.shown.len()), (1, 2));
    let line = &reading.lines[0];
    assert_eq!((line.struck.as_slice(), line.reading.text.as_str()), (["1".to_owned()].as_slice(), "2"));
    assert!((218..=222).contains(&line.ink.left), "{:?}", line.ink);

    stroke(&mut page, 212, 387, 92, 3);
    let (reading, _) = read(&page, &[Rectangle::new(80, 340, 500, 420)], true);
    assert_eq!((reading.lines.len(), reading.lines[0].reading.text.as_str()), (1, ""));
    assert_eq!(reading.lines[0].struck.len(), 2);
}
