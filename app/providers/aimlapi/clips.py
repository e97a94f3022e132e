"""A reference clip inside a body: a data URI whose content is put in when it leaves.

The service takes "a URL or a Base64-encoded of the reference audio" in a field whose format is `uri`; a data URI is
both. Source: aimlapi/api-docs, music-models/MiniMax/music-cover.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.domain.errors import Problem, RequestInvalid
from app.domain.parameter_spec import one_of
from app.providers.bodies import FileContent

if TYPE_CHECKING:
    from app.domain.request import GenerationRequest

ANY_AUDIO: Mapping[str, str] = {
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".m4a": "audio/mp4",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
}
"""What the content of a file is called, by its suffix."""

WAV_OR_MP3 = {suffix: ANY_AUDIO[suffix] for suffix in (".mp3", ".wav")}


def data_uri(request: GenerationRequest, taken: Mapping[str, str]) -> FileContent:
    """The one clip of a request.

    Args:
        taken: Content types that the model takes, by suffix.
    Raises:
        RequestInvalid: There is no clip, or it is of another kind.
    """
    clip = next(iter(request.clips), None)
    if clip is None or clip.sha256 is None:
        raise RequestInvalid([Problem("references", "The model needs a clip to go by; add one.")])
    content_type = taken.get(clip.path.suffix.lower())
    if content_type is None:
        names = one_of(sorted(suffix.removeprefix(".").upper() for suffix in taken))
        raise RequestInvalid([Problem("references", f"{clip.path.name} must be {names}. Choose or convert another.")])
    return FileContent(clip.sha256, prefix=f"data:{content_type};base64,")
