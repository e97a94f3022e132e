"""Everything that the window and the command line work with, built once and passed along."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.domain.errors import StorageError
from app.domain.input_facts import InputFacts
from app.domain.provider import AudioProvider
from app.domain.service import Service
from app.engine.addresses import Addresses
from app.engine.batches import Batches
from app.engine.exporter import Exporter
from app.engine.first_parts import FirstParts
from app.engine.handing_over import HandingOver
from app.engine.keys import Keys
from app.engine.ledger_view import LedgerView
from app.engine.library import Library
from app.engine.measuring import Measuring
from app.engine.roster import Roster
from app.engine.spending import Spending
from app.engine.task_queue import TaskQueue
from app.engine.voice_library import VoiceLibrary
from app.engine.voice_samples import VoiceSamples
from app.storage.clip_edits import ClipEditRows
from app.storage.database import Database
from app.storage.favourite_voices import FavouriteVoices
from app.storage.locks import TaskLocks
from app.storage.take_files import TakeFiles
from app.storage.task_store import TaskStore
from app.storage.transcript_files import TranscriptFiles

_log = logging.getLogger(__name__)


class Closable(Protocol):
    """Something that is opened when first used."""

    async def aclose(self) -> None:
        """Let go of everything; fine if it was never opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services(FirstParts):
    """The parts, and the order in which they start and stop.

    Attributes:
        probe: Says what an input file is; blocking.
        trim: The beginning of a clip, so many seconds at the most, as a file of its own; blocking.
        network: The connections of all providers.
        reports: What came up while the parts were built: settings set aside, model files that can't be read.
    """

    roster: Roster
    database: Database
    store: TaskStore
    files: TakeFiles
    locks: TaskLocks
    queue: TaskQueue
    library: Library
    voices: VoiceLibrary
    favourite_voices: FavouriteVoices
    voice_samples: VoiceSamples
    spending: Spending
    ledger: LedgerView
    exporter: Exporter
    handing_over: HandingOver
    clip_edits: ClipEditRows
    measuring: Measuring
    batches: Batches
    transcripts: TranscriptFiles
    probe: Callable[[Path], InputFacts]
    trim: Callable[[Path, float], Path]
    addresses: Addresses
    keys: Keys
    network: Closable
    reports: tuple[str, ...] = ()

    @property
    def providers(self) -> Mapping[str, AudioProvider]:
        """By their ids; servers of the user's own come and go."""
        return self.roster.providers

    @property
    def known_services(self) -> tuple[Service, ...]:
        """Everyone that there is a provider for, in the order of the lists."""
        return self.roster.services

    @property
    def notices(self) -> tuple[str, ...]:
        """What people should be told once, in sentences; ask after `open`."""
        return self.reports if self.database.notice is None else (*self.reports, self.database.notice)

    async def open(self) -> None:
        """Open the library, after the first paint. Starts no task: `carry_on` does.

        Raises:
            StorageError: The library can't be opened, or was written by a newer Cuesmith.
        """
        await self.database.open()
        await self.queue.learn_time()
        self.library.start()

    async def carry_on(self) -> list[str]:
        """Take up every unfinished task that no process holds, then clear away what crashes left half written.

        Takes that folders of the user's still want are written there from now on.

        Returns:
            The ids of these tasks, the oldest first.
        """
        self.batches.deliverer.start()
        taken = await self.queue.carry_on()
        try:
            await self._clear_away()
        except StorageError:
            _log.warning("what crashes left can't be cleared away", exc_info=True)  # it only takes up room
        return taken

    async def _clear_away(self) -> None:
        """What crashes left half written or held, once nobody can be at it any more."""
        await asyncio.to_thread(self.locks.sweep)
        await self.files.sweep(self.locks, await self.store.awaited())
        await self.files.sweep_inputs(self.store.inputs_in_use)
        await self.transcripts.sweep()
        await asyncio.to_thread(self.settings.sweep)

    async def close(self, submit_grace_s: float = 10.0) -> None:
        """Let open submits finish, then stop everything; safe after a failed `open`, too."""
        try:
            await self.queue.close(submit_grace_s)  # first: nothing more is sent once the user leaves
            await self.measuring.close()
            await self.batches.deliverer.close()
            await self.library.close()
            await self.exporter.close()
            for provider in self.providers.values():
                await provider.aclose()
            await self.network.aclose()
        finally:
            await self.keys.aclose()
            await self.files.close()
            await self.database.close()
