"""Somebody who uses the window as a screen reader does, until it is killed under their hands."""

from __future__ import annotations

from dataclasses import dataclass

from tests.campaigns.kills.ways import Way
from tests.end_to_end.desktop import Desktop, Hand

FROM_THE_WINDOW = (
    Way("window: effects made here", "local", (), takes=3, is_billed=False),
    Way("window: Runware", "runware", (), phases=("submit", "poll", "files:download"), takes=3, seconds=2.0),
)
"""What is asked for there; three takes are what a new window offers."""

_SEARCHED_FOR = {"runware": "seed audio"}


@dataclass(frozen=True)
class Person:
    """Sees one screen."""

    screen: Desktop

    def fill_in(self, way: Way, words: str) -> Hand:
        """Choose the model and write the words, in a window that has just been started.

        Raises:
            AssertionError: It doesn't show.
        """
        hand = Hand(self.screen, "Cuesmith")
        hand.see("Prompt", role="text")
        if (name := _SEARCHED_FOR.get(way.provider)) is not None:
            before = self.screen.windows()
            hand.press("Model: ", exact=False)
            self.screen.wait_for_windows(more_than=before)
            self.screen.write(name)
            self.screen.keys("Return")
            hand.see("Model: Seed Audio", role="push button", exact=False)
        hand.type("Prompt", words, role="text")
        hand.see(f"Generate {way.takes} takes", role="push button", exact=False)
        return hand

    def generate(self, hand: Hand) -> None:
        """The click."""
        hand.press("Generate ", exact=False)
