"""The list of models that AI/ML API tells without a key: audio models, and some that make no sound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.servers.aimlapi_models import GENERATION_MODELS, price_usd
from tests.servers.aimlapi_speech import SPEECH_MODELS

_SILENT = (
    ("openai/gpt-4o", "chat-completion", ("text", "image"), ("text",)),
    ("flux/schnell", "image", ("text",), ("image",)),
    ("openai/whisper-large", "stt", ("audio",), ("text",)),
)
_FILTERS = ("id", "type", "tags", "capabilities", "input_modalities", "output_modalities")


def listing(query: Mapping[str, str], extra_models: Iterable[str]) -> dict[str, Any]:
    """The answer to `GET /v1/models`. Filters are exact; several values are separated by commas."""
    wanted = {name: set(query[name].split(",")) for name in _FILTERS if name in query}
    included = set(query.get("include", "").split(","))
    entries = [_entry(*model, included) for model in _models(extra_models) if _passes(model, wanted)]
    return {"object": "list", "data": entries}


def single(model_id: str, extra_models: Iterable[str]) -> dict[str, Any] | None:
    """The answer to `GET /model/ID`."""
    return next((_entry(*model, {"all"}) for model in _models(extra_models) if model[0] == model_id), None)


_Model = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def _models(extra_models: Iterable[str]) -> Iterable[_Model]:
    for model in GENERATION_MODELS:
        yield model, "audio", ("text",), ("audio",)
    for model in SPEECH_MODELS:
        yield model, "tts", ("text",), ("audio",)
    for model in sorted(extra_models):
        yield model, "audio", ("text",), ("audio",)
    yield from _SILENT


def _passes(model: _Model, wanted: Mapping[str, set[str]]) -> bool:
    model_id, kind, takes, makes = model
    has = {"id": {model_id}, "type": {kind}, "input_modalities": set(takes), "output_modalities": set(makes)}
    return all(values & has.get(name, set()) for name, values in wanted.items())


def _entry(
    model_id: str, kind: str, takes: tuple[str, ...], makes: tuple[str, ...], included: set[str]
) -> dict[str, Any]:
    developer = model_id.partition("/")[0] if "/" in model_id else "Stability AI"
    entry: dict[str, Any] = {
        "id": model_id,
        "aliases": [],
        "type": kind,
        "info": {
            "name": model_id.rpartition("/")[2],
            "developer": developer,
            "docsUrl": f"https://docs.aimlapi.com/{model_id}",
        },
        "tags": [],
    }
    if included & {"modalities", "all"}:
        entry["modalities"] = {"input": list(takes), "output": list(makes)}
    if included & {"pricing", "all"}:
        entry["pricing"] = {"usd_per_request": float(price_usd(model_id))}
    if included & {"capabilities", "all"}:
        entry["capabilities"] = []
    return entry
