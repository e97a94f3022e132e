"""Forms with a file (multipart/form-data), written once: the same bytes each time, the file put in when they leave.

Source: RFC 7578.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from app.domain.provider import WireFile, WireRequest
from app.providers.openai_audio.content_types import content_type_of

_FILE_NAME = "audio"  # the user's own names are nobody's business
# These services know Ogg by one name only.
_SAME_AS = {".oga": ".ogg", ".opus": ".ogg"}
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}", re.ASCII)


def form_request(
    path: str, fields: Sequence[tuple[str, str]], sha256: str, suffix: str, key: UUID, headers: dict[str, str]
) -> WireRequest:
    """A form with some fields and, at its end, one file.

    Args:
        fields: Names and values, in the order in which they are sent; a name may be there twice.
        sha256: Which copy in the library; hexadecimal.
        suffix: Of the file, such as `.mp3`.
        key: Of the attempt; nothing that is sent holds it, so it makes the boundary.
        headers: Besides Content-Type.
    """
    boundary = f"cuesmith-{key.hex}"
    lines = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields
    )
    suffix = _known(suffix)
    lines += (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{_FILE_NAME}{suffix}"\r\n'
        f"Content-Type: {content_type_of(suffix)}\r\n\r\n"
    )
    before = lines.encode(errors="replace")
    return WireRequest(
        "POST",
        path,
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}", **headers},
        body=before + f"\r\n--{boundary}--\r\n".encode(),
        files=(WireFile(len(before), sha256),),
    )


def field_of(wire: WireRequest, name: str) -> str:
    """The value of a field of a stored form; empty where there is none."""
    boundary = wire.headers["Content-Type"].partition("boundary=")[2]
    begin = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
    _, found, rest = wire.body.partition(begin)
    return rest.partition(f"\r\n--{boundary}".encode())[0].decode() if found else ""


def _known(suffix: str) -> str:
    suffix = suffix.lower()
    return _SAME_AS.get(suffix, suffix) if _SUFFIX.fullmatch(suffix) else ""
