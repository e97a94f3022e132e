"""What the first bytes of an answer say that its Content-Type may not."""

from __future__ import annotations

HEAD_BYTES = 16
"""How many of them are needed."""

_PAGES = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml")
_CONTAINERS = (b"RIFF", b"RF64", b"ID3", b"fLaC", b"OggS")


def is_audio(head: bytes, content_type: str) -> bool:
    """Whether a body that begins so is audio.

    Bytes that nobody knows are, if they are said to be and are neither JSON nor a page.
    """
    if head.startswith(_CONTAINERS) or _is_mpeg_frame(head):
        return True
    kind = content_type.partition(";")[0].strip().lower()
    is_said = kind.startswith("audio/") or kind == "application/octet-stream"
    return bool(head.strip()) and is_said and not is_json(head) and not is_page(head)


def is_json(head: bytes) -> bool:
    """Whether a body that begins so can be a JSON object or array."""
    return _text_of(head).startswith((b"{", b"["))


def is_page(head: bytes) -> bool:
    """Whether a body that begins so is a page of HTML or an error in XML, whatever it is called."""
    return _text_of(head).lower().startswith(_PAGES)


def _text_of(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()


def _is_mpeg_frame(head: bytes) -> bool:
    """Eleven set bits; the layer bits of AAC are zero, which nobody asked for."""
    return len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 != 0
