"""What the launchers say, and how they stop; on stderr, since stdout belongs to the program they start."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NOTHING_WAS_STARTED = 2
_INTERRUPTED = 130


class Stop(Exception):
    """Nothing more can be done here; the message says what happened and what to do."""


def say(text: str) -> None:
    """One line for the person at the terminal."""
    print(f"cuesmith: {text}", file=sys.stderr, flush=True)


@contextmanager
def stopping_with_a_message() -> Iterator[None]:
    """Turn `Stop` and Ctrl+C inside the block into a message and the end of the process."""
    try:
        yield
    except Stop as exc:
        say(str(exc))
        sys.exit(_NOTHING_WAS_STARTED)
    except KeyboardInterrupt:
        say("interrupted; the next start goes on from here.")
        sys.exit(_INTERRUPTED)
