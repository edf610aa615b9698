"""Fetches the faces the renderer may write with and merges each into one file.

Every face is under the SIL Open Font License and comes from the npm registry
(`npm pack @fontsource/NAME`), which ships a face as subsets. The subsets latin,
latin-ext and vietnamese are merged with fontTools and the result is checked to
draw every letter that is needed. The merged files stay on the machine that
trains: they are never distributed.

    python fonts.py --to DIRECTORY [--have DIRECTORY_OF_READY_TTF]
"""

import argparse
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools.merge import Merger, Options
from fontTools.ttLib import TTFont

import alphabet

HANDS = """allison caramel charm comforter dancing-script grape-nuts great-vibes
hurricane imperial-script inspiration itim kings licorice luxurious-script mali
meow-script ms-madi passions-conflict patrick-hand playwrite-vn qwigley sriracha
vujahday-script windsong allura arizonia babylonica bad-script birthstone
bonheur-royale borel carattere corinthia estonia explora festive fuzzy-bubbles
grechen-fuemen gwendolyn ingrid-darling island-moments kolker-brush love-light
mea-culpa moon-dance my-soul pangolin playpen-sans puppies-play ruthie sassy-frass
sedgwick-ave splash style-script updock water-brush waterfall""".split()

PRINT = "cousine ibm-plex-mono roboto-mono tinos be-vietnam-pro lora roboto".split()

# Faces in which a word of capitals is what a person would write, and print faces that pass
# for a hand when only their pen path is inked.
BLOCK_HANDS = """charm grape-nuts itim mali patrick-hand sriracha bad-script fuzzy-bubbles pangolin
playpen-sans sedgwick-ave licorice caramel""".split()
PENNED_PRINT = "be-vietnam-pro roboto ibm-plex-mono lora".split()

# Never trained on: what the error on unseen hands is measured with. One round
# hand-print, one marker, one upright school-like hand, three joined scripts.
HELD_OUT_HANDS = "patrick-hand sedgwick-ave bad-script ms-madi meow-script ruthie".split()

# Letters that a face draws wrongly, although it has a glyph for them.
WRONG_LETTERS = {"dancing-script": "Ẫ"}

SUBSETS = ("latin", "latin-ext", "vietnamese")


def fetch_package(name: str, folder: Path) -> Path:
    """Downloads one face from npm into `folder` and returns the folder of its subset files."""
    listed = subprocess.run(
        ["npm", "pack", "--silent", f"@fontsource/{name}"],
        cwd=folder, check=True, capture_output=True, text=True,
    )
    with tarfile.open(folder / listed.stdout.split()[-1]) as package:
        package.extractall(folder, filter="data")
    return folder / "package" / "files"


def merge_subsets(name: str, files: Path, folder: Path) -> TTFont:
    """Merges the regular weight's subsets of one face; `folder` holds the pieces meanwhile."""
    pieces = []
    for subset in SUBSETS:
        source = files / f"{name}-{subset}-400-normal.woff2"
        if source.exists():
            font = TTFont(source)
            font.flavor = None
            pieces.append(str(folder / f"{subset}.ttf"))
            font.save(pieces[-1])
    return Merger(options=Options(drop_tables=["vhea", "vmtx", "STAT", "DSIG", "meta"])).merge(pieces)


def missing_letters(path: Path) -> str:
    """The letters, digits and marks of the alphabet that the face at `path` has no glyph for."""
    drawn = set(TTFont(path, lazy=True).getBestCmap())
    return "".join(letter for letter in alphabet.NEEDED if ord(letter) not in drawn)


def prepare(name: str, target: Path) -> Path:
    """Makes `target`/`name`.ttf unless it is there; returns its path."""
    path = target / f"{name}.ttf"
    if not path.exists():
        with tempfile.TemporaryDirectory() as scratch:
            files = fetch_package(name, Path(scratch))
            merge_subsets(name, files, Path(scratch)).save(path)
    return path


def main() -> None:
    """Fetches, merges and checks all faces and prints what is missing in each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--to", type=Path, required=True, help="folder of the merged faces")
    options.add_argument("--have", type=Path, help="folder of faces that are merged already")
    chosen = options.parse_args()
    chosen.to.mkdir(parents=True, exist_ok=True)
    for name in HANDS + PRINT:
        ready = chosen.have / f"{name}.ttf" if chosen.have else None
        if ready and ready.exists() and not (chosen.to / ready.name).exists():
            (chosen.to / ready.name).write_bytes(ready.read_bytes())
        path = prepare(name, chosen.to)
        missing = missing_letters(path)
        print(f"{name}: {'lacks ' + missing if missing else 'complete'}", flush=True)


if __name__ == "__main__":
    main()
