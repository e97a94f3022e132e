"""What a command gets from the program that it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.cli.console import Console
from app.cli.secret_input import secret_from_person_or_pipe
from app.engine.services import Services
from app.storage.settings import SettingsStore


@dataclass(frozen=True, slots=True)
class Context:
    """The streams, and the parts of the app; each is built only by the command that needs it.

    Attributes:
        settings: The settings alone, for commands that must work whatever else is broken.
        services: Everything, built but not opened.
        self_check: Looks at the installation and returns an exit code.
        ask_secret: What somebody types after a prompt without its being shown, or another program hands over.
    """

    console: Console
    settings: Callable[[], SettingsStore]
    services: Callable[[], Services]
    self_check: Callable[[], int]
    ask_secret: Callable[[str], str] = secret_from_person_or_pipe


def tell_notices(console: Console, notices: Sequence[str]) -> None:
    """What came up while the parts were built, one line each."""
    for notice in notices:
        console.tell(f"cuesmith: {notice}")
