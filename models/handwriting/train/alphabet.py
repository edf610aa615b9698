"""The characters the recogniser knows, and how a Vietnamese letter is taken apart.

Class 0 is the CTC blank; class `i` is `CHARACTERS[i - 1]`.
"""

import unicodedata

TONES = {"\u0301": "sắc", "\u0300": "huyền", "\u0309": "hỏi", "\u0303": "ngã", "\u0323": "nặng"}
SHAPES = {"\u0306": "breve", "\u0302": "circumflex", "\u031b": "horn"}

PLAIN_VOWELS = "aăâeêioôơuưy"
CONSONANTS = "bcdđfghjklmnpqrstvwxz"


def with_tone(letter: str, tone: str) -> str:
    """`letter` with the combining `tone` mark ("" for none), composed (NFC)."""
    return unicodedata.normalize("NFC", letter + tone)


LOWER = "".join(with_tone(v, t) for v in PLAIN_VOWELS for t in ["", *TONES]) + CONSONANTS
LETTERS = LOWER + LOWER.upper()
DIGITS = "0123456789"
PUNCTUATION = ".,-/:;()'\"+&%?!*°=_"
CHARACTERS = " " + DIGITS + PUNCTUATION + LETTERS
BLANK = 0
CLASSES = len(CHARACTERS) + 1
CLASS_OF = {character: index + 1 for index, character in enumerate(CHARACTERS)}

# What a face must draw to be used at all.
NEEDED = LETTERS + DIGITS + ".,-/:()"

# Letters of other languages in the lines of real writing, written as the nearest known ones.
FOREIGN = {
    "ß": "ss", "ö": "o", "ü": "u", "ä": "a", "ç": "c", "û": "u", "ï": "i", "Ä": "A", "î": "i",
    "«": '"', "»": '"', "œ": "oe", "ë": "e", "ñ": "n", "Ü": "U", "Ö": "O", "Î": "I", "Ç": "C",
    "Œ": "OE", "æ": "ae", "Ï": "I", "Û": "U", "Ñ": "N", "–": "-", "—": "-", "’": "'", "‘": "'",
    "“": '"', "”": '"', "š": "s",
}


def encode(text: str) -> list[int]:
    """The classes of `text`; raises KeyError on a character outside the alphabet."""
    return [CLASS_OF[character] for character in text]


def decode(classes) -> str:
    """Text of a best path: repeats merged, blanks dropped."""
    letters, previous = [], BLANK
    for index in classes:
        if index != previous and index != BLANK:
            letters.append(CHARACTERS[index - 1])
        previous = index
    return "".join(letters)


def fold_foreign(text: str) -> str | None:
    """`text` in this alphabet, or None where a character has no place in it."""
    folded = "".join(FOREIGN.get(character, character) for character in unicodedata.normalize("NFC", text))
    folded = " ".join(folded.split())
    return folded if all(character in CLASS_OF for character in folded) else None


def parts(letter: str) -> tuple[str, str, str]:
    """A letter as (base letter, shape mark, tone mark); đ is ("d", "bar", "")."""
    if letter in "đĐ":
        return ("d" if letter == "đ" else "D"), "bar", ""
    base, shape, tone = "", "", ""
    for piece in unicodedata.normalize("NFD", letter):
        if piece in SHAPES:
            shape = SHAPES[piece]
        elif piece in TONES:
            tone = TONES[piece]
        else:
            base += piece
    return base, shape, tone
