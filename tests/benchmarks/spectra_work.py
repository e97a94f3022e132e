"""Tiles and frames of a spectrogram, in a process of its own; prints what was measured as JSON.

python -m tests.benchmarks.spectra_work TILES FRAMES
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import soundfile
from PySide6.QtWidgets import QApplication

from app.audio.spectrogram import ROWS
from app.audio.spectrogram_grid import TILE_COLUMNS, Grid
from app.audio.spectrogram_tiles import TileKey, TileMaker, TileStore
from app.domain.audio import AudioFormat, AudioInfo
from app.ui.background import Background
from app.ui.spectrogram_layer import SpectrogramLayer, frame_of
from app.ui.spectrogram_loader import SpectrogramLoader
from app.ui.spectrogram_picture import SpectrogramPicture
from app.ui.theme import Scheme, Theme
from app.ui.view_span import ViewSpan
from app.ui.wave_layers import Depth
from app.ui.waveform_view import WaveformView

RATE_HZ, CHANNELS = 48_000, 2
WIDTH, LANES_HEIGHT = 3_840, 400
_ZOOMS = {"far": 3_600 * RATE_HZ / WIDTH, "medium": 8 * RATE_HZ / 1_000, "close": 0.2 * RATE_HZ / 1_000}
_SECONDS = 8
_RESOURCES = Path(__file__).resolve().parents[2] / "resources"


def main() -> None:
    tiles, frames = map(int, sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "noise.wav"
        noise = np.random.default_rng(1).standard_normal((RATE_HZ * 100, CHANNELS)).astype(np.float32) / 8
        soundfile.write(path, noise, RATE_HZ, subtype="PCM_24")
        took: dict[str, object] = {"tiles": {}, "plain": {}}
        for name, pixel_frames in _ZOOMS.items():
            took["tiles"][name], took["plain"][name] = _tiles(path, Grid.nearest(pixel_frames, RATE_HZ), tiles)  # type: ignore[index]
    sys.stdout.write(json.dumps({**took, **_frames(frames)}) + "\n")


def _tiles(path: Path, grid: Grid, times: int) -> tuple[list[float], list[float]]:
    """Milliseconds of the processor for each tile, and for FFTs of as many spectra, windowed and ready in memory."""
    ours: list[float] = []
    plain: list[float] = []
    spectra = TILE_COLUMNS * grid.spectra * CHANNELS
    windowed = np.random.default_rng(2).standard_normal((min(spectra, 256), grid.window_frames)).astype(np.float32)

    def transform() -> None:
        for _ in range(max(1, spectra // len(windowed))):
            np.fft.rfft(windowed)

    with soundfile.SoundFile(path) as file:
        last = max(1, file.frames // grid.tile_frames)
    with TileMaker(path) as maker:
        maker.make(TileKey(grid, 0))
        for number in range(times):
            key = TileKey(grid, number % last)
            ours.append(_took(partial(maker.make, key), time.process_time))
            plain.append(_took(transform, time.process_time))
    return ours, plain


def _frames(times: int) -> dict[str, list[float]]:
    """Milliseconds to paint a frame whose tiles are there, as they are when one comes back or waits a moment."""
    app = QApplication([])
    theme = Theme(app, _RESOURCES, scheme=Scheme.DARK)
    view = WaveformView(theme)
    view.resize(WIDTH, LANES_HEIGHT + round(view.lane_area.top()))
    total = 60 * RATE_HZ
    info = AudioInfo(AudioFormat.WAV, RATE_HZ, CHANNELS, total)
    view.show_take(total, RATE_HZ, CHANNELS)
    view.show_wave(0)
    store = TileStore(max_bytes=1 << 40)
    picture = SpectrogramPicture(store, RATE_HZ)
    layer = SpectrogramLayer(view, SpectrogramLoader(Background(lambda _error: None)))
    layer.show_sound(picture, info)
    view.add_layer(layer, Depth.BELOW_WAVE)
    view.show()
    tile = np.random.default_rng(3).integers(0, 255, (CHANNELS, TILE_COLUMNS, ROWS), dtype=np.uint8)

    def paint(span: ViewSpan) -> float:
        for key in picture.missing(frame_of(view.lanes(), span, view.devicePixelRatioF())):
            store.put(key, tile)
        view.show_span(span)
        return _took(view.repaint)

    paint(ViewSpan(0, _SECONDS * RATE_HZ, total))
    app.processEvents()
    took = {
        "zoom": [paint(span) for span in _zooming(total, times)],
        "scroll": [paint(span) for span in _scrolling(total, times)],
    }

    def play(frame: int) -> None:
        view.show_position(frame)
        app.processEvents()

    start = round(view.span.start)
    pixel = round(view.span.length / WIDTH) + 1
    took["playhead"] = [_took(partial(play, start + number * pixel)) for number in range(times)]
    return took


def _zooming(total: int, times: int) -> Iterator[ViewSpan]:
    span = ViewSpan(0, _SECONDS * RATE_HZ, total)
    for _ in range(times):
        span = span.zoomed(100 ** (1 / times), span.start + span.length / 3)
        yield span


def _scrolling(total: int, times: int) -> Iterator[ViewSpan]:
    span = ViewSpan(0, _SECONDS * RATE_HZ, total)
    for _ in range(times):
        span = span.scrolled(span.length / 60)
        yield span


def _took(act: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Milliseconds."""
    start = clock()
    act()
    return (clock() - start) * 1_000


if __name__ == "__main__":
    main()
