"""Answers of services with something changed in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_FILES = ("audioURL", "audio_file", "run_id")


def with_nulls(value: Any) -> Any:
    return dict.fromkeys(value) if isinstance(value, dict) else None


def with_numbers_as_texts(value: Any) -> Any:
    is_number = lambda each: isinstance(each, int | float) and not isinstance(each, bool)  # noqa: E731
    return _changed(value, lambda each: str(each) if is_number(each) else each)


def with_unknown_words(value: Any) -> Any:
    """The status, whatever it was, as a word that nobody knows; and nothing that speaks for itself besides."""
    if isinstance(value, list):
        return [with_unknown_words(each) for each in value]
    if not isinstance(value, dict):
        return value
    told = {name: with_unknown_words(each) for name, each in value.items()}
    return without_files(told | {"status": "daydreaming"}) if "status" in told else told


def without_files(value: Any) -> Any:
    if isinstance(value, list):
        return [without_files(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: without_files(each) for name, each in value.items() if name not in _FILES}


def with_links(link: str) -> Callable[[Any], Any]:
    """Every address in an answer, as another one."""
    return lambda told: _changed(told, lambda each: link if isinstance(each, str) and "://" in each else each)


def _changed(value: Any, change: Callable[[Any], Any]) -> Any:
    """JSON with each of its leaves changed."""
    if isinstance(value, dict):
        return {name: _changed(each, change) for name, each in value.items()}
    if isinstance(value, list):
        return [_changed(each, change) for each in value]
    return change(value)
