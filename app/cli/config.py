"""`cuesmith config`: settings by their dotted names."""

from __future__ import annotations

from argparse import Namespace

from app.cli.commands import Commands
from app.cli.context import Context, tell_notices
from app.cli.exit_codes import ExitCode


def add_to(commands: Commands) -> None:
    """Put the command and its verbs into the parser."""
    verbs = commands.group("config", "read and change settings", "VERB")
    parser = verbs.add("set", "change a setting", _set)
    parser.add_argument("key", metavar="KEY", help="its dotted name, such as network.patience_s")
    parser.add_argument("value", metavar="VALUE")
    parser = verbs.add("get", "print a setting", _get)
    parser.add_argument("key", metavar="KEY")
    verbs.add("list", "print every setting", _list)


def _set(options: Namespace, context: Context) -> int:
    settings = context.settings()
    settings.set(options.key, options.value)
    tell_notices(context.console, settings.problems)
    return ExitCode.DONE


def _get(options: Namespace, context: Context) -> int:
    settings = context.settings()
    context.console.say(settings.get(options.key))
    tell_notices(context.console, settings.problems)
    return ExitCode.DONE


def _list(_options: Namespace, context: Context) -> int:
    settings = context.settings()
    for key, value in settings.items():
        context.console.say(f"{key} = {value}")
    tell_notices(context.console, settings.problems)
    return ExitCode.DONE
