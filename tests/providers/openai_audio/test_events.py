"""Server-sent events are the same however the network cuts them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.providers.openai_audio import events as module
from app.providers.openai_audio.events import EventTooLong, events

LINE_ENDS = some.sampled_from([b"\n", b"\r\n", b"\r"])
DATA = some.text(some.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=20)


async def arriving(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def read(*pieces: bytes) -> list[str]:
    async def collected() -> list[str]:
        return [data async for data in events(arriving(list(pieces)))]

    return asyncio.run(collected())


@pytest.mark.parametrize(
    ("stream", "data"),
    [
        (b"data: one\n\ndata: two\n\n", ["one", "two"]),
        (b"data:one\n\n", ["one"]),
        (b"data:  one\n\n", [" one"]),
        (b"data: one\ndata: two\n\n", ["one\ntwo"]),
        (b": a comment\n\ndata: one\n\n", ["one"]),
        (b"event: delta\nid: 7\nretry: 10\ndata: one\n\n", ["one"]),
        (b"\n\n\ndata: one\n\n\n\n", ["one"]),
        (b"\xef\xbb\xbfdata: one\n\n", ["one"]),
        (b"data: one", ["one"]),
        (b"data: one\r", ["one"]),
        (b"data\n\n", [""]),
        (b"database: one\n\n", []),
        (b"", []),
    ],
)
def test_events_are_their_data(stream: bytes, data: list[str]) -> None:
    assert read(stream) == data


@given(some.lists(some.tuples(DATA, LINE_ENDS), max_size=5), some.data())
def test_it_makes_no_difference_where_a_stream_is_cut(told: list[tuple[str, bytes]], data: some.DataObject) -> None:
    stream = b"".join(b": note" + end + b"data: " + text.encode() + end + end for text, end in told)
    cuts = sorted(data.draw(some.sets(some.integers(0, len(stream)), max_size=8)))
    pieces = [stream[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    assert read(*pieces) == [text for text, _ in told]


@pytest.mark.parametrize("line_end", [b"", b"\n"])
def test_an_event_without_an_end_is_given_up(line_end: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST_EVENT_BYTES", 1_000)

    with pytest.raises(EventTooLong):
        read(*[b"data: " + b"x" * 100 + line_end] * 20)
