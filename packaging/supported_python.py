"""Which Pythons Cuesmith runs on. Kept in words that older ones can read as well, so that they can say no."""

import sys

OLDEST = (3, 11)
FIRST_TOO_NEW = (3, 14)


def refusal(version):
    # type: (tuple[int, ...]) -> str
    """One sentence for a Python that can't run Cuesmith; empty for one that can.

    `version` begins with major, minor and patch, like `sys.version_info`.
    """
    if OLDEST <= tuple(version[:2]) < FIRST_TOO_NEW:
        return ""
    return "Cuesmith needs Python 3.11, 3.12 or 3.13, but this is Python {}.{}.{}.".format(*version[:3])


def require():
    # type: () -> None
    """End the process with one sentence where this Python won't do; 2 means that nothing was started."""
    sentence = refusal(sys.version_info[:3])
    if sentence:
        sys.stderr.write(sentence + "\n")
        sys.exit(2)
