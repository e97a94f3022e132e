"""Bodies of requests, made in one obvious way."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.provider import FileEncoding, WireFile, WireRequest


@dataclass(frozen=True, slots=True)
class FileContent:
    """Stands for a string in a JSON body: the content of an input file in base64.

    Attributes:
        sha256: Which copy in the library; hexadecimal.
        prefix: What the string begins with, such as `data:audio/wav;base64,`.
    """

    sha256: str
    prefix: str = ""


def json_request(method: str, path: str, body: Any, headers: Mapping[str, str] | None = None) -> WireRequest:
    """A request with a JSON body: compact, UTF-8, the same bytes each time.

    Args:
        path: Below the base URL: begins with “/” or “?”, or is empty.
        body: What `json.dumps` takes, with a `FileContent` wherever a file belongs.
        headers: Besides Content-Type; no credentials.
    Raises:
        TypeError, ValueError: It can't be written as JSON.
    """
    written = _Written()
    written.add(body)
    return WireRequest(
        method,
        path,
        headers={"Content-Type": "application/json", **(headers or {})},
        body=bytes(written.body),
        files=tuple(written.files),
    )


class _Written:
    """JSON as it grows; knows at each moment where it is."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.files: list[WireFile] = []

    def add(self, value: Any) -> None:
        if isinstance(value, FileContent):
            self._add_file(value)
        elif isinstance(value, Mapping):
            self._add_object(value)
        elif isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
            self._add_array(value)
        else:
            self.body += _as_json(value)

    def _add_file(self, file: FileContent) -> None:
        self.body += _as_json(file.prefix)[:-1]
        self.files.append(WireFile(len(self.body), file.sha256, FileEncoding.BASE64))
        self.body += b'"'

    def _add_object(self, values: Mapping[Any, Any]) -> None:
        self.body += b"{"
        for number, (name, value) in enumerate(values.items()):
            if not isinstance(name, str):
                raise TypeError(f"a name in a JSON object must be a string, not {type(name).__name__}")
            self.body += (b"," if number else b"") + _as_json(name) + b":"
            self.add(value)
        self.body += b"}"

    def _add_array(self, values: Sequence[Any]) -> None:
        self.body += b"["
        for number, value in enumerate(values):
            self.body += b"," if number else b""
            self.add(value)
        self.body += b"]"


def _as_json(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair, as careless programs leave in the clipboard
        return json.dumps(value, allow_nan=False).encode("ascii")
