"""Writes the averaged weights of a checkpoint as ONNX and checks that they read alike.

    python export_onnx.py --checkpoint FILE --to FOLDER --version "hotich-hand 1" --made-by "..."

`FOLDER` gets `reader.onnx` and its description `reader.toml` (version, checksum, alphabet).

Input `line`: float32 (batch, 1, 40, width), width a multiple of 4, ink 1 on paper 0.
Output `logits`: float32 (batch, width / 4, classes), class 0 the CTC blank, class i the
i-th character of the alphabet in `reader.toml`.
"""

import argparse
import hashlib
import json
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

import alphabet
import evaluate
from model import HEIGHT

OPSET = 17
LARGEST_DIFFERENCE = 1e-3


def export(model: torch.nn.Module, path: Path) -> None:
    """Writes `model` with free batch and width."""
    example = torch.zeros(2, 1, HEIGHT, 320)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model, (example,), str(path), dynamo=False, opset_version=OPSET, do_constant_folding=True,
            input_names=["line"], output_names=["logits"],
            dynamic_axes={"line": {0: "batch", 3: "width"}, "logits": {0: "batch", 1: "steps"}},
        )
    onnx.checker.check_model(onnx.load(path))


def largest_difference(model: torch.nn.Module, path: Path) -> float:
    """Largest difference of any logit between PyTorch and onnxruntime, over several sizes."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    numbers = np.random.default_rng(1)
    worst = 0.0
    for batch, width in ((1, 16), (1, 480), (4, 640), (3, 1204)):
        line = numbers.random((batch, 1, HEIGHT, width), np.float32)
        with torch.inference_mode():
            wanted = model(torch.from_numpy(line)).numpy()
        worst = max(worst, float(np.abs(session.run(None, {"line": line})[0] - wanted).max()))
    return worst


def describe(path: Path, version: str, made_by: str) -> None:
    """Writes the description that the program checks the weights by."""
    values = {
        "version": version, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "alphabet": alphabet.CHARACTERS, "made_by": made_by,
    }
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    path.with_suffix(".toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Exports by the command line; fails when the two runtimes differ."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--checkpoint", type=Path, required=True)
    options.add_argument("--to", type=Path, required=True)
    options.add_argument("--version", required=True)
    options.add_argument("--made-by", required=True)
    chosen = options.parse_args()
    model, path = evaluate.load_model(chosen.checkpoint), chosen.to / "reader.onnx"
    chosen.to.mkdir(parents=True, exist_ok=True)
    export(model, path)
    describe(path, chosen.version, chosen.made_by)
    difference = largest_difference(model, path)
    operators = sorted({node.op_type for node in onnx.load(path).graph.node})
    print(f"{path.stat().st_size / 1e6:.1f} MB, largest difference {difference:.1e}, operators {' '.join(operators)}")
    if difference > LARGEST_DIFFERENCE:
        raise SystemExit("onnxruntime and PyTorch do not agree")


if __name__ == "__main__":
    main()
