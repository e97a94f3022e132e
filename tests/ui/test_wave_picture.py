from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtGui import QColor

from app.audio.peaks import PeaksBuilder
from app.ui.lane_place import LanePlace
from app.ui.peak_columns import SampleBlock
from app.ui.sample_line import is_line
from app.ui.view_span import ViewSpan
from app.ui.wave_picture import WaveColors, wave_picture
from app.ui.wave_scale import WaveScale

WIDTH, HEIGHT, FRAMES = 1000, 200, 5000
WHITE = WaveColors(*[QColor("#ffffff")] * 4)


def coverage(samples: np.ndarray, span: ViewSpan, ratio: float) -> np.ndarray:
    """How much of each pixel is painted, 0 to 1."""
    builder = PeaksBuilder(1, 48_000)
    builder.add(samples[:, None].astype(np.float32))
    image = wave_picture(
        builder.so_far(),
        SampleBlock(0, samples[None].astype(np.float32)),
        span,
        [LanePlace(0, HEIGHT)],
        (WIDTH, HEIGHT),
        WHITE,
        scale=WaveScale.LINEAR,
        ratio=ratio,
    )
    return (np.frombuffer(image.constBits(), np.uint32).reshape(HEIGHT, WIDTH) >> 24) / 255


Wave = Callable[[np.ndarray], np.ndarray]
SMOOTH: dict[str, Wave] = {
    "high": lambda n: np.sin(n / 9),
    "low": lambda n: np.sin(n / 90),
    "rough": lambda n: 0.1 * np.sin(n * n),
}
ALL: dict[str, Wave] = {**SMOOTH, "loud and rough": lambda n: np.sin(n * n)}


def around_the_line(wave: Wave, ratio: float) -> tuple[np.ndarray, np.ndarray]:
    """The closest zoom that is drawn in columns, and the next one, which is drawn as a line."""
    samples = 0.8 * wave(np.arange(FRAMES))
    columns, line = (ViewSpan(100, 100 + WIDTH / (2 * ratio) * more, FRAMES) for more in (1.0005, 1.0))
    assert [is_line(span, WIDTH, ratio) for span in (columns, line)] == [False, True]
    return coverage(samples, columns, ratio), coverage(samples, line, ratio)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("wave", ALL)
def test_columns_pass_into_a_line_that_is_as_strong(wave: str, ratio: float) -> None:
    columns, line = around_the_line(ALL[wave], ratio)

    assert line.sum() == pytest.approx(columns.sum(), rel=0.25)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("wave", SMOOTH)
def test_columns_pass_into_a_line_at_the_same_place(wave: str, ratio: float) -> None:
    rows = np.arange(HEIGHT)[:, None]

    heights = [
        (picture * rows).sum(axis=0)[5:-5] / picture.sum(axis=0)[5:-5]
        for picture in around_the_line(SMOOTH[wave], ratio)
    ]

    assert np.abs(heights[0] - heights[1]).mean() < 3  # half a pixel to the side, where the wave is steep


def test_coming_closer_step_by_step_never_makes_the_wave_jump() -> None:
    """From peaks to samples to the line: what is covered changes little with each small step."""
    samples = 0.7 * np.sin(np.arange(300_000) / 40)
    builder = PeaksBuilder(1, 48_000)
    builder.add(samples[:299_776, None].astype(np.float32))
    peaks, block = builder.so_far(), SampleBlock(0, samples[None].astype(np.float32))
    tops: list[float] = []
    span = ViewSpan(0, 299_776, 299_776)
    while span.length > 100:
        image = wave_picture(
            peaks, block, span, [LanePlace(0, HEIGHT)], (WIDTH, HEIGHT), WHITE, scale=WaveScale.LINEAR, ratio=1.0
        )
        painted = (np.frombuffer(image.constBits(), np.uint32).reshape(HEIGHT, WIDTH) >> 24) > 100
        if span.length > 2000:  # several periods in sight: each touches the same heights
            tops.append(float(np.flatnonzero(painted.any(axis=1))[0]))
        span = span.zoomed(1.25, 150_000)

    assert max(tops) - min(tops) <= 1
