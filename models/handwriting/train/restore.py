"""Takes shipped weights (ONNX) back into the network they came from, so that training can go on from them.

    python restore.py --weights ../            # says how far the two differ

The export folds each batch norm into the convolution before it. Here the norms become the identity with the
folded bias, so the restored network gives the same logits; it must be trained with its norms left in evaluation
mode (`train_frozen`), which is how small sets are trained on anyway. Nothing but the weights themselves is needed.
"""

import argparse
import hashlib
import tomllib
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

import alphabet
from model import LineReader


class WrongWeights(Exception):
    """The weights are damaged or are no network of this code; the message says which."""


def description_of(folder: Path) -> dict:
    """`reader.toml` of a weights folder, its checksum and alphabet checked."""
    description = tomllib.loads((folder / "reader.toml").read_text(encoding="utf-8"))
    if hashlib.sha256((folder / "reader.onnx").read_bytes()).hexdigest() != description["sha256"]:
        raise WrongWeights(f"{folder / 'reader.onnx'} is damaged: its checksum is not the one in reader.toml")
    if description["alphabet"] != alphabet.CHARACTERS:
        raise WrongWeights(f"{folder / 'reader.toml'}: other characters than those of this training code")
    return description


def restored(folder: Path) -> LineReader:
    """The network in `folder` (`reader.onnx`, `reader.toml`), trainable, in evaluation mode."""
    description_of(folder)
    graph = onnx.load(folder / "reader.onnx").graph
    values = {initialiser.name: numpy_helper.to_array(initialiser) for initialiser in graph.initializer}
    convolutions = [[values[name] for name in node.input[1:3]] for node in graph.node if node.op_type == "Conv"]
    memory = [values[name] for node in graph.node if node.op_type == "LSTM" for name in node.input[1:4]]
    classes = next(values[node.input[1]] for node in graph.node if node.op_type == "MatMul" and node.input[1] in values)
    model = shaped(convolutions, memory)
    try:
        fill_convolutions(model, convolutions)
        fill_memory(model.memory, *memory)
        fill(model.classes.weight, classes.T)
        fill(model.classes.bias, values["classes.bias"])
    except (RuntimeError, KeyError, ValueError) as error:
        raise WrongWeights(f"{folder / 'reader.onnx'} is another network than that of model.py: {error}") from error
    return model.eval()


def shaped(convolutions: list, memory: list) -> LineReader:
    """An untrained network of the sizes of the weights."""
    if len(memory) != 3:
        raise WrongWeights("the network has not one recurrent layer")
    places, outputs = LineReader(), [weight.shape[0] for weight, _ in convolutions]
    names = [name for name, module in places.named_modules() if isinstance(module, nn.Conv2d)]
    if len(names) != len(outputs):
        raise WrongWeights(f"the network has {len(outputs)} convolutions, not {len(names)}")
    size = dict(zip(names, outputs))
    widths = tuple(size[f"image.{index}.0"] for index in (0, 1, 4, 6))
    return LineReader(widths, size["collapse.0"], memory[1].shape[2])


def fill(parameter: torch.Tensor, values: np.ndarray) -> None:
    """Copies `values` over; a wrong shape is a RuntimeError or ValueError."""
    if tuple(parameter.shape) != tuple(values.shape):
        raise ValueError(f"shape {values.shape} in place of {tuple(parameter.shape)}")
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(np.array(values)))


def fill_convolutions(model: LineReader, convolutions: list) -> None:
    """Convolutions in the order they are run in; each norm after one only adds its bias."""
    modules = [module for module in model.modules() if isinstance(module, (nn.Conv2d, nn.BatchNorm2d))]
    for convolution, norm, (weight, bias) in zip(modules[::2], modules[1::2], convolutions, strict=True):
        fill(convolution.weight, weight)
        fill(norm.bias, bias)
        norm.eps = 0.0
        nn.init.ones_(norm.weight)
        nn.init.zeros_(norm.running_mean)
        nn.init.ones_(norm.running_var)


def fill_memory(memory: nn.LSTM, weight: np.ndarray, recurrent: np.ndarray, bias: np.ndarray) -> None:
    """ONNX orders the gates in, out, forget, cell; PyTorch in, forget, cell, out."""
    def gates(values: np.ndarray) -> np.ndarray:
        into, out, forget, cell = np.split(values, 4)
        return np.concatenate([into, forget, cell, out])

    for direction, ending in enumerate(("", "_reverse")):
        fill(getattr(memory, f"weight_ih_l0{ending}"), gates(weight[direction]))
        fill(getattr(memory, f"weight_hh_l0{ending}"), gates(recurrent[direction]))
        into, back = np.split(bias[direction], 2)
        fill(getattr(memory, f"bias_ih_l0{ending}"), gates(into))
        fill(getattr(memory, f"bias_hh_l0{ending}"), gates(back))


def train_frozen(model: LineReader) -> None:
    """Training mode, but for the norms: their statistics stay as they are."""
    model.train()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


def main() -> None:
    """Prints the largest difference of a logit between the restored network and the ONNX file."""
    from export_onnx import largest_difference

    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--weights", type=Path, required=True, help="folder of reader.onnx and reader.toml")
    folder = options.parse_args().weights
    print(f"largest difference {largest_difference(restored(folder), folder / 'reader.onnx'):.1e}")


if __name__ == "__main__":
    main()
