"""What a field of a request may hold, written as a table, and what is wrong with one that holds something else.

Strict as the services' own validators are: a boolean is no integer, 12.0 is no integer, null is nothing, and an unknown
field is a mistake.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol
from urllib.parse import urlsplit


class Kind(Enum):
    """What is wrong with a field."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    TYPE = "type"
    RANGE = "range"
    CHOICE = "choice"
    LENGTH = "length"
    TOO_FEW = "too few"
    TOO_MANY = "too many"
    SHAPE = "shape"


@dataclass(frozen=True)
class Problem:
    """One mistake in a request. `path` is dotted; the hints are None where they do not apply."""

    kind: Kind
    path: str
    message: str
    expected: str = ""
    least: float | None = None
    most: float | None = None
    allowed: tuple[object, ...] | None = None


class Rule(Protocol):
    def check(self, value: object, path: str) -> Iterator[Problem]: ...


def type_name(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "float"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def _wrong_type(path: str, expected: str, value: object) -> Problem:
    return Problem(Kind.TYPE, path, f"{path}: expected {expected}, received {type_name(value)}", expected)


def _out_of_range(path: str, expected: str, least: float | None, most: float | None) -> Problem:
    reach = " and ".join(
        part
        for part in (f"at least {least}" if least is not None else "", f"at most {most}" if most is not None else "")
        if part
    )
    return Problem(Kind.RANGE, path, f"{path}: must be {reach}", expected, least, most)


def _within(value: float, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


@dataclass(frozen=True)
class Whole:
    """An integer."""

    least: int | None = None
    most: int | None = None

    def check(self, value: object, path: str) -> Iterator[Problem]:
        if type(value) is not int:
            yield _wrong_type(path, "integer", value)
        elif not _within(value, self.least, self.most):
            yield _out_of_range(path, "integer", self.least, self.most)


@dataclass(frozen=True)
class Number:
    """An integer or a float."""

    least: float | None = None
    most: float | None = None

    def check(self, value: object, path: str) -> Iterator[Problem]:
        if type(value) is not int and type(value) is not float:
            yield _wrong_type(path, "float", value)
        elif not _within(value, self.least, self.most):
            yield _out_of_range(path, "float", self.least, self.most)


@dataclass(frozen=True)
class Text:
    """A string; its length is counted in code points. Text of white space alone has no length."""

    least: int = 0
    most: int | None = None

    def check(self, value: object, path: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield _wrong_type(path, "string", value)
            return
        if self.least and not value.strip():
            yield Problem(Kind.MISSING, path, f"{path}: must not be empty", "string", self.least, self.most)
        elif not _within(len(value), self.least, self.most):
            problem = _out_of_range(path, "string", self.least or None, self.most)
            yield Problem(Kind.LENGTH, path, f"{problem.message} characters", "string", self.least, self.most)


@dataclass(frozen=True)
class Flag:
    def check(self, value: object, path: str) -> Iterator[Problem]:
        if not isinstance(value, bool):
            yield _wrong_type(path, "boolean", value)


class OneOf:
    """One of a few values, of exactly their type. With `fold` the case of text does not matter."""

    def __init__(self, *values: object, fold: bool = False) -> None:
        self.values = values
        self._fold = fold

    def check(self, value: object, path: str) -> Iterator[Problem]:
        if isinstance(value, list | dict) or value is None:
            yield _wrong_type(path, type_name(self.values[0]), value)
            return
        wanted = value.upper() if self._fold and isinstance(value, str) else value
        if not any(type(wanted) is type(allowed) and wanted == allowed for allowed in self.values):
            yield Problem(
                Kind.CHOICE,
                path,
                f"{path}: must be one of {list(self.values)}",
                type_name(self.values[0]),
                allowed=self.values,
            )


class Matching:
    """Text of a certain shape."""

    def __init__(self, pattern: str, what: str) -> None:
        self._pattern = re.compile(pattern)
        self._what = what

    def check(self, value: object, path: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield _wrong_type(path, "string", value)
        elif self._pattern.fullmatch(value) is None:
            yield Problem(Kind.SHAPE, path, f"{path}: must be {self._what}", "string")


UUID_V4 = Matching(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", "a UUID v4")


class HttpUrl:
    def check(self, value: object, path: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield _wrong_type(path, "string", value)
        elif not is_http_url(value):
            yield Problem(Kind.SHAPE, path, f"{path}: must be an http or https URL", "string")


@dataclass(frozen=True)
class ListOf:
    item: Rule
    least: int = 0
    most: int | None = None

    def check(self, value: object, path: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield _wrong_type(path, "array", value)
            return
        if not _within(len(value), self.least, self.most):
            problem = _out_of_range(path, "array", self.least or None, self.most)
            kind = Kind.TOO_FEW if len(value) < self.least else Kind.TOO_MANY
            yield Problem(kind, path, f"{problem.message} elements", "array", self.least, self.most)
        for position, item in enumerate(value):
            yield from self.item.check(item, f"{path}[{position}]")


@dataclass(frozen=True)
class Fields:
    """An object with these members and no others."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)

    def check(self, value: object, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield _wrong_type(path or "body", "object", value)
            return
        rules = {**self.required, **self.optional}
        for name, member in value.items():
            here = f"{path}.{name}" if path else name
            if (rule := rules.get(name)) is None:
                yield Problem(Kind.UNKNOWN, here, f"{here}: is not supported here")
            else:
                yield from rule.check(member, here)
        for name in self.required:
            if name not in value:
                here = f"{path}.{name}" if path else name
                yield Problem(Kind.MISSING, here, f"{here}: is required")

    def plus(self, **optional: Rule) -> Fields:
        return Fields(self.required, {**self.optional, **optional})


class Anything:
    """Any value but null."""

    def check(self, value: object, path: str) -> Iterator[Problem]:
        if value is None:
            yield _wrong_type(path, "a value", value)


class AnyObject:
    """An object whose members are not known."""

    def check(self, value: object, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield _wrong_type(path, "object", value)


def is_http_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in text


def inline_bytes(text: str) -> bytes | None:
    """What a data URI or bare base64 holds; None if it is neither."""
    if text.startswith("data:"):
        head, comma, text = text.partition(",")
        if not comma or not head.endswith(";base64"):
            return None
    try:
        return base64.b64decode(text, validate=True) or None
    except (binascii.Error, ValueError):
        return None
