//! Registration dates do not go back: the whole column is read at once.
//!
//! A hidden Markov model whose states are days: from one entry to the next none, one or a few pass, as many as the
//! book shows. What is written is the day of the entry, or else a date out of order; what was read is what is
//! written, or else a slip of it (a figure misread or lost) or anything. Forward and backward sums give for every
//! entry how likely each date is, also one that no reading holds.

use jiff::civil::Date;

use crate::domain::PartialDate;

/// How likely a date is written that stands out of order.
const OUT_OF_ORDER: f64 = 2e-4;
/// How likely the book goes on at any other day: pages that lie in another order.
const ELSEWHERE: f64 = 0.002;
/// How likely more days pass than usual, and how many then do on average.
const LONGER: f64 = 0.05;
const LONG: f64 = 40.0;
/// How likely a date was read as another one by a slip, and how likely as anything, where the reading has this doubt
/// or more; where it has less, less by the square of it (see [`super::sequence`]).
const SLIP: f64 = 0.1;
const MISREAD: f64 = 0.05;
const DOUBTFUL: f64 = 0.1;
const LEAST_DOUBT: f64 = 0.03;
/// The share of a reading that holds none of its dates likely at all that goes to other dates: most of what a
/// reader of hands leaves open are other spellings of the same.
const OPEN: f64 = 0.2;
/// Days before the first and after the last date that is in order.
const MARGIN: i32 = 45;
/// A date this likely by its reading is one that others are in order with.
const LIKELY: f64 = 0.5;
/// Days that pass on average where a book does not show it, and for how many entries that counts.
const USUAL_STEP: f64 = 3.0;
const USUAL: f64 = 2.0;
/// A book is used for no more days than these (15 years, validation rule V008).
const LONGEST_BOOK: i32 = 15 * 366;
/// The share of the longest steps that does not count.
const LONGEST_STEPS: usize = 10;

/// What a column says of one of its entries.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OnItsDay {
    /// How likely each of the dates is that it may have by its reading, 0..=1.
    pub likelihoods: Vec<f64>,
    /// The likeliest of all days, and how likely it is; none where the column says nothing.
    pub best: Option<(PartialDate, f64)>,
}

/// For every entry how likely each of its dates is in the column, from what the readings alone say
/// (date and likelihood).
pub(crate) fn in_order(column: &[Vec<(PartialDate, f64)>]) -> Vec<OnItsDay> {
    let ordered = ordered(column);
    let (Some(first), Some(last)) = (ordered.first(), ordered.last()) else { return as_read(column) };
    if column.len() < 2 {
        return as_read(column);
    }
    let step = step(&ordered);
    let margin = MARGIN + (2.0 * step) as i32;
    let days: Vec<PartialDate> = (first - margin..=last + margin).filter_map(day).collect();
    let rows: Vec<Row> = column.iter().map(|dates| Row::of(dates, &days)).collect();
    let mut forward: Vec<Vec<f32>> = Vec::with_capacity(rows.len());
    let mut sums: Option<Vec<f64>> = None;
    for row in &rows {
        let reached = with_emissions(sums.map(|sums| stepped(&sums, step, false)), &row.emissions());
        forward.push(reached.iter().map(|sum| *sum as f32).collect());
        sums = Some(reached);
    }
    let mut found = Vec::with_capacity(rows.len());
    let mut sums: Option<Vec<f64>> = None;
    for (row, forward) in rows.iter().zip(forward).rev() {
        let emissions = row.emissions();
        let backward = with_emissions(sums.map(|sums| stepped(&sums, step, true)), &emissions);
        // Both sums hold the emission of the entry itself.
        let each = forward.iter().zip(&backward).zip(&emissions);
        let mut on_day: Vec<f64> = each.map(|((f, b), e)| f64::from(*f) * b / e).collect();
        let total: f64 = on_day.iter().sum();
        on_day.iter_mut().for_each(|weight| *weight /= total);
        found.push(row.written(&days, &on_day, &emissions));
        sums = Some(backward);
    }
    found.reverse();
    found
}

/// The sums of all ways to each day of an entry, from what `reaches` it and how likely it was read so, scaled to 1.
fn with_emissions(reaches: Option<Vec<f64>>, emissions: &[f64]) -> Vec<f64> {
    let mut sums = reaches.unwrap_or_else(|| vec![1.0; emissions.len()]);
    sums.iter_mut().zip(emissions).for_each(|(sum, emission)| *sum *= emission);
    let total: f64 = sums.iter().sum();
    sums.iter_mut().for_each(|sum| *sum /= total);
    sums
}

/// What readings alone say.
fn as_read(column: &[Vec<(PartialDate, f64)>]) -> Vec<OnItsDay> {
    let likelihoods =
        |dates: &Vec<(PartialDate, f64)>| dates.iter().map(|(_, likelihood)| *likelihood).collect();
    column.iter().map(|dates| OnItsDay { likelihoods: likelihoods(dates), best: None }).collect()
}

/// The likely dates of the longest sequence of them that never goes back, as numbers of days, and no more of it than
/// a book is used for: a year misread at either end would make it one of a century.
fn ordered(column: &[Vec<(PartialDate, f64)>]) -> Vec<i32> {
    let likely = column.iter().filter_map(|dates| {
        let best = dates.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        (best.1 >= LIKELY && best.0.day().is_some()).then(|| number(best.0))
    });
    let likely: Vec<i32> = likely.collect();
    // Patience sorting: the place in `likely` of the smallest last day of the sequences of each length.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(likely.len());
    for (place, day) in likely.iter().enumerate() {
        let length = ends.partition_point(|end| likely[*end] <= *day);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
    }
    let mut ordered = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(place) = next {
        ordered.push(likely[place]);
        next = before[place];
    }
    ordered.reverse();
    let span = |first: usize| first..ordered.partition_point(|day| *day <= ordered[first] + LONGEST_BOOK);
    let most = (0..ordered.len()).map(span).max_by_key(ExactSizeIterator::len);
    most.map_or_else(Vec::new, |span| ordered[span].to_vec())
}

/// How many days pass from one entry to the next, on average, in a column of days that never goes back.
fn step(ordered: &[i32]) -> f64 {
    let mut steps: Vec<i32> = ordered.windows(2).map(|pair| pair[1] - pair[0]).collect();
    steps.sort_unstable();
    steps.truncate(steps.len() - steps.len() / LONGEST_STEPS);
    let sum: f64 = steps.iter().map(|step| f64::from(*step)).sum();
    (sum + USUAL * USUAL_STEP) / (steps.len() as f64 + USUAL)
}

const ZERO: Date = Date::constant(1800, 1, 1);

/// The number of a day, counted from 1800.
fn number(date: PartialDate) -> i32 {
    date.earliest().since(ZERO).map_or(0, |span| span.get_days())
}

/// The day of a number.
fn day(number: i32) -> Option<PartialDate> {
    let date = ZERO.checked_add(jiff::Span::new().days(number)).ok()?;
    PartialDate::from_day(date.year(), date.month(), date.day())
}

/// What was read of one entry.
struct Row {
    /// What may be written, with its likelihood by the reading.
    dates: Vec<(PartialDate, f64)>,
    /// How likely what was read is were it written so, for every day: as likely as this where it is of no note ...
    anything: f64,
    /// ... and so much where it is, by the place of the day.
    noted: Vec<(usize, f64)>,
    days: usize,
}

impl Row {
    fn of(dates: &[(PartialDate, f64)], days: &[PartialDate]) -> Self {
        let read: f64 = dates.iter().map(|(_, likelihood)| likelihood).sum();
        let open = OPEN * (1.0 - read).max(0.0);
        let dates: Vec<(PartialDate, f64)> = dates
            .iter()
            .map(|(date, likelihood)| (*date, (1.0 - open) * likelihood / read.max(1e-9)))
            .collect();
        let surest = dates.iter().map(|(_, likelihood)| *likelihood).fold(0.0, f64::max);
        let doubt = ((1.0 - surest).clamp(LEAST_DOUBT, DOUBTFUL) / DOUBTFUL).powi(2);
        let read: f64 = dates.iter().map(|(_, likelihood)| likelihood).sum();
        let anything = (1.0 - read).max(MISREAD * doubt) / days.len() as f64;
        let mut noted = Vec::new();
        for (place, day) in days.iter().enumerate() {
            let shares = dates.iter().map(|(date, likelihood)| match date == day {
                true => *likelihood,
                false => likelihood * SLIP * doubt * slip(*day, *date),
            });
            let share: f64 = shares.sum();
            if share > 0.0 {
                noted.push((place, share));
            }
        }
        Self { dates, anything, noted, days: days.len() }
    }

    /// How likely what was read is on each day that the entry may be of.
    fn emissions(&self) -> Vec<f64> {
        let out_of_order = OUT_OF_ORDER / self.days as f64;
        let mut emissions = vec![(1.0 - OUT_OF_ORDER) * self.anything + out_of_order; self.days];
        for (place, share) in &self.noted {
            emissions[*place] += (1.0 - OUT_OF_ORDER) * share;
        }
        emissions
    }

    /// How likely each date is written, from how likely the entry is of each day.
    fn written(&self, days: &[PartialDate], on_day: &[f64], emissions: &[f64]) -> OnItsDay {
        // The share of each day that goes to its being written, and not to a date out of order.
        let in_order = |place: usize| {
            let out_of_order = OUT_OF_ORDER / self.days as f64;
            on_day[place] * (1.0 - out_of_order / emissions[place])
        };
        let out_of_order: f64 = (0..self.days).map(|place| on_day[place] - in_order(place)).sum();
        let likelihood = |(date, read): &(PartialDate, f64)| {
            let place = days.binary_search(date).ok();
            place.map_or(0.0, in_order) + out_of_order * read
        };
        let best = (0..self.days).reduce(|a, b| if on_day[b] > on_day[a] { b } else { a });
        OnItsDay {
            likelihoods: self.dates.iter().map(likelihood).collect(),
            best: best.map(|best| (days[best], in_order(best))),
        }
    }
}

/// How likely a slip makes `read` of `written`, among all slips.
fn slip(written: PartialDate, read: PartialDate) -> f64 {
    let (Some(month), Some(day)) = (written.month(), written.day()) else { return 0.0 };
    let (Some(read_month), Some(read_day)) = (read.month(), read.day()) else {
        // "10.1967" for 10.1.1967.
        let holds = read.month().is_none_or(|of| of == month || of == day);
        return if read.year() == written.year() && holds { LOST_PART } else { 0.0 };
    };
    let figures = |a: i16, b: i16| {
        let differs = |power: i16| a / power % 10 != b / power % 10;
        [1, 10, 100, 1000].into_iter().filter(|power| differs(*power)).count()
    };
    // "2" for "20" or "12".
    let lost = |all: i8, one: i8| one < 10 && all >= 10 && (all / 10 == one || all % 10 == one);
    let lost_or_added = |a: i8, b: i8| lost(a, b) || lost(b, a);
    let differ = [
        figures(day.into(), read_day.into()),
        figures(month.into(), read_month.into()),
        figures(written.year(), read.year()),
    ];
    match differ {
        [1, 0, 0] | [0, 1, 0] | [0, 0, 1] => ONE_FIGURE,
        [_, 0, 0] if lost_or_added(day, read_day) => ONE_FIGURE,
        [0, _, 0] if lost_or_added(month, read_month) => ONE_FIGURE,
        [2, 0, 0] | [0, 2, 0] | [0, 0, 2] => TWO_FIGURES,
        _ => 0.0,
    }
}

/// How likely a slip is each of those that change or lose one figure, ...
const ONE_FIGURE: f64 = 0.02;
/// ... that change two of one number, ...
const TWO_FIGURES: f64 = 0.002;
/// ... and that lose day or month.
const LOST_PART: f64 = 0.05;

/// How likely each day is for the next entry: as many days pass as in a geometric distribution, mostly of the usual
/// `step`, sometimes of a longer one.
fn stepped(last: &[f64], step: f64, backward: bool) -> Vec<f64> {
    let elsewhere = ELSEWHERE / last.len() as f64;
    let kinds = [(1.0 - LONGER - ELSEWHERE, step), (LONGER, LONG.max(3.0 * step))];
    let [(usual, goes_on), (longer, goes_far)] =
        kinds.map(|(share, mean)| (share / (1.0 + mean), mean / (1.0 + mean)));
    let (mut near, mut far) = (0.0, 0.0);
    let mut next = vec![elsewhere; last.len()];
    let mut add = |place: usize| {
        near = near * goes_on + last[place];
        far = far * goes_far + last[place];
        next[place] += usual * near + longer * far;
    };
    match backward {
        false => (0..last.len()).for_each(&mut add),
        true => (0..last.len()).rev().for_each(&mut add),
    }
    next
}

#[cfg(test)]
mod tests {
    use super::in_order;
    use crate::domain::PartialDate;

    type Column = Vec<Vec<(PartialDate, f64)>>;

    fn column(dates: &[&[(&str, f64)]]) -> Column {
        let row = |row: &&[(&str, f64)]| row.iter().map(|(date, p)| (date.parse().unwrap(), *p)).collect();
        dates.iter().map(row).collect()
    }

    /// The likeliest day of an entry.
    fn best(column: &Column, entry: usize) -> (String, f64) {
        let (day, likelihood) = in_order(column)[entry].best.unwrap();
        (day.to_string(), likelihood)
    }

    #[test]
    fn a_date_between_its_neighbours_wins() {
        let column = column(&[
            &[("1975-03-02", 0.95)],
            &[("1975-08-04", 0.6), ("1975-03-04", 0.3)],
            &[("1975-03-07", 0.95)],
        ]);
        let found = in_order(&column);
        assert!(found[1].likelihoods[1] > 0.9, "{found:?}");
        assert!(found[0].likelihoods[0] > 0.9 && found[2].likelihoods[0] > 0.9);
    }

    #[test]
    fn a_day_that_no_reading_holds_is_found_between_others() {
        let sure = |date| [(date, 0.98)];
        let (a, b) = (sure("1986-12-15"), sure("1986-12-16"));
        // Nothing read between two of one day.
        let (day, likelihood) = best(&column(&[&a, &a, &[], &a, &b]), 2);
        assert!(day == "1986-12-15" && likelihood > 0.8, "{day} {likelihood}");
        // A figure misread, a figure lost, another year.
        for read in ["1986-02-15", "1986-12-05", "1936-12-15"] {
            let (day, likelihood) = best(&column(&[&a, &a, &[(read, 0.95)], &a, &b]), 2);
            assert!(day == "1986-12-15" && likelihood > 0.7, "{read}: {day} {likelihood}");
        }
    }

    #[test]
    fn a_date_that_runs_on_stays_and_one_out_of_order_is_doubted() {
        let dates = ["1986-12-15", "1986-12-17", "1986-12-29", "1987-02-02", "1987-02-02"];
        let rows: Column = dates.iter().map(|date| vec![(date.parse().unwrap(), 0.97)]).collect();
        for (found, date) in in_order(&rows).iter().zip(dates) {
            let (day, likelihood) = found.best.unwrap();
            assert!(day.to_string() == date && likelihood > 0.9, "{date}: {day} {likelihood}");
        }
        let mut back = rows.clone();
        back[3] = vec![("1985-05-14".parse().unwrap(), 0.97)];
        assert!(in_order(&back)[3].likelihoods[0] < 0.5);
        assert!(in_order(&back)[2].likelihoods[0] > 0.9);
    }

    #[test]
    fn a_year_misread_at_the_beginning_of_a_book_does_not_make_it_longer() {
        let dates = ["1926-12-16", "1986-12-17", "1986-12-17", "1986-12-18", "1986-12-20"];
        let rows: Column = dates.iter().map(|date| vec![(date.parse().unwrap(), 0.95)]).collect();
        assert_eq!(super::ordered(&rows).len(), 4);
        let (day, likelihood) = best(&rows, 0);
        assert!(day == "1986-12-16" && likelihood > 0.4, "{day} {likelihood}");
    }

    #[test]
    fn what_stands_alone_is_as_read() {
        let alone = column(&[&[("1975-03-02", 0.95)]]);
        assert_eq!((in_order(&alone)[0].likelihoods[0], in_order(&alone)[0].best), (0.95, None));
        assert_eq!(in_order(&column(&[&[], &[]])).len(), 2);
        assert!(in_order(&[]).is_empty());
    }
}
