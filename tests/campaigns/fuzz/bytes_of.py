"""Bytes that somebody else wrote: any at all, and files that were right until something in them was changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import tomli_w
from hypothesis import strategies as st

from tests.providers.contract.answers import ANY_JSON, RAW_BODIES, changes

LONG = "A" * 200_000
NASTY_TEXTS = (
    "",
    "\x00",
    "\x1b[2J\x1b]0;title\x07",
    "\u202egpj.exe\u2066",
    "\ufeff",
    "e\u0301" * 300,
    "../../etc/passwd",
    "CON.wav",
    "http://127.0.0.1@evil.example/",
    "1e999999999",
    "-0",
    "NaN",
    "٣",
    "9" * 5_000,
    LONG,
)
NASTY_VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**400,
    -(10**30),
    0x7FFF_FFFF_FFFF_FFFF + 1,
    1e308,
    -1e-320,
    [],
    [[]],
    {},
    {"": {}},
    *NASTY_TEXTS,
)
RAW = (
    *RAW_BODIES,
    b"\xef\xbb\xbf",
    b"\xff\xfe{\x00}\x00",
    b'"' + b"\\" * 50_000,
    b"a = " + b"[" * 20_000,
    b"[a." + b"a." * 2_000 + b"a]",
    b"a = 0x" + b"f" * 20_000,
    b"a = " + b"9" * 20_000,
    b"a = 1e999999999\nb = nan\nc = -inf\n",
    b"a = 9999-12-31T23:59:60Z\n",
)


def mutated(sample: bytes) -> st.SearchStrategy[bytes]:
    """A file with some of its bytes changed, lost, doubled or cut off."""

    def apply(edits: list[tuple[int, int, bytes]]) -> bytes:
        data = bytearray(sample)
        for at, length, new in edits:
            place = at % (len(data) + 1)
            data[place : place + length] = new
        return bytes(data)

    edit = st.tuples(
        st.integers(0, max(1, len(sample))),
        st.integers(0, 8) | st.just(1 << 20),
        st.binary(max_size=4) | st.sampled_from([b"\x00", b"\xff" * 4, b"9" * 400, b'"', b"[", b"{", b"\n", b"-"]),
    )
    return st.lists(edit, min_size=1, max_size=4).map(apply)


def changed(*samples: Any) -> st.SearchStrategy[Any]:
    """One of some JSON-like values, with a few other values somewhere in it."""
    value = st.sampled_from(NASTY_VALUES)
    change = changes() | changes().flatmap(lambda each: value.map(lambda new: _with(each, new)))

    def apply(sample: Any, them: list[Any]) -> Any:
        for each in them:
            sample = each.of(sample)
        return sample

    return st.builds(apply, st.sampled_from(samples), st.lists(change, min_size=1, max_size=4))


def json_files(*samples: Any) -> st.SearchStrategy[bytes]:
    """JSON that is nearly as it should be, any JSON, and no JSON."""
    written = changed(*samples).map(as_json)
    return st.one_of(
        written,
        written,
        ANY_JSON.map(as_json),
        st.sampled_from(RAW),
        st.binary(max_size=200),
        st.sampled_from(samples).map(as_json).flatmap(mutated),
    )


def toml_files(*samples: dict[str, Any]) -> st.SearchStrategy[bytes]:
    """TOML that is nearly as it should be, and none."""
    written = changed(*samples).map(_as_toml)
    return st.one_of(
        written,
        written,
        st.sampled_from(RAW),
        st.binary(max_size=200),
        st.sampled_from(samples).map(_as_toml).flatmap(mutated),
    )


def as_json(value: Any) -> bytes:
    return json.dumps(value, default=str).encode()


def _as_toml(value: Any) -> bytes:
    try:
        return tomli_w.dumps(_without_none(value)).encode(errors="surrogatepass")
    except (TypeError, ValueError, AttributeError, RecursionError):
        return as_json(value)


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_none(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_without_none(each) for each in value if each is not None]
    return value if not isinstance(value, Decimal) else float(value)


def _with(change: Any, new: Any) -> Any:
    from dataclasses import replace

    return replace(change, value=new, how="replaced")


Check = Callable[[bytes], None]
