"""Services that repeat the key they were sent: in every part of an answer, in every spelling."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.servers.aimlapi import AimlapiServer
from tests.servers.camb import CambServer
from tests.servers.faults import Instead
from tests.servers.openai_dialects import KOKORO
from tests.servers.openai_server import OpenAIServer
from tests.servers.runinfra import RunInfraServer
from tests.servers.runware import RunwareServer
from tests.servers.serving import LoopbackService

KEYS = {
    "runware": "rw-7Kq/2vX+m9ZtL4bD.pR8",
    "camb": "camb-3hY=WnQ5sJf0aTxE7u",
    "runinfra": "rp_live_9dGcVz1MkO6yBiN",
    "aimlapi": "8c2f5e71b04d4a93a6e0d97f",
    "openai": "sk-proj-HqU2_eXr8LwA-5tC",
    "openai:kokoro": "own/Server~Key!x4Jm7PvS",
}
VARIABLES = {
    "runware": "RUNWARE_API_KEY",
    "camb": "CAMB_API_KEY",
    "runinfra": "RUNINFRA_API_KEY",
    "aimlapi": "AIMLAPI_API_KEY",
    "openai": "OPENAI_API_KEY",
    "openai:kokoro": "CUESMITH_OPENAI_KOKORO_API_KEY",
}


@dataclass
class Services:
    """All of them, with one account each.

    Attributes:
        by_provider: The services by their providers.
    """

    by_provider: dict[str, LoopbackService] = field(default_factory=dict)

    def settings(self) -> str:
        """What a settings file says, so that the app goes there."""
        tables = [
            f'[providers."{name}"]\nbase_url = "{getattr(service, "url")}"\npoll_interval_s = 0.05\n'  # noqa: B009
            for name, service in self.by_provider.items()
        ]
        return "\n".join(tables) + "\n[network]\npatience_s = 2\n"

    def everything_received(self) -> list[str]:
        """All that came, but the header that may carry a key, which the services don't record."""
        services = [*self.by_provider.values()]
        services += [companion for service in services for companion in service._companions]
        return [
            f"{request.method} {request.path} {dict(request.query)} {dict(request.headers)} {request.content!r}"
            for service in services
            for request in service.requests
        ]


@contextmanager
def services() -> Iterator[Services]:
    with ExitStack() as stack:
        yield Services(
            {
                "runware": stack.enter_context(RunwareServer(keys=[KEYS["runware"]], result_seconds=1.0)),
                "camb": stack.enter_context(CambServer(keys=[KEYS["camb"]], music_seconds=1.0)),
                "runinfra": stack.enter_context(RunInfraServer(keys=[KEYS["runinfra"]])),
                "aimlapi": stack.enter_context(AimlapiServer(keys=[KEYS["aimlapi"]], result_seconds=1.0)),
                "openai": stack.enter_context(OpenAIServer(keys=[KEYS["openai"]])),
                "openai:kokoro": stack.enter_context(OpenAIServer(KOKORO, keys=[KEYS["openai:kokoro"]])),
            }
        )


def spellings(key: str) -> str:
    """A text with the key in it, again and again."""
    encoded = [b64encode(b"x" * before + key.encode()).decode() for before in range(3)]
    numbers = "".join(f"&#{ord(each)};" for each in key)
    return " ".join([key, quote(key, safe=""), key.encode().hex(), *encoded, numbers, f"Bearer {key}", repr(key)])


def body(key: str, *, status: str = "error") -> bytes:
    """JSON of every family at once, with the key wherever a text may stand; once with each of its letters escaped."""
    escaped = "".join(f"\\u{ord(each):04x}" for each in key)
    said = json.dumps(f"it was ESCAPED {spellings(key)}").replace("ESCAPED", escaped)
    error = f'{{"message": {said}, "code": "{key}", "type": "{key}", "param": "{key}", "name": {said}}}'
    told = f'"message": {said}, "code": "{key}", "parameter": "{key}", "status": "{status}"'
    return (
        f'{{"error": {error}, "errors": [{{{told}}}], "detail": [{{"msg": {said}, "loc": ["body", "{key}"]}}],'
        f' {told}, "id": "{key}", "task_id": "{key}", "exception_reason": {said}}}'
    ).encode()


def echo(key: str, status: int, *, as_page: bool = False, location: str = "") -> Instead:
    """An answer that repeats the key in its body and in its headers."""
    headers = {
        "X-Request-Id": key,
        "Content-Disposition": f"attachment; filename=\"{quote(key, safe='')}.wav\"; filename*=UTF-8''{key}",
        "Set-Cookie": f"session={key}",
        "WWW-Authenticate": f'Bearer error_description="{key}"',
        "Content-Type": "text/html" if as_page else f"application/json; key={key}",
    }
    if location:
        headers["Location"] = location
    page = f"<html><title>{spellings(key)}</title><p>{spellings(key)}</p></html>".encode()
    return Instead(status, page if as_page else body(key), headers)
