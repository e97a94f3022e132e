"""The body of `POST /v1/tts`. The text is `text` here, not `prompt`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from app.domain.audio import AudioFormat
from app.providers.aimlapi.generation import SPEAKS, set_parameters

if TYPE_CHECKING:
    from app.domain.audio import AudioSettings
    from app.domain.request import GenerationRequest

PATH = "/v1/tts"

_VOICE_SETTINGS = ("stability", "similarity_boost", "style", "use_speaker_boost", "speed")
# By codec: its usual sample rate in Hz. By codec and rate: bit rates in kbps, the usual one first.
_USUAL_RATE_HZ = {AudioFormat.MP3: 44_100, AudioFormat.OPUS: 48_000}
_BITRATES_KBPS = {
    (AudioFormat.MP3, 22_050): (32,),
    (AudioFormat.MP3, 44_100): (128, 32, 64, 96, 192),
    (AudioFormat.OPUS, 48_000): (128, 32, 64, 96, 192),
}


def is_spoken(request: GenerationRequest) -> bool:
    """Whether the model speaks the text, as is known of listed ones and said by the user of others."""
    return request.model in _FIELDS or request.parameters.get(SPEAKS) is True


def body_of(request: GenerationRequest) -> dict[str, Any]:
    """What is sent; what the user left open is left to the model, but for the format and the way of the answer."""
    body: dict[str, Any] = {"model": request.model, "text": request.prompt}
    if request.voice is not None:
        body["voice"] = request.voice
    return body | _FIELDS.get(request.model, set_parameters)(request)


def _openai(request: GenerationRequest) -> dict[str, Any]:
    fields = set_parameters(request)
    if request.audio.format is not None:
        fields["response_format"] = request.audio.format.value
    return fields | {"stream": False}


def _elevenlabs(request: GenerationRequest) -> dict[str, Any]:
    given = set_parameters(request)
    settings = {name: given.pop(name) for name in _VOICE_SETTINGS if name in given}
    fields: dict[str, Any] = given | {"output_format": _output_format(request.audio)}
    if settings:
        fields["voice_settings"] = settings
    if request.seed is not None:
        fields["seed"] = request.seed
    return fields | {"stream": False}  # it streams otherwise; a link can be fetched again, a stream can't


def _output_format(audio: AudioSettings) -> str:
    """`mp3_44100_128`: codec, rate and bit rate in one word. Always said, as no default is documented."""
    codec = audio.format or AudioFormat.MP3
    rate_hz = audio.sample_rate_hz or _USUAL_RATE_HZ[codec]
    bitrate_kbps = audio.bitrate_kbps or _BITRATES_KBPS[codec, rate_hz][0]
    return f"{codec.value}_{rate_hz}_{bitrate_kbps}"


_FIELDS: Mapping[str, Callable[[GenerationRequest], dict[str, Any]]] = {
    "openai/tts-1": _openai,
    "elevenlabs/eleven_multilingual_v2": _elevenlabs,
}
