"""What can be a key, and how much of one may be seen. No sentence here repeats any part of it."""

from __future__ import annotations

from app.domain.errors import Problem, RequestInvalid

_LONGEST = 512
_SHOWN = 4
_SHORTEST_SHOWN = 12


def checked_key(text: str) -> str:
    """The key in what somebody typed or pasted, without white space around it.

    Raises:
        RequestInvalid: It can't be one (field `key`).
    """
    key = text.strip()
    problem = problem_of(key)
    if problem is not None:
        raise RequestInvalid([Problem("key", problem)])
    return key


def problem_of(key: str) -> str | None:
    """Why this can't be a key, as a sentence."""
    if not key:
        return "The key is empty."
    if len(key) > _LONGEST:
        return f"The key must have at most {_LONGEST} characters."
    if key.split() != [key]:
        return "The key must be one word, without spaces or line breaks inside."
    if not (key.isascii() and key.isprintable()):
        return "The key must consist of plain letters, digits and signs; it may have been copied with something else."
    return None


def ending_of(key: str) -> str:
    """Its last four characters; empty where they would be too much of it, or it can't be a key."""
    return key[-_SHOWN:] if len(key) >= _SHORTEST_SHOWN and problem_of(key) is None else ""
