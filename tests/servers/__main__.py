"""Try the app against services on loopback: `python -m tests.servers`. Results take a few seconds, as they would."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Callable, Sequence

from tests.servers import aimlapi, runware
from tests.servers.aimlapi import AimlapiServer
from tests.servers.ledger import Charge
from tests.servers.pace import TimeDriven
from tests.servers.recording import RecordedRequest
from tests.servers.runware import RunwareServer
from tests.servers.serving import HOST, LoopbackService

_PORTS = {"runware": 8431, "runware-files": 8432, "aimlapi": 8433, "aimlapi-files": 8434}
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


async def _serve(options: argparse.Namespace) -> None:
    pace = TimeDriven(options.ready_after, options.ready_every)
    runware_server = RunwareServer(
        pace=pace,
        result_seconds=options.result_seconds,
        port=options.runware_port,
        files_port=options.runware_files_port,
    )
    aimlapi_server = AimlapiServer(
        pace=pace,
        result_seconds=options.result_seconds,
        port=options.aimlapi_port,
        files_port=options.aimlapi_files_port,
    )
    async with contextlib.AsyncExitStack() as stack:
        for name, server in (("runware", runware_server), ("aimlapi", aimlapi_server)):
            _listen_in(name, server, server.files)
            server.ledger.on_charge = _charge_teller(name)
            try:
                await stack.enter_async_context(server)
            except OSError as exc:
                raise _PortTaken(_port_taken(name, options)) from exc
        _tell_how_to_use(runware_server, aimlapi_server, options.minutes)
        await _until_told_to_end(options.minutes)
        total_usd = runware_server.ledger.total_usd + aimlapi_server.ledger.total_usd
        _log.info("Ended. Charged in all: %s USD, invented.", total_usd)


def _port_taken(name: str, options: argparse.Namespace) -> str:
    ports = [getattr(options, f"{name}_port"), getattr(options, f"{name}_files_port")]
    return (
        f"Port {ports[0]} or {ports[1]} of {HOST} is taken. Choose others with --{name}-port and --{name}-files-port;"
        " 0 means any free port."
    )


def _listen_in(name: str, server: LoopbackService, files: LoopbackService) -> None:
    server.on_answered = _request_teller(name)
    files.on_answered = _request_teller(f"{name} files")


def _request_teller(name: str) -> Callable[[RecordedRequest], None]:
    def tell(request: RecordedRequest) -> None:
        status = request.status or "no answer"
        _log.info("%s: %s %s %s %s -> %s", name, request.method, request.path, request.phase, request.note, status)

    return tell


def _charge_teller(name: str) -> Callable[[Charge], None]:
    def tell(charge: Charge) -> None:
        _log.info("%s: charged %s USD for %s", name, charge.amount_usd, charge.task)

    return tell


def _tell_how_to_use(runware_server: RunwareServer, aimlapi_server: AimlapiServer, minutes: float) -> None:
    _log.info(
        "Services on loopback, for %g minutes (Ctrl+C ends them). In another terminal:\n\n"
        "  export CUESMITH_HOME=$(mktemp -d)\n"
        "  export RUNWARE_API_KEY=%s\n"
        "  export AIMLAPI_API_KEY=%s\n"
        "  cuesmith config set providers.runware.base_url %s\n"
        "  cuesmith config set providers.aimlapi.base_url %s\n"
        "  cuesmith generate 'Rain on a tin roof' --provider runware\n"
        "  cuesmith generate 'Rain on a tin roof' --provider aimlapi\n",
        minutes,
        runware.KEY,
        aimlapi.KEY,
        runware_server.url,
        aimlapi_server.url,
    )


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
