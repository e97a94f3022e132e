"""How OpenAI and those who imitate it refuse a request: one refusal, worded in each server's own shape.

    server.faults.at("speech", rate_limited(retry_after_s=7))
    server.faults.at("speech", quota_exhausted())               # 429 too, but waiting does not help

Source: openai/openai-openapi (2026-08); the repositories of the self-hosted servers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web

from tests.servers.fastapi_errors import entry_of
from tests.servers.faults import Instead, answer_with
from tests.servers.fields import Kind, Problem

ErrorShape = Literal["openai", "numeric code", "unwrapped", "detail", "detail object"]

_CODES = {
    Kind.MISSING: "missing_required_parameter",
    Kind.UNKNOWN: "unknown_parameter",
    Kind.TYPE: "invalid_type",
    Kind.LENGTH: "string_above_max_length",
}


@dataclass(frozen=True)
class Refusal:
    """Why a request is refused. `more` goes into the error as it is, `headers` into the answer."""

    status: int
    message: str
    code: str | None = None
    param: str | None = None
    type: str = "invalid_request_error"
    more: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None


class Refused(Exception):
    """A request that is answered with a refusal, or with a list of problems as FastAPI has it."""

    def __init__(self, refusal: Refusal, problems: list[dict[str, Any]] | None = None) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal
        self.problems = problems


def refused(status: int, message: str, code: str | None = None, param: str | None = None) -> Refused:
    return Refused(Refusal(status, message, code, param))


def refused_for(problems: list[Problem], given: object, unknown_code: str = "unknown_parameter") -> Refused:
    """A request with mistakes in its fields. The first one is told, as OpenAI does; FastAPI lists them all."""
    first = problems[0]
    codes = {**_CODES, Kind.UNKNOWN: unknown_code}
    refusal = Refusal(400, first.message, codes.get(first.kind, "invalid_value"), first.path or None)
    return Refused(refusal, [entry_of(problem, given) for problem in problems])


def error_body(refusal: Refusal, shape: ErrorShape = "openai") -> dict[str, Any]:
    """The body of a refusal in the shape of a server."""
    told = {"message": refusal.message, "type": refusal.type, "param": refusal.param, **(refusal.more or {})}
    match shape:
        case "openai":
            return {"error": {**told, "code": refusal.code}}
        case "numeric code":
            return {"error": {**told, "code": refusal.status}}
        case "unwrapped":
            return {**told, "code": refusal.status}
        case "detail":
            return {"detail": refusal.message}
    return {"detail": {"error": refusal.code or "validation_error", "message": refusal.message, "type": refusal.type}}


def error_answer(refused: Refused, shape: ErrorShape, *, lists_problems: bool = False) -> web.Response:
    """The answer to a refused request; with `lists_problems` mistakes in fields are 422 and a list."""
    if lists_problems and refused.problems is not None:
        return answer_with(422, {"detail": refused.problems})
    return answer_with(refused.refusal.status, error_body(refused.refusal, shape), refused.refusal.headers)


def refusing(refusal: Refusal, shape: ErrorShape = "openai") -> Instead:
    """A fault: the work is not done, the refusal is told."""
    return Instead(refusal.status, error_body(refusal, shape), refusal.headers or {})


def retry_after(seconds: int | None) -> dict[str, str]:
    return {"Retry-After": str(seconds)} if seconds is not None else {}


def rate_limited(retry_after_s: int | None = 1) -> Instead:
    """Too many requests: waiting helps."""
    message, code = "Rate limit reached", "rate_limit_exceeded"
    return refusing(Refusal(429, message, code, type="requests", headers=retry_after(retry_after_s)))


def quota_exhausted() -> Instead:
    """No money left, with the same status: waiting does not help."""
    return refusing(NO_QUOTA)


NO_QUOTA = Refusal(
    429, "You exceeded your current quota, please check your plan", "insufficient_quota", type="insufficient_quota"
)
