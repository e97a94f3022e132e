"""Our names of a request's fields, and Runware's dotted paths."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_INDEX = re.compile(r"\[\d+\]|\.\d+(?=\.|$)")

_FIELDS: Mapping[str, str] = {
    "positivePrompt": "prompt",
    "negativePrompt": "negative_prompt",
    "model": "model",
    "numberResults": "takes",
    "duration": "duration",
    "seed": "seed",
    "outputFormat": "format",
    "audioSettings": "format",
    "audioSettings.sampleRate": "sample_rate",
    "audioSettings.channels": "channels",
    "audioSettings.bitrate": "bitrate",
    "inputs": "references",
    "inputs.referenceAudios": "references",
    "inputs.referenceImages": "references",
    "media": "references",
    "providerSettings": "plan",
    "speech.speed": "speed",
    "speech.volume": "volume",
    "speech.pitch": "pitch",
    "speech.text": "speech_text",
    "speech.voice": "speech_voice",
    "settings.lyrics": "lyrics",
    "outputType": "output_type",
    "ttl": "ttl",
    "uploadEndpoint": "upload_endpoint",
    "webhookURL": "webhook_url",
}
_PATHS = {field: path for path, field in _FIELDS.items()}


def wire_path(parameter: str) -> str:
    """Where a parameter of ours stands in a task; one that we don't know is its own path."""
    return _PATHS.get(parameter, parameter)


def field_of(paths: Sequence[str]) -> str | None:
    """The field that an error is about: the first that we know, else the first as the service wrote it."""
    plain = [_INDEX.sub("", path) for path in paths if path]
    known = (_known(path) for path in plain)
    return next((field for field in known if field is not None), plain[0] if plain else None)


def _known(path: str) -> str | None:
    if path.startswith("providerSettings."):
        return "plan"
    return _FIELDS.get(path)
