"""What the content of an audio file is called, by its suffix."""

from __future__ import annotations

_CONTENT_TYPES = {
    ".mp3": "audio/mpeg",
    ".mpga": "audio/mpeg",
    ".mpeg": "audio/mpeg",
    ".mp4": "audio/mp4",
    ".m4a": "audio/mp4",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".webm": "audio/webm",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
}


def content_type_of(suffix: str) -> str:
    """
    Args:
        suffix: Such as `.mp3`, in any letters.
    """
    return _CONTENT_TYPES.get(suffix.lower(), "application/octet-stream")
