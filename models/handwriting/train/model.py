"""The line recogniser: a convolutional reader of 40-pixel-high lines with one BiLSTM and CTC.

Input: `(batch, 1, HEIGHT, width)`, ink 1 on paper 0. Output: logits
`(batch, width / STRIDE, CLASSES)`; class 0 is the CTC blank. Plain ONNX operators only
(Conv, Relu, Add, Reshape, Transpose, LSTM, MatMul); batch norms fold into the
convolutions at export.
"""

import torch
from torch import nn

import alphabet

HEIGHT = 40
STRIDE = 4


def normed(inputs: int, outputs: int, kernel, stride=1, groups: int = 1) -> nn.Sequential:
    """A convolution that keeps the size (but for the stride), with batch norm and ReLU."""
    padding = (kernel[0] // 2, kernel[1] // 2)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    """A residual bottleneck: squeeze by 1x1, look around by 3x3, widen by 1x1."""

    def __init__(self, width: int, inner: int, kernel=(3, 3)):
        super().__init__()
        self.squeeze = normed(width, inner, (1, 1))
        self.look = normed(inner, inner, kernel)
        self.widen = nn.Sequential(nn.Conv2d(inner, width, 1, bias=False), nn.BatchNorm2d(width))
        self.active = nn.ReLU(inplace=True)

    def forward(self, image):
        return self.active(image + self.widen(self.look(self.squeeze(image))))


class LineReader(nn.Module):
    """Convolutions down to one row of `STRIDE`-pixel steps, a BiLSTM over the row, classes."""

    def __init__(self, widths=(24, 48, 96, 160), row: int = 256, memory: int = 192, dropout: float = 0.1):
        super().__init__()
        first, second, third, fourth = widths
        self.image = nn.Sequential(
            normed(1, first, (3, 3), (2, 2)),                    # 20 x W/2
            normed(first, second, (3, 3), (2, 2)),               # 10 x W/4
            Residual(second, second // 2),
            Residual(second, second // 2),
            normed(second, third, (3, 3), (1, 1)),
            Residual(third, third // 2),
            normed(third, fourth, (3, 3), (2, 1)),               # 5 x W/4
            Residual(fourth, fourth // 2),
            Residual(fourth, fourth // 2),
        )
        self.collapse = nn.Sequential(
            nn.Conv2d(fourth, row, (5, 1), bias=False), nn.BatchNorm2d(row), nn.ReLU(inplace=True)
        )
        self.around = nn.Sequential(Residual(row, row // 2, (1, 5)), Residual(row, row // 2, (1, 5)))
        self.dropout = nn.Dropout(dropout)
        self.memory = nn.LSTM(row, memory, bidirectional=True, batch_first=True)
        self.classes = nn.Linear(2 * memory, alphabet.CLASSES)

    def forward(self, image):
        row = self.around(self.collapse(self.image(image)))
        steps = row.flatten(2).transpose(1, 2)
        remembered, _ = self.memory(self.dropout(steps))
        return self.classes(self.dropout(remembered))


def parameters(model: nn.Module) -> int:
    """Number of trained numbers in `model`."""
    return sum(tensor.numel() for tensor in model.parameters())
