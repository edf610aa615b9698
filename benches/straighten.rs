//! Measures the straighten stage: angle against truth, share it abstains on, pages made worse,
//! gutters, processor time a page.
//!
//! `cargo bench --bench straighten -- [--turn=DEGREES] [--scale=FACTOR] [--shade=FACTOR] FOLDER...`
//!
//! A folder holds `truth.jsonl` (lines with `scan`, `skew_deg`, `photo`), or `pages.tsv` (columns
//! `image`, `baseline_angle_deg_clockwise`), or `gutters.tsv` (`image`, .., `gutter_from`,
//! `gutter_to`), or else just pictures. With `--turn` and the like every picture is changed first.
//! `STRAIGHTENED=DIR` keeps what came out.

#![allow(clippy::print_stdout)] // A bench prints what it measured.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Instant;

use hotich::domain::{Point, ScanImage, UprightPage};
use hotich::straighten::{halves, inspect, straighten};
use image::{DynamicImage, RgbImage};
use imageproc::geometric_transformations::{Interpolation, rotate_about_center};

/// A picture and what is known of it.
#[derive(Default)]
struct Sample {
    path: PathBuf,
    group: String,
    angle: Option<f64>,
    gutter: Option<(f64, f64)>,
}

/// What came out for one picture.
struct Outcome {
    truth: Option<f64>,
    found: Option<f64>,
    milliseconds: f64,
    problems: usize,
    gutter_right: Option<bool>,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, usual: f64| {
        let given = words.iter().find_map(|word| word.strip_prefix(name));
        given.and_then(|value| value.parse().ok()).unwrap_or(usual)
    };
    let (turn, scale, shade) = (number("--turn=", 0.0), number("--scale=", 1.0), number("--shade=", 1.0));
    let folders = words.iter().filter(|word| !word.starts_with("--")).map(Path::new);
    let mut groups: BTreeMap<String, Vec<Outcome>> = BTreeMap::new();
    for mut sample in folders.flat_map(samples) {
        let Ok(pixels) = image::open(&sample.path) else {
            println!("{}: cannot be opened", sample.path.display());
            continue;
        };
        let pixels = changed(pixels, turn, scale, shade);
        sample.angle = sample.angle.map(|angle| angle + turn);
        let outcome = measure(&sample, &ScanImage { pixels, dots_per_inch: None });
        groups.entry(sample.group).or_default().push(outcome);
    }
    groups.iter().for_each(|(group, outcomes)| summarise(group, outcomes));
}

/// The picture turned (positive: clockwise as seen), scaled and darkened.
fn changed(pixels: DynamicImage, turn: f64, scale: f64, shade: f64) -> DynamicImage {
    let mut pixels = pixels;
    if turn != 0.0 {
        let colour = pixels.to_rgb8();
        let frame = *colour.get_pixel(1, 1);
        let pad =
            (f64::from(colour.height().max(colour.width())) * 0.6 * turn.to_radians().sin().abs()) as u32;
        let mut wider = RgbImage::from_pixel(colour.width() + 2 * pad, colour.height() + 2 * pad, frame);
        image::imageops::replace(&mut wider, &colour, i64::from(pad), i64::from(pad));
        let border = imageproc::geometric_transformations::Border::Constant(frame);
        pixels =
            rotate_about_center(&wider, turn.to_radians() as f32, Interpolation::Bilinear, border).into();
    }
    if scale != 1.0 {
        let scaled = |length: u32| (f64::from(length) * scale) as u32;
        let (width, height) = (scaled(pixels.width()), scaled(pixels.height()));
        pixels = pixels.resize_exact(width, height, image::imageops::FilterType::Triangle);
    }
    if shade != 1.0 {
        let mut colour = pixels.to_rgb8();
        colour.iter_mut().for_each(|value| *value = (f64::from(*value) * shade).min(255.0) as u8);
        pixels = colour.into();
    }
    pixels
}

/// Straightens one picture and prints a line about it.
fn measure(sample: &Sample, image: &ScanImage) -> Outcome {
    let start = busy();
    let page = straighten(image);
    let milliseconds = (busy() - start) * 1000.0;
    let seen = inspect(image);
    let cut = halves(&page)
        .map(|[_, right]| right.to_scan.apply(Point { x: 0.0, y: f64::from(right.ink.height()) / 2.0 }).x);
    let found = page.skew.map(|skew| skew.0);
    let path = sample.path.display().to_string();
    let tail: String = path.chars().skip(path.chars().count().saturating_sub(38)).collect();
    println!(
        "{tail:<38} truth {:>7} found {:>7} {:>4}x{:<4} {milliseconds:>5.0} ms blur {:.2} cut {:?} {:?} gutter {}",
        shown(sample.angle),
        shown(found),
        page.ink.width(),
        page.ink.height(),
        seen.blur,
        seen.cut_edges,
        seen.problems,
        shown(cut),
    );
    keep(&path, &page);
    let gutter_right = match (sample.gutter, cut) {
        (Some((from, to)), cut) => Some(cut.is_some_and(|cut| (from - 3.0..=to + 3.0).contains(&cut))),
        (None, cut) => cut.map(|_| false),
    };
    let problems = seen.problems.len() + seen.cut_edges.len();
    Outcome { truth: sample.angle, found, milliseconds, problems, gutter_right }
}

/// Writes what came out where `STRAIGHTENED` says.
fn keep(name: &str, page: &UprightPage) {
    if let Some(folder) = std::env::var_os("STRAIGHTENED") {
        let name = name.replace('/', "_");
        let _ = page.ink.save(Path::new(&folder).join(format!("{name}.ink.png")));
        let _ = page.colour.save(Path::new(&folder).join(format!("{name}.colour.jpg")));
    }
}

/// Seconds this thread has been busy (Linux), else seconds since the start.
fn busy() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let busy = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = busy.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| START.get_or_init(Instant::now).elapsed().as_secs_f64(), |busy| busy / 1e9)
}

/// An angle or a place for the table.
fn shown(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"))
}

/// One line for a group of samples.
fn summarise(group: &str, outcomes: &[Outcome]) {
    let pairs: Vec<(f64, f64)> = outcomes.iter().filter_map(|o| o.truth.zip(o.found)).collect();
    let errors: Vec<f64> = pairs.iter().map(|(truth, found)| (found - truth).abs()).collect();
    let within = |limit: f64| errors.iter().filter(|error| **error <= limit).count();
    // A page is worse off when what is left after turning is more than what was there before; angles
    // below 0.2 degrees are left in.
    let worse = pairs.iter().filter(|(t, f)| f.abs() >= 0.2 && (f - t).abs() > t.abs()).count();
    let count = |is: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| is(outcome)).count();
    println!(
        "{group}: {} pages, {} abstained, of {} with truth within 0.1 deg {}, within 0.2 deg {}, worst {:.2}, \
         made worse {worse}, with problems {}, gutters right {} wrong {}, mean {:.0} ms",
        outcomes.len(),
        count(|o| o.found.is_none()),
        count(|o| o.truth.is_some()),
        within(0.1),
        within(0.2),
        errors.iter().fold(0.0, |a: f64, b| a.max(*b)),
        count(|o| o.problems > 0),
        count(|o| o.gutter_right == Some(true)),
        count(|o| o.gutter_right == Some(false)),
        outcomes.iter().map(|o| o.milliseconds).sum::<f64>() / outcomes.len().max(1) as f64,
    );
}

/// The pictures of a folder with what is known of them.
fn samples(folder: &Path) -> Vec<Sample> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    if let Ok(text) = read("truth.jsonl") {
        return registers(folder, &text);
    }
    if let Ok(text) = read("pages.tsv") {
        let angle = |row: &[&str]| row.get(6).and_then(|angle| angle.parse().ok());
        let sample = |row: Vec<&str>| Sample { angle: angle(&row), ..named(folder, row.get(1), "tables") };
        return rows(&text).map(sample).collect();
    }
    if let Ok(text) = read("gutters.tsv") {
        let place = |row: &[&str], column: usize| row.get(column).and_then(|place| place.parse::<f64>().ok());
        let sample = |row: Vec<&str>| Sample {
            gutter: place(&row, 3).zip(place(&row, 4)),
            ..named(folder, row.first(), "spreads")
        };
        return rows(&text).map(sample).collect();
    }
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    let pictures = files.filter(|file| {
        let name = file.file_name().to_string_lossy().to_lowercase();
        [".jpg", ".png", ".tif"].iter().any(|end| name.ends_with(end))
    });
    let group = folder.display().to_string();
    pictures.map(|f| Sample { path: f.into_path(), group: group.clone(), ..Sample::default() }).collect()
}

/// The rows of a table below its head.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().skip(1).map(|line| line.split('\t').collect())
}

/// A picture of `folder` of which only the group is known.
fn named(folder: &Path, name: Option<&&str>, group: &str) -> Sample {
    Sample {
        path: folder.join(name.copied().unwrap_or_default()),
        group: group.to_owned(),
        ..Sample::default()
    }
}

/// The scans of register books.
fn registers(folder: &Path, truth: &str) -> Vec<Sample> {
    let mut seen = BTreeMap::new();
    for line in truth.lines() {
        let Ok(entry) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        let Some(scan) = entry["scan"].as_str() else { continue };
        let group = if entry["photo"].as_bool() == Some(true) { "photos" } else { "flatbed" };
        seen.insert(scan.to_owned(), (entry["skew_deg"].as_f64(), group));
    }
    let sample = |(scan, (angle, group)): (String, (Option<f64>, &str))| Sample {
        path: folder.join(scan),
        group: group.to_owned(),
        angle,
        gutter: None,
    };
    seen.into_iter().map(sample).collect()
}
