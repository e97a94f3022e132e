"""The exact bytes of a stored request, with the content of its files in their places; never all in memory."""

from __future__ import annotations

import asyncio
import os
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Self

from app.domain.errors import StorageError
from app.domain.provider import FileEncoding, WireFile, WireRequest

_PIECE_BYTES = 3 << 16  # a multiple of three: base64 of the pieces is base64 of the whole


class WireBody:
    """What is sent as a body. Its files are open from the start, so none can be missing once something has left.

    Attributes:
        length: In bytes, exactly.
    """

    def __init__(
        self, wire: WireRequest, opened: Sequence[tuple[WireFile, IO[bytes], int]], closing: ExitStack
    ) -> None:
        self._wire = wire
        self._opened = opened
        self._closing = closing
        self.length = len(wire.body) + sum(_length_in_body(file, size) for file, _, size in opened)

    @classmethod
    async def open(cls, wire: WireRequest, input_path: Callable[[str], Path]) -> Self:
        """Open all files of a request.

        Raises:
            StorageError: One can't be read.
        """
        return await asyncio.to_thread(cls._open, wire, input_path) if wire.files else cls._open(wire, input_path)

    @classmethod
    def _open(cls, wire: WireRequest, input_path: Callable[[str], Path]) -> Self:
        with ExitStack() as closing:
            opened = []
            for file in wire.files:
                try:
                    content = closing.enter_context(input_path(file.sha256).open("rb"))
                    size = os.fstat(content.fileno()).st_size
                except OSError as exc:
                    raise _unreadable() from exc
                opened.append((file, content, size))
            return cls(wire, opened, closing.pop_all())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._opened:
            await asyncio.to_thread(self._closing.close)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The bytes in order, in pieces of at most 256 KiB.

        Raises:
            StorageError: A file can't be read to its end.
        """
        begin = 0
        for file, content, size in self._opened:
            for piece in _pieces(self._wire.body[begin : file.at]):
                yield piece
            begin = file.at
            async for data in _read(content, size):
                yield data if file.encoding is FileEncoding.RAW else b64encode(data)
        for piece in _pieces(self._wire.body[begin:]):
            yield piece


def _length_in_body(file: WireFile, size: int) -> int:
    return size if file.encoding is FileEncoding.RAW else (size + 2) // 3 * 4


def _pieces(data: bytes) -> Iterator[bytes]:
    """One at a time: all at once would be a second copy of what may be a hundred megabytes."""
    for begin in range(0, len(data), _PIECE_BYTES):
        yield data[begin : begin + _PIECE_BYTES]


async def _read(content: IO[bytes], size: int) -> AsyncIterator[bytes]:
    """Exactly as many bytes as were promised."""
    while size > 0:
        try:
            data = await asyncio.to_thread(content.read, min(size, _PIECE_BYTES))
        except OSError as exc:
            raise _unreadable() from exc
        if not data:
            raise _unreadable()
        size -= len(data)
        yield data


def _unreadable() -> StorageError:
    return StorageError("The library’s copy of an input file can’t be read, so the request can’t be sent.")
