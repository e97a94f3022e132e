"""The entry: opens the window, or runs the command that the arguments name."""

from __future__ import annotations

from app import late_modules

late_modules.put_off()  # first of all, before others import them

# ruff: noqa: E402
import gc
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from app.domain.errors import AppError
from app.domain.redaction import Secrets
from app.engine.key_environment import take_keys
from app.logs import log_unhandled, start_logging
from app.providers.registry import key_variables
from app.storage.locations import Locations

if TYPE_CHECKING:
    from app.engine.first_parts import FirstParts
    from app.engine.services import Services
    from app.ui.window_services import WindowServices

_FAULT, _INTERRUPTED = 1, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window, or run the command that the arguments name; returns the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    locations = Locations.from_environment(os.environ)
    key_environ = take_keys(os.environ, key_variables(os.environ))
    secrets = Secrets(key_environ.values())
    logger = start_logging(locations.log_file, secrets)
    log_unhandled(logger, secrets)
    _write_no_core()

    def make(first: FirstParts | None = None) -> Services:
        from app.building import build  # late: the window shows itself first, and some commands need none of it

        return build(locations, first=first, secrets=secrets, key_environ=key_environ)

    try:
        return _run_command(arguments, locations, make, secrets) if arguments else _open_window(locations, make)
    except KeyboardInterrupt:  # before a command listens for it
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone. Python would complain again when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FAULT
    except AppError as error:  # the window couldn't even be built; commands tell theirs
        return _say_sorry(secrets.removed_from(str(error)))
    except Exception:
        logger.exception("a fault of the app")
        return _say_sorry(f"Cuesmith stopped because of a fault of its own. The log: {locations.log_file}")


def _open_window(locations: Locations, make: Callable[[FirstParts], Services]) -> int:
    if not _has_screen(os.environ):
        return _say_sorry("There is no screen, so the window can’t open. For the commands: cuesmith --help")
    # Until the window listens for it, Ctrl+C ends the process as SIGTERM does. As an exception it could be lost: Qt and
    # extensions swallow some, and the window would open all the same.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # All that is made until the first paint stays; a search for garbage would hold it up. `GarbageWatch` ends this.
    gc.disable()
    try:
        import app.ui.plain_imports  # noqa: F401 - before all others that bring Qt in
        from app.ui.opening import open_window
    except ImportError as error:
        return _say_sorry(f"The window can’t open: {error}. To see what is missing: cuesmith --self-check")
    from app.engine.first_parts import read_first_parts

    def make_the_rest(first: FirstParts) -> WindowServices:
        from app.building import for_window

        return for_window(make(first))

    return open_window(read_first_parts(locations), make_the_rest)


def _write_no_core() -> None:
    """A picture of the memory after a crash would hold the keys, and lie on the disk for anybody to send around."""
    if sys.platform == "win32":
        return  # there is none unless somebody asks the system for it
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def _has_screen(environ: Mapping[str, str]) -> bool:
    """Qt ends the process hard where it finds no screen, so it is looked for first."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _say_sorry(sentence: str) -> int:
    if sys.stderr is not None:  # a frozen window has none
        sys.stderr.write(f"{sentence}\n")
    return _FAULT


def _run_command(arguments: Sequence[str], locations: Locations, make: Callable[[], Services], secrets: Secrets) -> int:
    from app import self_check
    from app.cli.command_line import run
    from app.cli.console import Console
    from app.cli.context import Context
    from app.storage.settings import SettingsStore

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl+C, also before a command listens for both
    console = Console(sys.stdout, sys.stderr, secrets.removed_from)
    context = Context(
        console,
        settings=lambda: SettingsStore(locations.settings_file),
        services=make,
        self_check=lambda: self_check.run(console.say),
    )
    try:
        return run(arguments, context)
    finally:
        sys.stdout.flush()  # a reader that has gone is noticed here rather than at the very end
