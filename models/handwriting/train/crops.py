"""Verified crops: a folder of line pictures with `labels.tsv` (image, text), checked and split by a fixed seed."""

import csv
import io
import random
import tarfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

import alphabet
from data import fits, varied
from normalise import WIDEST, normalise


class WrongCrops(Exception):
    """The folder cannot be used; the message says why and never names a text."""


@dataclass
class Crop:
    """One line of writing: grey picture (uint8), what stands there, and the name of its file."""

    grey: np.ndarray
    text: str
    name: str = ""


def load_crops(folder: Path) -> tuple[list[Crop], list[str]]:
    """The usable crops of `folder`, and the file names of those that are not."""
    try:
        with open(folder / "labels.tsv", encoding="utf-8", newline="") as table:
            rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    except OSError as error:
        raise WrongCrops(f"{folder / 'labels.tsv'}: {error.strerror}") from error
    if rows and not {"image", "text"} <= set(rows[0]):
        raise WrongCrops(f"{folder / 'labels.tsv'}: the first line must name the columns image and text")
    crops, left_out = [], []
    for row in rows:
        crop = usable(folder, row["image"], row["text"])
        if crop:
            crops.append(crop)
        else:
            left_out.append(row["image"])
    return crops, left_out


def load_archive(path: Path) -> dict[str, list[Crop]]:
    """The lines of an archive that `known_lines.py` made, by set; crops without writing have no text."""
    try:
        with tarfile.open(path) as archive:
            files = {member.name: archive.extractfile(member).read() for member in archive if member.isfile()}
    except (OSError, tarfile.TarError) as error:
        raise WrongCrops(f"{path}: {error}") from error
    sets: dict[str, list[Crop]] = {}
    table = io.StringIO(files["labels.tsv"].decode("utf-8"))
    for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
        grey = cv2.imdecode(np.frombuffer(files[row["image"]], np.uint8), cv2.IMREAD_GRAYSCALE)
        sets.setdefault(row["set"], []).append(Crop(grey, row["text"], row["image"]))
    return sets


def usable(folder: Path, image: str | None, text: str | None) -> Crop | None:
    """The crop, when the picture opens, holds enough steps for its text and the alphabet holds the text."""
    text = " ".join(unicodedata.normalize("NFC", text or "").split())
    grey = cv2.imread(str(folder / (image or "")), cv2.IMREAD_GRAYSCALE) if image else None
    if grey is None or min(grey.shape) < 4 or not text or any(letter not in alphabet.CLASS_OF for letter in text):
        return None
    return Crop(grey, text, image) if fits(normalise(grey), text, WIDEST) else None


def split(crops: list[Crop], held_out: int, seed: int) -> tuple[list[Crop], list[Crop]]:
    """Crops to learn from and `held_out` crops to judge by; the same for the same crops and seed."""
    order = list(range(len(crops)))
    random.Random(seed).shuffle(order)
    return [crops[index] for index in order[held_out:]], [crops[index] for index in order[:held_out]]


def ready(crops: list[Crop]) -> list[tuple[np.ndarray, str]]:
    """The crops as the reader takes them."""
    return [(normalise(crop.grey), crop.text) for crop in crops]


def varied_crop(crop: Crop, rng: np.random.Generator, zoom: float = 0.07, lift: float = 0.03) -> tuple[np.ndarray, str]:
    """A crop as the reader takes it, its writing leaned, stretched, lit and placed anew."""
    for _ in range(8):
        picture = normalise(varied(crop.grey, rng), rng.normal(1.0, zoom), rng.normal(0, lift))
        if fits(picture, crop.text, WIDEST):
            return picture, crop.text
    return normalise(crop.grey), crop.text
