//! An invented office: families over eighty years whose births, marriages and deaths are registered, some
//! of them twice, and read with realistic mistakes; with the truth of who is who.

use std::collections::BTreeSet;

use hotich::domain::text::fold;
use hotich::domain::{FieldStatus, Kind};
use hotich::link::{EventReader, Events, LinkKind};

/// A pair of entries that belong together, the lower number first.
pub type TruePair = (LinkKind, i64, i64);

/// What was invented.
pub struct Office {
    pub events: Events,
    pub truth: BTreeSet<TruePair>,
}

/// Numbers that only look random (Steele, Lea and Flood, "SplitMix", 2014): the same for one seed.
pub struct Dice(pub u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.roll() % end.max(1) as u64) as usize
    }

    fn chance(&mut self, probability: f64) -> bool {
        ((self.roll() >> 11) as f64) < probability * (1_u64 << 53) as f64
    }

    fn pick<'a>(&mut self, words: &'a Words) -> &'a str {
        let at = (self.roll() >> 11) as f64 / (1_u64 << 53) as f64 * words.total;
        let place = words.upto.partition_point(|upto| *upto <= at).min(words.list.len() - 1);
        &words.list[place]
    }
}

/// Words by weight.
#[derive(Default)]
struct Words {
    list: Vec<String>,
    upto: Vec<f64>,
    total: f64,
}

impl Words {
    fn add(&mut self, word: &str, weight: f64) {
        self.total += weight;
        self.list.push(word.to_owned());
        self.upto.push(self.total);
    }
}

/// The syllables of names with their weights: family; middle and given by sex (0 male, 1 female).
struct Names {
    family: Words,
    middle: [Words; 2],
    given: [Words; 2],
}

impl Names {
    fn load() -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/models/lists/names.csv");
        let mut reader =
            csv::ReaderBuilder::new().comment(Some(b'#')).flexible(true).from_path(path).unwrap();
        let headers = reader.headers().unwrap().clone();
        let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
        let (kind, text, gender, weight) =
            (column("kind"), column("syllable"), column("gender"), column("weight"));
        let mut names = Self { family: Words::default(), middle: <_>::default(), given: <_>::default() };
        for row in reader.records().map(Result::unwrap) {
            let weight = row[weight].parse::<f64>().unwrap_or(0.1).max(0.01);
            let sexes: &[usize] = match &row[gender] {
                "m" => &[0],
                "f" => &[1],
                _ => &[0, 1],
            };
            match &row[kind] {
                "family" => names.family.add(&row[text], weight),
                "middle" => sexes.iter().for_each(|sex| names.middle[*sex].add(&row[text], weight)),
                "given" => sexes.iter().for_each(|sex| names.given[*sex].add(&row[text], weight)),
                _ => {}
            }
        }
        names
    }

    fn name(&self, dice: &mut Dice, family: Option<&str>, sex: usize) -> String {
        let family = family.map_or_else(|| dice.pick(&self.family).to_owned(), str::to_owned);
        let mut name = vec![family, dice.pick(&self.middle[sex]).to_owned()];
        if dice.chance(0.25) {
            name.push(dice.pick(&self.given[sex]).to_owned());
        }
        name.push(dice.pick(&self.given[sex]).to_owned());
        name.join(" ")
    }
}

type Date = (i32, u32, u32);

#[derive(Clone)]
struct Human {
    name: String,
    sex: usize,
    born: Date,
}

/// One registration before it is read.
#[derive(Clone)]
struct Registration {
    kind: Kind,
    number: u32,
    registered: Date,
    death: Option<Date>,
    people: Vec<Human>,
    /// Everybody's number; `None` in a place nobody else needs.
    event: usize,
}

/// Invents an office of about `records` entries.
pub fn office(records: usize, seed: u64) -> Office {
    let mut making =
        Making { dice: Dice(seed), names: Names::load(), list: Vec::new(), links: Vec::new(), events: 0 };
    while making.list.len() < records {
        making.family();
    }
    making.read()
}

struct Making {
    dice: Dice,
    names: Names,
    list: Vec<Registration>,
    links: Vec<(LinkKind, usize, usize)>,
    events: usize,
}

impl Making {
    fn date(&mut self, from: i32, to: i32) -> Date {
        let year = from + self.dice.below((to - from + 1) as usize) as i32;
        (year, 1 + self.dice.below(12) as u32, 1 + self.dice.below(28) as u32)
    }

    fn human(&mut self, family: Option<&str>, sex: usize, from: i32, to: i32) -> Human {
        Human { name: self.names.name(&mut self.dice, family, sex), sex, born: self.date(from, to) }
    }

    /// Registers an event, perhaps twice, and gives its number.
    fn register(&mut self, kind: Kind, registered: Date, death: Option<Date>, people: Vec<Human>) -> usize {
        let event = self.events;
        self.events += 1;
        let number = 1 + self.dice.below(180) as u32;
        let registration = Registration { kind, number, registered, death, people, event };
        self.list.push(registration.clone());
        if self.dice.chance(0.01) {
            self.list.push(registration); // the second copy of the book
        } else if self.dice.chance(0.005) {
            let again = (registered.0 + 5 + self.dice.below(20) as i32, 1 + self.dice.below(12) as u32, 3);
            self.list.push(Registration {
                number: 1 + self.dice.below(180) as u32,
                registered: again,
                ..registration
            });
        }
        event
    }

    fn death(&mut self, human: &Human, from: i32) -> usize {
        let death = self.date(from, from + 40);
        self.register(Kind::Death, death, Some(death), vec![human.clone()])
    }

    /// A couple with its children and what becomes of them.
    fn family(&mut self) {
        let husband = self.human(None, 0, 1930, 1985);
        let wife = self.human(None, 1, husband.born.0 - 3, husband.born.0 + 6);
        let wedding = self.date(husband.born.0.max(wife.born.0) + 20, husband.born.0.max(wife.born.0) + 27);
        let marriage = self
            .dice
            .chance(0.6)
            .then(|| self.register(Kind::Marriage, wedding, None, vec![husband.clone(), wife.clone()]));
        let mut births = Vec::new();
        for child in 0..1 + self.dice.below(5) as i32 {
            let sex = self.dice.below(2);
            let family = husband.name.split(' ').next().unwrap().to_owned();
            let child = self.human(Some(&family), sex, wedding.0 + 1 + 2 * child, wedding.0 + 2 + 2 * child);
            let registered = (child.born.0, child.born.1, (child.born.2 + 2).min(28));
            let birth = self.register(
                Kind::Birth,
                registered,
                None,
                vec![child.clone(), wife.clone(), husband.clone()],
            );
            births.push(birth);
            self.links.extend(marriage.map(|marriage| (LinkKind::SameParents, marriage, birth)));
            self.grown(&child, birth);
        }
        for (place, birth) in births.iter().enumerate() {
            births[..place].iter().for_each(|other| self.links.push((LinkKind::SameParents, *other, *birth)));
        }
        for parent in [&husband, &wife] {
            if self.dice.chance(0.25) {
                let death = self.death(parent, wedding.0 + 12);
                self.links.extend(marriage.map(|marriage| (LinkKind::SamePerson, marriage, death)));
            }
        }
    }

    /// A child that marries or dies.
    fn grown(&mut self, child: &Human, birth: usize) {
        if self.dice.chance(0.2) {
            let other = self.human(None, 1 - child.sex, child.born.0 - 3, child.born.0 + 3);
            let couple = if child.sex == 0 { vec![child.clone(), other] } else { vec![other, child.clone()] };
            let wedding = self.date(child.born.0 + 22, child.born.0 + 30);
            let marriage = self.register(Kind::Marriage, wedding, None, couple);
            self.links.push((LinkKind::SamePerson, birth, marriage));
        } else if self.dice.chance(0.1) {
            let death = self.death(child, child.born.0 + 1);
            self.links.push((LinkKind::SamePerson, birth, death));
        }
    }

    /// Shuffles the entries into books and reads them.
    fn read(mut self) -> Office {
        for place in (1..self.list.len()).rev() {
            let other = self.dice.below(place + 1);
            self.list.swap(place, other);
        }
        let mut entries: Vec<Vec<i64>> = vec![Vec::new(); self.events];
        let mut reader = EventReader::default();
        let list = std::mem::take(&mut self.list);
        for (place, registration) in list.iter().enumerate() {
            let entry = 4096 + place as i64;
            entries[registration.event].push(entry);
            reader.begin(entry, (place / 150) as u32, registration.kind);
            self.fields(registration, &mut reader);
        }
        let mut truth = BTreeSet::new();
        for copies in &entries {
            all_pairs(copies, copies, |a, b| truth.insert((LinkKind::SameEvent, a, b)));
        }
        for (kind, a, b) in &self.links {
            all_pairs(&entries[*a], &entries[*b], |a, b| truth.insert((*kind, a, b)));
        }
        Office { events: reader.finish(), truth }
    }

    fn fields(&mut self, registration: &Registration, reader: &mut EventReader) {
        self.field(reader, "entry.number", &registration.number.to_string(), 0.01);
        self.day(reader, "registration.date", registration.registered);
        let people: &[(&str, &str)] = match registration.kind {
            Kind::Birth => &[("child", "birth_date"), ("mother", "birth_year"), ("father", "birth_year")],
            Kind::Marriage => &[("husband", "birth_date"), ("wife", "birth_date")],
            Kind::Death => &[("deceased", "birth_date")],
        };
        for ((who, birth), human) in people.iter().zip(&registration.people) {
            self.name(reader, &format!("{who}.name"), &human.name);
            let birth_field = format!("{who}.{birth}");
            // A third of the older entries give a year, and parents only ever one; it is off now and then.
            if *birth == "birth_year" || registration.kind == Kind::Death && self.dice.chance(0.4) {
                let off = if self.dice.chance(0.08) { self.dice.below(3) as i32 - 1 } else { 0 };
                if !self.dice.chance(0.15) {
                    self.field(reader, &birth_field, &(human.born.0 + off).to_string(), 0.03);
                }
            } else {
                self.day(reader, &birth_field, human.born);
            }
            if *who == "child" || *who == "deceased" {
                reader.field(
                    &format!("{who}.sex"),
                    ["male", "female"][human.sex],
                    FieldStatus::Accepted,
                    0.99,
                );
            }
        }
        if let Some(death) = registration.death {
            self.day(reader, "death.date", death);
        }
    }

    /// A number or a year, one figure of which is misread with probability `amiss`.
    fn field(&mut self, reader: &mut EventReader, name: &str, value: &str, amiss: f64) {
        let mut value = value.as_bytes().to_vec();
        let wrong = self.dice.chance(amiss);
        if wrong {
            let place = self.dice.below(value.len());
            value[place] = b'1' + self.dice.below(9) as u8;
        }
        let confidence = self.confidence(wrong);
        reader.field(name, std::str::from_utf8(&value).unwrap(), FieldStatus::Review, confidence);
    }

    /// A date, one part of which is misread in 6 of 100.
    fn day(&mut self, reader: &mut EventReader, name: &str, mut date: Date) {
        let wrong = self.dice.chance(0.06);
        if wrong {
            match self.dice.below(3) {
                0 => date.0 += [-10, -1, 1, 10][self.dice.below(4)],
                1 => date.1 = 1 + self.dice.below(12) as u32,
                _ => date.2 = 1 + self.dice.below(28) as u32,
            }
        }
        let confidence = self.confidence(wrong);
        let text = format!("{:04}-{:02}-{:02}", date.0, date.1, date.2);
        reader.field(name, &text, FieldStatus::Review, confidence);
    }

    /// A name, misread in 18 of 100: accents, a letter, a syllable, or all of it.
    fn name(&mut self, reader: &mut EventReader, field: &str, name: &str) {
        let wrong = self.dice.chance(0.18);
        let text = if wrong { self.misread(name) } else { name.to_owned() };
        let confidence = self.confidence(wrong);
        reader.field(field, &text, FieldStatus::Review, confidence);
    }

    fn misread(&mut self, name: &str) -> String {
        let mut syllables: Vec<String> = name.split(' ').map(str::to_owned).collect();
        let place = self.dice.below(syllables.len());
        match self.dice.below(20) {
            0..=7 => syllables[place] = fold(&syllables[place]),
            8..=14 => {
                let mut letters: Vec<char> = syllables[place].chars().collect();
                let letter = self.dice.below(letters.len());
                letters[letter] = char::from(b'a' + self.dice.below(26) as u8);
                syllables[place] = letters.into_iter().collect();
            }
            15..=17 => {
                let sex = self.dice.below(2);
                syllables[place] = self.dice.pick(&self.names.given[sex]).to_owned();
            }
            _ => return self.names.name(&mut self.dice, None, 0),
        }
        syllables.join(" ")
    }

    /// What readers say of themselves: high when right, often still high when wrong.
    fn confidence(&mut self, wrong: bool) -> f64 {
        let spread = self.dice.below(100) as f64 / 100.0;
        if wrong { 0.4 + 0.5 * spread } else { 0.75 + 0.24 * spread }
    }
}

fn all_pairs(a: &[i64], b: &[i64], mut give: impl FnMut(i64, i64) -> bool) {
    for x in a {
        for y in b.iter().filter(|y| x != *y) {
            give(*x.min(y), *x.max(y));
        }
    }
}

/// Precision and recall of what was found, by kind.
pub fn measure(office: &Office, found: &[(LinkKind, i64, i64)]) -> Vec<(LinkKind, f64, f64, usize)> {
    let found: BTreeSet<TruePair> = found.iter().copied().collect();
    LinkKind::ALL
        .into_iter()
        .map(|kind| {
            let of = |pairs: &BTreeSet<TruePair>| pairs.iter().filter(|pair| pair.0 == kind).count() as f64;
            let right = found.intersection(&office.truth).filter(|pair| pair.0 == kind).count() as f64;
            (kind, right / of(&found).max(1.0), right / of(&office.truth).max(1.0), of(&found) as usize)
        })
        .collect()
}
