"""Makes the lines that adapting rehearses with and is judged by, so that neither needs the faces.

    python known_lines.py --fonts FACES --lists ../../lists --cache TRACED --to ../known

writes `rehearsal.tar` (hands, typewriter and print as in training, and crops without writing) and
`regression.tar` (hands that are never trained on, and other crops without writing): pictures with
`labels.tsv` (image, text, set). All of it is made; no line is anybody's.
"""

import argparse
import io
import tarfile
from pathlib import Path

import cv2
import numpy as np

import fonts
from crops import Crop
from render import Renderer, load_faces
from text import Texts

REHEARSED = {"hand": 330, "type": 130, "blank": 80}
JUDGED = {"hand": 160, "blank": 60}
TALLEST, QUALITY = 52, 72


def lines_of(renderer: Renderer, count: int, blank: bool) -> list[Crop]:
    """So many lines, or crops without writing."""
    lines = []
    while len(lines) < count:
        text = "" if blank else renderer.texts.draw(renderer.words)
        grey = renderer.empty() if blank else renderer.crop(text)
        lines.append(Crop(grey, text))
    return lines


def small(grey: np.ndarray) -> bytes:
    """The picture as JPEG, at most `TALLEST` rows."""
    if grey.shape[0] > TALLEST:
        size = (max(8, round(grey.shape[1] * TALLEST / grey.shape[0])), TALLEST)
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()


def write_archive(path: Path, sets: dict[str, list[Crop]]) -> None:
    """One archive of pictures with their labels, the same bytes for the same lines."""
    rows, files = ["image\ttext\tset"], []
    for name, lines in sets.items():
        for index, line in enumerate(lines):
            files.append((f"{name}-{index:03}.jpg", small(line.grey)))
            rows.append(f"{files[-1][0]}\t{line.text}\t{name}")
    files.insert(0, ("labels.tsv", ("\n".join(rows) + "\n").encode()))
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


def main() -> None:
    """Makes both archives by the command line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("fonts", "lists", "to"):
        options.add_argument(f"--{name}", type=Path, required=True)
    options.add_argument("--cache", type=Path)
    options.add_argument("--seed", type=int, default=40)
    chosen = options.parse_args()
    texts = Texts(chosen.lists, plain=0.4, strings=0.1, longest=30)
    known = load_faces(chosen.fonts, chosen.cache, [name for name in fonts.HANDS if name not in fonts.HELD_OUT_HANDS])
    prints = load_faces(chosen.fonts, chosen.cache, fonts.PRINT)
    unseen = load_faces(chosen.fonts, chosen.cache, fonts.HELD_OUT_HANDS)
    hands = Renderer(known, [], texts, chosen.seed)
    typed = Renderer(known, prints, texts, chosen.seed + 1, printed=1.0)
    others = Renderer(unseen, [], texts, chosen.seed + 2, effort=0.5)
    chosen.to.mkdir(parents=True, exist_ok=True)
    makers = {"hand": hands, "type": typed, "blank": hands}
    rehearsal = {name: lines_of(makers[name], count, name == "blank") for name, count in REHEARSED.items()}
    write_archive(chosen.to / "rehearsal.tar", rehearsal)
    judged = {name: lines_of(others, count, name == "blank") for name, count in JUDGED.items()}
    write_archive(chosen.to / "regression.tar", judged)


if __name__ == "__main__":
    main()
