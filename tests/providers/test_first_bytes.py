"""What the first bytes of an answer say, whatever it is called."""

from __future__ import annotations

import pytest

from app.providers.first_bytes import is_audio

AUDIO, BYTES, JSON = "audio/wav", "application/octet-stream", "application/json"


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        (b"RIFF\xff\xff\xff\xffWAVE", JSON),
        (b"\xff\xfb\x90\x00", "text/plain"),
        (b"\x00\x01<html>", BYTES),
        (b"<\x00<\x01", "audio/mpeg; rate=1"),
    ],
)
def test_audio_is_known_by_its_bytes_or_said_to_be(head: bytes, content_type: str) -> None:
    assert is_audio(head, content_type)


@pytest.mark.parametrize(
    "head", [b"<!DOCTYPE html>", b"  <HTML>", b"\xef\xbb\xbf<?xml version", b'\n{"error":', b"[1]", b" "]
)
@pytest.mark.parametrize("content_type", [AUDIO, BYTES])
def test_a_page_json_and_nothing_are_no_audio_whatever_they_are_called(head: bytes, content_type: str) -> None:
    assert not is_audio(head, content_type)
