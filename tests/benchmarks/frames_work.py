"""Frames of a waveform, painted in a process of its own; prints what was measured as JSON.

    python -m tests.benchmarks.frames_work SECONDS FRAMES

The ratio of the screen is that of `QT_SCALE_FACTOR`. Each frame is painted where a window would show it, without
waiting for a screen.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QApplication

from app.audio.clipped_runs import full_scale_of
from app.audio.peaks import BASE_FRAMES, Peaks, PeaksBuilder
from app.ui.loop_region import LoopRegion
from app.ui.theme import Scheme, Theme
from app.ui.view_span import ViewSpan
from app.ui.waveform_view import WaveformView

WIDTH, LANES_HEIGHT = 3_840, 400  # device pixels
RATE_HZ = 44_100
_BLOCK_FRAMES = 256 * BASE_FRAMES
_SAMPLES = 1 << 20
_CLOSE = 40_000  # frames in sight: ten a column
T = TypeVar("T")
_RESOURCES = Path(__file__).resolve().parents[2] / "resources"


def main() -> None:
    seconds, frames = map(int, sys.argv[1:])
    app = QApplication([])
    theme = Theme(app, _RESOURCES, scheme=Scheme.DARK)
    noise = (np.random.default_rng(1).standard_normal((_BLOCK_FRAMES, 2)) * 5_000).astype(np.int16)
    peaks = _peaks(noise, seconds * RATE_HZ)
    view = WaveformView(theme)
    ratio = view.devicePixelRatioF()
    view.resize(round(WIDTH / ratio), round(LANES_HEIGHT / ratio) + round(view.lane_area.top()))
    view.show_take(peaks.frames, RATE_HZ, 2)
    view.show_peaks(peaks)
    view.show_samples(0, np.tile(noise.T / np.float32(1 << 15), (1, _SAMPLES // _BLOCK_FRAMES)))
    view.show_region(LoopRegion(peaks.frames // 5, peaks.frames // 2))
    view.show()
    app.processEvents()
    filled = QPixmap(WIDTH, round(view.height() * ratio))
    took: dict[str, object] = {
        "ratio": ratio,
        "columns": round(view.width() * ratio),
        "fill": _took(lambda _number: filled.fill(QColor(14, 17, 19)), range(frames)),
        **{
            name: _took(lambda span: _paint(view, span), spans)
            for name, spans in {
                "zoom": _zooming(peaks.frames, peaks.frames, frames),
                "scroll": _scrolling(peaks.frames, peaks.frames / 3, frames),
                "zoom close": _zooming(peaks.frames, min(_CLOSE, peaks.frames), frames),
                "scroll close": _scrolling(peaks.frames, min(_CLOSE, peaks.frames / 3), frames),
            }.items()
        },
    }
    view.show_span(ViewSpan.whole(peaks.frames))
    view.repaint()
    pixel = peaks.frames // WIDTH + 1
    took["playhead"] = _took(lambda frame: _play(view, app, frame), range(0, pixel * frames, pixel))
    sys.stdout.write(json.dumps(took) + "\n")


def _peaks(noise: np.ndarray, frames: int) -> Peaks:
    """Of noise that swells and is clipped now and then."""
    full_scale = full_scale_of("PCM_16", np.int16)
    builder = PeaksBuilder(2, RATE_HZ, frames=frames, sample_type=np.int16, full_scale=full_scale)
    for number in range(max(frames // _BLOCK_FRAMES, 1)):
        block = (noise * (0.15 + 0.85 * abs(np.sin(number / 9)))).astype(np.int16)
        block[:4] = 32_767 if number % 5 == 0 else 0
        builder.add(block)
    return builder.so_far()


def _zooming(total: int, longest: float, times: int) -> Iterator[ViewSpan]:
    """Closer with every frame, down to a hundredth, at a place in the first third."""
    span = ViewSpan(0, longest, total)
    for _ in range(times):
        span = span.zoomed(100 ** (1 / times), span.start + span.length / 3)
        yield span


def _scrolling(total: int, length: float, times: int) -> Iterator[ViewSpan]:
    span = ViewSpan(0, length, total)
    for _ in range(times):
        span = span.scrolled(length / 60)
        yield span


def _paint(view: WaveformView, span: ViewSpan) -> None:
    view.show_span(span)
    view.repaint()


def _play(view: WaveformView, app: QApplication, frame: int) -> None:
    view.show_position(frame)
    app.processEvents()


def _took(act: Callable[[T], None], steps: Iterable[T]) -> dict[str, list[float]]:
    """Milliseconds of each step: by the clock, and of the thread's own work."""
    clock, work = [], []
    for step in steps:
        start, worked = time.perf_counter(), time.thread_time()
        act(step)
        clock.append((time.perf_counter() - start) * 1_000)
        work.append((time.thread_time() - worked) * 1_000)
    return {"clock_ms": clock, "work_ms": work}


if __name__ == "__main__":
    main()
