"""The settings, in one TOML file that people may edit."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.domain.errors import SettingsError
from app.storage.disk_failures import as_storage_errors
from app.storage.durable_files import remove_left_beside, write_whole
from app.storage.setting_keys import Setting, all_settings, setting, setting_at
from app.storage.setting_values import NetworkSettings, ProviderSettings, Settings, SpendingSettings

__all__ = ["NetworkSettings", "ProviderSettings", "Settings", "SettingsStore", "SpendingSettings"]


_SPENDING, _LIMITS = "spending", ("day_usd", "month_usd")
_UNKNOWN = "unreadable"  # stands in the file for a limit that was lost with a damaged one
_HEADING = "# Settings of Cuesmith. They may be edited while it isn’t running.\n"
_EMPTY = "["  # of an empty file, which is none of ours and damaged: TOML would take it for one that sets nothing
_MEND = (
    "Mend the file, or set your spending limits anew (a number, or none): “cuesmith config set spending.day_usd” and "
    "“spending.month_usd”. Until then nothing is sent that may cost money."
)


class SettingsStore:
    """Reads and writes the file. Blocking; may be used from several threads.

    Attributes:
        problems: After reading: what in the file can't be used, one sentence each.
    """

    def __init__(self, path: Path) -> None:
        self.problems: tuple[str, ...] = ()
        self._path = path
        self._turn = threading.Lock()
        self._known: Settings | None = None

    def load(self) -> Settings:
        """The settings; defaults where the file says nothing usable, with the reason in `problems`.

        A limit that may be in there and can't be read is named in `Settings.spending.unreadable`.
        """
        with self._turn:
            return self._load()

    def save(self, settings: Settings) -> None:
        """Write what differs from what was last loaded or saved here.

        Everything else in the file stays: another process may have changed it, a newer Cuesmith may know it. One
        that can't be read is left as it is, until a limit is decided: then it is renamed.

        Raises:
            SettingsError: One of the values can't be used; nothing was written.
            StorageError: The file can't be written; it is as it was.
        """
        with self._turn:
            before = self._known if self._known is not None else self._load()
            known = dict.fromkeys((*all_settings(settings), *all_settings(before)))  # profiles may have gone
            decided = {f"spending.{name}" for name in before.spending.unreadable} - {
                f"spending.{name}" for name in settings.spending.unreadable
            }
            self._write(
                {
                    each: each.of(settings)
                    for each in known
                    if each.of(settings) != each.of(before) or each.key in decided
                }
            )
            self._known = settings

    def get(self, key: str) -> str:
        """The value of one setting as text; `none` where it isn't set.

        Raises:
            SettingsError: There is no such setting.
        """
        found = setting(key)
        return found.type.text(found.of(self.load()))

    def set(self, key: str, text: str) -> None:
        """Change one setting; `none` unsets one that may be unset.

        Raises:
            SettingsError: There is no such setting, or the value can't be used.
            StorageError: The file can't be written; it is as it was.
        """
        found = setting(key)
        value = found.parsed(text)
        with self._turn:
            self._write({found: value})
            self._known = None

    def items(self) -> list[tuple[str, str]]:
        """Every setting with its value as text."""
        settings = self.load()
        return [(each.key, each.type.text(each.of(settings))) for each in all_settings(settings)]

    def sweep(self, older_than: timedelta = timedelta(days=1)) -> None:
        """Remove what a crash left half written in the folder of settings, whosesoever it was. Blocking.

        Raises:
            StorageError: The folder can't be read.
        """
        with as_storage_errors(self._path.parent):
            remove_left_beside(self._path.parent, older_than)

    def _load(self) -> Settings:
        settings = Settings()
        problems: list[str] = []
        unreadable: set[str] = set()
        try:
            text, document = self._document()
        except _Unreadable as error:
            problems.append(f"{error} The defaults are used. {_MEND}")
            text, document = "", {}
            unreadable = set(_LIMITS)
        for path, value in _leaves(document):
            try:
                found = setting_at(path)
                settings = found.put(settings, found.checked(value))
            except SettingsError as error:
                from app.storage.toml_lines import line_of  # late: a sound file needs no lines

                line = line_of(text, path)
                where = self._path if line is None else f"line {line} of {self._path}"
                problems.append(f"{error} (In {where}; it is left out.)")
                unreadable |= _limits_at(path)
        self.problems = tuple(problems)
        self._known = replace(
            settings, spending=replace(settings.spending, unreadable=tuple(n for n in _LIMITS if n in unreadable))
        )
        return self._known

    def _document(self) -> tuple[str, dict[str, Any]]:
        """What the file holds, as text and as tables; nothing where there is none."""
        try:
            data = self._path.read_bytes()
            text = data.decode("utf-8-sig") if data else _EMPTY
            return text, tomllib.loads(text, parse_float=Decimal)
        except FileNotFoundError:
            return "", {}
        except OSError as error:
            raise _Unreadable(f"The settings in {self._path} can’t be read ({error.strerror}).") from error
        except (ValueError, RecursionError) as error:
            raise _Unreadable(f"The settings can’t be read: {self._path} isn’t TOML ({_reason(error)}).") from error

    def _set_aside(self) -> None:
        """Keep a damaged file under another name."""
        aside = self._path.with_name(f"{self._path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z")
        with as_storage_errors(self._path):
            self._path.replace(aside)

    def _write(self, values: Mapping[Setting, Any]) -> None:
        if not values:
            return
        try:
            _, document = self._document()
        except _Unreadable as error:
            decided = {each.path[1] for each in values if each.path[0] == _SPENDING}
            if not decided:
                raise SettingsError(f"{error} Nothing was changed. {_MEND}") from error
            self._set_aside()
            # What else was in there stays unknown until it is decided as well.
            document = {_SPENDING: {name: _UNKNOWN for name in _LIMITS if name not in decided}}
        for each, value in values.items():
            plain = each.type.to_toml(value)
            if value is not None:
                each.checked(plain)
            _place(document, each.path, plain)
        import tomli_w  # 10 ms that a start can do without

        try:
            text = tomli_w.dumps(document)
        except (ValueError, RecursionError) as error:  # a number or a table that is without an end
            raise SettingsError(
                f"{self._path} holds something that can’t be written again ({_reason(error)}). Nothing was changed. "
                f"{_MEND}"
            ) from error
        with as_storage_errors(self._path):
            write_whole(self._path, (_HEADING + text).encode())


class _Unreadable(Exception):
    """The file holds nothing usable; the text is for people."""


def _reason(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _limits_at(path: tuple[str, ...]) -> set[str]:
    """Names of the limits that something unusable at this place may have been meant for."""
    if path[0] != _SPENDING:
        return set()
    return set(_LIMITS) & {path[1]} if len(path) > 1 else set(_LIMITS)


def _leaves(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in table.items():
        if isinstance(value, dict) and value and len(path) < 2:
            yield from _leaves(value, (*path, name))
        elif value != {}:
            yield (*path, name), value


def _place(document: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set or, with None, remove one value; whatever stands in the way of its table is replaced."""
    *tables, name = path
    table = document
    for each in tables:
        inner = table.get(each)
        if not isinstance(inner, dict):
            inner = table[each] = {}
        table = inner
    if value is None:
        table.pop(name, None)
    else:
        table[name] = value
