"""What the training lines say.

Three sources: plain Vietnamese syllables (any that the spelling allows, so that the
reader learns to see and not to guess), random strings of letters and figures, and the
wording of registers, drawn from the lists the program itself ships (`models/lists`).
"""

import csv
import random
from pathlib import Path

import alphabet

ONSETS = """b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x""".split() + [""] * 3
RIMES = """a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip
it iu o oa oac oach oai oam oan oang oanh oao oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on
ong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung
uơ uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uynh uyt uyu ư ưa ưc ưi ưng ươc ươi ươm ươn
ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu""".split()
STOPPED = ("c", "ch", "p", "t")
TONE_MARKS = list(alphabet.TONES)
SEPARATORS = [" - ", ", ", "-", " – ", "; ", "/"]


def toned_at(rime: str, modern: bool) -> int:
    """Index of the vowel of `rime` that carries the tone; `modern` writes hoà, else hòa."""
    vowels = [index for index, letter in enumerate(rime) if letter in alphabet.PLAIN_VOWELS]
    shaped = [index for index in vowels if rime[index] in "ăâêôơư"]
    if shaped:
        return shaped[-1]
    if len(vowels) == 1:
        return vowels[0]
    if len(vowels) == 3 or vowels[-1] < len(rime) - 1:
        return vowels[1]
    return vowels[1] if modern and rime in ("oa", "oe", "uy") else vowels[0]


def put_tone(rime: str, tone: str, modern: bool = False) -> str:
    """`rime` with the combining `tone` on the right vowel."""
    at = toned_at(rime, modern)
    return rime[:at] + alphabet.with_tone(rime[at], tone) + rime[at + 1:]


def syllable(rng: random.Random) -> str:
    """One syllable that Vietnamese spelling allows, met in a word or not."""
    onset, rime = rng.choice(ONSETS), rng.choice(RIMES)
    tones = ["\u0301", "\u0323"] if rime.endswith(STOPPED) else ["", *TONE_MARKS]
    return onset + put_tone(rime, rng.choice(tones), rng.random() < 0.5)


def cased(words: list[str], rng: random.Random) -> str:
    """Words joined by blanks, in one of the ways people write capitals."""
    way = rng.random()
    if way < 0.4:
        return " ".join(words)
    if way < 0.55:
        return " ".join(words).upper()
    if way < 0.75:
        return " ".join(word.capitalize() for word in words)
    if way < 0.9:
        return " ".join(words).capitalize()
    return " ".join(word.capitalize() if rng.random() < 0.5 else word for word in words)


def read_rows(path: Path) -> list[dict]:
    """Rows of one list, its comment lines left out."""
    with open(path, encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def variants(row: dict, *columns: str) -> list[str]:
    """All wordings in the named columns of a row, the mark of dated words taken off."""
    found = []
    for column in columns:
        found += [piece.strip().rstrip("!") for piece in (row.get(column) or "").split("|")]
    return [piece for piece in found if piece]


MONTHS = ["giêng", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai"]
DIGIT_WORDS = "không một hai ba bốn năm sáu bảy tám chín".split()


def below_hundred(number: int, rng: random.Random) -> str:
    """A number from 1 to 99 in words, in one of the usual ways."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return DIGIT_WORDS[ones]
    start = "mười" if tens == 1 else DIGIT_WORDS[tens] + rng.choice([" mươi", " mươi", ""])
    if ones == 0:
        return start if tens == 1 or start.endswith("mươi") else start + " mươi"
    last = DIGIT_WORDS[ones]
    if ones == 5:
        last = rng.choice(["lăm", "lăm", "nhăm"]) if tens > 1 else "lăm"
    elif tens > 1 and ones == 1:
        last = "mốt"
    elif tens > 1 and ones == 4:
        last = rng.choice(["tư", "bốn"])
    return f"{start} {last}"


def year_words(year: int, rng: random.Random) -> str:
    """A year in words, as registers write it."""
    thousand, rest = divmod(year, 1000)
    hundred, rest = divmod(rest, 100)
    words = [DIGIT_WORDS[thousand], rng.choice(["nghìn", "ngàn"])]
    words += [DIGIT_WORDS[hundred], "trăm"] if hundred or rng.random() < 0.8 else []
    if rest:
        words += [rng.choice(["linh", "lẻ"])] if rest < 10 else []
        words.append(below_hundred(rest, rng))
    return " ".join(words)


class Registers:
    """Draws the values of register fields, weighted as the lists weigh them."""

    def __init__(self, lists: Path):
        self.names = read_rows(lists / "names.csv")
        self.by_kind = {
            kind: [row for row in self.names if row["kind"].startswith(kind)]
            for kind in ("family", "middle", "given")
        }
        self.weights = {
            kind: [float(row["weight"] or 1) + 1.0 for row in rows] for kind, rows in self.by_kind.items()
        }
        provinces = read_rows(lists / "provinces_63.csv") + read_rows(lists / "provinces_history.csv")
        self.provinces = [name for row in provinces for name in variants(row, "name", "variants")]
        self.short = [
            wording
            for file, columns in (
                ("occupations.csv", ("canonical", "variants")),
                ("causes_of_death.csv", ("canonical", "variants")),
                ("ethnic_groups.csv", ("official", "variants_158", "variants_other")),
                ("nationalities.csv", ("value", "variants")),
                ("date_words.csv", ("canonical", "variants")),
            )
            for row in read_rows(lists / file)
            for wording in variants(row, *columns)
        ]

    def one_of(self, kind: str, rng: random.Random) -> str:
        """One syllable of a name."""
        return rng.choices(self.by_kind[kind], self.weights[kind])[0]["syllable"]

    def name(self, rng: random.Random) -> str:
        """A full name."""
        middles = [self.one_of("middle", rng) for _ in range(rng.choice([0, 1, 1, 1, 1, 2]))]
        words = [self.one_of("family", rng), *middles, self.one_of("given", rng)]
        name = " ".join(words)
        return name.upper() if rng.random() < 0.3 else name

    def place_name(self, rng: random.Random) -> str:
        """Two syllables such as communes are named by."""
        return " ".join(
            (self.one_of("given", rng) if rng.random() < 0.5 else syllable(rng)).capitalize() for _ in range(2)
        )

    def place(self, rng: random.Random) -> str:
        """A residence, origin or place of birth, from a house number up to a province."""
        small = rng.choice(["Thôn", "thôn", "xóm", "Ấp", "ấp", "Tổ", "khu phố", "Khối", "Đội", "bản", "số nhà", "KP"])
        commune = rng.choice(["xã", "Xã", "phường", "Phường", "P.", "thị trấn", "TT", "X."])
        district = rng.choice(["huyện", "Huyện", "quận", "Quận", "H.", "Q.", "thị xã", "TX", "TP", ""])
        province = rng.choice(["tỉnh", "Tỉnh", "", "", "T.", "thành phố", "TP"])
        figure = str(rng.randint(1, 30))
        levels = [
            f"{small} {figure if rng.random() < 0.4 else self.place_name(rng)}",
            f"{commune} {figure if rng.random() < 0.15 else self.place_name(rng)}",
            f"{district} {figure if rng.random() < 0.1 else self.place_name(rng)}",
            f"{province} {rng.choice(self.provinces)}",
        ]
        if rng.random() < 0.25:
            levels[0] = f"{rng.randint(1, 999)}{rng.choice(['', '', 'A', 'B', '/' + figure])} {self.place_name(rng)}"
        first = rng.choice([0, 0, 1, 1, 2, 3])
        last = rng.choice([len(levels), len(levels), first + 1, first + 2])
        return rng.choice(SEPARATORS[:3]).join(level.strip() for level in levels[first:last])

    def institution(self, rng: random.Random) -> str:
        """A hospital or an issuing office."""
        kinds = ["Bệnh viện", "BV", "Trạm y tế xã", "Nhà hộ sinh", "Bệnh xá", "UBND xã", "UBND phường", "UBHC xã",
                 "Công an tỉnh", "CA huyện", "Bảo sanh viện", "Trạm xá", "Bệnh viện đa khoa", "UBND huyện"]
        return f"{rng.choice(kinds)} {self.place_name(rng) if rng.random() < 0.6 else rng.choice(self.provinces)}"

    def date(self, rng: random.Random) -> str:
        """A date in figures, in words or in both."""
        day, month, year = rng.randint(1, 31), rng.randint(1, 12), rng.randint(1890, 2025)
        way = rng.random()
        if way < 0.45:
            mark = rng.choice("/-./-")
            pad = rng.choice(["02d", "d"])
            short = year if rng.random() < 0.9 else year % 100
            return f"{day:{pad}}{mark}{month:{pad}}{mark}{short:02d}"
        if way < 0.65:
            return rng.choice([
                f"ngày {day:02d} tháng {month:02d} năm {year}", f"Ngày {day} tháng {month} năm {year}",
                f"{day} tháng {month} năm {year}", f"tháng {month} năm {year}", f"năm {year}", f"{year}",
                f"{rng.randint(0, 23)} giờ {rng.randint(0, 59)} phút", f"{rng.randint(0, 23)}h{rng.randint(0, 59):02d}",
            ])
        month_word = MONTHS[month - 1]
        word = f"{rng.choice(['ngày ', 'Ngày ', ''])}{rng.choice(['mồng ', 'mùng ', '']) if day <= 10 else ''}"
        return f"{word}{below_hundred(day, rng)} tháng {month_word} năm {year_words(year, rng)}"

    def number(self, rng: random.Random) -> str:
        """An entry number, an id number, a volume."""
        digits = "".join(rng.choice(alphabet.DIGITS) for _ in range(rng.choice([1, 2, 2, 3, 3, 4, 6, 9, 9, 12])))
        way = rng.random()
        if way < 0.6:
            return digits
        if way < 0.75:
            return f"{digits[:3]}/{rng.randint(1955, 2025)}"
        if way < 0.85:
            return f"{rng.randint(1, 9):02d}-TP/HT-{rng.randint(1976, 2020)}-{rng.choice(['KS', 'KT', 'KH', 'CMC'])}"
        return f"{rng.choice(['Số', 'số', 'Quyển số', 'CMND', 'CMND số', 'Số CMND:'])} {digits}"

    def note(self, rng: random.Random) -> str:
        """A remark in the margin or a relation."""
        return rng.choice([
            "Nam", "Nữ", "nam", "nữ", "Cha", "Mẹ", "Cha đẻ", "Mẹ đẻ", "Ông nội", "Bà ngoại", "Con", "Vợ", "Chồng",
            "Lần thứ nhất", "Lần thứ hai", "không", "Không rõ", "như trên", "nt", "đã chết", "Chủ tịch", "Phó chủ tịch",
            f"Cải chính {self.date(rng)}", f"Đổi tên thành {self.name(rng)}", f"QĐ số {rng.randint(1, 999)}/QĐ-UBND",
            f"Đăng ký lại ngày {self.date(rng)}", f"con ông {self.name(rng)}", f"{rng.randint(15, 99)} tuổi",
        ])

    def value(self, rng: random.Random) -> str:
        """One value of a register."""
        makers = [self.name, self.place, self.date, self.number, self.institution, self.note]
        maker = rng.choices([*makers, None], [3, 4, 3.5, 2, 1, 1, 2])[0]
        return maker(rng) if maker else rng.choice(self.short)


def random_string(rng: random.Random) -> str:
    """Letters, figures and marks in no order, each letter of the alphabet alike likely."""
    words = []
    for _ in range(rng.randint(1, 4)):
        source = rng.choice([alphabet.LOWER, alphabet.LOWER, alphabet.LETTERS, alphabet.LETTERS.upper(), alphabet.DIGITS])
        word = "".join(rng.choice(source) for _ in range(rng.randint(1, 7)))
        if rng.random() < 0.3:
            word += rng.choice(alphabet.PUNCTUATION)
        words.append(word)
    return " ".join(words)


def syllables(rng: random.Random) -> str:
    """One to eight syllables with now and then a figure or a mark between."""
    words = [syllable(rng) for _ in range(rng.choice([1, 2, 3, 4, 5, 6, 7, 8]))]
    line = cased(words, rng)
    if rng.random() < 0.3:
        pieces = line.split()
        at = rng.randrange(len(pieces))
        pieces[at] = rng.choice([pieces[at] + rng.choice(",.;:,."), f"({pieces[at]})", str(rng.randint(0, 9999))])
        line = " ".join(pieces)
    return line


def part_of(text: str, longest: int, rng: random.Random) -> str:
    """Some words of `text` in a row, at most `longest` letters."""
    words = text.split(" ")
    words = words[rng.randrange(len(words)):]
    part = words[0][:longest]
    for word in words[1:]:
        if len(part) + 1 + len(word) > longest:
            break
        part += " " + word
    return part


class Texts:
    """Draws the text of a line; the shares are those of plain syllables and of random strings."""

    def __init__(self, lists: Path, plain: float = 0.5, strings: float = 0.1, longest: int = 48):
        self.registers = Registers(lists)
        self.plain, self.strings, self.longest = plain, strings, longest

    def draw(self, rng: random.Random) -> str:
        """One line of text, every character of it in the alphabet."""
        way = rng.random()
        if way < self.plain:
            text = syllables(rng)
        elif way < self.plain + self.strings:
            text = random_string(rng)
        else:
            text = self.registers.value(rng)
        text = " ".join(text.replace("–", "-").split())
        if len(text) > self.longest:
            text = part_of(text, self.longest, rng)
        kept = "".join(letter for letter in text if letter in alphabet.CLASS_OF)
        return kept.strip() or str(rng.randint(0, 9))
