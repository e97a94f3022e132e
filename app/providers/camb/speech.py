"""The body of `POST /tts-stream`, which answers with the speech itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.domain.audio import AudioFormat
from app.domain.errors import Problem, RequestInvalid

if TYPE_CHECKING:
    from app.domain.request import GenerationRequest

PATH = "/tts-stream"
USUAL_LANGUAGE = "en-us"
USUAL_VOICE = "147320"
LOCALE = "locale"
"""The parameter for a language that the catalogue doesn't list; sent as the language."""

_OUTPUT = {"target_duration": "duration", "apply_enhancement": "apply_enhancement"}
_VOICE = {
    "enhance_reference_audio_quality": "enhance_reference_audio_quality",
    "maintain_source_accent": "maintain_source_accent",
    "apply_ref_loudness_norm": "apply_ref_loudness_norm",
    "speed": "speaking_rate",
}
_INFERENCE = {
    name: name
    for name in (
        "stability",
        "temperature",
        "inference_steps",
        "speaker_similarity",
        "localize_speaker_weight",
        "acoustic_quality_boost",
    )
}
_GROUPS: Mapping[str, Mapping[str, str]] = {"voice_settings": _VOICE, "inference_options": _INFERENCE}


def body_of(request: GenerationRequest) -> dict[str, Any]:
    """What is sent. Model, language, voice and format are always said: their defaults have changed over time.

    Raises:
        RequestInvalid: The voice isn't a number.
    """
    given = {name: value for name, value in request.parameters.items() if value != ""}
    locale = str(given.pop(LOCALE, "")).strip()
    body: dict[str, Any] = {
        "text": request.prompt,
        "language": (locale or request.language or USUAL_LANGUAGE).lower(),
        "voice_id": _number_of(request.voice or USUAL_VOICE),
        "speech_model": request.model,
        "output_configuration": _output(request) | _taken(given, _OUTPUT),
    }
    for group, names in _GROUPS.items():
        if fields := _taken(given, names):
            body[group] = fields
    return body | given


def _output(request: GenerationRequest) -> dict[str, Any]:
    output: dict[str, Any] = {"format": (request.audio.format or AudioFormat.WAV).value}
    if request.audio.sample_rate_hz is not None:
        output["sample_rate"] = request.audio.sample_rate_hz
    return output


def _taken(given: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Takes out of `given` what belongs into one group, under the service's names."""
    return {theirs: given.pop(ours) for ours, theirs in names.items() if ours in given}


def _number_of(voice: str) -> int:
    if not (voice.isascii() and voice.isdigit()):
        raise RequestInvalid([Problem("voice", f"The voice must be a number from the list of voices; it is {voice}.")])
    return int(voice)
