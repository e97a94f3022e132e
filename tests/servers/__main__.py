"""Try the app against services on loopback: `python -m tests.servers`. Results take a few seconds, as they would."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.servers import aimlapi, camb, openai_server, runinfra, runware
from tests.servers.aimlapi import AimlapiServer
from tests.servers.camb import CambServer
from tests.servers.ledger import Charge, Ledger
from tests.servers.openai_dialects import KOKORO, SPEACHES
from tests.servers.openai_server import OpenAIServer
from tests.servers.pace import TimeDriven
from tests.servers.recording import RecordedRequest
from tests.servers.runinfra import RunInfraServer
from tests.servers.runware import RunwareServer
from tests.servers.serving import HOST, LoopbackService

_PORTS = {
    "runware": 8431,
    "runware-files": 8432,
    "aimlapi": 8433,
    "aimlapi-files": 8434,
    "camb": 8435,
    "camb-files": 8436,
    "openai": 8437,
    "runinfra": 8438,
    "kokoro": 8439,
    "speaches": 8440,
}
_log = logging.getLogger("tests.servers")


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    logging.basicConfig(stream=sys.stdout, format="%(message)s", level=logging.INFO)
    try:
        asyncio.run(_serve(options))
    except _PortTaken as exc:
        _log.error("%s", exc)
        return 2
    except KeyboardInterrupt:  # where signals cannot be handled in the loop
        pass
    return 0


class _PortTaken(Exception):
    """Somebody else listens there."""


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__)
    for name, port in _PORTS.items():
        parser.add_argument(f"--{name}-port", type=int, default=port, metavar="PORT", help=f"{port}; 0 for a free one")
    parser.add_argument("--minutes", type=float, default=60.0, help="end after so long (default: 60)")
    parser.add_argument("--ready-after", type=float, default=3.0, metavar="S", help="seconds to the first result")
    parser.add_argument("--ready-every", type=float, default=1.5, metavar="S", help="seconds from result to result")
    parser.add_argument("--result-seconds", type=float, default=3.0, metavar="S", help="length of most results")
    return parser.parse_args(arguments)


@dataclass(frozen=True)
class _Tried:
    """A service to try.

    Attributes:
        provider: How the app calls it.
        key_variable, key: Its key in the app's environment; None where it needs none.
        files: Its host of results; None where it has none.
    """

    name: str
    server: LoopbackService
    url: Callable[[], str]
    provider: str
    ledger: Ledger
    key_variable: str | None = None
    key: str | None = None
    files: LoopbackService | None = None


async def _serve(options: argparse.Namespace) -> None:
    services = _services(options)
    async with contextlib.AsyncExitStack() as stack:
        for service in services:
            _listen_in(service)
            try:
                await stack.enter_async_context(service.server)
            except OSError as exc:
                raise _PortTaken(_port_taken(service, options)) from exc
        _tell_how_to_use(services, options.minutes)
        await _until_told_to_end(options.minutes)
        total_usd = sum(service.ledger.total_usd for service in services)
        _log.info("Ended. Charged in all: %s USD, invented.", total_usd)


def _services(options: argparse.Namespace) -> list[_Tried]:
    pace, seconds = TimeDriven(options.ready_after, options.ready_every), options.result_seconds
    of_runware = RunwareServer(
        pace=pace, result_seconds=seconds, port=options.runware_port, files_port=options.runware_files_port
    )
    of_aimlapi = AimlapiServer(
        pace=pace, result_seconds=seconds, port=options.aimlapi_port, files_port=options.aimlapi_files_port
    )
    of_camb = CambServer(pace=pace, speech_seconds=seconds, port=options.camb_port, files_port=options.camb_files_port)
    of_openai = OpenAIServer(speech_seconds=seconds, port=options.openai_port)
    of_runinfra = RunInfraServer(speech_seconds=seconds, port=options.runinfra_port)
    return [
        _tried("runware", of_runware, "RUNWARE_API_KEY", runware.KEY, of_runware.files),
        _tried("aimlapi", of_aimlapi, "AIMLAPI_API_KEY", aimlapi.KEY, of_aimlapi.files),
        _tried("camb", of_camb, "CAMB_API_KEY", camb.KEY, of_camb.files),
        _tried("openai", of_openai, "OPENAI_API_KEY", openai_server.KEY),
        _tried("runinfra", of_runinfra, "RUNINFRA_API_KEY", runinfra.KEY),
        _tried("kokoro", OpenAIServer(KOKORO, speech_seconds=seconds, port=options.kokoro_port)),
        _tried("speaches", OpenAIServer(SPEACHES, speech_seconds=seconds, port=options.speaches_port)),
    ]


def _tried(
    name: str,
    server: RunwareServer | AimlapiServer | CambServer | OpenAIServer | RunInfraServer,
    key_variable: str | None = None,
    key: str | None = None,
    files: LoopbackService | None = None,
) -> _Tried:
    """Services without a key of their own are profiles of OpenAI's."""
    provider = name if key_variable else f"openai:{name}"
    return _Tried(name, server, lambda: server.url, provider, server.ledger, key_variable, key, files)


def _port_taken(service: _Tried, options: argparse.Namespace) -> str:
    names = [service.name, f"{service.name}-files"] if service.files is not None else [service.name]
    ports = " or ".join(str(getattr(options, f"{name.replace('-', '_')}_port")) for name in names)
    choices = " and ".join(f"--{name}-port" for name in names)
    others = f"Choose others with {choices}" if len(names) > 1 else f"Choose another with {choices}"
    return f"Port {ports} of {HOST} is taken. {others}; 0 means any free port."


def _listen_in(service: _Tried) -> None:
    service.server.on_answered = _request_teller(service.name)
    service.ledger.on_charge = _charge_teller(service.name)
    if service.files is not None:
        service.files.on_answered = _request_teller(f"{service.name} files")


def _request_teller(name: str) -> Callable[[RecordedRequest], None]:
    def tell(request: RecordedRequest) -> None:
        status = request.status or "no answer"
        _log.info("%s: %s %s %s %s -> %s", name, request.method, request.path, request.phase, request.note, status)

    return tell


def _charge_teller(name: str) -> Callable[[Charge], None]:
    def tell(charge: Charge) -> None:
        _log.info("%s: charged %s USD for %s", name, charge.amount_usd, charge.task)

    return tell


def _tell_how_to_use(services: Sequence[_Tried], minutes: float) -> None:
    keys = [f"  export {service.key_variable}={service.key}" for service in services if service.key_variable]
    addresses = [f"  cuesmith config set {_setting(service)} {service.url()}" for service in services]
    tries = [f"  cuesmith generate 'Rain on a tin roof' --provider {name}" for name in ("runware", "camb", "aimlapi")]
    _log.info(
        "Services on loopback, for %g minutes (Ctrl+C ends them). In another terminal:\n\n%s\n",
        minutes,
        "\n".join(["  export CUESMITH_HOME=$(mktemp -d)", *keys, *addresses, *tries]),
    )


def _setting(service: _Tried) -> str:
    if ":" in service.provider:
        return f"""'providers."{service.provider}".base_url'"""
    return f"providers.{service.provider}.base_url"


async def _until_told_to_end(minutes: float) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, told.set)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(minutes * 60):
            await told.wait()


if __name__ == "__main__":
    raise SystemExit(main())
