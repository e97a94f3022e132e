"""What the services of the family do differently from each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from app.domain.base_url import is_loopback
from app.domain.provider import Recovery
from app.domain.service import Service

_OPENAI_HOST = "api.openai.com"
_REPLAYED_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one service speaks.

    Attributes:
        name: Of the service, for people.
        is_openai: It is OpenAI itself: fields beyond its own are refused, so are clips; a voice is needed.
        takes_tags: Languages are BCP 47 tags; else their two letters.
        knows_keys: An answer is kept under our key and given again, instead of being made and charged twice.
        has_diarize, has_redact: Speakers are told apart, and personal data left out, where a form field says so.
        lists_voices: It may be asked for its voices.
        is_busy_at: Statuses which say that nothing was taken and that it may be asked again.
        is_unbilled: It runs on this very computer, and nothing is charged.
    """

    name: str
    is_openai: bool = False
    takes_tags: bool = False
    knows_keys: bool = False
    has_diarize: bool = False
    has_redact: bool = False
    lists_voices: bool = False
    is_busy_at: tuple[int, ...] = (429,)
    is_unbilled: bool = False

    @property
    def recovery(self) -> Recovery:
        return Recovery(self.is_unbilled, replay_within=_REPLAYED_WITHIN if self.knows_keys else None)


def runinfra(service: Service) -> Dialect:
    """RunInfra, wherever it is reached. Its 503 says that a deployment is stopped, starting or full."""
    return Dialect(
        service.name,
        takes_tags=True,
        knows_keys=True,
        has_diarize=True,
        has_redact=True,
        is_busy_at=(429, 503),
    )


def openai(service: Service, base_url: str) -> Dialect:
    """OpenAI itself, which refuses what it doesn't know; or a server of the user's own, which may know more."""
    host = urlsplit(base_url).hostname or ""
    if host.rstrip(".") == _OPENAI_HOST:
        return Dialect(service.name, is_openai=True)
    return Dialect(
        service.name,
        has_diarize=True,
        lists_voices=True,
        is_unbilled=is_loopback(host),
    )
