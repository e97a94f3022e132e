"""What the service says in JSON of any shape, made safe for people."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from app.providers.failures import clean_message

_TEXTS = ("message", "msg", "detail", "error", "reason", "description")
_MOST = 4
_DEEPEST = 4


def words_in(value: Any, depth: int = 0) -> str:
    """A text, or the texts of an object or a list, in one line; empty where there are none."""
    if isinstance(value, str):
        return clean_message(value)
    if depth >= _DEEPEST or not isinstance(value, Mapping | list):
        return ""
    if isinstance(value, Mapping):
        for key in _TEXTS:
            if words := words_in(value.get(key), depth + 1):
                return words
    parts = value.values() if isinstance(value, Mapping) else value
    texts = (words_in(part, depth + 1) for part in islice(parts, _MOST))
    return clean_message("; ".join(dict.fromkeys(text for text in texts if text)))
