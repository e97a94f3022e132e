"""The body of `POST /v2/generate/audio`, model by model. A field that belongs to another model is refused there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from app.domain.audio import AudioFormat
from app.domain.errors import Problem, RequestInvalid
from app.providers.aimlapi import clips

if TYPE_CHECKING:
    from app.domain.request import GenerationRequest

PATH = "/v2/generate/audio"
SPEAKS = "speaks"
"""The parameter of unlisted models that says where they are asked; never sent."""

_SAMPLE_RATE = "sample_rate"
_AUDIO_SAMPLE_RATE = "audio_sample_rate"


def body_of(request: GenerationRequest) -> dict[str, Any]:
    """What is sent; what the user left open is left to the model.

    Raises:
        RequestInvalid: It can't be written for this model.
    """
    body: dict[str, Any] = {"model": request.model}
    if request.prompt.strip():
        body["prompt"] = request.prompt
    return body | _FIELDS.get(request.model, set_parameters)(request)


def set_parameters(request: GenerationRequest) -> dict[str, Any]:
    """The parameters that have a value, under their names, which are the service's."""
    return {name: value for name, value in request.parameters.items() if value != "" and name != SPEAKS}


def _stable_audio(request: GenerationRequest) -> dict[str, Any]:
    fields = set_parameters(request)
    if request.duration_s is not None:
        fields["seconds_total"] = int(request.duration_s)
    return fields


def _eleven_music(request: GenerationRequest) -> dict[str, Any]:
    return {} if request.duration_s is None else {"music_length_ms": round(request.duration_s * 1000)}


def _lyria(request: GenerationRequest) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if request.negative_prompt:
        fields["negative_prompt"] = request.negative_prompt
    if request.seed is not None:
        fields["seed"] = request.seed
    return fields


def _music(request: GenerationRequest) -> dict[str, Any]:
    return set_parameters(request) | _audio_setting(request, _AUDIO_SAMPLE_RATE)


def _music_of_words(request: GenerationRequest) -> dict[str, Any]:
    """The model needs nothing by itself, but of nothing it can make nothing."""
    if not request.prompt.strip() and not request.parameters.get("lyrics"):
        raise RequestInvalid([Problem("prompt", "There is neither a style nor lyrics. Write one of them.")])
    return _music(request)


def _cover(request: GenerationRequest) -> dict[str, Any]:
    reference = {"reference_audio_url": clips.data_uri(request, clips.ANY_AUDIO)}
    return set_parameters(request) | _audio_setting(request, _SAMPLE_RATE) | reference


def _in_the_manner_of(request: GenerationRequest) -> dict[str, Any]:
    return {"reference_audio_url": clips.data_uri(request, clips.WAV_OR_MP3)}


def _audio_setting(request: GenerationRequest, sample_rate: str) -> dict[str, Any]:
    """
    Args:
        sample_rate: What the model calls it; music and cover differ.
    """
    audio = request.audio
    if audio.format is None and audio.sample_rate_hz is None and audio.bitrate_kbps is None:
        return {}
    # Some versions of the schema require the format as soon as anything else is set.
    setting: dict[str, Any] = {"format": (audio.format or AudioFormat.MP3).value}
    if audio.sample_rate_hz is not None:
        setting[sample_rate] = audio.sample_rate_hz
    if audio.bitrate_kbps is not None:
        setting["bitrate"] = audio.bitrate_kbps * 1000
    return {"audio_setting": setting}


_FIELDS: Mapping[str, Callable[[GenerationRequest], dict[str, Any]]] = {
    "stable-audio": _stable_audio,
    "elevenlabs/eleven_music": _eleven_music,
    "google/lyria2": _lyria,
    "minimax/music-1.5": _music,
    "minimax/music-2.0": _music,
    "minimax/music-2.6": _music_of_words,
    "minimax/music-cover": _cover,
    "minimax-music": _in_the_manner_of,
}
