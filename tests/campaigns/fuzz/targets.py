"""Everything that reads what others wrote: users, servers, other programs. Any input is taken, or refused in words."""

from __future__ import annotations

import asyncio
import json
import tempfile
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import strategies as st

from app.audio import containers, mp3_frames
from app.audio.wav_head import NotAWav, WavHeadReader, read_wav_head
from app.cli.model_json import model_json
from app.cli.plan_file import plan_of
from app.domain.base_url import base_url, is_loopback
from app.domain.draft import Draft
from app.domain.errors import AppError
from app.domain.request import GenerationRequest
from app.engine.addresses import origin_of
from app.engine.sheet_table import read_sheet
from app.providers.openai_audio.events import EventTooLong, events
from app.storage.catalogue import Catalogue
from app.storage.database import Database
from app.storage.disk_failures import SENSELESS
from app.storage.kept_tables import KeptTables
from app.storage.key_entries import KeyEntries
from app.storage.library_index import LibraryIndex
from app.storage.library_queries import LibraryQuery
from app.storage.locations import resources_dir
from app.storage.request_codec import request_of, request_text
from app.storage.settings import SettingsStore
from app.storage.task_store import TaskStore
from app.storage.window_state import WindowState, WindowStateStore
from tests.audio.lying_files import FILES as LYING_FILES
from tests.campaigns.fuzz.answers_of import HEADERS, REQUESTS, SAMPLES, STATUSES, Answer, ask_everything
from tests.campaigns.fuzz.bytes_of import NASTY_TEXTS, NASTY_VALUES, RAW, json_files, mutated, toml_files
from tests.storage.making import NOON, Clock, finished, queued

_SETTINGS: dict[str, Any] = {
    "providers": {"runware": {"base_url": "https://api.example/v1", "poll_interval_s": 0.5, "concurrency": 2}},
    "network": {"patience_s": 120},
    "spending": {"day_usd": "5", "month_usd": 40},
}
_PLAN = {
    "styles": ["tense"],
    "avoided": [],
    "sections": [{"name": "rise", "duration_s": 5, "styles": ["tremolo"], "avoided": [], "lines": ["la"]}],
}
_SHEET = 'id,prompt,takes,duration,seed\nrain,heavy rain,2,3,7\nwind,"a, wind",1,,\n'
_REQUEST = {
    "provider": "acme",
    "model": "sounds",
    "prompt": "rain",
    "takes": 2,
    "audio": {"format": "wav", "sample_rate_hz": 48_000},
    "parameters": {"a": 1},
    "references": [{"path": "/a.wav", "sha256": "0" * 64}],
    "plan": _PLAN,
}
_ROW_COLUMNS = (
    *(("tasks", name) for name in ("request", "kind", "state", "created_at", "estimate_expected", "failure_kind")),
    *(("attempts", name) for name in ("id", "wire_headers", "wire_files", "sent_at", "job_id")),
    *(("receipts", name) for name in ("expected", "most", "reserved", "billed")),
    *(("takes", name) for name in ("state", "seed", "cost", "format", "frames", "expires_at", "number", "rating")),
)


@dataclass(frozen=True)
class Target:
    """One reader.

    Attributes:
        inputs: What it is given.
        read: Reads one input; raises nothing but an `AppError`, which is no failure.
    """

    name: str
    inputs: st.SearchStrategy[Any]
    read: Callable[[Any], None]

    def __call__(self, given: Any) -> None:
        try:
            self.read(given)
        except AppError as error:
            _check_sentence(error)


def _check_sentence(error: Exception) -> None:
    assert str(error).strip(), "a refusal without a word"
    assert len(str(error)) < 20_000, "a refusal that nobody reads to its end"


def targets() -> tuple[Target, ...]:
    services = [Target(f"answers of {name}", _answers(SAMPLES[name]), partial(_ask, name)) for name in sorted(REQUESTS)]
    return (
        Target("settings.toml", toml_files(_SETTINGS), _read_settings),
        Target("a catalogue of the user", toml_files(*_catalogues()), _read_catalogue),
        Target("kept tables", json_files(_catalogues()[0]), _read_kept_tables),
        Target("window.json", json_files(*_window_states()), _read_window_state),
        Target("a plan", json_files(_PLAN), _read_plan),
        Target("a sheet", mutated(_SHEET.encode()) | st.binary(max_size=300) | st.sampled_from(RAW), _read_sheet),
        Target("a request in the library", json_files(_REQUEST), _read_request),
        Target("rows of the library", _row_edits(), _read_library),
        Target("origins in the keychain", json_files({"a" * 32: ["https://a.example"]}), _read_keychain),
        Target("addresses", _addresses(), _read_address),
        Target("server-sent events", _event_streams(), _read_events),
        Target("heads of audio files", _audio_files(), _read_audio_heads),
        *services,
    )


def _in_a_file(name: str, data: bytes, read: Callable[[Path], object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        read(path)


def _read_settings(data: bytes) -> None:
    def read(path: Path) -> None:
        store = SettingsStore(path)
        store.load()
        assert all(len(problem) < 20_000 for problem in store.problems)
        store.items()
        store.set("spending.day_usd", "3")
        assert store.get("spending.day_usd") == "3"

    _in_a_file("settings.toml", data, read)


def _read_catalogue(data: bytes) -> None:
    def read(path: Path) -> None:
        catalogue = Catalogue.load([path.parent])
        for problem in catalogue.problems:
            assert len(str(problem)) < 20_000
        for spec in catalogue.models:
            json.dumps(model_json(spec), default=str)
            list(spec.check(GenerationRequest(spec.provider, spec.id, "rain")))

    _in_a_file("mine.toml", data, read)


def _read_kept_tables(data: bytes) -> None:
    text = 'provider = "acme"\n'
    with tempfile.TemporaryDirectory() as folder:
        tables = KeptTables(Path(folder))
        tables.parsed(text)
        tables.keep()
        (kept,) = Path(folder).iterdir()
        kept.write_bytes(data)
        (Path(folder) / "catalogue").mkdir()
        (Path(folder) / "catalogue" / "mine.toml").write_text(text)
        Catalogue.load([Path(folder) / "catalogue"], tables=KeptTables(Path(folder)))


def _read_window_state(data: bytes) -> None:
    def read(path: Path) -> None:
        store = WindowStateStore(path)
        store.save(store.load())

    _in_a_file("window.json", data, read)


def _read_plan(data: bytes) -> None:
    def read(path: Path) -> None:
        request_text(GenerationRequest("runware", "elevenlabs:1@1", "rain", plan=plan_of(path)))

    _in_a_file("plan.json", data, read)


def _read_sheet(data: bytes) -> None:
    _in_a_file("sheet.csv", data, read_sheet)


def _read_request(data: bytes) -> None:
    try:
        request = request_of(data.decode(errors="replace"))
    except SENSELESS:
        return  # which the reader of rows turns into a sentence
    try:
        hash(request.prompt)
    except TypeError:
        return


def _read_library(edit: tuple[str, str, Any]) -> None:
    asyncio.run(_read_edited_library(edit))


async def _read_edited_library(edit: tuple[str, str, Any]) -> None:
    import sqlite3

    table, column, value = edit
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.sqlite3"
        database = Database(path)
        await database.open()
        try:
            store = TaskStore(database, Clock())
            await store.add([finished(queued())])
            by_hand = sqlite3.connect(path)
            try:
                by_hand.execute(f"UPDATE {table} SET {column} = ?", (value,))
                by_hand.commit()
            except (sqlite3.IntegrityError, OverflowError, UnicodeEncodeError):
                return  # the library itself refuses it
            finally:
                by_hand.close()
            for read in (store.tasks(), _shown(LibraryIndex(database, lambda: NOON)), store.unmeasured(5)):
                try:
                    await read
                except AppError as error:
                    _check_sentence(error)
        finally:
            await database.close()


async def _shown(index: LibraryIndex) -> None:
    await index.ids(LibraryQuery(text="rain"))


class _OneEntry:
    """A keychain in which another program wrote."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get_password(self, service: str, user: str) -> str | None:
        return self._text if user.endswith(" origin") else "rw-invented-key"

    def set_password(self, service: str, user: str, password: str) -> None:
        self._text = password

    def delete_password(self, service: str, user: str) -> None:
        self._text = ""


def _read_keychain(data: bytes) -> None:
    entries = KeyEntries(_OneEntry(data.decode(errors="replace")))  # type: ignore[arg-type]
    kept = entries.read("runware", "https://api.runware.ai")
    assert kept is not None
    assert all(isinstance(origin, str) for origin in kept.origins)


def _read_address(text: str) -> None:
    try:
        address = base_url(text)
    except ValueError as error:
        _check_sentence(error)
        return
    import httpx

    url = httpx.URL(address)
    assert url.scheme == "https" or is_loopback(url.host)
    assert url.userinfo == b""
    assert not url.query
    assert httpx.URL(origin_of(address)).host == url.host


def _read_events(pieces: list[bytes]) -> None:
    async def read() -> None:
        async def arriving() -> Any:
            for piece in pieces:
                yield piece

        try:
            async for event in events(arriving()):
                assert isinstance(event, str)
        except EventTooLong:
            return

    asyncio.run(read())


def _read_audio_heads(data: bytes) -> None:
    def read(path: Path) -> None:
        audio_format = containers.format_of(path)
        containers.missing_end(path, audio_format)
        containers.repair_wav_sizes(path)

    with suppress(NotAWav):
        read_wav_head(data)
    reader = WavHeadReader()
    for at in range(0, min(len(data), 4_096), 512):
        reader.feed(data[at : at + 512])
    mp3_frames.walk(data)
    _in_a_file("liar", data, read)


def _ask(provider: str, answers: list[Answer]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ask_everything(provider, answers, Path(folder))


def _answers(samples: tuple[Any, ...]) -> st.SearchStrategy[list[Answer]]:
    headers = st.sampled_from(HEADERS)
    body = json_files(*samples) | json_files(*samples).map(lambda data: b"data: " + data + b"\n\ndata: [DONE]\n\n")
    answer = st.builds(Answer, st.sampled_from(STATUSES), headers, body)
    return st.lists(answer, min_size=1, max_size=3)


def _row_edits() -> st.SearchStrategy[tuple[str, str, Any]]:
    values = st.sampled_from([each for each in NASTY_VALUES if not isinstance(each, list | dict)])
    texts = json_files(_REQUEST).map(lambda data: data.decode(errors="replace")) | values
    return st.tuples(st.sampled_from(_ROW_COLUMNS), texts).map(lambda each: (*each[0], each[1]))


def _addresses() -> st.SearchStrategy[str]:
    hosts = st.sampled_from(
        [
            *(
                "localhost",
                "LOCALHOST",
                "localhost.",
                "localhost.evil.example",
                "127.0.0.1",
                "127.1",
                "0x7f.1",
                "127.0.0.1.",
            ),
            *(
                "2130706433",
                "0177.0.0.1",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::1%25lo]",
                "0.0.0.0",
                "[::]",
                "169.254.169.254",
            ),
            *(
                "127.0.0.1@evil.example",
                "evil.example#@127.0.0.1",
                "evil.example\\@127.0.0.1",
                "127.0.0.1:80@evil.example",
            ),
            *("ⓛocalhost", "localhost\u3002evil.example", "lоcalhost", "%6cocalhost", "127.0.0.1%2f@evil.example", ""),
        ]
    )
    around = st.sampled_from(["", "/", "/v1", ":0", ":99999", ":80", "?a", "#b", "\t", " ", "\n", "//", "/../.."])
    scheme = st.sampled_from(["http://", "https://", "HTTP://", "http:/", "http:", "file://", "//", "http:\\\\", ""])
    return st.builds("{}{}{}".format, scheme, hosts, around) | st.text(max_size=60) | st.sampled_from(NASTY_TEXTS[:-1])


def _event_streams() -> st.SearchStrategy[list[bytes]]:
    line = st.sampled_from(
        [b"data: x", b"data:", b"\r", b"\n", b"\r\n", b"event: a", b":", b"\xef\xbb\xbf", b"\xff", b"\x00"]
    )
    return st.lists(line | st.binary(max_size=10), max_size=30)


def _audio_files() -> st.SearchStrategy[bytes]:
    small = [data for make in LYING_FILES.values() if len(data := make()) < 10_000]
    return st.sampled_from(small).flatmap(mutated) | st.binary(max_size=400)


def _catalogues() -> list[dict[str, Any]]:
    """One model of each of our own files."""
    found = []
    for path in sorted((resources_dir() / "catalogue").glob("*.toml")):
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
        found.append({**whole, "model": whole["model"][:1]})
    return found


def _window_states() -> list[Any]:
    states = (WindowState(), replace(WindowState(), provider="local", model="sketch", draft=Draft(prompt="rain")))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "window.json"
        found = []
        for state in states:
            WindowStateStore(path).save(state)
            found.append(msgspec.json.decode(path.read_bytes()))
    return found
