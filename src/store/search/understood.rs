//! What somebody means who types into the one box of the search: a name or a place, and beside it a date, a year,
//! a number, the role of the person, the kind of register.

use super::{DateOf, Query, WantedDate};
use crate::domain::text::fold;
use crate::domain::{Kind, PartialDate};

/// Words before a name that say who it is of: folded, with its accents, and whether it may be typed without them.
/// `vợ` may not: without accents it is the family name Võ; nor may `má` and `ba`, which are syllables of names.
const ROLES: [(&str, &str, bool, &str); 8] = [
    ("bo", "bố", true, "father"),
    ("cha", "cha", true, "father"),
    ("me", "mẹ", true, "mother"),
    ("con", "con", true, "child"),
    ("chong", "chồng", true, "husband"),
    ("vo", "vợ", false, "wife"),
    ("ma", "má", false, "mother"),
    ("ba", "ba", false, "father"),
];

/// What is meant by `text`: everything that is understood is taken out of the words that are searched.
///
/// `sinh 12/8/1956 hai ba trung`, `số 45/1978`, `mẹ trần thị lan 1975`, `khai tử lê an`.
#[must_use]
pub fn understood(text: &str) -> Query {
    let words: Vec<Typed<'_>> = text.split_whitespace().map(Typed::new).collect();
    let mut reading = Reading { words: &words, at: 0, rest: Vec::new(), query: Query::default() };
    while reading.at < words.len() {
        let taken = reading.take();
        if taken == 0 {
            reading.rest.push(words[reading.at].raw);
        }
        reading.at += taken.max(1);
    }
    Query { text: reading.rest.join(" "), ..reading.query }
}

/// A word as typed and folded.
struct Typed<'t> {
    raw: &'t str,
    folded: String,
}

impl<'t> Typed<'t> {
    fn new(raw: &'t str) -> Self {
        Self { raw, folded: fold(raw) }
    }

    /// Whether it was typed without accents, or with those of `word`.
    fn is(&self, folded: &str, word: &str) -> bool {
        self.folded == folded && (self.is_plain() || self.raw.to_lowercase() == word)
    }

    fn is_plain(&self) -> bool {
        self.raw.is_ascii()
    }

    /// Its figures, parted by strokes, dots or hyphens; none when there is anything else.
    fn figures(&self) -> Option<Vec<u32>> {
        let parts = self.raw.trim_end_matches([',', '.', ';']).split(['/', '.', '-']);
        parts.map(|part| part.parse().ok().filter(|_| part.len() <= 6)).collect()
    }

    /// The year it is; none when it is something else.
    fn year(&self) -> Option<i16> {
        match self.figures()?.as_slice() {
            [year] => self::year(*year),
            _ => None,
        }
    }

    /// The date it is, to the day.
    fn day(&self) -> Option<PartialDate> {
        match self.figures()?.as_slice() {
            [day, month, year] => PartialDate::from_day(self::year(*year)?, small(*month)?, small(*day)?),
            _ => None,
        }
    }

    /// The date it is where a date must stand: a day, a month or a year.
    fn date(&self) -> Option<PartialDate> {
        let month = || match self.figures()?.as_slice() {
            [month, year] => PartialDate::from_month(self::year(*year)?, small(*month)?),
            _ => None,
        };
        self.day().or_else(month).or_else(|| PartialDate::from_year(self.year()?))
    }
}

/// A year in which somebody of a register may have been born, married or dead.
fn year(number: u32) -> Option<i16> {
    i16::try_from(number).ok().filter(|year| (1850..=2100).contains(year))
}

fn small(number: u32) -> Option<i8> {
    i8::try_from(number).ok()
}

/// What has been understood so far.
struct Reading<'t> {
    words: &'t [Typed<'t>],
    at: usize,
    rest: Vec<&'t str>,
    query: Query,
}

impl Reading<'_> {
    /// Takes what begins at the present word, if it is more than a word of a name: how many words that were.
    fn take(&mut self) -> usize {
        let ways = [Self::kind, Self::years, Self::number, Self::event, Self::role, Self::date];
        ways.into_iter().map(|way| way(self)).find(|taken| *taken > 0).unwrap_or(0)
    }

    fn word(&self, ahead: usize) -> Option<&Typed<'_>> {
        self.words.get(self.at + ahead)
    }

    fn folded(&self, ahead: usize) -> &str {
        self.word(ahead).map_or("", |word| &word.folded)
    }

    /// `khai sinh`, `kết hôn`, `khai tử`.
    fn kind(&mut self) -> usize {
        let kind = match (self.folded(0), self.folded(1)) {
            ("khai", "sinh") => Kind::Birth,
            ("ket", "hon") => Kind::Marriage,
            ("khai", "tu") => Kind::Death,
            _ => return 0,
        };
        self.query.kind = Some(kind);
        2
    }

    /// `số 45`, `số 45/1978`, and `45/1978` by itself.
    fn number(&mut self) -> usize {
        let announced = self.word(0).is_some_and(|word| word.is("so", "số"));
        let Some(figures) = self.word(usize::from(announced)).and_then(Typed::figures) else { return 0 };
        let year = match (figures.as_slice(), announced) {
            ([_, last], _) => match year(*last) {
                Some(year) => Some(year),
                None => return 0,
            },
            ([_], true) => None,
            _ => return 0,
        };
        self.query.number = Some(figures[0].to_string());
        if let Some(year) = year {
            self.query.years = Some((year, year));
        }
        1 + usize::from(announced)
    }

    /// `sinh 12/8/1956`, `sinh năm 1956`, `mất 1990`, `đăng ký 3/1978`.
    fn event(&mut self) -> usize {
        let (of, words) = match (self.folded(0), self.folded(1)) {
            ("sinh", _) => (DateOf::Birth, 1),
            ("chet" | "mat", _) => (DateOf::Death, 1),
            ("cuoi", _) => (DateOf::Registration, 1),
            ("dang", "ky") => (DateOf::Registration, 2),
            ("nam", "sinh") if self.word(0).is_some_and(|word| !word.is_plain()) => (DateOf::Birth, 2),
            _ => return 0,
        };
        let between = (words..words + 2).take_while(|at| matches!(self.folded(*at), "ngay" | "nam")).count();
        let Some(date) = self.word(words + between).and_then(Typed::date) else { return 0 };
        self.query.date = Some(WantedDate { of: Some(of), date });
        words + between + 1
    }

    /// `mẹ` before a name, `bố` before a name.
    fn role(&mut self) -> usize {
        if !self.rest.is_empty() || self.query.role.is_some() || self.word(1).is_none() {
            return 0;
        }
        let Some(word) = self.word(0) else { return 0 };
        let role = ROLES.iter().find(|(folded, accented, plain, _)| {
            word.folded == *folded
                && (word.raw.to_lowercase() == *accented && !word.is_plain() || *plain && word.is_plain())
        });
        let Some((.., role)) = role else { return 0 };
        self.query.role = Some((*role).to_owned());
        1
    }

    /// `1956-1960`.
    fn years(&mut self) -> usize {
        let figures = self.word(0).and_then(Typed::figures);
        let Some([first, last]) = figures.as_deref() else { return 0 };
        let (Some(first), Some(last)) = (year(*first), year(*last)) else { return 0 };
        self.query.years = Some((first.min(last), first.max(last)));
        1
    }

    /// A day or a year by itself; `năm 1956`, where `nam` may not be a name.
    fn date(&mut self) -> usize {
        let announced = usize::from(self.word(0).is_some_and(|word| word.raw.to_lowercase() == "năm"));
        let Some(word) = self.word(announced) else { return 0 };
        let Some(date) = word.day().or_else(|| PartialDate::from_year(word.year()?)) else { return 0 };
        self.query.date = Some(WantedDate { of: None, date });
        1 + announced
    }
}

#[cfg(test)]
mod tests {
    use super::understood;
    use crate::store::search::{DateOf, Query};

    /// What is understood, in one line: only what is not left open.
    fn told(text: &str) -> String {
        let Query { text, kind, years, number, role, date, .. } = understood(text);
        let of = |of: Option<DateOf>| match of {
            None => "",
            Some(DateOf::Birth) => "born ",
            Some(DateOf::Death) => "died ",
            Some(DateOf::Registration) => "registered ",
        };
        let parts = [
            (!text.is_empty()).then_some(text),
            kind.map(|kind| format!("[{kind}]")),
            number.map(|number| format!("no. {number}")),
            years.map(|(first, last)| format!("{first}..{last}")),
            role.map(|role| format!("as {role}")),
            date.map(|wanted| format!("{}{}", of(wanted.of), wanted.date)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn what_clerks_type_is_understood() {
        for (typed, meant) in [
            ("nguyen thi lan 1975", "nguyen thi lan; 1975"),
            ("Nguyễn Thị Lan", "Nguyễn Thị Lan"),
            ("sinh 12/8/1956 hai ba trung", "hai ba trung; born 1956-08-12"),
            ("lê an sinh năm 1956", "lê an; born 1956"),
            ("lê an năm sinh 1956", "lê an; born 1956"),
            ("nguyen van nam sinh 1956", "nguyen van nam; born 1956"),
            ("so 45/1978", "no. 45; 1978..1978"),
            ("số 45", "no. 45"),
            ("45/1978 le an", "le an; no. 45; 1978..1978"),
            ("bo nguyen van an", "nguyen van an; as father"),
            ("mẹ trần thị lan 1975", "trần thị lan; as mother; 1975"),
            ("khai tử lê an mất 3/1990", "lê an; [death]; died 1990-03"),
            ("kết hôn 12-8-1990", "[marriage]; 1990-08-12"),
            ("le an 1950-1960", "le an; 1950..1960"),
            ("lê văn năm 1956", "lê văn; 1956"),
        ] {
            assert_eq!(told(typed), meant, "{typed}");
        }
    }

    #[test]
    fn words_of_names_stay_words_of_names() {
        for typed in [
            "vo thi sau",
            "võ thị sáu",
            "nguyen van nam",
            "le van sinh",
            "bo",
            "tran thi me",
            "ba van so",
            "31/2/1956",
            "12/8",
            "",
        ] {
            assert_eq!(told(typed), typed, "{typed}");
        }
    }
}
