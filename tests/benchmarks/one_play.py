"""One file played for the first time in a process and again, timed from the click: `one_play FILE TIMES_AGAIN`.

Beside it a bare stream of sounddevice with the same settings: what the device takes by itself.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.audio.devices import PortAudio
from app.audio.player import Loaded, Player, PlayerEvent
from app.audio.sound_card import Fill, OutputDevice, OutputStream

_LATENCY_S = 0.1
_RESTED_S = 0.3
_PATIENCE_S = 30.0


class ListeningCard(PortAudio):
    """Notes when the first sample that isn't silent is handed over, and how long before it is heard."""

    def __init__(self) -> None:
        super().__init__()
        self.sounded = threading.Event()
        self.heard_s = 0.0

    def open(
        self,
        device: OutputDevice | None,
        *,
        sample_rate_hz: int,
        channels: int,
        latency_s: float,
        fill: Fill,
    ) -> OutputStream:
        def listening(out: npt.NDArray[np.float32], delay_s: float, has_underflowed: bool) -> None:
            fill(out, delay_s, has_underflowed)
            if not self.sounded.is_set() and out.any():
                first = int(np.argmax(out.any(axis=1)))
                self.heard_s = time.perf_counter() + delay_s + first / sample_rate_hz
                self.sounded.set()

        return super().open(
            device, sample_rate_hz=sample_rate_hz, channels=channels, latency_s=latency_s, fill=listening
        )

    def wait(self) -> float:
        """When it is heard."""
        if not self.sounded.wait(_PATIENCE_S):
            raise TimeoutError("nothing sounds")
        self.sounded.clear()
        return self.heard_s


def main() -> None:
    path = Path(sys.argv[1])
    card, loaded, rate_hz = ListeningCard(), threading.Event(), 0
    player = Player(card, latency_s=_LATENCY_S)

    def told(event: PlayerEvent) -> None:
        nonlocal rate_hz
        if isinstance(event, Loaded):
            rate_hz = event.info.sample_rate_hz
            loaded.set()

    player.listen(told)
    player.load(path)
    if not loaded.wait(_PATIENCE_S):
        raise TimeoutError("the file isn't loaded")
    time.sleep(_RESTED_S)  # nobody clicks in the very moment in which a take is shown
    first_s = _clicked(player, card)
    again_s = []
    for _ in range(int(sys.argv[2])):
        player.pause()
        time.sleep(_RESTED_S + random.uniform(0, 0.1))  # a person is not in step with the device
        card.sounded.clear()
        again_s.append(_clicked(player, card))
    underruns = player.underruns
    player.close()
    sys.stdout.write(
        json.dumps(
            {
                "first_s": first_s,
                "again_s": statistics.median(again_s),
                "longest_again_s": max(again_s),
                "underruns": underruns,
                **_bare(rate_hz),
            }
        )
        + "\n"
    )


def _clicked(player: Player, card: ListeningCard) -> float:
    clicked_s = time.perf_counter()
    player.play()
    return card.wait() - clicked_s


def _bare(rate_hz: int) -> dict[str, float]:
    """A stream that plays at once: from opening it to its first sample, and its latency when it runs."""
    import sounddevice

    first, running = threading.Event(), threading.Event()
    heard_s, delays = 0.0, []

    def callback(outdata: npt.NDArray[np.float32], _frames: int, when: Any, _status: Any) -> None:
        nonlocal heard_s
        delay_s = when.outputBufferDacTime - when.currentTime
        outdata.fill(0.25)
        if not first.is_set():
            heard_s = time.perf_counter() + delay_s
            first.set()
        delays.append(delay_s)
        if len(delays) > 40:
            running.set()

    opened_s = time.perf_counter()
    stream = sounddevice.OutputStream(
        samplerate=rate_hz, channels=2, dtype="float32", latency=_LATENCY_S, callback=callback
    )
    stream.start()
    if not first.wait(_PATIENCE_S) or not running.wait(_PATIENCE_S):
        raise TimeoutError("the device asks for nothing")
    stream.close()
    return {"own_first_s": heard_s - opened_s, "own_again_s": statistics.median(delays[10:])}


if __name__ == "__main__":
    main()
