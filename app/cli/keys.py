"""`cuesmith keys`: the keys of the services, where they come from and where they may be sent."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from app.cli.commands import Commands
from app.cli.context import Context, tell_notices
from app.cli.exit_codes import ExitCode
from app.domain.errors import KeychainError
from app.domain.provider import Account, KeyChecker
from app.domain.receipt import dollars
from app.domain.service import Service
from app.engine.addresses import origin_of
from app.engine.keys import KeyInfo, KeySource
from app.engine.services import Services

_OPTIONS = {"provider": "PROVIDER", "key": "KEY"}


def add_to(commands: Commands) -> None:
    """Put the command and its verbs into the parser."""
    verbs = commands.group("keys", "keep the keys of the services", "VERB")
    parser = verbs.add("list", "show which keys there are, and where they are sent", _list)
    parser.add_argument("--json", action="store_true", help="print a JSON array")
    for name, summary, run in (
        ("set", "keep a key in the keychain; it is read from the input, or asked for", _set),
        ("test", "ask the service whether it takes the key, which costs nothing", _test),
        ("delete", "remove a key from the keychain", _delete),
        ("confirm", "let a key be sent to the address that is set now", _confirm),
    ):
        verbs.add(name, summary, run, _OPTIONS).add_argument("provider", metavar="PROVIDER", help="such as runware")


@dataclass(frozen=True, slots=True)
class _Row:
    """What is known of the key of one service.

    Attributes:
        now: The origin at which the service is reached.
        info: None where there is no key.
        can_be_kept: Whether there is a keychain for one.
    """

    service: Service
    now: str
    info: KeyInfo | KeychainError | None
    can_be_kept: bool


def _list(options: Namespace, context: Context) -> int:
    async def run() -> list[_Row]:
        async with _services(context) as services:
            has_keychain = await _has_keychain(services)
            rows = (_row_of(services, service, has_keychain) for service in services.keys.services)
            return list(await asyncio.gather(*rows))

    rows = asyncio.run(run())
    if options.json:
        context.console.say_json([_as_json(row) for row in rows])
    else:
        context.console.say_table(("PROVIDER", "KEY", "FROM", "SENT TO", "TO DO"), map(_cells, rows))
    troubles = {str(row.info) for row in rows if isinstance(row.info, KeychainError)}
    for trouble in sorted(troubles):
        context.console.tell(f"cuesmith: {trouble}")
    return ExitCode.FAILED if troubles else ExitCode.DONE


def _set(options: Namespace, context: Context) -> int:
    async def look() -> tuple[Service, str]:
        async with _services(context) as services:
            service = services.keys.service(options.provider)
            with _telling_what_works_instead(service):
                return service, await services.keys.keychain_name()

    async def save(key: str) -> KeyInfo | None:
        async with _services(context) as services:
            with _telling_what_works_instead(service):
                await services.keys.save(service.id, key)
                return await services.keys.info(service.id)

    service, keychain = asyncio.run(look())
    # Asked for between two loops: Ctrl+C at the prompt then just ends the command.
    info = asyncio.run(save(context.ask_secret(f"Key for {service.name} (it isn’t shown): ")))
    assert info is not None, "the key that was kept is gone"
    context.console.say(f"Kept in {keychain}. It will be sent to {info.origin}.")
    _tell_of_environment(context, service, info)
    return ExitCode.DONE


def _test(options: Namespace, context: Context) -> int:
    async def run() -> Account | None:
        async with _services(context) as services:
            service = services.keys.service(options.provider)
            provider = services.providers.get(service.id)
            return await provider.check_key() if isinstance(provider, KeyChecker) else None

    account = asyncio.run(run())
    if account is None:
        context.console.tell(f"cuesmith: The key for {options.provider} can’t be tried out for nothing.")
        return ExitCode.REFUSED
    context.console.say("Works.")
    if account.balance is not None:
        context.console.say(f"Balance: {dollars(account.balance)}")
    return ExitCode.DONE


def _delete(options: Namespace, context: Context) -> int:
    async def run() -> tuple[Service, KeyInfo | None]:
        async with _services(context) as services:
            service = services.keys.service(options.provider)
            await services.keys.delete(service.id)
            return service, await services.keys.info(service.id)

    service, info = asyncio.run(run())
    context.console.say(f"No key for {service.name} is kept any more.")
    _tell_of_environment(context, service, info)
    return ExitCode.DONE


def _confirm(options: Namespace, context: Context) -> int:
    async def run() -> tuple[Service, str]:
        async with _services(context) as services:
            service = services.keys.service(options.provider)
            await services.keys.confirm(service.id)
            return service, _origin_now(services, service)

    service, origin = asyncio.run(run())
    context.console.say(f"The key for {service.name} will be sent to {origin}.")
    return ExitCode.DONE


@asynccontextmanager
async def _services(context: Context) -> AsyncIterator[Services]:
    """The app without its library, which keys have no need of."""
    services = context.services()
    try:
        tell_notices(context.console, services.notices)
        yield services
    finally:
        await services.close()


@contextmanager
def _telling_what_works_instead(service: Service) -> Iterator[None]:
    try:
        yield
    except KeychainError as error:
        instead = f"Until then, the environment variable {service.key_variable} works instead."
        raise KeychainError(f"{error} {instead}") from error


def _tell_of_environment(context: Context, service: Service, info: KeyInfo | None) -> None:
    if info is not None and info.source is KeySource.ENVIRONMENT:
        context.console.tell(f"cuesmith: {service.key_variable} is set in the environment and goes before.")


async def _row_of(services: Services, service: Service, has_keychain: bool) -> _Row:
    now = _origin_now(services, service)
    try:
        return _Row(service, now, await services.keys.info(service.id), has_keychain)
    except KeychainError as error:
        return _Row(service, now, error, has_keychain)


async def _has_keychain(services: Services) -> bool:
    try:
        await services.keys.keychain_name()
    except KeychainError:
        return False
    return True


def _origin_now(services: Services, service: Service) -> str:
    return origin_of(services.addresses.of(service.id))


def _cells(row: _Row) -> tuple[str, ...]:
    info = row.info
    if isinstance(info, KeychainError):
        return row.service.id, "unknown", "", "", ""
    if info is None:
        to_do = f"cuesmith keys set {row.service.id}" if row.can_be_kept else f"set {row.service.key_variable}"
        return row.service.id, "none", "-", "", to_do
    shown = f"ends in {info.ending}" if info.ending else "not shown"
    to_do = "" if info.is_confirmed else f"for {row.now}: cuesmith keys confirm {row.service.id}"
    return row.service.id, shown, _place_in_words(row.service, info), info.origin or "nowhere", to_do


def _place_in_words(service: Service, info: KeyInfo) -> str:
    match info.source:
        case KeySource.ENVIRONMENT:
            return f"environment variable {service.key_variable}"
        case KeySource.KEYCHAIN:
            return "keychain"
        case KeySource.SESSION:
            return "this session"


def _as_json(row: _Row) -> dict[str, Any]:
    info = row.info
    known = {
        "provider": row.service.id,
        "variable": row.service.key_variable,
        "reached_at": row.now,
        "source": None,
        "ending": None,
        "sent_to": None,
        "is_confirmed": None,
        "error": None,
    }
    if isinstance(info, KeychainError):
        return known | {"error": {"kind": info.kind, "message": str(info)}}
    if info is None:
        return known
    return known | {
        "source": info.source.value,
        "ending": info.ending or None,
        "sent_to": info.origin or None,
        "is_confirmed": info.is_confirmed,
    }
