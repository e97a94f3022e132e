"""Requests as JSON text in the library. Names in it are for good: old libraries are read by new apps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.request import GenerationRequest, InputFile


def request_text(request: GenerationRequest) -> str:
    """What was asked for; what was left to the model is left out."""
    audio = request.audio
    fields: dict[str, Any] = {
        "provider": request.provider,
        "model": request.model,
        "prompt": request.prompt,
        "takes": request.takes,
        "duration_s": request.duration_s,
        "seed": request.seed,
        "negative_prompt": request.negative_prompt,
        "voice": request.voice,
        "language": request.language,
        "audio": _present(
            {
                "format": None if audio.format is None else audio.format.value,
                "sample_rate_hz": audio.sample_rate_hz,
                "channels": audio.channels,
                "bitrate_kbps": audio.bitrate_kbps,
            }
        )
        or None,
        "parameters": dict(request.parameters) or None,
        "references": [_present({"path": str(file.path), "sha256": file.sha256}) for file in request.references]
        or None,
    }
    return json.dumps(_present(fields), ensure_ascii=False, allow_nan=False)


def request_of(text: str) -> GenerationRequest:
    """
    Raises:
        ValueError, KeyError: The text isn't one of `request_text`.
    """
    fields = json.loads(text)
    audio = fields.get("audio", {})
    return GenerationRequest(
        provider=fields["provider"],
        model=fields["model"],
        prompt=fields["prompt"],
        takes=fields.get("takes", 1),
        duration_s=fields.get("duration_s"),
        seed=fields.get("seed"),
        negative_prompt=fields.get("negative_prompt"),
        voice=fields.get("voice"),
        language=fields.get("language"),
        audio=AudioSettings(
            format=AudioFormat(audio["format"]) if "format" in audio else None,
            sample_rate_hz=audio.get("sample_rate_hz"),
            channels=audio.get("channels"),
            bitrate_kbps=audio.get("bitrate_kbps"),
        ),
        parameters=fields.get("parameters", {}),
        references=tuple(InputFile(Path(file["path"]), file.get("sha256")) for file in fields.get("references", ())),
    )


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
