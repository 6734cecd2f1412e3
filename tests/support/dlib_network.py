"""dlib's face recognition network once more, in plain numpy: an independent oracle.

Nothing is folded here, and nothing rounded to half precision: the layers stand as dlib
runs them. `serialised` writes such a network as dlib would.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from provisioning.models.dlib_weights import Convolution, Weights

Single = NDArray[np.float32]

# Channels of the residual blocks, and whether a block halves the picture.
BLOCKS = (
    *[(32, False)] * 3,
    (64, True),
    *[(64, False)] * 3,
    (128, True),
    *[(128, False)] * 2,
    (256, True),
    *[(256, False)] * 2,
    (256, True),
)
MEAN = np.array((122.782, 117.001, 104.298), dtype=np.float32)


def random_weights(seed: int, blocks: tuple[tuple[int, bool], ...] = BLOCKS) -> Weights:
    random = np.random.default_rng(seed)

    def layer(inputs: int, outputs: int, size: int, step: int) -> Convolution:
        spread = np.sqrt(1 / (inputs * size * size))
        weights = random.normal(0, spread, (outputs, inputs, size, size))
        bias, gamma, beta = random.normal((0, 1, 0), 0.2, (outputs, 3)).T
        padding = (size - 1) // 2 if step == 1 else 0
        return Convolution(
            _single(weights),
            _single(bias),
            _single(gamma),
            _single(beta),
            step,
            padding,
        )

    layers = [layer(3, 32, 7, 2)]
    channels = 32
    for outputs, halves in blocks:
        layers.append(layer(channels, outputs, 3, 2 if halves else 1))
        layers.append(layer(outputs, outputs, 3, 1))
        channels = outputs
    last = random.normal(0, 1 / 16, (channels, 128))
    return Weights(tuple(layers), _single(last))


def serialised(weights: Weights) -> bytes:
    parts = [b"\x01\x01"]
    for each in weights.convolutions:
        outputs, _, height, width = each.weights.shape
        parts.append(_text("con_4"))
        parts.append(_tensor(np.concatenate([each.weights.reshape(-1), each.bias])))
        sizes = (outputs, height, width, *[each.stride] * 2, *[each.padding] * 2)
        parts += [_integer(size) for size in sizes]
        parts.append(_text("affine_"))
        parts.append(_tensor(np.concatenate([each.gamma, each.beta])))
        parts.append(b"\x01\x00")
    inputs, outputs = weights.last.shape
    parts += [_text("fc_2"), _integer(outputs), _integer(inputs)]
    parts.append(_tensor(weights.last.reshape(-1)))
    return b"".join(parts)


def embedding(weights: Weights, rgb: Single) -> Single:
    """Of one picture, 150 x 150 x 3, 0..255."""
    first, *rest = weights.convolutions
    picture = _relu(_convolved((rgb - MEAN) / 256, first))
    picture = np.asarray(_windows(picture, 3, 2).max(axis=(-2, -1)))
    for one, two in zip(rest[::2], rest[1::2], strict=True):
        branch = _convolved(_relu(_convolved(picture, one)), two)
        skip = picture
        if one.stride == 2:
            skip = _windows(picture, 2, 2).mean(axis=(-2, -1))
        shape = np.maximum(branch.shape, skip.shape)
        picture = _relu(_filled(branch, shape) + _filled(skip, shape))
    mean: Single = picture.mean(axis=(0, 1)) @ weights.last
    return mean


def _convolved(picture: Single, layer: Convolution) -> Single:
    around = layer.padding
    padded = np.pad(picture, ((around, around), (around, around), (0, 0)))
    windows = _windows(padded, layer.weights.shape[2], layer.stride)
    plain = np.tensordot(windows, layer.weights, axes=((2, 3, 4), (1, 2, 3)))
    found: Single = (plain + layer.bias) * layer.gamma + layer.beta
    return found


def _windows(picture: Single, size: int, step: int) -> Single:
    """Rows x columns x channels x size x size."""
    # numpy 1.26 declares one axis only, so one after the other.
    rows = np.lib.stride_tricks.sliding_window_view(picture, size, 0)
    both = np.lib.stride_tricks.sliding_window_view(rows, size, 1)
    return _single(both[::step, ::step])


def _filled(picture: Single, shape: NDArray[np.int_]) -> Single:
    short = np.array(shape) - picture.shape
    return np.pad(picture, [(0, int(each)) for each in short])


def _single(values: NDArray[Any]) -> Single:
    return np.asarray(values, dtype=np.float32)


def _relu(values: Single) -> Single:
    return np.maximum(values, 0)


def _text(name: str) -> bytes:
    return _integer(len(name)) + name.encode()


def _tensor(flat: Single) -> bytes:
    extents = b"".join(_integer(each) for each in (2, flat.size, 1, 1, 1))
    return extents + flat.astype("<f4").tobytes()


def _integer(value: int) -> bytes:
    size = max(1, (value.bit_length() + 7) // 8)
    return bytes([size]) + value.to_bytes(size, "little")
