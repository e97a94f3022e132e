"""Requests as JSON text in the library. Names in it are for good: old libraries are read by new apps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.composition import CompositionPlan, PlanSection
from app.domain.request import (
    AudioPart,
    GenerationRequest,
    InputFile,
    InputKind,
    Request,
    TranscriptionRequest,
)
from app.domain.transcript import TranscriptFormat


def request_text(request: Request) -> str:
    """What was asked for; what was left to the model is left out."""
    fields = _transcription(request) if isinstance(request, TranscriptionRequest) else _generation(request)
    return json.dumps(_present(fields), ensure_ascii=False, allow_nan=False)


def request_of(text: str) -> Request:
    """
    Raises:
        ValueError, KeyError: The text isn't one of `request_text`.
    """
    fields = json.loads(text)
    return _transcription_of(fields) if "transcribes" in fields else _generation_of(fields)


def _transcription(request: TranscriptionRequest) -> dict[str, Any]:
    return {
        "provider": request.provider,
        "model": request.model,
        "transcribes": _input_fields(request.audio),
        "format": request.format.value,
        "language": request.language,
        "prompt": request.prompt or None,
        "temperature": request.temperature,
        "diarize": request.diarize or None,
        "redact": request.redact or None,
        "parameters": dict(request.parameters) or None,
        "parts": [[part.start_s, part.end_s, part.sha256, part.suffix] for part in request.parts],
        "duration_s": request.duration_s,
    }


def _transcription_of(fields: dict[str, Any]) -> TranscriptionRequest:
    return TranscriptionRequest(
        provider=fields["provider"],
        model=fields["model"],
        audio=_input_of(fields["transcribes"]),
        format=TranscriptFormat(fields["format"]),
        language=fields.get("language"),
        prompt=fields.get("prompt", ""),
        temperature=fields.get("temperature"),
        diarize=fields.get("diarize", False),
        redact=fields.get("redact", False),
        parameters=fields.get("parameters", {}),
        parts=tuple(AudioPart(*part) for part in fields["parts"]),
        duration_s=fields.get("duration_s"),
    )


def _generation(request: GenerationRequest) -> dict[str, Any]:
    audio = request.audio
    return {
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
        "references": [_input_fields(file) for file in request.references] or None,
        "plan": None if request.plan is None else _plan_fields(request.plan),
    }


def _generation_of(fields: dict[str, Any]) -> GenerationRequest:
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
        references=tuple(map(_input_of, fields.get("references", ()))),
        plan=_plan_of(fields["plan"]) if "plan" in fields else None,
    )


def _input_fields(file: InputFile) -> dict[str, Any]:
    kind = None if file.kind is InputKind.CLIP else file.kind.value
    return _present({"path": str(file.path), "sha256": file.sha256, "kind": kind})


def _input_of(fields: dict[str, Any]) -> InputFile:
    return InputFile(Path(fields["path"]), fields.get("sha256"), InputKind(fields.get("kind", InputKind.CLIP)))


def _plan_fields(plan: CompositionPlan) -> dict[str, Any]:
    return {
        "styles": plan.styles,
        "avoided": plan.avoided,
        "sections": [
            {
                "name": section.name,
                "duration_s": section.duration_s,
                "styles": section.styles,
                "avoided": section.avoided,
                "lines": section.lines,
            }
            for section in plan.sections
        ],
    }


def _plan_of(fields: dict[str, Any]) -> CompositionPlan:
    sections = (
        PlanSection(
            each["name"],
            each["duration_s"],
            tuple(each["styles"]),
            tuple(each["avoided"]),
            tuple(each["lines"]),
        )
        for each in fields["sections"]
    )
    return CompositionPlan(tuple(fields["styles"]), tuple(fields["avoided"]), tuple(sections))


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
