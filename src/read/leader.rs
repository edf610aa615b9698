//! Takes dotted leaders out of a window: dots that stand free, and dots grown together with a letter.

use image::{GrayImage, Luma};

use super::components::Component;
use super::rulings::{Level, best_line};

/// Fewest dots that make a dotted line.
const FEWEST: usize = 5;
/// Largest share of a step that a dot may stand beside its place.
const OFF_PLACE: f64 = 0.22;
/// A window holds its own leader and perhaps those of the lines above and below.
const MOST_LEADERS: usize = 3;

/// A dotted line.
#[derive(Debug, Clone, PartialEq)]
struct Leader {
    line: Level,
    /// Columns from dot to dot.
    step: f64,
    /// Columns and rows of a dot.
    size: i32,
    /// The middle columns of the dots that stand free, left to right.
    columns: Vec<f64>,
    /// The numbers of the pieces these dots are.
    labels: Vec<u32>,
}

/// Takes the dots out of `mask` and out of `pieces`, its connected pieces; `largest` is the most
/// columns or rows a dot can fill. Says whether a dot was cut from a letter, so that the pieces have
/// changed.
pub(super) fn remove_dots(mask: &mut GrayImage, pieces: &mut Vec<Component>, largest: i32) -> bool {
    let mut small: Vec<Component> =
        pieces.iter().filter(|piece| can_be_dot(piece, largest)).cloned().collect();
    let mut cut = false;
    for _ in 0..MOST_LEADERS {
        let Some((line, of_line)) = densest_row(&small, mask.height()) else { break };
        small.retain(|dot| !of_line.iter().any(|other| other.label == dot.label));
        let Some(leader) = leader(line, of_line) else { continue };
        pieces.retain(|piece| !leader.labels.contains(&piece.label));
        let marks: Vec<&Component> = pieces.iter().filter(|piece| piece.extent() <= 2 * largest).collect();
        for column in leader.hidden(f64::from(mask.width())) {
            // A dot grown together with the mark below a letter is that mark.
            if !marks.iter().any(|mark| covers(mark, column, &leader)) {
                cut |= cut_dot(mask, column, &leader);
            }
        }
    }
    cut
}

/// A dot, or a dash of a dashed leader.
fn can_be_dot(piece: &Component, largest: i32) -> bool {
    let (width, height) = (piece.bounds.width(), piece.bounds.height());
    height <= largest && (width <= largest || (width <= 3 * largest && width >= 2 * height))
}

/// The row with the most dots on it, and those dots, left to right.
fn densest_row(dots: &[Component], height: u32) -> Option<(Level, Vec<Component>)> {
    let points: Vec<(f64, f64)> = dots.iter().map(|dot| (dot.middle_column(), dot.centre_row())).collect();
    let (line, votes) = best_line(&points, height, 1)?;
    if votes < FEWEST {
        return None;
    }
    let near = |dot: &&Component| (dot.centre_row() - line.row(dot.middle_column())).abs() <= 2.0;
    let mut row: Vec<Component> = dots.iter().filter(near).cloned().collect();
    row.sort_by(|a, b| a.middle_column().total_cmp(&b.middle_column()));
    Some((line, row))
}

/// The leader that the dots of a row form; none when they do not stand at even steps.
fn leader(line: Level, row: Vec<Component>) -> Option<Leader> {
    let columns: Vec<f64> = row.iter().map(Component::middle_column).collect();
    let step = usual_step(&columns)?;
    let usual = median(row.iter().map(|dot| f64::from(dot.area)).collect())?;
    let size = median(row.iter().map(|dot| f64::from(dot.extent())).collect())?;
    let in_place = |index: usize| {
        let others = index.saturating_sub(3)..(index + 4).min(row.len());
        let steps =
            others.filter(|other| *other != index).map(|other| (columns[other] - columns[index]) / step);
        steps
            .filter(|n| n.abs() < 4.0)
            .filter(|n| (n - n.round()).abs() < OFF_PLACE && n.round() != 0.0)
            .count()
            > 0
    };
    let dots: Vec<usize> =
        (0..row.len()).filter(|i| f64::from(row[*i].area) <= 1.8 * usual + 2.0 && in_place(*i)).collect();
    (dots.len() >= FEWEST).then(|| Leader {
        line,
        step,
        size: size.round() as i32,
        columns: dots.iter().map(|i| columns[*i]).collect(),
        labels: dots.iter().map(|i| row[*i].label).collect(),
    })
}

/// The usual distance between neighbours, when most of them keep it or a multiple of it.
fn usual_step(columns: &[f64]) -> Option<f64> {
    let gaps: Vec<f64> = columns.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 2.0).collect();
    let rough = median(gaps.clone())?;
    let near: Vec<f64> = gaps.iter().copied().filter(|gap| (gap / rough - 1.0).abs() < 0.25).collect();
    let step = near.iter().sum::<f64>() / near.len().max(1) as f64;
    let even = |gap: &&f64| (*gap / step - (*gap / step).round()).abs() < 0.25;
    (2 * gaps.iter().filter(even).count() > gaps.len()).then_some(step)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

impl Leader {
    /// The columns where a dot must stand but none stands free: between the free ones, and beyond
    /// the last ones to the ends of the window.
    fn hidden(&self, width: f64) -> Vec<f64> {
        let mut hidden = Vec::new();
        for pair in self.columns.windows(2) {
            let steps = ((pair[1] - pair[0]) / self.step).round();
            let each = (pair[1] - pair[0]) / steps.max(1.0);
            hidden.extend((1..steps as i32).map(|n| pair[0] + each * f64::from(n)));
        }
        if let (Some(first), Some(last)) = (self.columns.first(), self.columns.last()) {
            hidden.extend((1..).map(|n| first - self.step * f64::from(n)).take_while(|x| *x > 0.0));
            hidden.extend((1..).map(|n| last + self.step * f64::from(n)).take_while(|x| *x < width));
        }
        hidden
    }
}

fn covers(mark: &Component, column: f64, leader: &Leader) -> bool {
    let row = leader.line.row(column) as i32;
    (mark.bounds.left - 1..=mark.bounds.right).contains(&(column as i32))
        && (mark.bounds.top - 1..=mark.bounds.bottom).contains(&row)
}

/// Cuts the dot around `column` off the letter it has grown to, unless the letter goes on below.
/// Says whether there was ink to cut.
fn cut_dot(mask: &mut GrayImage, column: f64, leader: &Leader) -> bool {
    let reach = f64::from(leader.size) / 2.0 + 0.5;
    let row = leader.line.row(column);
    let (top, bottom) = ((row - reach).round() as i32, (row + reach).round() as i32);
    let ink = |mask: &GrayImage, x: i32, y: i32| {
        let inside = x >= 0 && y >= 0 && (x as u32) < mask.width() && (y as u32) < mask.height();
        inside && mask.get_pixel(x as u32, y as u32).0[0] > 0
    };
    let mut cut = false;
    for x in (column - reach).round() as i32..=(column + reach).round() as i32 {
        if ink(mask, x, bottom + 1) {
            continue;
        }
        for y in top..=bottom {
            if ink(mask, x, y) {
                mask.put_pixel(x as u32, y as u32, Luma([0]));
                cut = true;
            }
        }
    }
    cut
}
