"""The name of a project: what people file tasks under."""

from __future__ import annotations

import unicodedata

from app.domain.errors import Problem, RequestInvalid

LONGEST = 80


def project_name(text: str) -> str:
    """The name as it is kept: on one line, without spaces around it; empty is none.

    Raises:
        RequestInvalid: at `project`; it is too long, or holds signs that can't be seen.
    """
    name = " ".join(text.split())
    if len(name) > LONGEST:
        message = f"The name of a project has at most {LONGEST} letters; this one has {len(name)}."
        raise RequestInvalid([Problem("project", message)])
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        raise RequestInvalid([Problem("project", "The name of a project can’t hold control characters.")])
    return name
