"""Secrets are found in every spelling, and what isn't secret stays."""

from __future__ import annotations

import base64
import html
import json
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.redaction import HIDDEN, Secrets

KEY = "sk-a/b+c.$(d)[e]'4711\"x&y\\z"

SPELLINGS = {
    "plain": KEY,
    "Python": repr(KEY),
    "Python's bytes": repr(KEY.encode()),
    "Python in Python": repr(repr(KEY)),
    "JSON": json.dumps(KEY),
    "JSON in JSON": json.dumps(json.dumps(KEY)),
    "JSON, all escaped": "".join(f"\\u{ord(each):04X}" for each in KEY),
    "JSON, slashes escaped": KEY.replace("\\", "\\\\").replace('"', '\\"').replace("/", "\\/"),
    "URL": urllib.parse.quote(KEY, safe=""),
    "URL, all encoded": "".join(f"%{ord(each):02x}" for each in KEY),
    "URL in an URL": urllib.parse.quote(urllib.parse.quote(KEY, safe=""), safe=""),
    "HTML": html.escape(KEY),
    "HTML, all numbers": "".join(f"&#{ord(each)};" for each in KEY),
    "HTML, all hexadecimal": "".join(f"&#x{ord(each):X};" for each in KEY),
    "hexadecimal": KEY.encode().hex(),
    "base64": base64.b64encode(KEY.encode()).decode().rstrip("="),
    "base64 for URLs": base64.urlsafe_b64encode(KEY.encode()).decode().rstrip("="),
    "Basic": base64.b64encode(f"user:{KEY}".encode()).decode(),
    "base64 of a longer text": base64.b64encode(f"it's {KEY}, isn't it".encode()).decode(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_is_found_in_every_spelling(spelling: str) -> None:
    text = f"before {SPELLINGS[spelling]} after"

    hidden = Secrets([KEY]).removed_from(text)
    hidden_body = Secrets([KEY]).removed_from_body(text.encode())

    assert HIDDEN in hidden
    assert b"***" in hidden_body
    for shown in (hidden, hidden_body.decode()):
        assert shown.startswith("before ")
        assert shown.endswith(" after")
        assert len(shown) < len(text) - len(KEY) // 2
        assert not pieces(SPELLINGS[spelling].strip("'\"b")[8:-8]) & pieces(shown)


def pieces(text: str, length: int = 12) -> set[str]:
    return {text[at : at + length] for at in range(len(text) - length + 1)}


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8, max_size=80), st.text(), st.text())
def test_whatever_the_key_nothing_of_it_stays(key: str, before: str, after: str) -> None:
    secrets = Secrets([key])

    for text in (key, json.dumps(key), urllib.parse.quote(key, safe=""), html.escape(key)):
        assert key not in secrets.removed_from(f"{before}{text}{after}")
        assert text not in secrets.removed_from(f"{before}{text}{after}")
        assert text.encode() not in secrets.removed_from_body(f"{before}{text}{after}".encode(errors="replace"))


@given(st.text())
def test_a_text_without_the_secret_stays_as_it_is(text: str) -> None:
    assert Secrets(["rw-invented-key"]).removed_from(text) == text


def test_a_short_key_is_no_secret_of_answers_and_yet_kept_out_of_the_log() -> None:
    secrets = Secrets(["audio", "x"])

    assert secrets.removed_from_body(b'{"audio": 1}') == b'{"audio": 1}'
    assert secrets.removed_from("audio") == "audio"
    assert secrets.removed_from_log("with audio, audiophile, x") == f"with {HIDDEN}, audiophile, x"


def test_of_two_keys_the_longer_one_is_hidden_as_a_whole() -> None:
    secrets = Secrets(["sk-first-key", "sk-first-key-and-more"])

    assert secrets.removed_from("sk-first-key-and-more") == HIDDEN


def test_a_body_of_many_megabytes_is_looked_through_for_the_plain_spelling() -> None:
    body = b'{"audio": "' + b"A" * (2 << 20) + KEY.encode() + b'"}'

    assert KEY.encode() not in Secrets([KEY]).removed_from_body(body)


@pytest.mark.parametrize(
    ("line", "logged"),
    [
        ("GET https://u:p@host.com:8443/a/b?sig=1", f"GET https://host.com:8443/{HIDDEN}"),
        ("posted to 'https://hooks.example/T0/B0/xyz'", f"posted to 'https://hooks.example/{HIDDEN}'"),
        ("at https://api.example.com", "at https://api.example.com"),
        ("Authorization: Bearer abcdefgh", f"Authorization: Bearer {HIDDEN}"),
        ("(b'Authorization', b'Bearer abc.def-g')", f"(b'Authorization', b'Bearer {HIDDEN}')"),
        ("{'x-api-key': 'abc'}", f"{{'x-api-key': '{HIDDEN}'}}"),
        ("with Bearer abcdef", f"with Bearer {HIDDEN}"),
        ("the authorization failed", "the authorization failed"),
    ],
)
def test_a_log_shows_no_credentials_even_of_others(line: str, logged: str) -> None:
    assert Secrets().removed_from_log(line) == logged
