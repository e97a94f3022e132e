"""How self-hosted servers differ from OpenAI: their fields, voices, errors and what they leave out.

Source: openai/openai-openapi (2026-08); remsky/Kokoro-FastAPI, speaches-ai/speaches, matatonic/openedai-speech,
mudler/LocalAI, vllm-project/vllm-omni.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tests.servers import openai_speech, openai_transcripts
from tests.servers.fields import AnyObject, Fields, Flag, Kind, Number, OneOf, Problem, Rule, Text, Whole
from tests.servers.openai_errors import ErrorShape
from tests.servers.openai_uploads import FormRules

VoicesForm = Literal["absent", "ids", "objects", "speaches"]

_MIX = re.compile(r"([A-Za-z_]+[a-z0-9_]*)(\(\d+(\.\d+)?\))?")
KOKORO_VOICES = ("af_heart", "af_bella", "am_adam", "bf_emma", "bm_george")
_SPEACHES_VOICES = ("af_heart", "af_sky", "bm_lewis")


@dataclass(frozen=True)
class Mix:
    """A voice, or several with weights: `af_bella(2)+af_heart(1)`."""

    voices: tuple[str, ...]

    def check(self, value: object, path: str) -> Iterator[Problem]:
        yield from Text(1).check(value, path)
        for part in re.split(r"[+-]", value) if isinstance(value, str) and value else []:
            match = _MIX.fullmatch(part)
            if match is None or match[1] not in self.voices:
                yield Problem(Kind.SHAPE, path, f"Voice '{part}' not found. Available voices: {list(self.voices)}")


@dataclass(frozen=True)
class Dialect:
    """One kind of server.

    Attributes:
        speech: What its speech takes.
        speech_models, transcription_models: What it has; of the latter none where it does not transcribe.
        form: What its transcription takes.
        needs_key: Whether it asks for a key unless it is given others.
        bad_key_status: How a missing or wrong key is refused.
        errors: The shape of its refusals.
        lists_problems: Whether mistakes in fields are 422 and a list.
        lenient: Whether unknown fields and nulls are left out (and noted in the server's `ignored`).
        unknown_model: Status and code.
        default_model, default_format: Where the request names none.
        rates_hz: Sample rate by model; else 24,000.
        rate_in_type: Whether the type of raw PCM tells its rate.
        streams: Whether speech is streamed where the request does not say (`stream`).
        voices: How `GET /audio/voices` answers.
        voice_ids: What it lists.
        usage_field: Where events tell their usage.
    """

    name: str
    speech: Fields
    speech_models: tuple[str, ...]
    transcription_models: tuple[str, ...] = ()
    form: FormRules = openai_transcripts.FORM
    needs_key: bool = False
    bad_key_status: int = 401
    errors: ErrorShape = "openai"
    lists_problems: bool = False
    lenient: bool = False
    unknown_model: tuple[int, str] = (404, "model_not_found")
    default_model: str = ""
    default_format: str = "mp3"
    rates_hz: Mapping[str, int] = field(default_factory=dict)
    rate_in_type: bool = False
    streams: bool = True
    voices: VoicesForm = "absent"
    voice_ids: tuple[str, ...] = ()
    usage_field: str = "usage"

    @property
    def is_openai(self) -> bool:
        return self.name == "openai"


_COMMON: dict[str, Rule] = {"response_format": OneOf(*openai_speech.FORMATS), "speed": Number(0.25, 4)}

OPENAI = Dialect(
    name="openai",
    speech=openai_speech.OPENAI_SPEECH,
    speech_models=("tts-1", "tts-1-hd", "gpt-4o-mini-tts", "gpt-4o-mini-tts-2025-12-15"),
    transcription_models=tuple(openai_transcripts.FORMATS_OF),
    needs_key=True,
)
KOKORO = Dialect(
    name="Kokoro-FastAPI",
    speech=Fields(
        {"input": Text()},
        {
            **_COMMON,
            "model": Text(),
            "voice": Mix(KOKORO_VOICES),
            "stream": Flag(),
            "return_download_link": Flag(),
            "lang_code": Text(),
            "volume_multiplier": Number(),
            "normalization_options": AnyObject(),
        },
    ),
    speech_models=("tts-1", "tts-1-hd", "kokoro", "gpt-4o-mini-tts"),
    errors="detail object",
    lists_problems=True,
    lenient=True,
    unknown_model=(400, "invalid_model"),
    default_model="kokoro",
    voices="objects",
    voice_ids=KOKORO_VOICES,
)
OLD_KOKORO = replace(KOKORO, name="Kokoro-FastAPI, older", voices="ids")
SPEACHES = Dialect(
    name="speaches",
    speech=Fields(
        {"model": Text(1), "input": Text(), "voice": Text(1)},
        {**_COMMON, "stream_format": OneOf("audio", "sse"), "sample_rate": Whole(8_000, 48_000)},
    ),
    speech_models=("speaches-ai/Kokoro-82M-v1.0-ONNX",),
    transcription_models=("Systran/faster-whisper-small",),
    form=replace(openai_transcripts.FORM, endings=frozenset(), lenient=True),
    bad_key_status=403,
    errors="detail",
    lists_problems=True,
    lenient=True,
    voices="speaches",
    voice_ids=_SPEACHES_VOICES,
    usage_field="token_usage",
)
OPENEDAI = Dialect(
    name="openedai-speech",
    speech=Fields({"input": Text(1)}, {**_COMMON, "model": Text(1), "voice": Text(1)}),
    speech_models=("tts-1", "tts-1-hd"),
    errors="unwrapped",
    lenient=True,
    unknown_model=(400, "model_not_found"),
    default_model="tts-1",
    rates_hz={"tts-1": 22_050},
    rate_in_type=True,
)
LOCALAI = Dialect(
    name="LocalAI",
    speech=Fields(
        {"model": Text(1), "input": Text(1)},
        {
            **_COMMON,
            "voice": Text(),
            "language": Text(),
            "instructions": Text(),
            "sample_rate": Whole(1),
            "stream": Flag(),
        },
    ),
    speech_models=("voice-en-us-amy-low",),
    errors="numeric code",
    lenient=True,
    unknown_model=(404, "model_not_found"),
    default_format="wav",
    streams=False,
)
VLLM_OMNI = Dialect(
    name="vLLM-omni, early",
    speech=Fields(
        {"input": Text(1), "response_format": OneOf(*openai_speech.FORMATS)},
        {
            "model": Text(1),
            "voice": Text(1),
            "speed": Number(0.25, 4),
            "instructions": Text(),
            "stream_format": OneOf("audio"),
        },
    ),
    speech_models=("Qwen/Qwen3-Omni-30B",),
    lenient=True,
    default_model="Qwen/Qwen3-Omni-30B",
    streams=False,
)
SELF_HOSTED = (KOKORO, OLD_KOKORO, SPEACHES, OPENEDAI, LOCALAI, VLLM_OMNI)


def voices_told(form: VoicesForm, voice_ids: tuple[str, ...], legacy: bool) -> dict[str, Any]:
    """The answer of the voices route. `legacy` is the query of Kokoro-FastAPI that asks for the old form."""
    match form:
        case "speaches":
            voices: list[Any] = [
                {"name": voice, "id": voice, "language": "en-us", "gender": "female" if voice[1] == "f" else "male"}
                for voice in voice_ids
            ]
            return {"voices": voices, "object": "list"}
        case "objects" if not legacy:
            return {"voices": [{"id": voice, "name": voice} for voice in voice_ids]}
    return {"voices": list(voice_ids)}
