"""Start the app from the checkout: what run.py does, once the Python is known to do."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from handing_over import environment_for, hand_over
from messages import stopping_with_a_message
from preparing import APP_LOCK, ROOT, prepare
from system_needs import COMMAND_LINE, WINDOW


def main() -> NoReturn:
    """The window; with arguments the command line, which needs none of the window's libraries."""
    arguments = sys.argv[1:]
    with stopping_with_a_message():
        python = prepare(APP_LOCK, COMMAND_LINE if arguments else WINDOW)
    # -P: the folder we are in may hold modules with the names of ours.
    hand_over(python, ("-P", "-m", "app", *arguments), environment_for(ROOT, os.environ))
