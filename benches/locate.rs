//! How well and how fast `locate` finds forms, entries and fields. Usage:
//! `cargo bench --bench locate -- BOOKS_DIR [--book NAME] [--alter scale=0.7|tilt=0.3|faint=0.6|jpeg=40|erase=0.5]
//! [--others DIR] [--prepared DIR] [--overlay DIR]`, where `BOOKS_DIR` holds `truth.jsonl` and the scans it
//! names, and `DIR` of `--others` pages that are none of the forms.

// A measuring tool at the developer's desk: it may stop at the first surprise and print.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use hotich::domain::*;
use hotich::locate::{FormSet, locate};
use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage, imageops};

#[derive(Default)]
struct Options {
    folder: PathBuf,
    books: Vec<String>,
    alter: Vec<(String, f64)>,
    others: Option<PathBuf>,
    prepared: Option<PathBuf>,
    overlay: Option<PathBuf>,
    labels: bool,
}

fn options() -> Option<Options> {
    let mut arguments = std::env::args().skip(1).filter(|a| a != "--bench");
    let mut options = Options { folder: arguments.next()?.into(), ..Options::default() };
    while let Some(name) = arguments.next() {
        match name.as_str() {
            "--book" => options.books.push(arguments.next()?),
            "--others" => options.others = Some(arguments.next()?.into()),
            "--prepared" => options.prepared = Some(arguments.next()?.into()),
            "--overlay" => options.overlay = Some(arguments.next()?.into()),
            "--labels" => options.labels = true,
            "--alter" => {
                let alter = arguments.next()?;
                let (what, value) = alter.split_once('=')?;
                options.alter.push((what.to_owned(), value.parse().ok()?));
            }
            _ => return None,
        }
    }
    Some(options)
}

/// A recogniser that counts, clocks and can tell what it read.
struct Watched {
    inner: hotich::engine::Tesseract,
    calls: usize,
    seconds: f64,
    tell: bool,
}

impl Recognizer for Watched {
    fn version(&self) -> EngineVersion {
        self.inner.version()
    }
    fn read(&mut self, request: ReadRequest<'_>) -> Result<Reading, ReadError> {
        let start = Instant::now();
        let reading = self.inner.read(request);
        self.seconds += start.elapsed().as_secs_f64();
        self.calls += 1;
        if let (true, Ok(reading)) = (self.tell, &reading) {
            println!(
                "    {:?} {:4}x{:<3} {:.2} {:?}",
                request.segmentation,
                request.image.width(),
                request.image.height(),
                reading.confidence.get(),
                reading.text
            );
        }
        reading
    }
}

struct Truth {
    kind: String,
    form: String,
    fields: Vec<(String, Rectangle)>,
}

/// One scan of the truth: its entries, top to bottom, and its skew.
#[derive(Default)]
struct Page {
    entries: Vec<Truth>,
    skew: f64,
    photo: bool,
}

fn truth(folder: &Path) -> BTreeMap<String, Page> {
    let mut pages: BTreeMap<String, Page> = BTreeMap::new();
    for line in std::fs::read_to_string(folder.join("truth.jsonl")).unwrap().lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let boxed = |(name, field): (&String, &serde_json::Value)| {
            let place: Rectangle = serde_json::from_value(field["box"].clone()).ok()?;
            Some((name.clone(), place))
        };
        let page = pages.entry(row["scan"].as_str().unwrap().to_owned()).or_default();
        page.skew = row["skew_deg"].as_f64().unwrap_or(0.0);
        page.photo = row["photo"].as_bool().unwrap_or(false);
        page.entries.push(Truth {
            kind: row["kind"].as_str().unwrap().to_owned(),
            form: row["form"].as_str().unwrap().to_owned(),
            fields: row["fields"].as_object().unwrap().iter().filter_map(boxed).collect(),
        });
    }
    pages
}

fn upright(options: &Options, name: &str, page: &Page) -> Option<UprightPage> {
    let path = options.folder.join(name);
    if let Some(prepared) = &options.prepared {
        let stem = name.rsplit_once('.').unwrap().0.replace('/', "_");
        let ink = image::open(prepared.join(format!("{stem}.png"))).ok()?.to_luma8();
        let (width, height) = image::image_dimensions(&path).unwrap();
        let (w, h) = (f64::from(width) / 2.0, f64::from(height) / 2.0);
        let k = f64::from(width) / f64::from(ink.width());
        let to_scan = Projection::scaling(k, k)
            .then(&Projection::translation(-w, -h))
            .then(&Projection::rotation_degrees(page.skew))
            .then(&Projection::translation(w, h));
        return Some(from_ink(ink, to_scan));
    }
    let pixels = image::open(&path).ok()?;
    Some(hotich::straighten::straighten(&ScanImage { pixels, dots_per_inch: None }))
}

fn from_ink(ink: GrayImage, to_scan: Projection) -> UprightPage {
    let colour = RgbImage::new(1, 1);
    UprightPage { ink, colour, to_scan, skew: None, problems: Vec::new() }
}

/// The page as another scanner would have given it.
fn alter(mut page: UprightPage, what: &str, value: f64) -> UprightPage {
    let (width, height) = page.ink.dimensions();
    match what {
        "scale" => {
            let size = ((f64::from(width) * value) as u32, (f64::from(height) * value) as u32);
            page.ink = imageops::resize(&page.ink, size.0, size.1, imageops::FilterType::Triangle);
            page.to_scan = Projection::scaling(1.0 / value, 1.0 / value).then(&page.to_scan);
        }
        "tilt" => {
            let (x, y) = (f64::from(width) / 2.0, f64::from(height) / 2.0);
            let turn = Projection::translation(-x, -y)
                .then(&Projection::rotation_degrees(value))
                .then(&Projection::translation(x, y));
            page.ink = warp(&page.ink, &turn.inverse());
            page.to_scan = turn.inverse().then(&page.to_scan);
        }
        "faint" => page
            .ink
            .pixels_mut()
            .for_each(|p| p.0[0] = (245.0 - value * (245.0 - f64::from(p.0[0])).max(0.0)) as u8),
        "jpeg" => {
            let mut bytes = Vec::new();
            let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, value as u8);
            page.ink.write_with_encoder(encoder).unwrap();
            page.ink = image::load_from_memory(&bytes).unwrap().to_luma8();
        }
        _ => panic!("{what} is no alteration"),
    }
    page
}

/// Picture with `map` from its pixels to those of `image`, bilinear.
fn warp(image: &GrayImage, map: &Projection) -> GrayImage {
    GrayImage::from_fn(image.width(), image.height(), |x, y| {
        let p = map.apply(Point { x: f64::from(x), y: f64::from(y) });
        imageops::interpolate_bilinear(image, p.x as f32, p.y as f32).unwrap_or(Luma([250]))
    })
}

#[derive(Default)]
struct Tally {
    pages: usize,
    entries: usize,
    found: usize,
    extra: usize,
    form: usize,
    kind: usize,
    values: usize,
    inside: usize,
    covered: f64,
    seconds: f64,
    reading: f64,
    calls: usize,
}

fn centre_inside(area: Rectangle, value: Rectangle) -> bool {
    let (x, y) = ((value.left + value.right) / 2, (value.top + value.bottom) / 2);
    (area.left..area.right).contains(&x) && (area.top..area.bottom).contains(&y)
}

fn judge(name: &str, page: &Page, located: &LocatedPage, tally: &mut Tally) {
    tally.pages += 1;
    tally.entries += page.entries.len();
    let PageContent::Form { form, kind, match_score, entries } = &located.content else {
        println!("  {name}: {:?}", located.content);
        return;
    };
    tally.found += entries.len().min(page.entries.len());
    tally.extra += entries.len().saturating_sub(page.entries.len());
    if entries.len() != page.entries.len() {
        println!("  {name}: {} entries, not {}", entries.len(), page.entries.len());
    }
    let to_page = located.page.to_scan.inverse();
    for (entry, truth) in entries.iter().zip(&page.entries) {
        tally.form += usize::from(form.as_str() == truth.form);
        tally.kind += usize::from(kind.as_str() == truth.kind);
        if form.as_str() != truth.form {
            println!("  {name}: {form} ({match_score:.2}), not {}", truth.form);
        }
        for (field, place) in &truth.fields {
            let place = to_page.bounds(*place);
            tally.values += 1;
            let found = entry.fields.iter().find(|f| f.names.iter().any(|n| n.as_str() == field));
            let regions = found.map_or(&[][..], |f| &f.regions);
            let shared: i64 = regions.iter().map(|r| r.area.intersection(&place).area()).sum();
            let covered = shared as f64 / place.area().max(1) as f64;
            let joint = regions.iter().map(|r| r.area).reduce(|a, b| a.union(&b));
            let inside = regions.iter().any(|r| centre_inside(r.area, place))
                || (regions.len() > 1 && joint.is_some_and(|joint| centre_inside(joint, place)));
            tally.inside += usize::from(inside);
            tally.covered += f64::from(u8::from(covered > 0.9));
            if !inside {
                println!(
                    "  {name} {} {field}: {:?} not in {:?} ({covered:.2})",
                    entry.number,
                    <[i32; 4]>::from(place),
                    joint.map(<[i32; 4]>::from)
                );
            }
        }
    }
}

fn overlay(folder: &Path, name: &str, located: &LocatedPage) {
    let mut picture = DynamicImage::ImageLuma8(located.page.ink.clone()).to_rgb8();
    if let PageContent::Form { entries, .. } = &located.content {
        for (n, region) in entries.iter().flat_map(|e| &e.fields).flat_map(|f| &f.regions).enumerate() {
            let colour = [Rgb([220, 0, 0]), Rgb([0, 140, 0]), Rgb([0, 0, 220])][n % 3];
            frame(&mut picture, region.area, colour);
            if let Some(leader) = region.leader {
                for x in leader.from.x as i32..leader.to.x as i32 {
                    let share = (f64::from(x) - leader.from.x) / (leader.to.x - leader.from.x);
                    put(
                        &mut picture,
                        x,
                        (leader.from.y + share * (leader.to.y - leader.from.y)) as i32,
                        colour,
                    );
                }
            }
        }
    }
    picture.save(folder.join(format!("{}.png", name.replace(['/', '.'], "_")))).unwrap();
}

fn put(picture: &mut RgbImage, x: i32, y: i32, colour: Rgb<u8>) {
    if x >= 0 && y >= 0 && (x as u32) < picture.width() && (y as u32) < picture.height() {
        picture.put_pixel(x as u32, y as u32, colour);
    }
}

fn frame(picture: &mut RgbImage, area: Rectangle, colour: Rgb<u8>) {
    for x in area.left..area.right {
        put(picture, x, area.top, colour);
        put(picture, x, area.bottom - 1, colour);
    }
    for y in area.top..area.bottom {
        put(picture, area.left, y, colour);
        put(picture, area.right - 1, y, colour);
    }
}

fn main() {
    let Some(options) = options() else {
        eprintln!("usage: see the head of benches/locate.rs");
        std::process::exit(1);
    };
    let forms = FormSet::shipped();
    let inner = hotich::engine::Tesseract::start().unwrap();
    let mut reader = Watched { inner, calls: 0, seconds: 0.0, tell: options.labels };
    if let Some(folder) = &options.others {
        return others(folder, &forms, &mut reader);
    }
    let mut books: BTreeMap<String, Tally> = BTreeMap::new();
    for (name, page) in truth(&options.folder) {
        let book = name.split('/').next().unwrap().to_owned();
        if !options.books.is_empty() && !options.books.iter().any(|b| name.starts_with(b.as_str())) {
            continue;
        }
        let Some(mut upright) = upright(&options, &name, &page) else { continue };
        for (what, value) in &options.alter {
            upright = alter(upright, what, *value);
        }
        let cover = std::fs::read_to_string(options.folder.join(&book).join("book.toml"));
        let cover: BookCover = cover.ok().and_then(|text| toml::from_str(&text).ok()).unwrap_or_default();
        (reader.calls, reader.seconds) = (0, 0.0);
        let start = Instant::now();
        let located = locate(upright, &forms, &cover, &mut reader).unwrap();
        let tally = books.entry(book).or_default();
        tally.seconds += start.elapsed().as_secs_f64();
        tally.reading += reader.seconds;
        tally.calls += reader.calls;
        judge(&name, &page, &located, tally);
        if let Some(folder) = &options.overlay {
            overlay(folder, &name, &located);
        }
    }
    table(&books);
}

fn others(folder: &Path, forms: &FormSet, reader: &mut Watched) {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    for path in files {
        let Ok(pixels) = image::open(&path) else { continue };
        let page = hotich::straighten::straighten(&ScanImage { pixels, dots_per_inch: None });
        let start = Instant::now();
        let located = locate(page, forms, &BookCover::default(), reader).unwrap();
        let content = match located.content {
            PageContent::Form { form, match_score, entries, .. } => {
                format!("{form} {match_score:.2} {} entries", entries.len())
            }
            PageContent::Other(why) => format!("{why:?}"),
        };
        println!("{} {content} {:.2} s", path.file_name().unwrap().display(), start.elapsed().as_secs_f64());
    }
}

fn table(books: &BTreeMap<String, Tally>) {
    println!(
        "book          pages entries  found  extra   form   kind  values inside covered  s/page reading calls"
    );
    let mut sum = Tally::default();
    for (book, t) in books {
        row(book, t);
        sum.pages += t.pages;
        sum.entries += t.entries;
        sum.found += t.found;
        sum.extra += t.extra;
        sum.form += t.form;
        sum.kind += t.kind;
        sum.values += t.values;
        sum.inside += t.inside;
        sum.covered += t.covered;
        sum.seconds += t.seconds;
        sum.reading += t.reading;
        sum.calls += t.calls;
    }
    row("all", &sum);
}

fn row(book: &str, t: &Tally) {
    let share = |n: usize, of: usize| n as f64 / of.max(1) as f64;
    let pages = t.pages.max(1) as f64;
    println!(
        "{book:12} {:6} {:7} {:6.3} {:6} {:6.3} {:6.3} {:7} {:6.3} {:7.3} {:7.3} {:7.3} {:5.1}",
        t.pages,
        t.entries,
        share(t.found, t.entries),
        t.extra,
        share(t.form, t.entries),
        share(t.kind, t.entries),
        t.values,
        share(t.inside, t.values),
        t.covered / t.values.max(1) as f64,
        t.seconds / pages,
        t.reading / pages,
        t.calls as f64 / pages,
    );
}
