"""How services made with FastAPI refuse a request: status 422 and a list of what is wrong where.

Source: pydantic, "Validation errors" (2.x), as the services' own answers show.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

from aiohttp import web

from tests.servers.faults import answer_with
from tests.servers.fields import Kind, Problem

Place = Literal["body", "query", "path"]
_STEP = re.compile(r"[^.\[\]]+")


def unprocessable(problems: Iterable[Problem], given: object, place: Place = "body") -> web.Response:
    """The answer to a request whose `given` part has these problems."""
    return answer_with(422, {"detail": [entry_of(problem, given, place) for problem in problems]})


def entry_of(problem: Problem, given: object, place: Place = "body") -> dict[str, Any]:
    location = [int(step) if step.isdigit() else step for step in _STEP.findall(problem.path)]
    found, value = _found(given, location)
    kind, message = _words(problem, value) if found else ("missing", "Field required")
    return {"loc": [place, *location], "msg": message, "type": kind}


def _found(given: object, location: list[str | int]) -> tuple[bool, object]:
    for step in location:
        match given, step:
            case dict(), str() if step in given:
                given = given[step]
            case list(), int() if step < len(given):
                given = given[step]
            case _:
                return False, None
    return True, given


def _words(problem: Problem, value: object) -> tuple[str, str]:
    match problem.kind:
        case Kind.UNKNOWN:
            return "extra_forbidden", "Extra inputs are not permitted"
        case Kind.RANGE if isinstance(value, int | float):
            if problem.most is not None and value > problem.most:
                return "less_than_equal", f"Input should be less than or equal to {problem.most:g}"
            return "greater_than_equal", f"Input should be greater than or equal to {problem.least:g}"
        case Kind.LENGTH | Kind.MISSING if isinstance(value, str):
            if problem.most is not None and len(value) > problem.most:
                return "string_too_long", f"String should have at most {problem.most:g} characters"
            return "string_too_short", f"String should have at least {problem.least or 1:g} characters"
        case Kind.CHOICE:
            return "literal_error", f"Input should be one of {list(problem.allowed or ())}"
        case Kind.TYPE:
            return f"{problem.expected}_type", f"Input should be a valid {problem.expected}"
    return "value_error", problem.message
