//! How well and how fast `read` reads values, given where they stand: exact match by writing and by
//! field type, box overlap, and time per line. Usage:
//! `cargo bench --bench read -- BOOKS_DIR [--book NAME] [--alter scale=0.7|jpeg=40|faint=0.6] [--dump DIR]`,
//! where `BOOKS_DIR` holds `truth.jsonl` and the folders of scans it names.

// A measuring tool at the developer's desk: it may stop at the first surprise and print.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use hotich::domain::*;
use image::{DynamicImage, GrayImage, imageops};

struct Options {
    folder: PathBuf,
    books: Vec<String>,
    alter: Option<(String, f64)>,
    dump: Option<PathBuf>,
    wrong: bool,
    located: bool,
}

fn options() -> Option<Options> {
    let mut arguments = std::env::args().skip(1).filter(|a| a != "--bench");
    let mut options = Options {
        folder: arguments.next()?.into(),
        books: Vec::new(),
        alter: None,
        dump: None,
        wrong: false,
        located: false,
    };
    while let Some(name) = arguments.next() {
        match name.as_str() {
            "--book" => options.books.push(arguments.next()?),
            "--dump" => options.dump = Some(arguments.next()?.into()),
            "--located" => options.located = true,
            "--wrong" => options.wrong = true,
            "--alter" => {
                let (what, value) =
                    arguments.next()?.split_once('=').map(|(a, b)| (a.to_owned(), b.to_owned()))?;
                options.alter = Some((what, value.parse().ok()?));
            }
            _ => return None,
        }
    }
    Some(options)
}

/// A recogniser that counts, clocks and keeps pictures.
struct Watched<'a> {
    inner: hotich::handwriting::Handwriting,
    calls: usize,
    seconds: f64,
    images: Vec<(GrayImage, Reading)>,
    dump: &'a Option<PathBuf>,
}

impl Recognizer for Watched<'_> {
    fn version(&self) -> EngineVersion {
        self.inner.version()
    }
    fn read(&mut self, request: ReadRequest<'_>) -> Result<Reading, ReadError> {
        let start = Instant::now();
        let reading = self.inner.read(request);
        self.seconds += start.elapsed().as_secs_f64();
        self.calls += 1;
        if self.dump.is_some() {
            self.images.extend(reading.clone().ok().map(|r| (request.image.clone(), r)));
        }
        reading
    }
    fn read_all(&mut self, requests: &[ReadRequest<'_>]) -> Result<Vec<Reading>, ReadError> {
        let start = Instant::now();
        let readings = self.inner.read_all(requests);
        self.seconds += start.elapsed().as_secs_f64();
        self.calls += requests.len();
        if self.dump.is_some() {
            let pairs = requests.iter().zip(readings.iter().flatten());
            self.images.extend(pairs.map(|(request, reading)| (request.image.clone(), reading.clone())));
        }
        readings
    }
}

#[derive(Default)]
struct Tally {
    filled: usize,
    right: usize,
    box_right: usize,
    edits: usize,
    characters: usize,
    called_blank: usize,
    sure: Vec<(f64, bool)>,
}

fn main() {
    hotich::engine::limit_threads();
    let Some(options) = options() else {
        eprintln!(
            "usage: read BOOKS_DIR [--book NAME]... [--alter scale=0.7|jpeg=40|faint=0.6] [--dump DIR] [--wrong]"
        );
        return;
    };
    let truth = std::fs::read_to_string(options.folder.join("truth.jsonl")).expect("truth.jsonl");
    let types = field_types();
    let mut by_page: BTreeMap<String, Vec<serde_json::Value>> = BTreeMap::new();
    for line in truth.lines().filter(|l| !l.trim().is_empty()) {
        let entry: serde_json::Value = serde_json::from_str(line).expect("json");
        by_page.entry(entry["scan"].as_str().unwrap().to_owned()).or_default().push(entry);
    }
    let mut engine = Watched {
        inner: hotich::handwriting::Handwriting::start(None).expect("weights"),
        calls: 0,
        seconds: 0.0,
        images: Vec::new(),
        dump: &options.dump,
    };
    let mut tesseract = hotich::engine::Tesseract::start().expect("tesseract");
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let (mut pages, mut read_seconds, mut engine_seconds) = (0, 0.0, 0.0);
    let forms = hotich::locate::FormSet::shipped();
    for (scan, entries) in &by_page {
        let book = entries[0]["book"].as_str().unwrap();
        if !options.books.is_empty() && !options.books.iter().any(|b| b == book) {
            continue;
        }
        pages += 1;
        let skew = entries[0]["skew_deg"].as_f64().unwrap();
        let (page, scale) = upright(&options.folder.join(scan), &options.alter);
        let (page, found) =
            if options.located { found(page, &forms, &mut tesseract) } else { (page, Vec::new()) };
        for entry in entries {
            let number = entry["entry"].as_u64().unwrap() as u32;
            let located = match found.iter().find(|e| e.number == number) {
                Some(located) => located.clone(),
                None if options.located => continue,
                None => true_places(entry, &page, skew, scale, &types),
            };
            let start = Instant::now();
            let before = engine.seconds;
            let mut got = Vec::new();
            for field in &located.fields {
                let one = LocatedEntry { fields: vec![field.clone()], ..located.clone() };
                engine.images.clear();
                got.extend(hotich::read::read_entry(&page, &one, &mut engine).expect("read"));
                dump(&engine, scan, entry, field);
            }
            read_seconds += start.elapsed().as_secs_f64();
            engine_seconds += engine.seconds - before;
            score(entry, &page, scale, &located, &got, &mut tallies, options.wrong);
        }
    }
    print(&tallies);
    println!(
        "{pages} pages, {:.0} ms and {:.1} calls a page; {:.1} ms a call; preparation {:.0} ms a page",
        1e3 * read_seconds / pages as f64,
        engine.calls as f64 / pages as f64,
        1e3 * engine_seconds / engine.calls.max(1) as f64,
        1e3 * (read_seconds - engine_seconds) / pages as f64,
    );
}

/// The page and entries as `locate` finds them.
fn found(
    page: UprightPage,
    forms: &hotich::locate::FormSet,
    print: &mut dyn Recognizer,
) -> (UprightPage, Vec<LocatedEntry>) {
    let located = hotich::locate::locate(page, forms, &BookCover::default(), print).expect("locate");
    match located.content {
        PageContent::Form { entries, .. } => (located.page, entries),
        PageContent::Other(_) => (located.page, Vec::new()),
    }
}

fn dump(engine: &Watched<'_>, scan: &str, entry: &serde_json::Value, field: &LocatedField) {
    let Some(folder) = engine.dump else { return };
    std::fs::create_dir_all(folder).expect("dump");
    for (i, (image, reading)) in engine.images.iter().enumerate() {
        let name = format!("{}-{}-{}-{i}", scan.replace(['/', '.'], "-"), entry["entry"], field.names[0]);
        image.save(folder.join(format!("{name}.png"))).expect("png");
        std::fs::write(
            folder.join(format!("{name}.txt")),
            format!("{:.2} {}", reading.confidence.get(), reading.text),
        )
        .expect("txt");
    }
}

fn field_types() -> BTreeMap<String, FieldType> {
    let list = include_str!("../models/lists/record_fields.csv");
    let mut rows = csv::Reader::from_reader(list.as_bytes());
    rows.records()
        .flatten()
        .filter_map(|row| {
            Some((row[1].to_owned(), serde_json::from_value(serde_json::Value::from(&row[2])).ok()?))
        })
        .collect()
}

/// The straightened scan, altered before that if asked for, and the scale it was altered by.
fn upright(path: &Path, alter: &Option<(String, f64)>) -> (UprightPage, f64) {
    let mut pixels = image::open(path).expect("scan");
    let mut scale = 1.0;
    match alter.as_ref().map(|(what, value)| (what.as_str(), *value)) {
        None => {}
        Some(("scale", by)) => {
            scale = by;
            let (w, h) = ((f64::from(pixels.width()) * by) as u32, (f64::from(pixels.height()) * by) as u32);
            pixels = pixels.resize_exact(w, h, imageops::FilterType::Triangle);
        }
        Some(("jpeg", quality)) => {
            let mut bytes = std::io::Cursor::new(Vec::new());
            let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality as u8);
            DynamicImage::from(pixels.to_luma8()).write_with_encoder(encoder).expect("jpeg");
            pixels = image::load_from_memory(bytes.get_ref()).expect("jpeg");
        }
        Some(("faint", by)) => {
            let mut grey = pixels.to_luma8();
            grey.pixels_mut().for_each(|p| p.0[0] = (235.0 - (235.0 - f64::from(p.0[0])) * by) as u8);
            pixels = grey.into();
        }
        Some((what, _)) => panic!("unknown alteration {what}"),
    }
    (hotich::straighten::straighten(&ScanImage { pixels, dots_per_inch: None }), scale)
}

/// The upright box of a value whose turned box is known.
fn upright_box(scan_box: [f64; 4], page: &UprightPage, skew: f64, scale: f64) -> [f64; 4] {
    let [x0, y0, x1, y1] = scan_box.map(|v| v * scale);
    let (wide, high) = (x1 - x0, y1 - y0);
    let (s, c) = skew.to_radians().abs().sin_cos();
    let k = c * c - s * s;
    let back = page.to_scan.inverse();
    let centre = back.apply(Point { x: (x0 + x1) / 2.0, y: (y0 + y1) / 2.0 });
    let beside = back.apply(Point { x: (x0 + x1) / 2.0 + 100.0, y: (y0 + y1) / 2.0 });
    let zoom = (beside.x - centre.x).hypot(beside.y - centre.y) / 100.0;
    let w = (wide * c - high * s) / k * zoom;
    let h = ((high * c - wide * s) / k).max(high * 0.3) * zoom;
    [centre.x - w / 2.0, centre.y - h / 2.0, centre.x + w / 2.0, centre.y + h / 2.0]
}

/// Where a careful `locate` would look for each filled value: a slot wider and taller than the ink.
fn true_places(
    entry: &serde_json::Value,
    page: &UprightPage,
    skew: f64,
    scale: f64,
    types: &BTreeMap<String, FieldType>,
) -> LocatedEntry {
    let table = entry["form"].as_str().unwrap().contains("table");
    let fields = entry["fields"].as_object().unwrap().iter().filter_map(|(name, field)| {
        let scan_box: [f64; 4] = serde_json::from_value(field["box"].clone()).ok()?;
        let [l, t, r, b] = upright_box(scan_box, page, skew, scale);
        let unit = if table { (b - t).min(45.0 * scale) } else { b - t };
        let (before, after) = if table { (0.4, 0.4) } else { (0.25, 2.0) };
        let area = Rectangle::new(
            (l - before * unit) as i32,
            (t - 0.45 * unit) as i32,
            (r + after * unit) as i32,
            (b + 0.35 * unit) as i32,
        );
        Some(LocatedField {
            wordings: Vec::new(),
            label: hotich::domain::Confidence::FULL,
            names: vec![FieldName::new(name.clone())],
            types: vec![types.get(name).copied().unwrap_or(FieldType::Text)],
            regions: vec![Region { area, leader: None }],
            cell: table,
        })
    });
    LocatedEntry { number: 1, area: Rectangle::new(0, 0, 1, 1), fields: fields.collect(), labels: Vec::new() }
}

fn score(
    entry: &serde_json::Value,
    page: &UprightPage,
    scale: f64,
    located: &LocatedEntry,
    got: &[FieldReading],
    tallies: &mut BTreeMap<String, Tally>,
    wrong: bool,
) {
    for (field, reading) in located.fields.iter().zip(got) {
        let [name] = &field.names[..] else { continue };
        let name = name.as_str();
        let truth = &entry["fields"][name];
        let writing = entry["writing"].as_str().unwrap();
        if truth["box"].is_null() {
            let tally = tallies.entry(format!("nothing written, {writing}")).or_default();
            tally.filled += 1;
            tally.right += usize::from(reading.blank.get() > 0.9);
            tally.called_blank += usize::from(reading.blank.get() > 0.5);
            if wrong && reading.blank.get() < 0.9 {
                println!(
                    "{} {} {name}: not blank: {:.2} {:?}",
                    entry["scan"],
                    entry["entry"],
                    reading.blank.get(),
                    reading.lines.iter().map(|l| &l.reading.text).collect::<Vec<_>>()
                );
            }
            continue;
        }
        let want = text::comparable(truth["written"].as_str().unwrap());
        let raw: Vec<&str> = reading.lines.iter().map(|l| l.reading.text.as_str()).collect();
        let have = text::comparable(&raw.join(" "));
        let confidence = reading.lines.iter().map(|l| l.reading.confidence.get()).fold(1.0, f64::min);
        let ink = reading.lines.iter().map(|l| l.ink).reduce(|a, b| a.union(&b));
        let want_box: [f64; 4] = serde_json::from_value(truth["box"].clone()).unwrap();
        let want_box = Rectangle::from(want_box.map(|v| (v * scale) as i32));
        let overlap = ink.map_or(0.0, |i| page.to_scan.bounds(i).intersection_over_union(&want_box));
        if wrong && want != have && writing != "hand" {
            println!(
                "{} {} {name}: {want} | {have} | {confidence:.2} lines {} iou {overlap:.2}",
                entry["scan"],
                entry["entry"],
                raw.len()
            );
        } else if wrong && (overlap < 0.5 || reading.blank.get() > 0.3) {
            println!(
                "{} {} {name}: iou {overlap:.2} blank {:.2} {:?} {:?}",
                entry["scan"],
                entry["entry"],
                reading.blank.get(),
                ink.map(|i| page.to_scan.bounds(i)),
                want_box
            );
        }
        let keys = [
            writing.to_owned(),
            format!("  {}", entry["book"].as_str().unwrap()),
            format!("{writing} {:?}", field.types[0]),
        ];
        for key in keys {
            let tally = tallies.entry(key).or_default();
            tally.filled += 1;
            tally.right += usize::from(want == have);
            tally.box_right += usize::from(overlap >= 0.5);
            tally.called_blank += usize::from(reading.blank.get() > 0.5);
            tally.edits += strsim::levenshtein(&want, &have).min(want.chars().count());
            tally.characters += want.chars().count();
            tally.sure.push((confidence, want == have));
        }
    }
}

fn print(tallies: &BTreeMap<String, Tally>) {
    println!(
        "{:<22}{:>7}{:>8}{:>8}{:>8}{:>7}{:>7}{:>16}",
        "", "filled", "exact", "cer", "box ok", "blank", "auc", "sure at 1% err"
    );
    for (key, tally) in tallies {
        let share = |n: usize| n as f64 / tally.filled as f64;
        println!(
            "{key:<22}{:>7}{:>8.3}{:>8.3}{:>8.3}{:>7}{:>7.3}{:>16.3}",
            tally.filled,
            share(tally.right),
            tally.edits as f64 / tally.characters as f64,
            share(tally.box_right),
            tally.called_blank,
            ranking(&tally.sure),
            coverage(&tally.sure),
        );
    }
}

/// How often a right value is surer than a wrong one.
fn ranking(sure: &[(f64, bool)]) -> f64 {
    let (mut good, mut pairs) = (0.0, 0.0);
    for (a, _) in sure.iter().filter(|s| s.1) {
        for (b, _) in sure.iter().filter(|s| !s.1) {
            pairs += 1.0;
            good += if a > b {
                1.0
            } else if a == b {
                0.5
            } else {
                0.0
            };
        }
    }
    good / pairs
}

/// The largest share of values, surest first, with at most 1 % wrong.
fn coverage(sure: &[(f64, bool)]) -> f64 {
    let mut sorted = sure.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut wrong, mut best) = (0, 0);
    for (i, (_, right)) in sorted.iter().enumerate() {
        wrong += usize::from(!right);
        if wrong as f64 <= 0.01 * (i + 1) as f64 {
            best = i + 1;
        }
    }
    best as f64 / sorted.len() as f64
}
