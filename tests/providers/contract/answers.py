"""Answers that nobody documented: any JSON, and real answers with something changed somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from app.domain.errors import AppError

ANY_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
RAW_BODIES: tuple[bytes, ...] = (
    b"",
    b"null",
    b"\xff\xfe\x00",
    b"[" * 50_000,
    b'{"data":' * 20_000,
    b"9" * 10_000,
    b'{"id": 1e999999999, "data": [{"cost": 1e999999999}]}',
    b'{"id": "\\ud800", "message": "\\ud800", "errors": [{"message": "\\udfff", "code": "\\ud800"}]}',
    b'{"id": NaN, "status": Infinity}',
)


_NASTY: tuple[Any, ...] = (
    -1,
    -0.25,
    1e300,
    10**30,
    True,
    None,
    "",
    "-3",
    "1e9999",
    [],
    {},
    "<b>a</b>",
    "http://",
    "é" * 4000,
)


@dataclass(frozen=True)
class Change:
    """Something else at one place of an answer.

    Attributes:
        steps: How to get there: at each level, which child, counted around.
        how: What happens to what is there.
        value: What takes its place.
    """

    steps: tuple[int, ...]
    how: str
    value: Any

    def of(self, answer: Any) -> Any:
        return _changed(answer, self.steps, self)


def changes() -> st.SearchStrategy[Change]:
    """Changes anywhere, most of them where nothing is below."""
    few, enough = st.integers(0, 3), st.just(8)
    steps = (enough | enough | few).flatmap(lambda most: st.lists(st.integers(0, 7), min_size=most, max_size=most))
    how = st.sampled_from(["replaced", "replaced", "gone", "twice", "listed", "renamed"])
    return st.builds(Change, steps.map(tuple), how, st.sampled_from(_NASTY) | ANY_JSON)


def _changed(answer: Any, steps: Sequence[int], change: Change) -> Any:
    if not steps or not isinstance(answer, dict | list) or not answer:
        return {"listed": [answer], "twice": [answer, answer]}.get(change.how, change.value)
    place = steps[0] % len(answer)
    is_here = len(steps) == 1 or not _has_children(answer, place)
    if isinstance(answer, list):
        below = [] if is_here and change.how == "gone" else [_changed(answer[place], steps[1:], change)]
        return [*answer[:place], *below, *answer[place + 1 :]]
    name = list(answer)[place]
    others = {key: value for key, value in answer.items() if key != name}
    if is_here and change.how in ("gone", "renamed"):
        return others if change.how == "gone" else {**others, f"{name}2": answer[name]}
    return {**answer, name: _changed(answer[name], steps[1:], change)}


def _has_children(answer: Any, place: int) -> bool:
    child = answer[place] if isinstance(answer, list) else answer[list(answer)[place]]
    return isinstance(child, dict | list) and bool(child)


def one_by_one(answer: Any) -> Iterator[Any]:
    """The answer again and again, each time with one of its values nasty or gone; of arrays, the first element."""
    for change in _single_changes(answer):
        yield change(answer)


def _single_changes(answer: Any) -> Iterator[Callable[[Any], Any]]:
    if isinstance(answer, list) and answer:
        for below in _single_changes(answer[0]):
            yield lambda old, below=below: [below(old[0]), *old[1:]]
    if isinstance(answer, dict):
        for name, value in answer.items():
            yield lambda old, name=name: {key: kept for key, kept in old.items() if key != name}
            for below in _single_changes(value):
                yield lambda old, name=name, below=below: {**old, name: below(old[name])}
    for nasty in _NASTY:
        yield lambda _, nasty=nasty: nasty


def with_surprises(answer: Any) -> Any:
    """Every object of an answer with fields that nobody knows."""
    if isinstance(answer, list):
        return [with_surprises(each) for each in answer]
    if not isinstance(answer, dict):
        return answer
    return {"aSurprise": {"deep": [1, None]}, **{key: with_surprises(value) for key, value in answer.items()}, "x": ""}


def as_bytes(answer: Any) -> bytes:
    return json.dumps(answer).encode()


_TAG = re.compile(r"</?[a-zA-Z!]")
_OF_PYTHON = re.compile(
    r"""[{\[(]['"]|\bNone\b|\bTrue\b|\bFalse\b|\bb['"]|object at 0x|Traceback|\w+(Error|Exception)\(|UUID\(|Decimal\("""
)
_LONGEST = 1_500
_LONGEST_NAME = 300  # of a code or a field


def unfit_for_people(text: str, key: str) -> str | None:
    """Why a message can't be shown; None if it can."""
    complaints: Mapping[str, Callable[[], bool]] = {
        "it is empty": lambda: not text.strip(),
        "the key is in it": lambda: bool(key) and key in text,
        "there is markup in it": lambda: _TAG.search(text) is not None,
        "it speaks Python": lambda: _OF_PYTHON.search(text) is not None,
        "it has control characters": lambda: not text.isprintable(),
        "nobody reads that much": lambda: len(text) > _LONGEST,
    }
    return next((complaint for complaint, is_so in complaints.items() if is_so()), None)


def is_storable(text: str) -> bool:
    """Whether the library can keep it: halves of letters can't be written."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def assert_fit_for_people(error: AppError, key: str) -> None:
    complaint = unfit_for_people(str(error), key)
    assert complaint is None, f"{complaint}: {error}"
    for said in (getattr(error, "code", None), getattr(error, "field", None)):
        assert said is None or (said.isprintable() and 0 < len(said) <= _LONGEST_NAME and key not in said)
