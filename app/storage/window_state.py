"""How the window was left: a small JSON file that may vanish without harm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from app.domain.draft import Draft
from app.domain.transcription_draft import TranscriptionDraft
from app.storage.durable_files import write_whole
from app.storage.library_queries import LibraryQuery


@dataclass(frozen=True, slots=True)
class WindowState:
    """What comes back at the next start.

    Attributes:
        layout: Sizes and places, as the window wrote them.
        folded: Names of the sections that are folded.
        provider, model: What was chosen.
        selected_task, selected_take: The current row; take 0 is the task itself.
        transcription: What was set for the last transcription.
        project: What new tasks are filed under; empty for none.
        look: How takes are looked at; the window knows which names there are.
        spectrogram_range: The lowest and the highest level with a colour, in dBFS.
        has_decibels: Whether waveforms are drawn in decibels.
        snaps: Whether selections snap to zero crossings.
    """

    layout: Mapping[str, str] = field(default_factory=dict)
    folded: tuple[str, ...] = ()
    provider: str = ""
    model: str = ""
    draft: Draft = field(default_factory=Draft)
    query: LibraryQuery = field(default_factory=LibraryQuery)
    selected_task: str = ""
    selected_take: int = 0
    transcription: TranscriptionDraft = field(default_factory=TranscriptionDraft)
    project: str = ""
    look: str = ""
    spectrogram_range: tuple[float, float] | None = None
    has_decibels: bool = False
    snaps: bool = False


class WindowStateStore:
    """Reads and writes the state. A file that is gone or unreadable is a fresh start, not an error."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> WindowState:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=WindowState, dec_hook=_special)
        except (OSError, ValueError, RecursionError):  # ValueError: of msgspec, and of bytes that are no text
            return WindowState()

    def save(self, state: WindowState) -> None:
        """What may carry credentials is left out.

        Raises:
            OSError: It couldn't be written; the state before it is still there.
        """
        state = replace(state, draft=state.draft.without_secrets())
        write_whole(self._path, msgspec.json.encode(state, enc_hook=_plain))


def _plain(value: object) -> object:
    if isinstance(value, MappingProxyType):
        return dict(value)
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def _special(kind: type, value: Any) -> object:
    if issubclass(kind, Path):
        return Path(value)
    raise NotImplementedError(kind.__name__)
