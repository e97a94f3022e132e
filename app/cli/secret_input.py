"""A secret from whoever starts a command: typed without being shown, or from another program."""

from __future__ import annotations

import getpass
import sys

_MOST_BYTES = 4096  # longer than any key; an endless input isn't read to its end


def secret_from_person_or_pipe(prompt: str) -> str:
    """What is typed at the terminal after a prompt, or what is on the input; empty where there is neither.

    Raises:
        KeyboardInterrupt: Ctrl+C at the prompt.
    """
    if sys.stdin is None:
        return ""
    if sys.stdin.isatty():
        try:
            return getpass.getpass(prompt)
        except EOFError:  # Ctrl+D
            return ""
    return sys.stdin.buffer.read(_MOST_BYTES).decode("utf-8-sig", "replace")
