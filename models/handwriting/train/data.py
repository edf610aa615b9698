"""Feeds training: made lines and lines of real writing, in batches of like width.

The folder of real lines holds `labels.tsv` (set, file, writer, text) and `<set>.tar`.
"""

import multiprocessing
import queue
import tarfile
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.multiprocessing

import alphabet
import fonts
from graft import grafted
from model import STRIDE
from normalise import normalise
from render import Renderer, load_faces
from text import Texts

# Sets of one or two hands count less: they are texture, not breadth.
SHARES = {"notary-dufour": 0.3, "notary-riant": 0.3, "timeus": 0.5, "cremma-mss19": 0.7}


def read_labels(table: Path) -> dict[tuple[str, str], str | None]:
    """Text by set and file, None where a character has no place in the alphabet.

    Rows that do not have exactly the four columns were damaged on the way and are left out.
    """
    rows = [line.rstrip("\r\n").split("\t") for line in table.read_text(encoding="utf-8").splitlines()[1:]]
    return {(row[0], row[1]): alphabet.fold_foreign(row[3]) for row in rows if len(row) == 4}


class RealLines:
    """Lines of real writing in memory, drawn with their set's share.

    Where `places` (see `graft`) tells where a line's letters stand, `grafts` of its showings get Vietnamese marks.
    """

    def __init__(self, folder: Path, places: Path | None = None, grafts: float = 0.6, longest: int = 200):
        self.pictures, self.texts, self.files, weights = [], [], [], []
        self.places = dict(np.load(places)) if places else {}
        self.grafts = grafts
        folded = read_labels(folder / "labels.tsv")
        for name in sorted({name for name, _ in folded}):
            with tarfile.open(folder / f"{name}.tar") as archive:
                for member in archive:
                    text = folded.get((name, Path(member.name).name))
                    if text and len(text) <= longest and member.isfile():
                        self.pictures.append(np.frombuffer(archive.extractfile(member).read(), np.uint8))
                        self.texts.append(text)
                        self.files.append(Path(member.name).stem)
                        weights.append(SHARES.get(name, 1.0))
        self.reach = np.cumsum(np.array(weights) / np.sum(weights))

    def line(self, rng: np.random.Generator) -> tuple[np.ndarray, str]:
        """One line, its writing leaned, stretched and lit anew."""
        index = min(int(np.searchsorted(self.reach, rng.random())), len(self.texts) - 1)
        grey, text = cv2.imdecode(self.pictures[index], cv2.IMREAD_GRAYSCALE), self.texts[index]
        places = self.places.get(self.files[index])
        if places is not None and rng.random() < self.grafts:
            grey, text = grafted(grey, text, places, rng)
        return normalise(varied(grey, rng), rng.normal(1.0, 0.07), rng.normal(0, 0.03)), text


def varied(grey: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A real line leaned, stretched, thickened or thinned, blurred and noised a little (uint8)."""
    height, width = grey.shape
    lean, stretch = rng.normal(0, 0.15), float(np.exp(rng.normal(0, 0.15)))
    around = int(np.quantile(grey, 0.8))
    shift = max(0.0, lean * height)
    matrix = np.array([[stretch, -lean, shift], [rng.normal(0, 0.008), 1, 0]], np.float32)
    size = (int(width * stretch + abs(lean) * height) + 1, height)
    picture = cv2.warpAffine(grey, matrix, size, flags=cv2.INTER_LINEAR, borderValue=around)
    way = rng.random()
    if way < 0.1:
        picture = cv2.erode(picture, np.ones((2, 2), np.uint8))
    elif way < 0.2:
        picture = cv2.dilate(picture, np.ones((2, 1), np.uint8))
    elif way < 0.4:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.0))
    if rng.random() < 0.4:
        picture = np.clip(picture + rng.normal(0, rng.uniform(1, 9), picture.shape), 0, 255).astype(np.uint8)
    return picture


def batched(lines: list[tuple[np.ndarray, str]]):
    """Pictures side by side (batch, 1, rows, width), classes in one row, steps and lengths."""
    widest = max(picture.shape[1] for picture, _ in lines)
    widest += -widest % STRIDE
    pictures = np.zeros((len(lines), 1, lines[0][0].shape[0], widest), np.float16)
    for index, (picture, _) in enumerate(lines):
        pictures[index, 0, :, : picture.shape[1]] = picture
    classes = [alphabet.encode(text) for _, text in lines]
    return (
        torch.from_numpy(pictures),
        torch.tensor([index for line in classes for index in line], dtype=torch.long),
        torch.tensor([-(-picture.shape[1] // STRIDE) for picture, _ in lines]),
        torch.tensor([len(line) for line in classes]),
    )


def fits(picture: np.ndarray, text: str, widest: int) -> bool:
    """True when the picture has steps enough for the text and is not too wide to train on."""
    repeats = sum(first == second for first, second in zip(text, text[1:]))
    return len(text) + repeats <= picture.shape[1] // STRIDE and picture.shape[1] <= widest


class Source:
    """Makes batches of about `pixels` columns each, out of a pool sorted by width."""

    def __init__(self, chosen: dict, seed: int):
        prints = load_faces(chosen["fonts"], chosen["cache"], fonts.PRINT)
        hands = [name for name in fonts.HANDS if name not in fonts.HELD_OUT_HANDS]
        texts = Texts(chosen["lists"], chosen["plain"], chosen["strings"], chosen["longest"])
        faces = load_faces(chosen["fonts"], chosen["cache"], hands)
        pens = {name: chosen[name] for name in ("penned", "own_marks")}
        self.renderer = Renderer(faces, prints, texts, seed, **pens)
        self.real = RealLines(chosen["real"], chosen["places"], longest=2 * chosen["longest"]) if chosen["real"] else None
        self.share, self.pixels, self.widest = chosen["real_share"], chosen["pixels"], chosen["widest"]
        self.rng = np.random.default_rng(seed + 1)

    def line(self) -> tuple[np.ndarray, str]:
        """One line, real or made."""
        while True:
            real = self.real and self.rng.random() < self.share
            picture, text = self.real.line(self.rng) if real else self.renderer.line()
            if fits(picture, text, self.widest):
                return picture, text

    def batches(self):
        """An endless run of batches."""
        while True:
            pool = sorted((self.line() for _ in range(160)), key=lambda line: line[0].shape[1])
            groups, group = [], []
            for line in pool:
                if group and line[0].shape[1] * (len(group) + 1) > self.pixels:
                    groups.append(group)
                    group = []
                group.append(line)
            groups.append(group)
            for index in self.rng.permutation(len(groups)):
                yield batched(groups[index])


def serve(chosen: dict, seed: int, out) -> None:
    """Work of one rendering process: batches into the queue as long as the trainer lives."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    trainer = multiprocessing.parent_process()
    for batch in Source(chosen, seed).batches():
        while trainer.is_alive():
            try:
                out.put(batch, timeout=20)
                break
            except queue.Full:
                continue
        else:
            return


class Feed:
    """Rendering processes and the queue they fill."""

    def __init__(self, chosen: dict, workers: int, seed: int):
        context = torch.multiprocessing.get_context("spawn")
        self.queue = context.Queue(maxsize=max(8, 4 * workers))
        self.workers = [
            context.Process(target=serve, args=(chosen, seed + 1000 * number, self.queue), daemon=True)
            for number in range(workers)
        ]
        for worker in self.workers:
            worker.start()

    def stop(self) -> None:
        """Ends the rendering processes."""
        for worker in self.workers:
            worker.terminate()

    def __iter__(self):
        while True:
            try:
                yield self.queue.get(timeout=20)
            except queue.Empty:
                if not all(worker.is_alive() for worker in self.workers):
                    raise RuntimeError("a rendering process has stopped; its message stands above") from None
