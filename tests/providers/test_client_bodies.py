"""Bodies: made once, sent exactly as stored, with the files in their places."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import OutcomeUnknown, StorageError
from app.domain.provider import FileEncoding, WireFile, WireRequest
from app.providers.client import FileContent, ServiceClient, json_request
from app.providers.wire_body import WireBody
from tests.fakes.raw_server import Heard, RawServer, answering

ClientFor = Callable[..., ServiceClient]

plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
nested = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
CONTENTS = {
    hashlib.sha256(content).hexdigest(): content for content in (b"", b"a", b"ab", b"abc" * 99, bytes(range(256)))
}


def kept_in(folder: Path, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    (folder / sha256).write_bytes(content)
    return sha256


async def assembled(wire: WireRequest, folder: Path) -> bytes:
    async with await WireBody.open(wire, lambda sha256: folder / sha256) as body:
        data = b"".join([piece async for piece in body])
        assert len(data) == body.length
        return data


def test_a_json_request_is_compact_and_readable() -> None:
    wire = json_request("POST", "/x", {"text": "Grüße", "n": [1, 2.5, None, True]}, {"Idempotency-Key": "1"})

    assert wire.body == '{"text":"Grüße","n":[1,2.5,null,true]}'.encode()
    assert wire.headers == {"Content-Type": "application/json", "Idempotency-Key": "1"}
    assert wire.files == ()


@given(nested)
def test_any_json_is_written_as_it_is_read(value: Any) -> None:
    assert json.loads(json_request("POST", "", value).body) == value


@pytest.mark.parametrize("value", [float("nan"), {1: "number as a name"}, {"bytes": b"1"}, {"a set": {1}}])
def test_what_json_cant_say_isnt_written(value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        json_request("POST", "", value)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    for content in CONTENTS.values():
        kept_in(folder, content)
    return folder


@given(
    st.recursive(
        plain | st.builds(FileContent, st.sampled_from(sorted(CONTENTS)), st.text()),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_files_become_strings_of_base64_wherever_they_are(folder: Path, value: Any) -> None:
    sent = asyncio.run(assembled(json_request("POST", "", value), folder))

    assert json.loads(sent) == _with_content(value)


def _with_content(value: Any) -> Any:
    if isinstance(value, FileContent):
        return value.prefix + base64.b64encode(CONTENTS[value.sha256]).decode()
    if isinstance(value, dict):
        return {name: _with_content(part) for name, part in value.items()}
    return [_with_content(part) for part in value] if isinstance(value, list) else value


async def test_a_body_arrives_with_its_files_and_its_exact_length(client_for: ClientFor, tmp_path: Path) -> None:
    clip = kept_in(tmp_path, bytes(range(256)) * 4000)
    body = b"--b\r\n\r\n--b--\r\n"
    wire = WireRequest(
        "POST", "/clone", {"Content-Type": "multipart/form-data; boundary=b"}, body, (WireFile(7, clip),)
    )
    spoken = json_request("POST", "/x", {"audio": FileContent(clip, "data:audio/wav;base64,"), "n": 1})
    async with RawServer(answering()) as acme:
        client = client_for(acme.origin)
        await client.submit(wire)
        await client.ask(spoken)

        raw, encoded = acme.heard
        assert raw.body == body[:7] + bytes(range(256)) * 4000 + body[7:]
        assert "transfer-encoding" not in raw.headers
        prefix, content = json.loads(encoded.body)["audio"].split(",")
        assert (prefix, base64.b64decode(content)) == ("data:audio/wav;base64", bytes(range(256)) * 4000)


async def test_a_missing_file_is_noticed_before_anything_leaves(client_for: ClientFor) -> None:
    wire = json_request("POST", "/x", {"audio": FileContent("0" * 64)})
    async with RawServer(answering()) as acme:
        client = client_for(acme.origin)

        with pytest.raises(StorageError, match="input file"):
            await client.submit(wire)
        with pytest.raises(StorageError, match="input file"):
            await client.ask(wire)

        assert acme.connections == 0


async def test_a_file_that_shrinks_while_it_is_sent_leaves_the_outcome_unknown(
    client_for: ClientFor, tmp_path: Path
) -> None:
    clip = kept_in(tmp_path, bytes(64_000_000))

    async def cut_the_file(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        (tmp_path / clip).write_bytes(b"")
        while await reader.read(1 << 16):
            pass
        writer.close()

    async with await asyncio.start_server(cut_the_file, "127.0.0.1", 0) as acme:
        client = client_for(f"http://127.0.0.1:{acme.sockets[0].getsockname()[1]}")

        with pytest.raises(OutcomeUnknown, match="input file"):
            await client.submit(json_request("POST", "/x", {"audio": FileContent(clip)}))


async def test_a_large_file_is_never_whole_in_memory(tmp_path: Path) -> None:
    clip = kept_in(tmp_path, bytes(50_000_000))
    wire = WireRequest("POST", "/x", files=(WireFile(0, clip, FileEncoding.BASE64),))
    tracemalloc.start()
    try:
        async with await WireBody.open(wire, lambda sha256: tmp_path / sha256) as body:
            size = sum([len(piece) async for piece in body])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert size == body.length
    assert peak < 5_000_000


async def test_a_get_has_no_body(client_for: ClientFor) -> None:
    async def look(heard: Heard, writer: asyncio.StreamWriter) -> None:
        await answering()(heard, writer)

    async with RawServer(look) as acme:
        await client_for(acme.origin).ask(WireRequest("GET", "/x"))
        await client_for(acme.origin).ask(WireRequest("POST", "/x"))

        assert [heard.headers.get("content-length") for heard in acme.heard] == [None, "0"]
