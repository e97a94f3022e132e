"""The services on loopback, for as long as the campaign lasts, and whom each charge was for."""

from __future__ import annotations

import contextlib
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from aiohttp import web

from tests.campaigns.kills.ways import SHORT_PARTS, SHORT_PARTS_FILE
from tests.servers import aimlapi, camb, openai_server, runinfra, runware
from tests.servers.aimlapi import AimlapiServer
from tests.servers.camb import CambServer
from tests.servers.faults import Faults
from tests.servers.ledger import Ledger
from tests.servers.openai_dialects import KOKORO
from tests.servers.openai_server import OpenAIServer
from tests.servers.pace import TimeDriven
from tests.servers.recording import RecordedRequest
from tests.servers.runinfra import RunInfraServer
from tests.servers.runware import RunwareServer
from tests.servers.serving import LoopbackService

KEYS = {
    "RUNWARE_API_KEY": runware.KEY,
    "AIMLAPI_API_KEY": aimlapi.KEY,
    "CAMB_API_KEY": camb.KEY,
    "RUNINFRA_API_KEY": runinfra.KEY,
    "OPENAI_API_KEY": openai_server.KEY,
}
CLICK = re.compile(r"click-\d{5}")
_NOBODY = "nobody"
_SECONDS = 2.0
_UNKNOWN_SIZE = 0xFFFFFFFF
_answering: ContextVar[str] = ContextVar("_answering", default=_NOBODY)


class ClickLedger(Ledger):
    """A ledger that knows for which click each job was accepted.

    Attributes:
        clicks: By the service's id of a job.
    """

    def __init__(self, job_ended: threading.Condition) -> None:
        super().__init__(Decimal(1_000_000))
        self.clicks: dict[str, str] = {}
        self._job_ended = job_ended

    def accept(self, task: str, price_usd: Decimal) -> None:
        super().accept(task, price_usd)
        self.clicks[task] = _answering.get()

    def close(self, task: str) -> None:
        super().close(task)
        with self._job_ended:
            self._job_ended.notify_all()


@dataclass(frozen=True)
class StandIns:
    """Running services by the provider they stand in for."""

    services: Mapping[str, LoopbackService]
    ledgers: Mapping[str, ClickLedger]
    job_ended: threading.Condition

    def faults_of(self, provider: str, phase: str) -> tuple[Faults, str]:
        """Where a fault of a phase is planned, and what the phase is called there."""
        service = self.services[provider]
        where, _, name = phase.rpartition(":")
        return (service.files if where else service).faults, name  # type: ignore[attr-defined]

    def charges(self, provider: str) -> Counter[str]:
        """How many results each click was charged for."""
        ledger = self.ledgers[provider]
        return Counter(ledger.clicks[charge.task] for charge in tuple(ledger.charges))

    def paid_usd(self, provider: str) -> Mapping[str, Decimal]:
        """What each click was charged."""
        ledger, paid = self.ledgers[provider], defaultdict[str, Decimal](Decimal)
        for charge in tuple(ledger.charges):
            paid[ledger.clicks[charge.task]] += charge.amount_usd
        return paid

    def come_to_rest(self, most_s: float) -> bool:
        """Wait until every accepted job has come to its end; False if one doesn't."""

        def is_at_rest() -> bool:
            return not any(any(ledger.reserved_usd.values()) for ledger in self.ledgers.values())

        with self.job_ended:
            return self.job_ended.wait_for(is_at_rest, most_s)

    @property
    def violations(self) -> list[str]:
        """What the app sent to hosts that must not get it."""
        hosts = (getattr(service, "files", None) for service in self.services.values())
        return [violation for host in hosts if host is not None for violation in host.violations]

    def configure(self, config: Path) -> None:
        """Write settings that lead to these services, as quick as they are."""
        (config / "catalogue").mkdir(parents=True)
        (config / "catalogue" / "short-parts.toml").write_text(SHORT_PARTS_FILE)
        lines = [
            f'[providers."{name}"]\nbase_url = "{service.url}"\npoll_interval_s = 0.05\n'  # type: ignore[attr-defined]
            for name, service in self.services.items()
        ]
        (config / "settings.toml").write_text("\n".join(lines))


@contextlib.contextmanager
def stand_ins() -> Iterator[StandIns]:
    """Start them all; a job goes on and is charged whether or not anybody asks for it."""
    pace = TimeDriven(before_s=0.25, between_s=0.1)
    of_camb = CambServer(pace=pace, sound_seconds=_SECONDS, speech_seconds=_SECONDS, link_valid_s=None)
    of_camb.behaviour.speech_wav_size = _UNKNOWN_SIZE  # so that the head of a part doesn't give it away
    services: dict[str, LoopbackService] = {
        "runware": RunwareServer(pace=pace, result_seconds=_SECONDS, link_valid_s=None),
        "aimlapi": AimlapiServer(pace=pace, result_seconds=_SECONDS, link_valid_s=None),
        "camb": of_camb,
        "runinfra": RunInfraServer(
            speech_seconds=_SECONDS,
            transcription_models=(*runinfra.runinfra_fields.TRANSCRIPTION_MODELS, SHORT_PARTS),
            requests_per_minute=1_000_000,
        ),
        "openai": OpenAIServer(speech_seconds=_SECONDS),
        "openai:kokoro": OpenAIServer(KOKORO, speech_seconds=_SECONDS),
    }
    ledgers: dict[str, ClickLedger] = {}
    job_ended = threading.Condition()
    with contextlib.ExitStack() as stack:
        for name, service in services.items():
            ledgers[name] = ClickLedger(job_ended)
            service.ledger = ledgers[name]  # type: ignore[attr-defined]
            _note_clicks(service)
            stack.enter_context(service)
        yield StandIns(services, ledgers, job_ended)


def _note_clicks(service: LoopbackService) -> None:
    """Let whatever is done for a request know which click it is about."""
    answer = service.answer

    async def noting(request: RecordedRequest) -> web.Response:
        found = CLICK.search(request.content.decode("latin-1"))
        _answering.set(found.group() if found else _NOBODY)
        return await answer(request)

    service.answer = noting  # type: ignore[method-assign]
