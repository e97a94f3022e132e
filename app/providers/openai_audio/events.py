"""Server-sent events: a stream of lines, read as it arrives.

Source: WHATWG HTML Standard, "Interpreting an event stream"; speech events as in openai-openapi.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

_LINE_END = re.compile(rb"\r\n|\n|\r")
_LONGEST_EVENT_BYTES = 32 << 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class EventTooLong(Exception):
    """An event that never ends."""


async def events(body: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """The data of each event. Comments and other fields are left out; the last event needs no blank line after it.

    Raises:
        EventTooLong: One is larger than any that makes sense.
    """
    data: list[bytes] = []
    size = 0
    async for line in _lines(body):
        if not line:
            if data:
                yield _text(data)
            data, size = [], 0
            continue
        name, _, value = line.partition(b":")
        if name == b"data":
            data.append(value.removeprefix(b" "))
            size += len(value)
            if size > _LONGEST_EVENT_BYTES:
                raise EventTooLong
    if data:
        yield _text(data)


def _text(data: list[bytes]) -> str:
    return b"\n".join(data).decode(errors="replace")


async def _lines(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Lines without their ends; a line may end in any of three ways, also in the middle of one."""
    rest = bytearray()
    is_first = True
    seen = 0  # what was looked through already, so that a long line isn't looked through again and again
    async for piece in body:
        rest += piece
        begin = 0
        while (end := _LINE_END.search(rest, max(begin, seen))) is not None:
            if end.end() == len(rest) and end[0] == b"\r":
                break  # a line feed may still belong to it
            line = bytes(rest[begin : end.start()])
            yield line.removeprefix(_BYTE_ORDER_MARK) if is_first else line
            is_first = False
            begin = end.end()
        del rest[:begin]
        seen = max(0, len(rest) - 1)
        if len(rest) > _LONGEST_EVENT_BYTES:
            raise EventTooLong
    if rest:
        line = bytes(rest.rstrip(b"\r"))
        yield line.removeprefix(_BYTE_ORDER_MARK) if is_first else line
