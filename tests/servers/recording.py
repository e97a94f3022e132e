"""What a service was sent: kept for the test to look at, without any key in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

KeySeen = Literal["none", "right", "wrong"]


class NotJson(Exception):
    """The body is no JSON text."""


@dataclass
class RecordedRequest:
    """One request. `headers` have lower-case names and hold no Authorization; `key` says which key came.

    `account` says whose key it was, at services where that matters.

    `status` is None until the answer is made, and stays None where the connection was dropped.
    """

    phase: str
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    key: KeySeen
    content: bytes
    at_s: float
    status: int | None = None
    note: str = ""
    account: str = ""

    @cached_property
    def body(self) -> Any:
        """The decoded JSON.

        Raises:
            NotJson: the body is something else.
        """
        return strict_json(self.content)

    def record_instead(self, body: Any) -> None:
        """Keep another body than the one received, without the key that was in it."""
        self.content = json.dumps(body).encode()
        self.body = body


def strict_json(content: bytes) -> Any:
    """Decode JSON text in UTF-8, without the NaN and Infinity that Python would let pass."""
    try:
        return json.loads(content.decode(), parse_constant=_refuse_constant)
    except (UnicodeDecodeError, ValueError, RecursionError) as exc:
        raise NotJson(str(exc)) from exc


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
