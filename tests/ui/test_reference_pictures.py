"""Pictures to go by are drawn small, whatever they claim to be."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtGui import QImage

from app.ui.reference_facts import _thumbnail


def png_claiming(width: int, height: int) -> bytes:
    """Source: the PNG specification, third edition, sections 5 and 11."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1_000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [60_000, 0x7FFFFFFF])
def test_a_picture_that_claims_gigabytes_is_not_drawn(tmp_path: Path, size: int) -> None:
    path = tmp_path / "huge.png"
    path.write_bytes(png_claiming(size, size))

    assert _thumbnail(path).isNull()


def test_a_large_picture_becomes_a_small_one(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    picture = QImage(1_200, 600, QImage.Format.Format_RGB32)
    picture.fill(0xFF336699)
    picture.save(str(path))

    assert (_thumbnail(path).width(), _thumbnail(path).height()) == (256, 128)
