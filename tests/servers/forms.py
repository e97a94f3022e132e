"""Forms with files (multipart/form-data), read as strictly as they are written down.

Source: RFC 7578; the WHATWG HTML Standard, "Multipart form data", for quotes in names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from typing import Literal

FieldKind = Literal["text", "number", "whole", "flag"]

_NAME = re.compile(r'(?:^|;)\s*name="([^"]*)"')
_FILE_NAME = re.compile(r';\s*filename="([^"]*)"')
_ESCAPES = (("%22", '"'), ("%0D", "\r"), ("%0A", "\n"))


class NotAForm(Exception):
    """The body is no multipart/form-data, or a broken one."""


@dataclass(frozen=True)
class Part:
    """One field of a form. `file_name` and `content_type` are None where the part has none."""

    name: str
    content: bytes
    file_name: str | None = None
    content_type: str | None = None

    def text(self) -> str:
        """Raises: NotAForm, if it is not UTF-8."""
        try:
            return self.content.decode()
        except UnicodeDecodeError as exc:
            raise NotAForm(f"{self.name}: is not text") from exc


def read_form(content_type: str, content: bytes) -> list[Part]:
    """The parts in their order.

    Args:
        content_type: The header of the request, which names the boundary.
    Raises:
        NotAForm: with the reason in words.
    """
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_boundary()
    if header.get_content_type() != "multipart/form-data" or not boundary:
        raise NotAForm("send multipart/form-data with a boundary")
    before, *pieces = (b"\r\n" + content).split(b"\r\n--" + boundary.encode())
    if before or not pieces or pieces.pop() not in {b"--", b"--\r\n"}:
        raise NotAForm("the form does not begin and end with its boundary")
    return [_part(piece) for piece in pieces]


def _part(piece: bytes) -> Part:
    head, blank_line, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    if not piece.startswith(b"\r\n") or not blank_line:
        raise NotAForm("a part of the form has no headers")
    try:
        lines = head.decode().split("\r\n")
    except UnicodeDecodeError as exc:
        raise NotAForm("the headers of a part are not text") from exc
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    disposition = headers.get("content-disposition", "")
    kind, _, parameters = disposition.partition(";")
    name = _NAME.search(parameters)
    if kind.strip().lower() != "form-data" or name is None:
        raise NotAForm("a part of the form has no name")
    file_name = _FILE_NAME.search(disposition)
    return Part(
        _unescaped(name.group(1)),
        content,
        _unescaped(file_name.group(1)) if file_name is not None else None,
        headers.get("content-type"),
    )


def _unescaped(quoted: str) -> str:
    for escape, character in _ESCAPES:
        quoted = quoted.replace(escape, character)
    return quoted


def typed(text: str, kind: FieldKind) -> object:
    """What the text of a form field stands for; the text itself if it stands for nothing of that kind."""
    if kind == "flag":
        return {"true": True, "false": False}.get(text, text)
    try:
        match kind:
            case "number":
                return float(text)
            case "whole":
                return int(text)
    except ValueError:
        return text
    return text


def files_among(parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if part.file_name is not None]
