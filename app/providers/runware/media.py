"""Files inside JSON: input files on their way up, and results that come as base64 instead of as a link."""

from __future__ import annotations

import asyncio
import base64
import binascii
from pathlib import Path
from uuid import UUID

from app.domain.errors import RequestRejected, StorageError, UnexpectedReply
from app.domain.provider import AudioSink, WireRequest
from app.providers.runware.request import wire_of

_LARGEST_BYTES = 100 << 20  # no limit is documented; above this it is no clip
_PIECE = 1 << 20  # characters of base64, a multiple of four
_LETTERS = str.maketrans("-_", "+/")


async def upload_of(file: Path, task_uuid: UUID) -> WireRequest:
    """A file to be stored, as bare base64: the service reads from the bytes what it is.

    Raises:
        StorageError: It can't be read.
        RequestRejected: It is too large to be a clip or a picture.
    """
    return await asyncio.to_thread(_upload_of, file, task_uuid)


def _upload_of(file: Path, task_uuid: UUID) -> WireRequest:
    try:
        size = file.stat().st_size
        if size > _LARGEST_BYTES:
            message = f"A file to go by may have {_LARGEST_BYTES >> 20} MB; this one has {size >> 20} MB."
            raise RequestRejected(message, "references")
        media = base64.b64encode(file.read_bytes()).decode()
    except OSError as error:
        raise StorageError(f"{file.name} can’t be read: {error.strerror}.") from error
    return wire_of({"taskType": "mediaStorage", "taskUUID": str(task_uuid), "operation": "upload", "media": media})


async def write_decoded(text: str, into: AudioSink) -> None:
    """Write what base64, or a data URI, stands for, piece by piece.

    Raises:
        UnexpectedReply: It is neither.
    """
    letters = await asyncio.to_thread(_letters_of, text)
    for start in range(0, len(letters), _PIECE):
        await into.write(await asyncio.to_thread(_decoded, letters[start : start + _PIECE]))


def _letters_of(text: str) -> str:
    """Without the head of a data URI, without line breaks, in the common alphabet, padded."""
    if text[:5].lower() == "data:":
        head, comma, text = text.partition(",")
        if not comma or not head.lower().endswith(";base64"):
            raise UnexpectedReply("Runware sent the audio in an encoding that is not known.")
    letters = "".join(text.split()).translate(_LETTERS)
    return letters + "=" * (-len(letters) % 4)


def _decoded(letters: str) -> bytes:
    try:
        return base64.b64decode(letters, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnexpectedReply("Runware sent audio that isn’t base64.") from error
