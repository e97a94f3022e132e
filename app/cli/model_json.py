"""What a model accepts, as the JSON that scripts read."""

from __future__ import annotations

from typing import Any

from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import FormatSpec, ParameterSpec, Range
from app.domain.price import Price
from app.domain.reference_spec import ReferenceSpec


def model_json(model: ModelSpec) -> dict[str, Any]:
    """One model with everything that a request to it may hold."""
    return {
        "provider": model.provider,
        "id": model.id,
        "label": model.label,
        "kinds": [kind.value for kind in model.kinds],
        "summary": model.summary,
        "prompt_min": model.prompt_min,
        "prompt_max": model.prompt_max,
        "max_takes": model.max_takes,
        "duration": _range(model.duration),
        "seed": _range(model.seed),
        "negative_prompt": model.has_negative_prompt,
        "voices": model.has_voices,
        "default_voice": model.default_voice,
        "languages": list(model.languages),
        "references": _references(model.references),
        "plan": model.plan is not None,
        "parameters": [_parameter(parameter) for parameter in model.parameters],
        "formats": [_format(spec) for spec in model.formats],
        "price": _price(model.price),
    }


def _range(span: Range | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return {
        "minimum": span.minimum,
        "maximum": span.maximum,
        "default": span.default,
        "step": span.step,
        "unit": span.unit,
    }


def _references(references: ReferenceSpec) -> dict[str, Any] | None:
    if not references.is_any:
        return None
    return {
        "min_clips": references.min_clips,
        "max_clips": references.max_clips,
        "max_pictures": references.max_pictures,
        "one_kind": references.is_one_kind,
        "mention": references.mention,
        "shortest_s": references.shortest_s,
        "longest_s": references.longest_s,
        "largest_bytes": references.largest_bytes,
    }


def _parameter(parameter: ParameterSpec) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "label": parameter.label,
        "type": parameter.type.value,
        "range": _range(parameter.range),
        "choices": list(parameter.choices),
        "default": parameter.default,
        "max_length": parameter.max_length,
        "hint": parameter.hint,
        "excludes": list(parameter.excludes),
        "required": parameter.is_required,
        "needs": parameter.needs,
    }


def _format(spec: FormatSpec) -> dict[str, Any]:
    return {
        "format": spec.format.value,
        "sample_rates_hz": list(spec.sample_rates_hz),
        "channels": list(spec.channels),
        "bitrates_kbps": [
            {
                "values_kbps": list(bitrate.values_kbps),
                "sample_rates_hz": list(bitrate.sample_rates_hz),
                "channels": list(bitrate.channels),
            }
            for bitrate in spec.bitrates
        ],
        "default_sample_rate_hz": spec.default_sample_rate_hz,
        "default_channels": spec.default_channels,
        "default_bitrate_kbps": spec.default_bitrate_kbps,
    }


def _price(price: Price | None) -> dict[str, Any] | None:
    """None is unknown."""
    if price is None:
        return None
    return {
        "amount_usd": float(price.amount),
        "unit": price.unit.value,
        "read_on": price.read_on,
        "source": price.source,
    }
