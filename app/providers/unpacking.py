"""Bodies that arrive compressed although nobody asked for it, in small pieces: a bomb is stopped by its reader."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterable, AsyncIterator

_PIECE_BYTES = 1 << 16
_ANY_GZIP = 16 + zlib.MAX_WBITS
_BARE = -zlib.MAX_WBITS
_PLAIN = ("", "identity")


class Undecodable(Exception):
    """A body that isn't what its Content-Encoding says, or in one that nobody asked for."""


async def unpacked(packed: AsyncIterable[bytes], encoding: str) -> AsyncIterator[bytes]:
    """The bytes behind a Content-Encoding; compressed ones come in pieces of at most 64 KiB.

    Raises:
        Undecodable: Unknown encoding, damaged, or cut off.
    """
    encoding = encoding.strip().lower()
    if encoding in _PLAIN:
        async for piece in packed:
            yield piece
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Undecodable(encoding)
    unpacker = _Unpacker(is_gzip=encoding != "deflate")
    async for data in packed:
        unpacker.feed(data)
        while piece := unpacker.piece():
            yield piece
            await asyncio.sleep(0)  # 64 KiB may hold 64 MB: others have their turn in between
    if not unpacker.is_whole:
        raise Undecodable("cut off")


class _Unpacker:
    """zlib, one bounded piece at a time; several gzip members in a row are one body."""

    def __init__(self, *, is_gzip: bool) -> None:
        self._is_gzip = is_gzip
        self._zlib = zlib.decompressobj(_ANY_GZIP) if is_gzip else None
        self._rest = b""
        self._is_begun = False

    @property
    def is_whole(self) -> bool:
        return not self._is_begun or (self._zlib is not None and self._zlib.eof and not self._rest)

    def feed(self, data: bytes) -> None:
        self._rest += data
        self._is_begun = self._is_begun or bool(self._rest)

    def piece(self) -> bytes:
        """The next bytes; empty where more must be fed first."""
        try:
            while True:
                unpacker = self._current()
                if unpacker is None:
                    return b""
                data = unpacker.decompress(self._rest, _PIECE_BYTES)
                self._rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
                if data or not self._rest:
                    return data
        except zlib.error as exc:
            raise Undecodable(str(exc)) from exc

    def _current(self) -> zlib._Decompress | None:
        if self._zlib is None:
            if len(self._rest) < 2:
                return None
            # Some servers mean bare DEFLATE; the two bytes before the other kind are a multiple of 31.
            is_bare = self._rest[0] & 0x0F != 8 or int.from_bytes(self._rest[:2], "big") % 31 != 0
            self._zlib = zlib.decompressobj(_BARE if is_bare else zlib.MAX_WBITS)
        elif self._zlib.eof and self._rest:
            if not self._is_gzip:
                raise Undecodable("more than one body")
            self._zlib = zlib.decompressobj(_ANY_GZIP)
        return self._zlib
