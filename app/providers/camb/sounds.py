"""Sounds and music: the body of `POST /text-to-sound`, and where its task and its result are asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from app.domain.errors import UnexpectedReply
from app.domain.provider import WireRequest

if TYPE_CHECKING:
    from app.domain.request import GenerationRequest

PATH = "/text-to-sound"

_SOUND, _MUSIC = "sound", "music"
_AUDIO_TYPES = {"text-to-sound": _SOUND, "text-to-music": _MUSIC}
_RESULT_PATH = "/text-to-sound-result"
_ID = re.compile(r"(?!\.{1,2}$)[^\x00-\x20\x7f\ud800-\udfff]{1,512}")


def is_made_here(request: GenerationRequest) -> bool:
    """Whether it is a sound or a piece of music; any other model speaks."""
    return request.model in _AUDIO_TYPES


def body_of(request: GenerationRequest) -> dict[str, Any]:
    """What is sent; what the user left open is left to the service."""
    audio_type = _AUDIO_TYPES[request.model]
    body: dict[str, Any] = {"prompt": request.prompt, "audio_type": audio_type}
    if request.duration_s is not None and audio_type == _SOUND:  # music is as long as its model makes it
        body["duration"] = request.duration_s
    return body | {name: value for name, value in request.parameters.items() if value != ""}


def is_id(text: str) -> bool:
    """Whether the service can be asked about something of this name: it stays one step of a path."""
    return _ID.fullmatch(text) is not None


def question_about(task_id: str) -> WireRequest:
    """How a task is doing.

    Raises:
        UnexpectedReply: No task can be called so.
    """
    return WireRequest("GET", f"{PATH}/{_step(task_id)}")


def result_of(run_id: str) -> WireRequest:
    """The audio of a finished task. Without `output_type` it is the audio itself: a link would expire.

    Raises:
        UnexpectedReply: No result can be called so.
    """
    return WireRequest("GET", f"{_RESULT_PATH}/{_step(run_id)}")


def _step(name: str) -> str:
    if not is_id(name):
        raise UnexpectedReply("The name that the service gave it can’t be asked about.")
    return quote(name, safe="")
