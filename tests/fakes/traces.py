"""Looks for a secret in everything that was written: whole, in pieces, and in other spellings."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

_PIECE = 12  # characters; so much of a key is as good as half of it


class Traces:
    """What a secret may look like on a disk or in an output."""

    def __init__(self, *secrets: str) -> None:
        forms = {form for secret in secrets for form in _forms(secret)}
        self._pattern = re.compile(b"|".join(re.escape(each) for each in sorted(forms)), re.IGNORECASE)

    def in_bytes(self, content: bytes) -> list[bytes]:
        """Every trace, with some of what stands around it."""
        found = self._pattern.finditer(content)
        return [content[max(0, each.start() - 60) : each.end() + 60] for each in found]

    def in_texts(self, texts: Iterable[str]) -> list[bytes]:
        return [trace for text in texts for trace in self.in_bytes(text.encode(errors="surrogateescape"))]

    def under(self, folder: Path) -> list[str]:
        """Every trace in the names and contents of a folder."""
        found = []
        for path in sorted(folder.rglob("*")):
            traces = self.in_bytes(path.name.encode())
            if path.is_file() and not path.is_symlink():
                traces += self.in_bytes(path.read_bytes())
            found += [f"{path.relative_to(folder)}: {trace!r}" for trace in traces]
        return found


def _forms(secret: str) -> Iterator[bytes]:
    plain = secret.encode()
    for whole in (plain, plain[::-1], quote(secret, safe="").encode(), plain.hex().encode()):
        yield from (whole[at : at + _PIECE] for at in range(max(1, len(whole) - _PIECE + 1)))
    for before in range(3):
        letters = b64encode(bytes(before) + plain)
        core = letters[-(-before * 8 // 6) : (before + len(plain)) * 8 // 6]
        yield from (core[at : at + 2 * _PIECE] for at in range(max(1, len(core) - 2 * _PIECE + 1)))
