"""Where the parts of the project lie that the books are made with."""

import sys
from pathlib import Path

MODELS = Path(__file__).resolve().parents[2]
LISTS = MODELS / "lists"
FORMS = MODELS / "forms"
TRAIN = MODELS / "handwriting" / "train"
if str(TRAIN) not in sys.path:
    sys.path.append(str(TRAIN))

import fonts as training_fonts  # noqa: E402,F401
from text import read_rows, variants  # noqa: E402,F401
