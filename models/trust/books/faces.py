"""Fetches the faces of labels, hands, typewriters and computers that the books are set and written with.

    python faces.py --to DIRECTORY [--have DIRECTORY]

All come from npm (`@fontsource/NAME`, SIL Open Font License or Apache 2.0) but those of
`PACKAGED`, which are taken from `--have` where they lie there.
"""

import argparse
import subprocess
from pathlib import Path

from tools import training_fonts
from hands import COMPUTER_FACES, TYPEWRITERS, hand_names
from printer import LABEL_FACES

# Files of the Debian packages fonts-texgyre, fonts-lmodern and fonts-freefont-ttf.
PACKAGED = "texgyrecursor-regular.otf texgyretermes-regular.otf lmmono10-regular.otf lmroman10-regular.otf FreeMono.ttf".split()


def copy_ready(have: Path, target: Path) -> None:
    """Copies the faces that lie in `have` and not yet in `target`."""
    target.mkdir(parents=True, exist_ok=True)
    for ready in sorted([*have.glob("*.ttf"), *have.glob("*.otf")]):
        if not (target / ready.name).exists():
            (target / ready.name).write_bytes(ready.read_bytes())


def wanted() -> list[str]:
    """Names of all faces that npm has."""
    packaged = {name.rsplit(".", 1)[0] for name in PACKAGED}
    return sorted({*LABEL_FACES, *TYPEWRITERS, *COMPUTER_FACES, *hand_names("all")} - packaged)


def main() -> None:
    """Fetches and checks; names what could not be had or lacks letters."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--to", type=Path, required=True)
    options.add_argument("--have", type=Path)
    chosen = options.parse_args()
    chosen.to.mkdir(parents=True, exist_ok=True)
    if chosen.have:
        copy_ready(chosen.have, chosen.to)
    for name in wanted():
        try:
            missing = training_fonts.missing_letters(training_fonts.prepare(name, chosen.to))
        except (OSError, subprocess.CalledProcessError) as error:
            missing = f"everything: {error}"
        if missing:
            print(f"{name} lacks {missing}")
    for name in PACKAGED:
        if not (chosen.to / name).exists():
            print(f"{name} is not there: books that would use it come out with another face")


if __name__ == "__main__":
    main()
