"""TOML files that were parsed before: the same tables from JSON take a tenth of the time."""

from __future__ import annotations

import json
import logging
import tomllib
import zlib
from pathlib import Path
from typing import Any

from app.storage.durable_files import write_whole

_log = logging.getLogger(__name__)


class KeptTables:
    """A folder of tables, by the text that they were parsed from. Anything may vanish without harm."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[str] = set()
        self._new: dict[str, tuple[str, dict[str, Any]]] = {}

    def parsed(self, text: str) -> dict[str, Any]:
        """What the text says; written nowhere before `keep`. Raises what `tomllib.loads` raises."""
        name = f"{zlib.crc32(text.encode()):08x}.json"
        self._used.add(name)
        kept = self._kept(name, text)
        if kept is None:
            kept = tomllib.loads(text)
            self._new[name] = (text, kept)
        return kept

    def keep(self) -> None:
        """Write the tables that are new, and remove those that no text led to. Blocks; what fails costs only time."""
        try:
            for name, (text, table) in self._new.items():
                self._write(name, text, table)
            for path in self._folder.glob("*.json"):
                if path.name not in self._used:
                    path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("parsed models were not kept: %s", error)
        self._new.clear()

    # Each lies beside its whole text: to compare that is sure, and loading a library for hashes takes 2 ms more than to
    # read it, of the 300 until the first paint.

    def _kept(self, name: str, text: str) -> dict[str, Any] | None:
        try:
            kept = json.loads((self._folder / name).read_bytes())
        except (OSError, ValueError, RecursionError):
            return None
        is_whole = isinstance(kept, dict) and kept.get("text") == text and isinstance(kept.get("table"), dict)
        return kept["table"] if is_whole else None

    def _write(self, name: str, text: str, table: dict[str, Any]) -> None:
        try:
            data = json.dumps({"text": text, "table": table}, ensure_ascii=False).encode()
        except TypeError:
            return  # a date: JSON has none, and text in its place would be something else
        write_whole(self._folder / name, data)
