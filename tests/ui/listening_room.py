"""Takes with real files, and a transport on a silent sound card."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import soundfile

from app.audio.files import inspect
from app.audio.player import Player
from app.domain.errors import AppError
from app.domain.model_spec import Kind
from app.domain.request import GenerationRequest
from app.domain.take import Take, TakeState
from app.domain.task import Task, TaskState
from app.ui.background import Background
from app.ui.transport import Transport
from tests.fakes.sound_card import HandClock, SilentSoundCard

RATE_HZ = 48_000
NOW = datetime(2026, 11, 18, 14, 2, tzinfo=UTC)


def write_tone(path: Path, *, frames: int = RATE_HZ, channels: int = 2, loud_from: int = 0) -> Path:
    """A WAV file: quiet up to `loud_from`, then a loud tone."""
    tone = 0.8 * np.sin(np.arange(frames) * 2 * np.pi * 220 / RATE_HZ)
    tone[:loud_from] *= 0.1
    soundfile.write(path, np.repeat(tone[:, None], channels, axis=1).astype(np.float32), RATE_HZ, subtype="PCM_16")
    return path


def take_of(path: Path, number: int = 1, task_id: str = "0123456789ab", **more: object) -> Take:
    """A stored take of this file."""
    return Take(
        f"{task_id}-{number}",
        task_id,
        "attempt",
        number,
        f"result {number}",
        TakeState.STORED,
        file=path.name,
        info=inspect(path),
        **more,  # type: ignore[arg-type]
    )


def task_of(*takes: Take, task_id: str = "0123456789ab", prompt: str = "Heavy rain on a tin roof") -> Task:
    request = GenerationRequest("local", "sketch", prompt, takes=max(1, len(takes)))
    return Task(task_id, "click", request, Kind.EFFECT, TaskState.FINISHED, NOW, NOW, takes=takes)


class Room:
    """A transport whose sound card is in the test's hand."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.card = SilentSoundCard(self.clock)
        self.errors: list[AppError] = []
        self.background = Background(self.errors.append)
        self.players: list[Player] = []
        self.missing: AppError | None = None
        self.transport = Transport(self.make_player, self.background)
        self.failures: list[AppError] = []
        self.transport.failed.connect(self.failures.append)

    def make_player(self) -> Player:
        assert threading.current_thread() is not threading.main_thread(), "making a player may block"
        if self.missing is not None:
            raise self.missing
        self.players.append(Player(self.card, clock=self.clock))
        return self.players[-1]

    def hear(self, frames: int) -> None:
        """Time passes at the sound card."""
        self.card.take(frames)

    async def close(self) -> None:
        await self.transport.close()
        await self.background.close()
