"""What people read of an error: the service's own words, the values that it allows, and the provider's reason."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from app.domain.parameter_spec import one_of
from app.providers.failures import clean_message
from app.providers.runware.replies import Refusal

_MOST_CHARACTERS = 600
_MOST_VALUES = 12
_DEEPEST = 4
_REASONS = ("reason", "message", "error", "detail", "details", "description", "error_message", "errorMessage")


def message_of(error: Refusal) -> str:
    """One or more sentences."""
    told = _line(error.message) or (f"Runware refused it: {error.code}." if error.code else "Runware refused it.")
    parts = [_sentence(told), *_allowed(error, told)]
    reason = _line(_reason(error.response_content, _DEEPEST))
    if reason and reason.lower() not in told.lower():
        parts.append(_sentence(f"The provider says: {reason}"))
    return " ".join(parts)


def _allowed(error: Refusal, told: str) -> Iterator[str]:
    values = [value for each in error.allowed_values if (value := _value(each))]
    if not all(value in told for value in values):
        yield f"Allowed: {one_of(values[:_MOST_VALUES])}{' …' if len(values) > _MOST_VALUES else ''}."
    ends = [(word, _number(end)) for word, end in (("from", error.min), ("to", error.max)) if end is not None]
    if ends and not all(end in told for _, end in ends):
        yield f"Allowed: {' '.join(f'{word} {end}' for word, end in ends)}."
    if error.multiplier is not None and _number(error.multiplier) not in told:
        yield f"It must be a multiple of {_number(error.multiplier)}."


def _value(value: object) -> str:
    """A value that somebody may choose; empty for what is none, such as a table."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    return clean_message(str(value))


def _number(value: Decimal) -> str:
    return f"{value:,f}" if abs(value.adjusted()) < 30 else str(value)


def _reason(content: object, depth: int) -> str:
    """The telling text in whatever the provider answered; the real reason is often only there."""
    if isinstance(content, list) and content and depth:
        return _reason(content[0], depth - 1)
    if isinstance(content, dict) and depth:
        texts = (_reason(content.get(name), depth - 1) for name in _REASONS)
        return next((text for text in texts if text), "")
    return _of_text(content, depth) if isinstance(content, str) else ""


def _of_text(text: str, depth: int) -> str:
    stripped = text.strip()
    if stripped.startswith(("{", "[")) and depth:
        try:
            return _reason(msgspec.json.decode(stripped), depth - 1)
        except (msgspec.DecodeError, RecursionError):
            return stripped
    return "" if stripped.startswith("<") else stripped  # a gateway's page says nothing


def _line(text: str) -> str:
    return clean_message(text, _MOST_CHARACTERS)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
