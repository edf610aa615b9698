"""What the books say: people, places, dates and papers that agree with one another inside an entry.

Everything is drawn by lot from `models/lists`; about a quarter of the names of places below the
district are put together from syllables and stand in no list. A value is a pair: what is written
and what it means (a date as YYYY-MM-DD, a sex as male or female, else the writing itself).
"""

import datetime
import random
from dataclasses import dataclass, field
from pathlib import Path

from tools import LISTS, read_rows, variants

Value = tuple[str, str]
BLANK: Value = ("", "")

DIGITS = "không một hai ba bốn năm sáu bảy tám chín".split()
# Years in which a cause of death is met.
CAUSES_IN = {"COVID-19": (2020, 2022), "HIV/AIDS": (1993, 9999), "Đậu mùa": (0, 1978), "Bom mìn": (0, 1990), "Hy sinh": (0, 1990)}
WOMENS_WORK = {"Nội trợ", "cô giáo", "nữ hộ sinh"}
MENS_WORK = {"thầy giáo", "tài xế", "phụ xe"}
RURAL_HAMLETS = ["Thôn", "Thôn", "Thôn", "Xóm", "Xóm", "Làng", "Đội"]
# Words for hamlets that are met in some provinces only.
SOUTH = {"Tiền Giang", "Bến Tre", "Trà Vinh", "Vĩnh Long", "Đồng Tháp", "An Giang", "Kiên Giang", "Cần Thơ", "Hậu Giang",
         "Sóc Trăng", "Bạc Liêu", "Cà Mau", "Long An", "Tây Ninh", "Bình Dương", "Bình Phước", "Đồng Nai",
         "Bà Rịa - Vũng Tàu", "Hồ Chí Minh"}
REGIONAL_HAMLETS = {"Ấp": SOUTH, "Khóm": SOUTH, "Buôn": {"Đắk Lắk", "Đắk Nông", "Gia Lai", "Kon Tum", "Lâm Đồng"},
                    "Bản": {"Lai Châu", "Điện Biên", "Sơn La", "Lào Cai", "Yên Bái", "Hà Giang", "Cao Bằng", "Nghệ An",
                            "Thanh Hóa", "Quảng Bình"}}
URBAN_HAMLETS = ["Tổ", "Khu phố", "Khóm", "Tổ dân phố", "Khối"]
NUMBERED = {"Đội", "Tổ", "Khu phố", "Khóm", "Tổ dân phố", "Khối"}
HOSPITALS = ["Bệnh viện đa khoa tỉnh", "Bệnh viện huyện", "Bệnh viện Phụ sản", "Trạm y tế xã", "Trạm xá xã",
             "Nhà hộ sinh B", "Bệnh viện tỉnh", "Bệnh viện đa khoa khu vực", "Bệnh viện Từ Dũ", "Bệnh viện Bạch Mai"]
RARE_NATIONALITIES = ["Trung Quốc", "Lào", "Hoa Kỳ", "Hàn Quốc", "Pháp"]
# How the lists spell an ethnic group and how clerks write it.
WRITTEN_GROUPS = {"Khmer": "Khơ-me", "Gia Rai": "Gia-rai", "Ba Na": "Ba-na", "Ê Đê": "Ê-đê", "Cơ Ho": "Cơ-ho",
                  "Raglay": "Ra-glai", "Chăm (Chàm)": "Chăm"}


@dataclass
class Habits:
    """How the clerks of one book write: chosen once for the book."""

    date: str
    padded: bool
    thousand: str
    day_word: str
    early_day: str
    contracted: bool
    zero_word: str
    hundreds: bool
    separator: str
    level: str
    capital_names: bool
    small_sex: bool
    time: list[str]
    blank_share: float


def draw_habits(rng: random.Random, table: bool) -> Habits:
    """Habits of one book; in a table dates are written in figures only."""
    dates = ["/", "/", "-", "-", "."] if table else ["/", "/", "/", "-", "-", "-", ".", "words", "ngày"]
    return Habits(
        date=rng.choice(dates), padded=rng.random() < 0.5,
        thousand=rng.choice(["nghìn", "ngàn"]), day_word=rng.choice(["Ngày ", "Ngày ", ""]),
        early_day=rng.choice(["", "", "", "mùng ", "mồng "]), contracted=rng.random() < 0.06,
        zero_word=rng.choice(["linh", "lẻ"]), hundreds=rng.random() < 0.9,
        separator=rng.choices([", ", " - ", "-"], [50, 46, 4])[0],
        level=rng.choices(["full", "short", "none"], [80, 8, 12])[0],
        capital_names=rng.random() < 0.25, small_sex=rng.random() < 0.08,
        time=rng.sample(["{h} giờ {m:02d} phút", "{h}h{m:02d}", "{h} giờ", "{h:02d} giờ {m:02d}"], 2),
        blank_share=rng.choice([0.0, 0.01, 0.03, 0.05]),
    )


@dataclass
class Unit:
    """A commune with what lies above and below it; each name begins with the word for its level, in small letters."""

    commune: str
    district: str
    province: str
    hamlets: list[str] = field(default_factory=list)
    streets: list[str] = field(default_factory=list)


@dataclass
class Person:
    """One person of an entry."""

    name: str
    sex: str
    birth: datetime.date
    ethnicity: str


def short_number(number: int, contracted: bool) -> str:
    """A number from 1 to 99 in words."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return DIGITS[ones]
    ten = "mười" if tens == 1 else DIGITS[tens] + ("" if contracted and ones else " mươi")
    last = {0: "", 5: " lăm", 1: " mốt" if tens > 1 else " một", 4: " tư" if tens > 1 and contracted else " bốn"}
    return ten + last.get(ones, f" {DIGITS[ones]}")


def year_in_words(year: int, habits: Habits) -> str:
    """A year in words: "một nghìn chín trăm tám mươi mốt"."""
    thousands, rest = divmod(year, 1000)
    hundreds, rest = divmod(rest, 100)
    words = f"{DIGITS[thousands]} {habits.thousand}"
    if hundreds or (rest and (habits.hundreds or rest < 10)):
        words += f" {DIGITS[hundreds]} trăm"
    if 0 < rest < 10:
        words += f" {habits.zero_word}"
    return words + (f" {short_number(rest, habits.contracted)}" if rest else "")


class Writer:
    """Draws the values of one book's entries, form by form."""

    def __init__(self, lists: "Lists", habits: Habits, office: Unit, year: int, rng: random.Random):
        self.lists, self.habits, self.office, self.year, self.rng = lists, habits, office, year, rng
        self.signers = self._signers()
        self.neighbours = [lists.unit(rng, year, self.office) for _ in range(2)] + [lists.unit(rng, year) for _ in range(2)]
        self.institutions = rng.sample(HOSPITALS, 4) + [f"Bệnh viện {rng.choice(lists.institutions)}"]
        place_form = rng.choices(["UBND", "Ủy ban nhân dân"], [88, 12])[0]
        levels = rng.choices([1, 2, 3], [15, 15, 70])[0]
        self.registration_place = f"{place_form} " + habits.separator.join(
            [office.commune, office.district, office.province][:levels])

    # --- small things -------------------------------------------------------------------------

    def _signers(self) -> list[tuple[str, str]]:
        titles = ["Chủ tịch", "Phó Chủ tịch"] if self.year >= 2006 else ["Chủ tịch", "Phó Chủ tịch", "Ủy viên thư ký"]
        if self.rng.random() < 0.12:
            titles = titles[:1] + ["Trưởng ban tư pháp"]
        signers = []
        for title in titles[: self.rng.choice([1, 2, 2, 3])]:
            sex = "male" if self.rng.random() < 0.75 else "female"
            signers.append((self.lists.name(self.rng, sex, self.year - 45), title))
        return signers

    def date(self, day: datetime.date) -> Value:
        """A date in figures, as this book writes it."""
        habits = self.habits
        pad = "02d" if habits.padded else "d"
        if habits.date in ("words", "ngày"):
            start = "ngày " if habits.date == "ngày" else ""
            return f"{start}{day.day:{pad}} tháng {day.month:{pad}} năm {day.year}", day.isoformat()
        mark = habits.date
        return f"{day.day:{pad}}{mark}{day.month:{pad}}{mark}{day.year}", day.isoformat()

    def date_in_words(self, day: datetime.date) -> Value:
        """The same date in words, with a capital at the start."""
        habits = self.habits
        early = habits.early_day if day.day <= 10 else ""
        month = {1: self.rng.choice(["một", "một", "giêng"]), 4: self.rng.choice(["tư", "bốn"])}.get(
            day.month, short_number(day.month, False))
        words = (f"{habits.day_word}{early}{short_number(day.day, habits.contracted)} tháng {month} "
                 f"năm {year_in_words(day.year, habits)}")
        return words[0].upper() + words[1:], day.isoformat()

    def sex(self, person: Person) -> Value:
        """Nam or Nữ."""
        word = "Nam" if person.sex == "male" else "Nữ"
        return (word.lower() if self.habits.small_sex else word), person.sex

    def same(self, text: str) -> Value:
        """A value that means what is written; now and then left out where the book leaves blanks."""
        return BLANK if self.rng.random() < self.habits.blank_share else (text, text)

    def certain(self, text: str) -> Value:
        """A value that means what is written and is never left out."""
        return text, text

    def shown_name(self, person: Person) -> Value:
        """The name of the person whom the entry is about, in capitals where the book writes it so."""
        return self.certain(person.name.upper() if self.habits.capital_names else person.name)

    def nationality(self) -> Value:
        """Nearly always Việt Nam."""
        return self.same("Việt Nam" if self.rng.random() < 0.985 else self.rng.choice(RARE_NATIONALITIES))

    def document(self, person: Person, day: datetime.date) -> Value:
        """Nine figures of the old card, twelve of the new one (2013 on), now and then a passport."""
        rng = self.rng
        if rng.random() < 0.015:
            return self.certain(f"{rng.choice('BCN')}{rng.randint(0, 9999999):07d}")
        share = 0.0 if day.year < 2013 else 0.3 if day.year < 2021 else 0.85
        if rng.random() < share:
            return self.certain(self.lists.personal_number(rng, person))
        return self.same(rng.choice(self.lists.prefixes) + "".join(rng.choice("0123456789") for _ in range(7)))

    def person(self, sex: str, born: int, ethnicity: str | None = None, family: str | None = None) -> Person:
        """Someone born in the year `born`."""
        group = ethnicity or self.lists.group(self.rng)
        day = datetime.date(born, 1, 1) + datetime.timedelta(days=self.rng.randrange(365))
        return Person(self.lists.name(self.rng, sex, born, family, group), sex, day, group)

    # --- places -------------------------------------------------------------------------------

    def level(self, name: str) -> str:
        """The name of a unit with the word for its level written out, shortened or left out."""
        if self.habits.level == "full":
            return name
        for word, short in (("thành phố", "TP."), ("thị trấn", "TT."), ("thị xã", "TX."), ("huyện", "H."),
                            ("quận", "Q."), ("tỉnh", "T."), ("phường", "P."), ("xã", "X.")):
            if name.startswith(word + " "):
                bare = name[len(word) + 1:]
                if self.habits.level == "short":
                    return f"{short} {bare}"
                return name if bare[0].isdigit() else bare
        return name

    def place(self, unit: Unit, spot: str = "", least: int = 1) -> str:
        """A place: `spot` (hamlet or house, may be empty), the commune and what stands above it."""
        count = max(least, self.rng.choices([1, 2, 3], [32, 48, 20])[0])
        levels = (unit.commune, unit.district, unit.province)[:count]
        parts = ([spot] if spot else []) + [self.level(name) for name in levels]
        text = self.habits.separator.join(parts)
        return text[0].upper() + text[1:]

    def spot(self, unit: Unit) -> str:
        """A hamlet or a house, or nothing."""
        rng = self.rng
        urban = unit.commune.startswith(("phường", "thị trấn"))
        way = rng.choices(["street", "hamlet", "none"], [60, 22, 18] if urban else [18, 58, 24])[0]
        if way == "none":
            return ""
        if way == "hamlet":
            return rng.choice(unit.hamlets)
        house = f"{rng.randint(1, 320)}{rng.choices(['', 'A', 'B', f'/{rng.randint(2, 48)}'], [6, 1, 1, 2])[0]}"
        return f"{rng.choice(['Số ', '', ''])}{house} {rng.choice(unit.streets)}"

    def residence(self, away: float = 0.12) -> str:
        """Where someone lives: in the office's commune, elsewhere with the chance `away`."""
        if self.rng.random() < away:
            unit = self.rng.choice(self.neighbours)
            return self.place(unit, self.spot(unit), least=2)
        return self.place(self.office, self.spot(self.office))

    def origin(self) -> str:
        """Quê quán: at least commune and district, in small letters at the start."""
        unit = self.office if self.rng.random() < 0.7 else self.rng.choice(self.neighbours)
        parts = [self.level(name) for name in (unit.commune, unit.district, unit.province)[:self.rng.choice([2, 2, 3])]]
        return self.habits.separator.join(parts)

    def note(self, kind: str, day: datetime.date, late: bool, fatherless: bool) -> Value:
        """A remark; mostly there is none."""
        rng = self.rng
        if late and rng.random() < 0.6:
            return self.certain("Đăng ký quá hạn")
        if fatherless and rng.random() < 0.2:
            return self.certain("Con ngoài giá thú")
        if rng.random() > 0.07:
            return BLANK
        decision = rng.randint(1, 60)
        later = (day + datetime.timedelta(days=rng.randint(200, 4000)))
        common = ["Đăng ký lại", "Đã cấp bản sao", f"Đã cấp bản sao ngày {later.day}/{later.month}/{later.year}",
                  f"Cải chính năm sinh theo QĐ số {decision}", f"Cải chính họ tên theo QĐ số {decision}"]
        own = {"birth": [f"Nhận con nuôi theo QĐ số {decision}", f"Bổ sung quê quán theo QĐ số {decision}"],
               "marriage": [f"Đã ly hôn theo QĐ số {decision}/{later.year}", f"Ly hôn theo bản án số {decision}"],
               "death": ["Có giấy báo tử", f"Giấy báo tử số {decision}"]}[kind]
        return self.certain(rng.choice(common + own))

    # --- entries ------------------------------------------------------------------------------

    def entry(self, kind: str, number: int, day: datetime.date, volume: str) -> dict[str, Value]:
        """All values an entry of this kind may have; a form takes the fields that it asks for."""
        signer, title = self.signers[0] if self.rng.random() < 0.7 else self.rng.choice(self.signers)
        values = {
            "entry.number": self.certain(str(number)),
            "registration.book": self.certain(f"{volume}/{day.year}"),
            "registration.place": self.certain(self.registration_place),
            "registration.date": self.date(day),
            "signer.name": self.certain(signer),
            "signer.title": self.certain(title),
        }
        values.update({"birth": self._birth, "marriage": self._marriage, "death": self._death}[kind](day))
        return values

    def _birth(self, day: datetime.date) -> dict[str, Value]:
        rng = self.rng
        late = rng.random() < 0.06
        birth = day - datetime.timedelta(days=rng.randint(90, 1500) if late else rng.randint(1, 55))
        mother = self.person("female", birth.year - rng.randint(18, 42))
        father = self.person("male", min(mother.birth.year + rng.randint(-6, 12), birth.year - 19),
                             mother.ethnicity if rng.random() < 0.6 else None)
        fatherless = rng.random() < 0.055
        family = (mother if fatherless or rng.random() < 0.03 else father).name.split(" ")[0]
        child = self.person(rng.choice(["male", "female"]), birth.year, (mother if fatherless else father).ethnicity, family)
        child.birth = birth
        home = self.residence(0.08)
        away = rng.choices(["hospital", "home", "other"], [58, 32, 10])[0]
        born_at = {"hospital": rng.choice(self.institutions), "home": home, "other": self.residence(0.3)}[away]
        way = rng.choices(["mother", "father", "kin"], [48, 46, 6])[0]
        if fatherless and way == "father":
            way = "mother"
        kin = self._grandparent(mother, father)
        declarant, relation = {"mother": (mother, "Mẹ đẻ"), "father": (father, "Cha đẻ"), "kin": kin}[way]
        values = {
            "child.name": self.shown_name(child), "child.sex": self.sex(child),
            "child.birth_date": self.date(birth), "child.birth_date_words": self.date_in_words(birth),
            "child.birth_place": self.certain(born_at),
            "child.ethnicity": self.same(child.ethnicity), "child.nationality": self.nationality(),
            "child.origin": self.same(self.origin()),
            "child.id_number": self.same(self.lists.personal_number(rng, child)),
            "declarant.name": self.certain(declarant.name),
            "declarant.relation": self.same(rng.choice(["Mẹ", relation]) if relation == "Mẹ đẻ" else relation),
            "declarant.document": self.document(declarant, day),
            "notes": self.note("birth", day, late, fatherless),
        }
        for who, parent in (("father", father), ("mother", mother)):
            values |= {
                f"{who}.name": self.certain(parent.name), f"{who}.birth_year": self.same(str(parent.birth.year)),
                f"{who}.ethnicity": self.same(parent.ethnicity), f"{who}.nationality": self.nationality(),
                f"{who}.occupation": self.same(self.lists.occupation(rng, parent, day.year)),
                f"{who}.residence": self.certain(home if rng.random() < 0.7 else self.residence()),
                f"extra.{who}_number": self.same(self.lists.personal_number(rng, parent)),
            }
        if fatherless:
            values |= {name: BLANK for name in values if name.startswith(("father.", "extra.father"))}
        return values

    def _grandparent(self, mother: Person, father: Person) -> tuple[Person, str]:
        sex, word = self.rng.choice([("female", "Bà"), ("male", "Ông")])
        side, parent = self.rng.choice([("nội", father), ("ngoại", mother)])
        family = parent.name.split(" ")[0] if sex == "male" else None
        return self.person(sex, parent.birth.year - self.rng.randint(20, 34), parent.ethnicity, family), f"{word} {side}"

    def _marriage(self, day: datetime.date) -> dict[str, Value]:
        rng = self.rng
        husband = self.person("male", day.year - rng.choice([20, 21, 22, 23, 24, 25, 26, 27, 28, 30, 33, 38]) - 1)
        wife = self.person("female", min(husband.birth.year + rng.randint(-2, 7), day.year - 19),
                           husband.ethnicity if rng.random() < 0.7 else None)
        values: dict[str, Value] = {"notes": self.note("marriage", day, False, False)}
        values["extra.marriage_date"] = self.date(day) if rng.random() < 0.15 else BLANK
        for who, person in (("husband", husband), ("wife", wife)):
            older = day.year - person.birth.year > 30
            count = 2 if rng.random() < (0.3 if older else 0.04) else 1
            written = rng.choice([str(count), {1: "Lần thứ nhất", 2: "Lần thứ hai"}[count]])
            values |= {
                f"{who}.name": self.shown_name(person), f"{who}.birth_date": self.date(person.birth),
                f"{who}.ethnicity": self.same(person.ethnicity), f"{who}.nationality": self.nationality(),
                f"{who}.occupation": self.same(self.lists.occupation(rng, person, day.year)),
                f"{who}.residence": self.certain(self.residence(0.25)),
                f"{who}.document": self.document(person, day),
                f"{who}.marriage_count": (written, str(count)),
                f"extra.{who}_number": self.same(self.lists.personal_number(rng, person)),
            }
        return values

    def _death(self, day: datetime.date) -> dict[str, Value]:
        rng = self.rng
        death = day - datetime.timedelta(days=rng.randint(0, 15))
        ages = [rng.randint(0, 15), rng.randint(16, 55), rng.randint(56, 75), rng.randint(76, 97)]
        age = rng.choices(ages, [4, 22, 34, 40])[0]
        dead = self.person(rng.choice(["male", "female"]), death.year - age - 1)
        declarant, relation = self._survivor(dead, death)
        only_year = dead.birth.year < 1960 and rng.random() < 0.45
        home = self.residence(0.05)
        spots = ["Tại nhà", rng.choice(self.institutions), home, rng.choice(self.lists.phrases)]
        where = rng.choices(spots, [56, 30, 11, 3])[0]
        hour, minute = rng.randint(0, 23), rng.choice([0, 5, 10, 15, 20, 30, 30, 40, 45, 50])
        clock = rng.choice(self.habits.time).format(h=hour, m=minute)
        return {
            "deceased.name": self.shown_name(dead), "deceased.sex": self.sex(dead),
            "deceased.birth_date": self.certain(str(dead.birth.year)) if only_year else self.date(dead.birth),
            "deceased.ethnicity": self.same(dead.ethnicity), "deceased.nationality": self.nationality(),
            "deceased.occupation": self.same(self.lists.occupation(rng, dead, day.year, age)),
            "extra.deceased_number": self.same(self.lists.personal_number(rng, dead)),
            "deceased.residence": self.certain(home), "deceased.document": self.document(dead, day) if age > 15 else BLANK,
            "death.time": self.same(clock), "death.date": self.date(death), "death.date_words": self.date_in_words(death),
            "death.place": self.certain(where), "death.cause": self.same(self.lists.cause(rng, age, day.year)),
            "declarant.name": self.certain(declarant.name), "declarant.relation": self.same(relation),
            "declarant.document": self.document(declarant, day),
            "notes": self.note("death", day, False, False),
        }

    def _survivor(self, dead: Person, death: datetime.date) -> tuple[Person, str]:
        """Who declares a death, and what they are to the dead."""
        rng = self.rng
        born = dead.birth.year
        family = dead.name.split(" ")[0]
        age = death.year - born
        if age < 22:
            sex, word = rng.choice([("male", "Cha"), ("female", "Mẹ")])
            return self.person(sex, born - rng.randint(20, 35), dead.ethnicity, family if sex == "male" else None), word
        ways = ["spouse", "sibling"] + (["child"] * 4 if age > 42 else [])
        way = rng.choice(ways)
        if way == "spouse":
            sex, word = ("female", "Vợ") if dead.sex == "male" else ("male", "Chồng")
            return self.person(sex, min(born + rng.randint(-4, 6), death.year - 20), dead.ethnicity), word
        sex = rng.choice(["male", "female"])
        if way == "sibling":
            older = rng.random() < 0.35
            word = ("Anh trai" if sex == "male" else "Chị gái") if older else ("Em trai" if sex == "male" else "Em gái")
            shift = -rng.randint(1, 9) if older else rng.randint(1, min(12, age - 19))
            return self.person(sex, born + shift, dead.ethnicity, family), word
        own = family if dead.sex == "male" else None
        word = rng.choice(["Con", "Con trai" if sex == "male" else "Con gái"])
        return self.person(sex, born + rng.randint(20, min(38, age - 19)), dead.ethnicity, own), word


class Lists:
    """The lists of the program, ready to draw from."""

    def __init__(self, folder: Path = LISTS):
        names = read_rows(folder / "names.csv")
        self.families = [(row["syllable"], float(row["weight"] or 1)) for row in names if row["kind"] == "family"]
        self.rare_families = [row["syllable"] for row in names if row["kind"] == "family_ethnic"
                              and "ŭ" not in row["syllable"]]  # not every face draws it
        self.pool = {
            (kind, sex, era): [(row["syllable"], float(row["weight"] or 1) + 0.5) for row in names
                               if row["kind"] == kind and row["gender"] in (sex, "u", "") and row["era"] == era]
            for kind in ("middle", "given") for sex in "mf" for era in ("pre1985", "1985-2000")
        }
        groups = [row for row in read_rows(folder / "ethnic_groups.csv") if row["official"] != "Kinh"]
        self.groups = [(WRITTEN_GROUPS.get(row["official"], row["official"]), float(row["census2019_approx"] or 1000) ** 0.4)
                       for row in groups]
        self.occupations = [(row["canonical"], wording, row["era"], row["note"] or "")
                            for row in read_rows(folder / "occupations.csv") for wording in variants(row, "variants")
                            if not wording.isupper() and row["canonical"] != "Tu hành"]
        self.causes = [(wording, row["group"], row["canonical"]) for row in read_rows(folder / "causes_of_death.csv")
                       for wording in variants(row, "canonical", "variants") if row["group"] not in ("court", "execution")
                       and "(" not in wording]
        places = read_rows(folder / "place_names.csv")
        self.streets, self.institutions, self.hamlets, self.phrases = (
            [row["name"] for row in places if row["kind"] == kind] for kind in ("street", "institution", "hamlet", "phrase"))
        self.phrases = [phrase for phrase in self.phrases if phrase not in ("Nt", "Như trên", "Không")]
        self.units = [row for row in read_rows(folder / "administrative_units.csv") if row["district"] and row["communes"]]
        self.provinces = {row["name"]: row for row in read_rows(folder / "provinces_63.csv")}
        self.history = read_rows(folder / "provinces_history.csv")
        self.prefixes = [row["prefix"] for row in read_rows(folder / "cmnd_prefixes.csv")]
        self.known = {name for row in self.units for name in row["communes"].split("|")} | set(self.streets) | set(self.hamlets)
        self.syllables = sorted({syllable for name in self.known for syllable in name.split(" ")
                                 if syllable.isalpha() and 2 <= len(syllable) <= 6 and syllable.istitle()})

    def invented(self, rng: random.Random) -> str:
        """A name of two syllables that stands in no list of places."""
        while True:
            name = f"{rng.choice(self.syllables)} {rng.choice(self.syllables)}"
            if name not in self.known:
                return name

    def name(self, rng: random.Random, sex: str, born: int, family: str | None = None, group: str = "Kinh") -> str:
        """A full name of two to four syllables."""
        era = "pre1985" if born < 1985 else "1985-2000"
        key = "m" if sex == "male" else "f"
        if family is None:
            rare = group != "Kinh" and rng.random() < 0.3
            family = rng.choice(self.rare_families) if rare else rng.choices(*zip(*self.families))[0]
        given = rng.choices(*zip(*self.pool["given", key, era]))[0]
        if rng.random() < 0.05:
            given = rng.choice(self.syllables)
        common = "Văn" if sex == "male" else "Thị"
        usual = (0.42 if sex == "male" else 0.68) if born < 1985 else (0.2 if sex == "male" else 0.35)
        middle = common if rng.random() < usual else rng.choices(*zip(*self.pool["middle", key, era]))[0]
        way = rng.random()
        if way < 0.05:
            return f"{family} {given}"
        if way > 0.84:
            second = rng.choices(*zip(*self.pool["middle", key, era]))[0]
            if second != middle:
                first, second = (second, middle) if second in ("Văn", "Thị") else (middle, second)
                return f"{family} {first} {second} {given}"
        return f"{family} {middle} {given}"

    def group(self, rng: random.Random) -> str:
        """An ethnic group; the smaller ones are met more often than they live."""
        return "Kinh" if rng.random() < 0.72 else rng.choices(*zip(*self.groups))[0]

    def occupation(self, rng: random.Random, person: Person, year: int, age: int | None = None) -> str:
        """An occupation of the time and of the age; farming is by far the commonest."""
        if age is not None and age < 18:
            return "Còn nhỏ" if age < 6 else "Học sinh"
        if age is not None and age > 72 and rng.random() < 0.6:
            return rng.choice(["Già yếu", "Hưu trí", "Làm ruộng", "Già"])
        if rng.random() < 0.28:
            return "Làm ruộng"
        while True:
            canonical, wording, era, note = rng.choice(self.occupations)
            start, _, end = era.partition("-")
            fits = era == "all" or (int(start) <= year and (not end or year <= int(end)))
            other_sex = WOMENS_WORK if person.sex == "male" else MENS_WORK
            if fits and "khai tử" not in note and canonical not in other_sex and wording not in other_sex:
                return wording[0].upper() + wording[1:]

    def cause(self, rng: random.Random, age: int, year: int) -> str:
        """A cause of death that fits the age and the year."""
        if age > 74 and rng.random() < 0.55:
            return rng.choice(["Già yếu", "Già yếu", "Bệnh già", "Tuổi già", "Tuổi cao sức yếu"])
        while True:
            wording, group, canonical = rng.choice(self.causes)
            first, last = CAUSES_IN.get(canonical, (0, 9999))
            if first <= year <= last and (group == "neonatal") == (age == 0) and (group != "natural" or age > 70) and group not in ("maternal", "accident/suicide"):
                return wording[0].upper() + wording[1:]

    def personal_number(self, rng: random.Random, person: Person) -> str:
        """Twelve figures: province, sex and century, year of birth, six figures."""
        code = int(rng.choice(list(self.provinces.values()))["cccd_code"])
        century = {19: 0, 20: 2}.get(person.birth.year // 100, 0) + (person.sex == "female")
        return f"{code:03d}{century}{person.birth.year % 100:02d}{rng.randint(0, 999999):06d}"

    def province_then(self, name: str, year: int, rng: random.Random) -> str:
        """What today's province was called in `year`, with the word for its level."""
        if year < 2005:
            then = [row["name"] for row in self.history
                    if int(row["from_year"]) <= year <= int(row["to_year"]) and name in row["successor"]
                    and "(" not in row["name"] and "Khu" not in row["name"]]
            if then and name not in ("Hà Nội", "Hải Phòng"):
                return f"tỉnh {rng.choice(then)}"
        kind = self.provinces[name]["type"].lower() if name in self.provinces else "tỉnh"
        return f"{kind} {name}"

    def unit(self, rng: random.Random, year: int, near: Unit | None = None) -> Unit:
        """A commune or ward; one in four bears an invented name. `near`: in the same district."""
        row = rng.choice(self.units)
        kind = row["type"].lower()
        district = near.district if near else f"{kind} {row['district']}"
        province = near.province if near else self.province_then(row["province"], year, rng)
        if near:
            row = next((unit for unit in self.units if near.district == f"{unit['type'].lower()} {unit['district']}"), row)
            kind = row["type"].lower()
        name = self.invented(rng) if rng.random() < 0.25 else rng.choice(row["communes"].split("|"))
        town = kind in ("thành phố", "thị xã")
        level = rng.choices(["phường", "xã", "thị trấn"], [70, 30, 0] if town else [0, 90, 10])[0]
        if kind == "quận" or name[0].isdigit():
            level = "phường"
        unit = Unit(f"{level} {name}", district, province)
        urban = level != "xã"
        unit.hamlets = [self.hamlet(rng, urban, row["province"]) for _ in range(7)]
        unit.streets = [self.street(rng) for _ in range(6)]
        return unit

    def hamlet(self, rng: random.Random, urban: bool, province: str) -> str:
        """A place below the commune, as it is called in that province."""
        regional = [word for word, where in REGIONAL_HAMLETS.items() if province in where]
        word = rng.choice(URBAN_HAMLETS if urban else 3 * regional or RURAL_HAMLETS)
        if word in NUMBERED or rng.random() < 0.12:
            return f"{word} {rng.randint(1, 14)}"
        if word == "Buôn":
            return f"{word} {rng.choice(self.hamlets)}"
        ordinary = self.hamlets[:45]
        return f"{word} {self.invented(rng) if rng.random() < 0.5 else rng.choice(ordinary)}"

    def street(self, rng: random.Random) -> str:
        """A street; a lane or an invented name now and then."""
        if rng.random() < 0.25:
            return self.invented(rng)
        name = rng.choice(self.streets)
        if name.startswith("Phố "):
            return "phố " + name[4:]
        return f"{rng.choice(['', '', '', 'phố ', 'ngõ '])}{name}"
