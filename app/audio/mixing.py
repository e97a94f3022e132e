"""From any number of channels to mono or stereo."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_CENTRE = 2**-0.5
# What each channel of a layout gives to (left, right), in the order WAV files use; the low-frequency
# channel is left out, as ITU-R BS.775 does.
_LAYOUTS: dict[int, tuple[tuple[float, float], ...]] = {
    3: ((1, 0), (0, 1), (_CENTRE, _CENTRE)),
    4: ((1, 0), (0, 1), (_CENTRE, 0), (0, _CENTRE)),
    5: ((1, 0), (0, 1), (_CENTRE, _CENTRE), (_CENTRE, 0), (0, _CENTRE)),
    6: ((1, 0), (0, 1), (_CENTRE, _CENTRE), (0, 0), (_CENTRE, 0), (0, _CENTRE)),
    7: ((1, 0), (0, 1), (_CENTRE, _CENTRE), (0, 0), (0.5, 0.5), (_CENTRE, 0), (0, _CENTRE)),
    8: ((1, 0), (0, 1), (_CENTRE, _CENTRE), (0, 0)) + ((_CENTRE, 0), (0, _CENTRE)) * 2,
}


def mix(block: npt.NDArray[np.float32], channels: int) -> npt.NDArray[np.float32]:
    """Bring a block to a number of channels.

    Mono goes to every channel unchanged; stereo to mono is the mean; more channels are folded down so that
    nothing can become louder than full scale.

    Args:
        block: Shape (n, channels of the source).
        channels: How many are wanted, at least 1.
    Returns:
        Shape (n, channels); the block itself where nothing is to be done.
    Raises:
        ValueError: More than two are wanted and the source has another number, except mono.
    """
    have = block.shape[1]
    if have == channels:
        return block
    if have == 1:
        return np.repeat(block, channels, axis=1)
    if channels > 2:
        raise ValueError(f"{have} channels can't become {channels}")
    matrix = _fold_down(have)
    if channels == 1:
        matrix = matrix.mean(axis=1, keepdims=True)
        matrix /= np.abs(matrix).sum()
    mixed: npt.NDArray[np.float32] = block @ matrix
    return mixed


def _fold_down(channels: int) -> npt.NDArray[np.float32]:
    """Shape (channels, 2); each column adds up to 1 at most."""
    if channels == 2:
        return np.eye(2, dtype=np.float32)
    layout = _LAYOUTS.get(channels)
    if layout is None:  # an unknown layout: everything to both sides
        layout = ((1.0, 1.0),) * channels
    matrix = np.array(layout, np.float32)
    matrix /= np.abs(matrix).sum(axis=0)
    return matrix
