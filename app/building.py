"""Builds every object once, and joins them: the one place where everything meets."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.audio.containers import repair_wav_sizes
from app.audio.encoding import encode
from app.audio.files import verify
from app.audio.input_facts import facts_of
from app.domain.audio import AudioFormat
from app.domain.provider import AudioProvider
from app.domain.redaction import Secrets
from app.domain.service import Service
from app.engine.addresses import Addresses, base_urls_of
from app.engine.batch_planner import BatchPlanner
from app.engine.batches import Batches
from app.engine.changes import Changes
from app.engine.delivering import Deliverer
from app.engine.exporter import Exporter
from app.engine.first_parts import FirstParts, read_first_parts
from app.engine.handing_over import HandingOver
from app.engine.keys import Keys
from app.engine.ledger_view import LedgerView
from app.engine.library import Library
from app.engine.limits import LimitsWatch
from app.engine.manifest import Manifests
from app.engine.measuring import Measuring
from app.engine.pace import Pace
from app.engine.recordings import Stretch
from app.engine.roster import Roster
from app.engine.services import Services
from app.engine.spending import Spending
from app.engine.task_queue import TaskQueue
from app.engine.voice_library import VoiceLibrary
from app.engine.voice_samples import VoiceSamples
from app.logs import FaultTeller
from app.providers.network import Network
from app.providers.registry import SERVICES, profiles_of, providers, server_of_ones_own
from app.storage.clip_edits import ClipEditRows
from app.storage.database import Database
from app.storage.deliveries import Deliveries
from app.storage.favourite_voices import FavouriteVoices
from app.storage.handed_files import HandedFiles
from app.storage.keychain import Keychain
from app.storage.ledger import Ceilings
from app.storage.ledger_entries import LedgerEntries
from app.storage.library_folders import LibraryFolders
from app.storage.library_index import LibraryIndex
from app.storage.locations import Locations
from app.storage.locks import TaskLocks
from app.storage.queue_state import QueueState
from app.storage.settings import Settings
from app.storage.sheet_rows import SheetRows
from app.storage.take_files import TakeFiles
from app.storage.task_store import TaskStore
from app.storage.transcript_files import TranscriptFiles
from app.storage.uploads import UploadStore
from app.storage.voice_samples import VoiceSampleFiles

if TYPE_CHECKING:
    from app.audio.devices import PortAudio
    from app.audio.peaks_cache import PeaksCache
    from app.audio.player import Player
    from app.audio.sound_card import OutputDevice
    from app.domain.measures import Measures
    from app.providers.service_client import ServiceClient
    from app.ui.window_services import WindowServices


def build(
    locations: Locations,
    known: Mapping[str, AudioProvider] | None = None,
    *,
    first: FirstParts | None = None,
    secrets: Secrets | None = None,
    key_environ: Mapping[str, str] | None = None,
) -> Services:
    """Everything that the command line and the window share; only settings and model specs are read.

    Args:
        known: Providers by their ids; all that there are unless given.
        first: What was read before; read now unless given.
        secrets: Told of every key, so that none is logged.
        key_environ: Keys by their environment variables; the environment of now unless given.
    """
    first = read_first_parts(locations) if first is None else first
    settings, catalogue, everyone = first.first_settings, first.catalogue, first.first_services
    folders = LibraryFolders(locations.takes, locations.transcripts, verify)
    database = Database(locations.database, folders=folders)
    locks = TaskLocks(locations.task_locks)
    store = TaskStore(database, _now)
    transcripts = TranscriptFiles(locations.transcripts, _now)
    files = TakeFiles(locations.takes, verify, mend=repair_wav_sizes, inputs=locations.inputs)
    addresses = Addresses(everyone, base_urls_of(settings))
    environ = os.environ if key_environ is None else key_environ
    keys = Keys(everyone, addresses, Keychain(), environ=environ, hide=(secrets or Secrets()).hide)
    network = Network()

    def connect(service: Service) -> ServiceClient:
        from app.providers.service_client import ServiceClient

        return ServiceClient(service, network, keys, addresses.of, files.input_path)

    def trim(path: Path, longest_s: float) -> Path:
        from app.audio.trimming import trimmed

        return trimmed(path, longest_s, locations.clips)

    def make_server(provider: str) -> tuple[Service, AudioProvider]:
        profiles = profiles_of({**addresses.chosen, provider: ""})
        service = next(each for each in profiles if each.id == provider)
        return service, server_of_ones_own(service, connect)

    if known is None:
        known = providers(encode, connect, everyone[len(SERVICES) :])
    roster = Roster(everyone, known, addresses=addresses, keys=keys, settings=first.settings, make_server=make_server)
    voices = VoiceLibrary(roster.providers)
    spending = Spending(
        store,
        Ceilings.of(settings.spending),
        _now,
        is_unbilled=roster.is_unbilled,
        watch=LimitsWatch(first.limits_file.news),
    )
    queue = TaskQueue(
        store=store,
        files=files,
        locks=locks,
        providers=roster.providers,
        catalogue=catalogue,
        spending=spending,
        now=_now,
        state=QueueState(database, _now),
        uploads=UploadStore(database, _now),
        transcripts=transcripts,
        probe=facts_of,
        split=_split,
        key_at_hand=keys.at_hand,
        pace=_pace(settings),
        concurrency={service.id: service.concurrency for service in everyone}
        | {name: each.concurrency for name, each in settings.providers.items() if each.concurrency is not None},
        per_minute={service.id: service.per_minute for service in everyone if service.per_minute is not None}
        | {name: each.per_minute for name, each in settings.providers.items() if each.per_minute is not None},
    )
    exporter = Exporter(files)
    deliveries, sheet_rows = Deliveries(database), SheetRows(database)
    batches = Batches(
        planner=BatchPlanner(sheet_rows, queue, catalogue, spending, facts_of),
        rows=sheet_rows,
        deliveries=deliveries,
        deliverer=Deliverer(deliveries, files, locks, Manifests(deliveries), queue.changed),
        queue=queue,
        store=store,
        files=files,
        spending=spending,
        now=_now,
    )
    return Services(
        **{each.name: getattr(first, each.name) for each in fields(first)},
        roster=roster,
        database=database,
        store=store,
        files=files,
        locks=locks,
        queue=queue,
        library=Library(LibraryIndex(database, _now), store, queue.changed),
        voices=voices,
        favourite_voices=FavouriteVoices(database),
        voice_samples=VoiceSamples(roster.providers, voices, VoiceSampleFiles(locations.voice_samples, verify)),
        spending=spending,
        ledger=LedgerView(LedgerEntries(database), _now),
        exporter=exporter,
        handing_over=HandingOver(exporter, HandedFiles(database)),
        clip_edits=ClipEditRows(database),
        measuring=Measuring(store, files, queue.changed, _measure),
        batches=batches,
        transcripts=transcripts,
        probe=facts_of,
        trim=trim,
        addresses=addresses,
        keys=keys,
        network=network,
        reports=(*first.settings.problems, *map(str, catalogue.problems)),
    )


def build_for_window(locations: Locations) -> WindowServices:
    """Everything for the window, from the environment of now."""
    return for_window(build(locations))


def for_window(services: Services) -> WindowServices:
    """What only the window needs besides; sound and waves are loaded when they are first wanted."""
    from app.storage.window_state import WindowStateStore
    from app.ui.window_services import WindowServices

    locations = services.locations
    faults: Changes[str] = Changes()
    sentence = f"Something in Cuesmith went wrong. The log says more: {locations.log_file}"
    logging.getLogger().addHandler(FaultTeller(lambda: faults.announce(sentence)))

    @cache
    def sound_system() -> PortAudio:
        """One for the player and the list of devices: it must know of every open stream."""
        from app.audio.devices import PortAudio

        return PortAudio()

    def make_player() -> Player:
        from app.audio.player import Player

        return Player(sound_system())

    def list_devices() -> Sequence[OutputDevice]:
        return sound_system().list_output_devices()

    @cache
    def peaks() -> PeaksCache:
        """One for the preview and the list: what the preview waits for comes first."""
        from app.audio.peaks_cache import PeaksCache

        return PeaksCache(locations.peaks)

    services.measuring.measured.listen(lambda take: services.library.changed.announce(frozenset({take.task_id})))
    shared = {each.name: getattr(services, each.name) for each in fields(services)}
    return WindowServices(
        **shared,
        window_state=WindowStateStore(locations.config / "window.json"),
        make_player=make_player,
        list_devices=list_devices,
        make_peaks=peaks,
        faults=faults,
    )


def _split(
    path: Path, longest_s: float | None, folder: Path, *, file_format: AudioFormat, cancelled: Callable[[], bool]
) -> Sequence[Stretch]:
    """Cut a recording; NumPy is loaded only then."""
    from app.audio.splitting import split

    return split(path, longest_s, folder, file_format=file_format, cancelled=cancelled)


def _measure(path: Path, *, cancelled: Callable[[], bool]) -> Measures:
    """Measure a take; NumPy is loaded only then."""
    from app.audio.measures import measure

    return measure(path, cancelled=cancelled)


def _pace(settings: Settings) -> Pace:
    polls = {name: each.poll_interval_s for name, each in settings.providers.items()}
    return Pace(
        own_first_poll_s={name: interval for name, interval in polls.items() if interval is not None},
        patience_s=settings.network.patience_s,
    )


def _now() -> datetime:
    return datetime.now(UTC)
