"""Where the parts of the API are, below the address that the user set."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

SPEECH = "/audio/speech"
TRANSCRIPTIONS = "/audio/transcriptions"
MODELS = "/models"
VOICES = "/audio/voices"

_VERSION = re.compile(r"v[0-9]+(?:(?:alpha|beta)[0-9]*)?", re.IGNORECASE)


def below(base_url: str, path: str) -> str:
    """The path of a request: the address may be given with or without its `/v1`.

    A version anywhere in the address counts, as in `https://api.runinfra.ai/v1/PIPELINE`.
    """
    steps = urlsplit(base_url).path.split("/")
    return path if any(_VERSION.fullmatch(step) for step in steps) else f"/v1{path}"
