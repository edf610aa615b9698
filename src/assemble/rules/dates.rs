//! Rules about dates: their order, the ages they give, figures against words.

use crate::domain::{FieldType, PartialDate};

use super::{Broken, Check, Entry, when};
use crate::assemble::dates;
use crate::assemble::letters::plain;
use crate::assemble::years::YEARS_OF_A_BOOK;

pub(super) const CHECKS: &[Check] = &[
    Check {
        rule: "V008",
        message: "the year of registration does not fit the year of the book",
        broken: book_year,
    },
    Check {
        rule: "V009",
        message: "the year after the entry number is not the year of registration",
        broken: number_year,
    },
    Check {
        rule: "V014",
        message: "something is written for the date, but it is no date of the calendar",
        broken: no_date,
    },
    Check {
        rule: "V016",
        message: "registered before civil registration began in June 1956",
        broken: too_early,
    },
    Check {
        rule: "V017",
        message: "born after the registration of the birth",
        broken: |e| later(e, "child.birth_date", "registration.date"),
    },
    Check {
        rule: "V018",
        message: "the type of registration does not fit the days since the birth",
        broken: |e| lateness(e, "child.birth_date", 60),
    },
    Check {
        rule: "V019",
        message: "more than 14 years from birth to registration, and nothing says it is late",
        broken: long_ago,
    },
    Check {
        rule: "V020",
        message: "the mother is younger than 12 or older than 55 at the birth",
        broken: |e| parent_age(e, "mother.birth_year", 55),
    },
    Check {
        rule: "V021",
        message: "the father is younger than 12 or older than 80 at the birth",
        broken: |e| parent_age(e, "father.birth_year", 80),
    },
    Check {
        rule: "V022",
        message: "died after the registration of the death",
        broken: |e| later(e, "death.date", "registration.date"),
    },
    Check {
        rule: "V023",
        message: "died before the birth, or more than 115 years old",
        broken: age_at_death,
    },
    Check {
        rule: "V024",
        message: "the type of registration does not fit the days since the death",
        broken: |e| lateness(e, "death.date", 15),
    },
    Check {
        rule: "V030",
        message: "groom younger than 20 or bride younger than 18",
        broken: |e| marriage_age(e, 20, 18),
    },
    Check {
        rule: "V031",
        message: "groom not in the 20th year or bride not in the 18th",
        broken: |e| marriage_age(e, 19, 17),
    },
    Check {
        rule: "V032",
        message: "groom not in the 20th year or bride not in the 18th",
        broken: |e| marriage_age(e, 19, 17),
    },
    Check {
        rule: "V033",
        message: "groom younger than 18 or bride younger than 15",
        broken: |e| marriage_age(e, 18, 15),
    },
    Check {
        rule: "V038",
        message: "the date in figures and the date in words differ",
        broken: figures_and_words,
    },
    Check { rule: "V040", message: "the date is of the lunar calendar or uses its words", broken: lunar },
    Check {
        rule: "V042",
        message: "the year has two figures and the book does not say which century",
        broken: short_year,
    },
    Check { rule: "V043", message: "an age stands in the place of the date", broken: age_for_date },
];

fn book_year(entry: &Entry<'_>) -> Broken {
    let Some(registered) = entry.date("registration.date") else { return Vec::new() };
    let written = entry.value("registration.book").and_then(|book| book.rsplit_once('/')?.1.parse().ok());
    let Some(opened) = written.or(entry.cover.year) else { return Vec::new() };
    // From 2006 a book may still run on into the next year (TT 04/2020, article 29.3).
    let longest = if registered.year() >= 2006 { 1 } else { YEARS_OF_A_BOOK };
    let fits = (opened..=opened.saturating_add(longest)).contains(&registered.year());
    when(!fits, &["registration.date", "registration.book"])
}

fn number_year(entry: &Entry<'_>) -> Broken {
    let year = entry.value("entry.number").and_then(|number| number.split_once('/')?.1.parse::<i16>().ok());
    let registered = entry.date("registration.date").map(PartialDate::year);
    when(
        year.zip(registered).is_some_and(|(year, registered)| year != registered),
        &["entry.number", "registration.date"],
    )
}

fn no_date(entry: &Entry<'_>) -> Broken {
    entry.each(|field| {
        is_date(field.field_type) && field.value.is_empty() && !field.raw.is_empty() && field.ink.is_some()
    })
}

fn too_early(entry: &Entry<'_>) -> Broken {
    let begin = jiff::civil::Date::constant(1956, 6, 2);
    when(entry.date("registration.date").is_some_and(|date| date.latest() < begin), &["registration.date"])
}

/// Whether the first date is surely after the second.
fn later(entry: &Entry<'_>, first: &str, second: &str) -> Broken {
    let dates = entry.date(first).zip(entry.date(second));
    when(dates.is_some_and(|(first, second)| first.earliest() > second.latest()), &[first, second])
}

/// Whether the type of registration says "quá hạn" exactly when more than `days` have gone by.
fn lateness(entry: &Entry<'_>, event: &str, days: i32) -> Broken {
    let Some(kind) = entry.value("registration.type").map(plain) else { return Vec::new() };
    let Some((event_date, registered)) = entry.date(event).zip(entry.date("registration.date")) else {
        return Vec::new();
    };
    let between =
        |from: jiff::civil::Date, to: jiff::civil::Date| from.until(to).map_or(0, |span| span.get_days());
    let surely_late = between(event_date.latest(), registered.earliest()) > days;
    let surely_in_time = between(event_date.earliest(), registered.latest()) <= days;
    let odd = (surely_late && kind.contains("dung han")) || (surely_in_time && kind.contains("qua han"));
    when(odd, &[event, "registration.date", "registration.type"])
}

fn long_ago(entry: &Entry<'_>) -> Broken {
    let says_late = ["registration.type", "notes"].iter().filter_map(|name| entry.value(name)).any(|text| {
        let text = plain(text);
        ["qua han", "dang ky lai", "tre han", "muon"].iter().any(|word| text.contains(word))
    });
    let dates = entry.date("child.birth_date").zip(entry.date("registration.date"));
    let odd = !says_late && dates.is_some_and(|(birth, registered)| registered.year() - birth.year() > 15);
    when(odd, &["child.birth_date", "registration.date"])
}

/// Whether a parent's age at the birth is surely outside 12 to `oldest` years (years alone may be
/// off by one).
fn parent_age(entry: &Entry<'_>, parent: &str, oldest: i16) -> Broken {
    let years = entry.date(parent).zip(entry.date("child.birth_date"));
    let odd =
        years.is_some_and(|(parent, child)| !(11..=oldest + 1).contains(&(child.year() - parent.year())));
    when(odd, &[parent, "child.birth_date"])
}

fn age_at_death(entry: &Entry<'_>) -> Broken {
    let dates = entry.date("deceased.birth_date").zip(entry.date("death.date"));
    let odd = dates
        .is_some_and(|(birth, death)| birth.earliest() > death.latest() || death.year() - birth.year() > 116);
    when(odd, &["deceased.birth_date", "death.date"])
}

/// Whether the groom or the bride surely has not completed that many years.
fn marriage_age(entry: &Entry<'_>, groom: i16, bride: i16) -> Broken {
    let Some(registered) = entry.date("registration.date") else { return Vec::new() };
    let too_young = |name: &str, age: i16| {
        let odd = entry.date(name).is_some_and(|birth| completed_years(birth, registered) < age);
        when(odd, &[name, "registration.date"])
    };
    [too_young("husband.birth_date", groom), too_young("wife.birth_date", bride)].concat()
}

/// The most years that can have been completed from `birth` to `day`.
fn completed_years(birth: PartialDate, day: PartialDate) -> i16 {
    let (birth, day) = (birth.earliest(), day.latest());
    let before_birthday = (day.month(), day.day()) < (birth.month(), birth.day());
    day.year() - birth.year() - i16::from(before_birthday)
}

/// The dates that stand on a form in figures and in words.
const IN_FIGURES_AND_WORDS: [(&str, &str); 2] =
    [("child.birth_date", "child.birth_date_words"), ("death.date", "death.date_words")];

fn figures_and_words(entry: &Entry<'_>) -> Broken {
    let differ = |(figures, words)| {
        let odd = entry.date(figures).zip(entry.date(words)).is_some_and(|(a, b)| a != b);
        when(odd, &[figures, words])
    };
    IN_FIGURES_AND_WORDS.map(differ).concat()
}

fn lunar(entry: &Entry<'_>) -> Broken {
    entry.each(|field| {
        is_date(field.field_type) && {
            let text = plain(&field.standing());
            let month_word = text.contains("thang gieng") || text.contains("thang chap");
            dates::is_lunar(&text) || month_word && !in_figures_too(entry, field.name.as_str())
        }
    })
}

/// Whether the date in words `name` is the same as that in figures: "tháng giêng" then only says January.
fn in_figures_too(entry: &Entry<'_>, name: &str) -> bool {
    let pair = IN_FIGURES_AND_WORDS.into_iter().find(|(_, words)| *words == name);
    pair.is_some_and(|(figures, words)| {
        entry.date(figures).is_some_and(|date| entry.date(words) == Some(date))
    })
}

fn short_year(entry: &Entry<'_>) -> Broken {
    let any_century = Some(dates::YearWindow { earliest: 1900, latest: 1999 });
    entry.each(|field| {
        field.field_type == FieldType::Date
            && field.value.is_empty()
            && dates::parse(&field.standing(), any_century).is_some_and(|date| date.short_year)
    })
}

fn age_for_date(entry: &Entry<'_>) -> Broken {
    entry.each(|field| {
        field.field_type == FieldType::Date
            && !field.raw.is_empty()
            && dates::is_age(&plain(&field.standing()))
    })
}

fn is_date(field_type: FieldType) -> bool {
    matches!(field_type, FieldType::Date | FieldType::DateWords)
}
