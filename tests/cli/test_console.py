"""What reaches the two streams of a command."""

from __future__ import annotations

import io

import pytest

from app.cli.console import Console
from app.domain.redaction import Secrets


class Stream(io.StringIO):
    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


@pytest.mark.parametrize("control", ["\x1b[31m", "\x07", "\r", "\x9b2J", "\x7f", "\u202e", "\u2066"])
def test_words_of_others_give_a_terminal_no_orders(control: str) -> None:
    console = Console(Stream(is_terminal=True), Stream(is_terminal=True))

    console.say(f"rain{control}\nsecond line")
    console.tell(f"refused: {control}")

    assert console.out.getvalue() == f"rain\ufffd{control[1:]}\nsecond line\n"
    assert console.err.getvalue() == f"refused: \ufffd{control[1:]}\n"


def test_a_path_reaches_a_script_as_it_is() -> None:
    console = Console(Stream(is_terminal=False), Stream(is_terminal=False))

    console.say("/takes/a\tb.wav")

    assert console.out.getvalue() == "/takes/a\tb.wav\n"


def test_what_is_secret_reaches_neither_stream() -> None:
    secrets = Secrets(["rw-invented-key/4711"])
    console = Console(Stream(is_terminal=False), Stream(is_terminal=True), secrets.removed_from)

    console.say_json({"prompt": "rw-invented-key/4711", "url": "https://a.example/?key=rw-invented-key%2F4711"})
    console.tell("refused: Bearer rw-invented-key/4711")

    assert "invented" not in console.out.getvalue() + console.err.getvalue()
