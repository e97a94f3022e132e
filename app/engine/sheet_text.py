"""The bytes of a sheet as text: what spreadsheets and editors write, and a clear word about everything else."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import RowProblem, SheetInvalid
from app.storage.disk_failures import as_storage_errors

LARGEST_BYTES = 64 << 20
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_ADVICE = "Save the sheet as “CSV UTF-8” and try again."


@dataclass(frozen=True, slots=True)
class SheetText:
    """A decoded sheet.

    Attributes:
        has_bom: Whether it began with a mark of its encoding, as spreadsheets write it and expect it.
    """

    text: str
    has_bom: bool = False


def read_text(path: Path) -> SheetText:
    """Read and decode a sheet. Blocks.

    Raises:
        SheetInvalid: It is too large, or no text that we know how to read.
        StorageError: It can't be read.
    """
    with as_storage_errors(path), path.open("rb") as file:
        data = file.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        raise refusal(1, f"This file is larger than {LARGEST_BYTES >> 20} MB. Split it into several sheets.")
    return decoded(data)


def decoded(data: bytes) -> SheetText:
    """UTF-8 with and without its mark, and UTF-16 with one, which is Excel’s “Unicode text”.

    Raises:
        SheetInvalid: It is something else; the first line that can't be read is named.
    """
    if data.startswith(b"PK\x03\x04"):
        raise refusal(1, f"This is a spreadsheet’s own file, not a table in plain text. {_ADVICE}")
    if data.startswith(_UTF_32):
        raise refusal(1, f"This text is in UTF-32, which can’t be read. {_ADVICE}")
    for mark, name in _UTF_16.items():
        if data.startswith(mark):
            return SheetText(_text(data[len(mark) :], name, "UTF-16"), has_bom=True)
    has_bom = data.startswith(codecs.BOM_UTF8)
    return SheetText(_text(data.removeprefix(codecs.BOM_UTF8), "utf-8", "UTF-8"), has_bom=has_bom)


def refusal(line: int, message: str, *, column: str = "", row_id: str = "") -> SheetInvalid:
    """One problem that ends the reading of a sheet."""
    return SheetInvalid([RowProblem(line, row_id, column, message)])


def _text(data: bytes, encoding: str, label: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = _line_after(data[: error.start].decode(encoding, "replace"))
        raise refusal(line, f"This line isn’t {label}, so its letters can’t be known. {_ADVICE}") from error
    place = text.find("\0")
    if place >= 0:
        raise refusal(_line_after(text[:place]), f"This line has characters that no text has. {_ADVICE}")
    return text


def _line_after(text: str) -> int:
    """The number of the line that comes next to be read."""
    return 1 + text.count("\n") + text.count("\r") - text.count("\r\n")
