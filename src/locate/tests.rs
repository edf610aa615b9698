//! Pages drawn on a small sheet.

mod sheet;

use image::{GrayImage, Luma};

use self::sheet::Sheet;
use crate::domain::{LocatedEntry, NotAForm, PageContent, Rectangle};

const BIRTH: &str = r#"
id = "birth-1"
kind = "birth"
from = 1950
to = 1960
layout = "slots"
slot = [
    { fields = ["entry.number"], labels = ["Số"] },
    { fields = ["registration.date"], labels = ["Ngày đăng ký"] },
    { fields = ["child.name"], labels = ["Họ tên"] },
    { fields = ["child.sex"], labels = ["Nam, nữ"] },
    { fields = ["child.birth_place"], labels = ["Nơi sinh"] },
    { fields = ["mother.residence"], labels = ["Nơi cư trú"] },
    { fields = ["notes"], labels = ["Ghi chú"] },
]
"#;

const MARRIAGE: &str = r#"
id = "marriage-1"
kind = "marriage"
from = 1950
to = 1960
layout = "slots"
section = [{ id = "husband", headings = ["Chồng"] }, { id = "wife", headings = ["Vợ"] }]
slot = [
    { fields = ["entry.number"], labels = ["Số"] },
    { fields = ["husband.name"], labels = ["Họ tên"], section = "husband" },
    { fields = ["husband.birth_date"], labels = ["Ngày sinh"], section = "husband" },
    { fields = ["husband.ethnicity"], labels = ["Dân tộc"], section = "husband" },
    { fields = ["wife.name"], labels = ["Họ tên"], section = "wife" },
    { fields = ["wife.birth_date"], labels = ["Ngày sinh"], section = "wife" },
    { fields = ["wife.ethnicity"], labels = ["Dân tộc"], section = "wife" },
    { fields = ["notes"], labels = ["Ghi chú"] },
]
"#;

/// Draws one boxed birth entry from `top`; the places of the writing when it is filled in.
fn birth(sheet: &mut Sheet, top: i32, dotted: bool, filled: bool) -> Vec<(&'static str, Rectangle)> {
    sheet.slot(60, top, "Số", 240, dotted);
    sheet.slot(260, top, "Ngày đăng ký", 760, dotted);
    sheet.slot(60, top + 40, "Họ tên", 520, dotted);
    sheet.slot(540, top + 40, "Nam, nữ", 760, dotted);
    sheet.slot(60, top + 80, "Nơi sinh", 760, dotted);
    sheet.slot(60, top + 120, "Nơi cư trú", 760, dotted);
    sheet.leader(60, top + 160, 760, dotted);
    sheet.slot(60, top + 200, "Ghi chú", 760, dotted);
    let places = [
        ("entry.number", 110, top),
        ("child.name", 160, top + 40),
        ("child.sex", 610, top + 40),
        ("mother.residence", 180, top + 120),
        ("mother.residence", 90, top + 160),
    ];
    let written = places.into_iter().filter(|_| filled);
    written.map(|(name, x, line)| (name, sheet.write(x, line))).collect()
}

fn assert_inside(entry: &LocatedEntry, written: &[(&str, Rectangle)]) {
    for (name, place) in written {
        let field = entry.fields.iter().find(|f| f.names[0].as_str() == *name).unwrap();
        let around = |area: Rectangle| area.intersection(place) == *place;
        let found = field.regions.iter().any(|region| around(region.area));
        assert!(found, "{name} at {place:?} is not within {:?}", field.regions);
    }
}

#[test]
fn slots_are_found_by_their_labels_with_solid_and_dotted_lines() {
    for dotted in [false, true] {
        let mut sheet = Sheet::standing();
        let written = birth(&mut sheet, 120, dotted, true);
        let entries = sheet.entries(&[BIRTH, MARRIAGE]);
        assert_eq!(entries.len(), 1, "dotted: {dotted}");
        assert_eq!(entries[0].fields.len(), 7, "dotted: {dotted}");
        assert_inside(&entries[0], &written);
    }
}

#[test]
fn a_row_whose_line_is_hidden_is_found_by_its_label() {
    let mut sheet = Sheet::standing();
    let names = ["Số", "Ngày đăng ký", "Họ tên", "Nam, nữ", "Nơi sinh", "Nơi cư trú", "Ghi chú"];
    for (line, name) in (120..).step_by(40).zip(names) {
        if name != "Họ tên" {
            sheet.slot(60, line, name, 760, true);
        }
    }
    let begin = sheet.label(60, 200, "Họ tên");
    let name = sheet.write(begin + 8, 200);
    let number = sheet.write(120, 120);
    let entries = sheet.entries(&[BIRTH]);
    assert_eq!(entries[0].fields.len(), 7);
    assert_inside(&entries[0], &[("child.name", name), ("entry.number", number)]);
}

#[test]
fn a_number_whose_short_label_is_misread_is_known_by_its_place() {
    let mut sheet = Sheet::standing();
    birth(&mut sheet, 120, false, true);
    // One letter that is no word, in the place of the label.
    sheet.erase([56, 100, 80, 118]);
    sheet.fill([64, 105, 69, 116]);
    let number = Rectangle::new(110, 101, 154, 117);
    let entries = sheet.entries(&[BIRTH]);
    assert_eq!(entries[0].fields.len(), 7);
    assert_inside(&entries[0], &[("entry.number", number)]);
}

#[test]
fn the_first_label_of_a_row_is_found_where_its_line_is_hidden() {
    let mut sheet = Sheet::standing();
    birth(&mut sheet, 120, false, true);
    sheet.erase([50, 136, 530, 170]);
    let begin = sheet.label(60, 160, "Họ tên");
    let name = sheet.write(begin + 8, 160);
    let entries = sheet.entries(&[BIRTH]);
    assert_eq!(entries[0].fields.len(), 7);
    assert_inside(&entries[0], &[("child.name", name)]);
}

#[test]
fn a_value_that_hides_the_beginning_of_its_line_follows_the_colon() {
    let mut sheet = Sheet::standing();
    birth(&mut sheet, 120, false, true);
    sheet.erase([50, 176, 800, 210]);
    let begin = sheet.label(60, 200, "Nơi sinh");
    for top in [188, 194] {
        sheet.fill([begin + 3, top, begin + 5, top + 2]);
    }
    let first = sheet.write(begin + 16, 200);
    let last = (1..4).map(|n| sheet.write(begin + 16 + 48 * n, 200)).last().unwrap();
    sheet.leader(last.right + 4, 200, 760, false);
    let place = first.union(&last);
    assert!(place.width() > 40 * 4);
    assert_inside(&sheet.entries(&[BIRTH])[0], &[("child.birth_place", place)]);
}

#[test]
fn a_value_goes_on_over_a_break_of_its_line() {
    let mut sheet = Sheet::standing();
    birth(&mut sheet, 120, false, false);
    sheet.erase([50, 176, 800, 210]);
    let begin = sheet.label(60, 200, "Nơi sinh");
    sheet.leader(begin + 6, 200, begin + 70, false);
    let first = sheet.write(begin + 26, 200);
    // Words that no label of the form is like, and the rest of the line.
    let words = sheet.label(begin + 74, 200, "Dân tộc");
    sheet.leader(words + 6, 200, 760, false);
    sheet.write(160, 160);
    let place = first.union(&Rectangle::new(begin + 74, 185, words - 3, 196));
    assert_inside(&sheet.entries(&[BIRTH])[0], &[("child.birth_place", place)]);
}

#[test]
fn a_line_without_a_label_continues_the_field_above() {
    let mut sheet = Sheet::standing();
    birth(&mut sheet, 120, true, true);
    let entries = sheet.entries(&[BIRTH]);
    let parts = |name: &str| {
        let field = entries[0].fields.iter().find(|f| f.names[0].as_str() == name);
        field.unwrap().regions.len()
    };
    assert_eq!((parts("mother.residence"), parts("notes")), (2, 1));
}

#[test]
fn each_filled_box_is_an_entry_and_an_empty_one_is_none() {
    let mut sheet = Sheet::standing();
    let first = birth(&mut sheet, 100, false, true);
    sheet.fill([30, 330, 810, 332]);
    let second = birth(&mut sheet, 400, false, true);
    sheet.fill([30, 630, 810, 632]);
    birth(&mut sheet, 700, false, false);
    let entries = sheet.entries(&[BIRTH, MARRIAGE]);
    assert_eq!(entries.iter().map(|entry| entry.number).collect::<Vec<_>>(), [1, 2]);
    assert_inside(&entries[0], &first);
    assert_inside(&entries[1], &second);
}

#[test]
fn halves_side_by_side_are_read_one_after_the_other() {
    let mut sheet = Sheet::standing();
    sheet.slot(60, 120, "Số", 760, true);
    sheet.fill([50, 150, 780, 152]);
    sheet.fill([418, 150, 420, 320]);
    for (n, word) in ["Họ tên", "Ngày sinh", "Dân tộc"].into_iter().enumerate() {
        let line = 200 + 40 * n as i32;
        sheet.slot(60, line, word, 400, true);
        sheet.slot(440, line, word, 760, true);
    }
    sheet.fill([50, 320, 780, 322]);
    sheet.slot(60, 360, "Ghi chú", 760, true);
    let written = [
        ("entry.number", sheet.write(120, 120)),
        ("husband.name", sheet.write(150, 200)),
        ("wife.name", sheet.write(530, 200)),
        ("wife.ethnicity", sheet.write(500, 280)),
    ];
    let entries = sheet.entries(&[MARRIAGE, BIRTH]);
    assert_eq!(entries.len(), 1);
    assert_inside(&entries[0], &written);
}

const TABLE: &str = r#"
id = "birth-table-1"
kind = "birth"
from = 1950
to = 1960
layout = "table"
slot = [
    { fields = ["entry.number"], labels = ["Số"] },
    { fields = ["registration.date"], labels = ["Ngày đăng ký"] },
    { fields = ["father.name", "father.occupation"], labels = ["Họ tên"] },
    { fields = ["child.sex"], labels = ["Nam, nữ"] },
    { fields = ["child.birth_place"], labels = ["Nơi sinh"] },
    { fields = ["notes"], labels = ["Ghi chú"] },
]
"#;

/// A table of six columns and four rows below its head; some are written in.
fn table(filled: &[i32]) -> Sheet {
    let mut sheet = Sheet::lying();
    let columns = [100, 220, 480, 760, 980, 1260, 1560];
    columns.into_iter().for_each(|x| sheet.fill([x, 200, x + 2, 702]));
    let words = ["Số", "Ngày đăng ký", "Họ tên", "Nam, nữ", "Nơi sinh", "Ghi chú"];
    for (x, word) in columns.into_iter().zip(words) {
        sheet.label(x + 20, 250, word);
    }
    (0..6).for_each(|n| sheet.fill([100, 200 + 100 * n, 1562, 202 + 100 * n]));
    for row in filled {
        for x in &columns[..5] {
            sheet.write(x + 30, 360 + 100 * row);
        }
    }
    sheet
}

#[test]
fn rows_of_a_table_that_are_written_in_are_entries() {
    let entries = table(&[0, 1, 2]).entries(&[TABLE, BIRTH]);
    assert_eq!(entries.len(), 3);
    let parents = &entries[1].fields[2];
    assert!(parents.cell && parents.names.len() == 2 && parents.types.len() == 2);
    let area = parents.regions[0].area;
    let cell = Rectangle::new(482, 402, 760, 500);
    assert!(area.intersection_over_union(&cell) > 0.9, "{area:?}");
}

#[test]
fn writing_that_stands_on_the_rulings_is_whole_in_its_cell() {
    let mut sheet = table(&[]);
    let columns = [130, 250, 510, 790, 1010];
    let written: Vec<[Rectangle; 5]> =
        (0..4).map(|row| columns.map(|x| sheet.write(x, 311 + 100 * row))).collect();
    let entries = sheet.entries(&[TABLE, BIRTH]);
    assert_eq!(entries.len(), 4);
    for (entry, written) in entries.iter().zip(written) {
        let parents = entry.fields.iter().find(|field| field.names.len() == 2).unwrap();
        let area = parents.regions[0].area;
        assert_eq!(area.intersection(&written[2]), written[2], "{area:?}");
    }
}

#[test]
fn a_low_row_of_small_numbers_under_the_head_is_no_entry() {
    let mut sheet = table(&[0, 1]);
    sheet.fill([100, 330, 1562, 332]);
    // Not every number of the columns is dark enough to be seen.
    for x in [100, 220, 480, 760] {
        sheet.fill([x + 40, 310, x + 43, 322]);
    }
    let entries = sheet.entries(&[TABLE, BIRTH]);
    assert_eq!(entries.len(), 2);
    assert!(entries[0].area.top >= 330, "{:?}", entries[0].area);
}

#[test]
fn a_table_whose_last_rulings_are_faint_has_its_last_rows() {
    let mut sheet = table(&[0, 1, 2, 3]);
    for y in [602, 702] {
        let faint = |x: u32, sheet: &mut Sheet| {
            (y - 2..y).for_each(|y| sheet.0.put_pixel(x, y, Luma([255])));
            sheet.0.put_pixel(x, y - 1, Luma([234]));
        };
        (102..1560_u32).for_each(|x| faint(x, &mut sheet));
        [220, 480, 760, 980, 1260].into_iter().for_each(|x| sheet.fill([x, 690, x + 2, 702]));
    }
    let entries = sheet.entries(&[TABLE, BIRTH]);
    assert_eq!(entries.len(), 4);
    let last = entries[3].area;
    assert!((595..=612).contains(&last.top) && (690..=706).contains(&last.bottom), "{last:?}");
}

#[test]
fn a_form_without_writing_has_no_entries() {
    let mut sheet = Sheet::standing();
    birth(&mut sheet, 120, false, false);
    assert_eq!(sheet.content(&[BIRTH]), PageContent::Other(NotAForm::NoEntries));
    assert_eq!(table(&[]).content(&[TABLE]), PageContent::Other(NotAForm::NoEntries));
}

#[test]
fn blank_pages_and_noise_are_no_forms() {
    let mut sheet = Sheet::standing();
    assert_eq!(sheet.content(&[BIRTH]), PageContent::Other(NotAForm::BlankPage));
    let mut seed = 7_u32;
    for _ in 0..4000 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (x, y) = ((seed >> 8) % 820, (seed >> 18) % 1170);
        sheet.fill([x as i32, y as i32, x as i32 + 1 + (seed % 5) as i32, y as i32 + 2]);
    }
    assert_eq!(sheet.content(&[BIRTH, TABLE]), PageContent::Other(NotAForm::UnknownForm));
}

#[test]
fn other_labels_in_the_same_places_are_another_form() {
    let mut sheet = Sheet::standing();
    for n in 0..8 {
        sheet.slot(60, 120 + 40 * n, "Dân tộc", 760, false);
        sheet.write(200, 120 + 40 * n);
    }
    assert_eq!(sheet.content(&[BIRTH]), PageContent::Other(NotAForm::UnknownForm));
}

#[test]
fn pages_of_one_pixel_or_none_are_blank() {
    for size in [0, 1, 3] {
        let sheet = Sheet(GrayImage::from_pixel(size, size, Luma([0])));
        assert!(matches!(sheet.content(&[BIRTH]), PageContent::Other(_)), "{size}");
    }
}
