"""The GUI thread while the spectrogram of a whole MP3 comes into sight; in a process of its own, prints JSON.

python -m tests.benchmarks.spectra_gaps_work SECONDS
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from app.audio.files import inspect
from app.ui import event_loop
from app.ui.background import Background
from app.ui.garbage import GarbageWatch
from app.ui.look_chooser import Look
from app.ui.preview_head import PreviewHead
from app.ui.recording import Recording
from app.ui.spectrogram_display import SpectrogramDisplay
from app.ui.theme import Scheme, Theme
from app.ui.waveform_view import WaveformView
from tests.benchmarks.gui_gaps import Gaps
from tests.benchmarks.spectra_work import CHANNELS, LANES_HEIGHT, RATE_HZ, WIDTH

_PATIENCE_S = 300
_RESOURCES = Path(__file__).resolve().parents[2] / "resources"


def main() -> None:
    seconds = int(sys.argv[1])
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    theme = Theme(app, _RESOURCES, scheme=Scheme.DARK)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "noise.mp3"
        noise = np.random.default_rng(1).standard_normal((RATE_HZ * seconds, CHANNELS)).astype(np.float32) / 8
        soundfile.write(path, noise, RATE_HZ, format="MP3", subtype="MPEG_LAYER_III")
        del noise
        sys.exit(event_loop.run(_looked_at(theme, path)))


async def _looked_at(theme: Theme, path: Path) -> int:
    """From the key to the last tile in sight, and the same sound as a waveform for as long."""
    background = Background(lambda _error: None)
    desk, head, view = QWidget(), PreviewHead(theme), WaveformView(theme)
    row = QHBoxLayout(desk)
    row.addWidget(view)
    desk.resize(WIDTH, LANES_HEIGHT)
    info = inspect(path)
    view.show_take(info.frames, info.sample_rate_hz, info.channels)
    display = SpectrogramDisplay(theme, head, view, background, lambda widget: row.insertWidget(0, widget))
    garbage = GarbageWatch()
    desk.show()
    garbage.start()
    await asyncio.sleep(1)
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    seen = Gaps()
    display.show(Look.SPECTROGRAM, Recording(path, info))
    async with asyncio.timeout(_PATIENCE_S):
        await asyncio.sleep(0.1)
        while len(background):  # noqa: ASYNC110 - nobody announces that the last tile is there
            await asyncio.sleep(0.05)
    seen.stop()
    took_s = loop.time() - began_s
    display.show(Look.WAVEFORM, None)
    at_rest = Gaps()
    await asyncio.sleep(took_s)
    at_rest.stop()
    sys.stdout.write(json.dumps({"seen": seen.figures(), "at_rest": at_rest.figures(), "took_s": took_s}) + "\n")
    display.close()
    await background.close()
    return 0


if __name__ == "__main__":
    main()
