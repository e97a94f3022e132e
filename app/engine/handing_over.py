"""Takes handed to other programs as files that go on existing: the same content is made once and found again."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from app.domain.errors import ExportError
from app.domain.export_settings import ExportSettings
from app.engine.export_plan import ExportSource, file_name, settings_for
from app.engine.exporter import Exporter, ExportProgress
from app.engine.file_names import safe_name
from app.storage.handed_files import HandedFile, HandedFiles


@dataclass(frozen=True, slots=True)
class Handed:
    """A file of the user's with a take in it, or with a part of one.

    Attributes:
        remark: What people should know about it; often nothing.
        is_new: It was made now; else it had been before.
    """

    source: ExportSource
    path: Path
    remark: str = ""
    is_new: bool = True


class HandingOver:
    """Makes the files in a folder for each project. One that was handed over is never written to again."""

    def __init__(self, exporter: Exporter, files: HandedFiles) -> None:
        self._exporter = exporter
        self._files = files
        self._turn = asyncio.Lock()

    async def hand_over(
        self,
        sources: Sequence[ExportSource],
        settings: ExportSettings,
        folder: Path,
        *,
        progress: Callable[[ExportProgress], None] | None = None,
    ) -> tuple[Handed, ...]:
        """A file for each source, in their order.

        Args:
            settings: Those of an export; its folder doesn't count.
            folder: Takes of a project come into a folder of its name inside.
            progress: Of the files that have to be made; called on the loop's own thread.
        Raises:
            ExportError: One of them can't be made. Those that were finished stay, and are found again.
            StorageError: The library fails.
        """
        async with self._turn:  # what is asked for twice at once is made once
            wanted = [_Wanted.of(source, settings, folder) for source in sources]
            found = {each.fingerprint: await self._find(each) for each in wanted}
            missing = {each.fingerprint: each for each in wanted if found[each.fingerprint] is None}
            made = await self._make(list(missing.values()), progress)
        handed = []
        for each in wanted:
            old = found[each.fingerprint]
            handed.append(Handed(each.source, old, is_new=False) if old is not None else made[each.fingerprint])
        return tuple(handed)

    async def _find(self, wanted: _Wanted) -> Path | None:
        """The file that was made of exactly this before, if nobody has changed it since."""
        known = [file for file in await self._files.of(wanted.fingerprint) if file.path.parent == wanted.folder]
        return await asyncio.to_thread(_first_untouched, known) if known else None

    async def _make(
        self, wanted: Sequence[_Wanted], progress: Callable[[ExportProgress], None] | None
    ) -> Mapping[str, Handed]:
        plan = []
        for folder in dict.fromkeys(each.folder for each in wanted):
            there = [each for each in wanted if each.folder == folder]
            base = replace(there[0].base, folder=folder, fade_in_s=0.0, fade_out_s=0.0)  # each has its own by now
            names = await self._exporter.plan([each.source for each in there], base)
            for each, planned in zip(there, names, strict=True):
                plan.append((each, replace(planned, settings=replace(each.settings, folder=folder))))
        if not plan:
            return {}
        exported = await self._exporter.export([planned for _each, planned in plan], progress=progress)
        made = {
            each.fingerprint: Handed(each.source, result.path, result.remark)
            for (each, _planned), result in zip(plan, exported, strict=True)
            if result.failure is None
        }
        await self._files.add(await asyncio.to_thread(_looked_at, {key: file.path for key, file in made.items()}))
        failure = next((result.failure for result in exported if result.failure is not None), None)
        if failure is not None:
            raise ExportError(failure.message)
        return made


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One file that is asked for.

    Attributes:
        base: What is said about all.
        settings: With the part and the fades of this one.
        fingerprint: The same for the same content under the same name.
    """

    source: ExportSource
    base: ExportSettings
    settings: ExportSettings
    folder: Path
    fingerprint: str

    @classmethod
    def of(cls, source: ExportSource, base: ExportSettings, folder: Path) -> _Wanted:
        project = source.task.project
        own = _with_room(source, settings_for(source, base))
        place = folder / safe_name(project) if project else folder
        return cls(source, base, own, place, _fingerprint(source, own))


def _with_room(source: ExportSource, settings: ExportSettings) -> ExportSettings:
    """Fades that were chosen for all takes give way where a part is shorter than they are."""
    info = source.take.info
    if info is None:
        return settings
    end_s = info.duration_s if settings.end_s is None else settings.end_s
    room_s, fades_s = end_s - (settings.start_s or 0.0), settings.fade_in_s + settings.fade_out_s
    if fades_s <= room_s:
        return settings
    share = max(room_s, 0.0) / fades_s
    return replace(settings, fade_in_s=settings.fade_in_s * share, fade_out_s=settings.fade_out_s * share)


def _fingerprint(source: ExportSource, settings: ExportSettings) -> str:
    """Everything that decides what is in the file, and what it is called."""
    request, take = source.task.request, source.take
    said = (request.prompt, request.provider, request.model, take.note, take.seed) if settings.writes_tags else ()
    content = {
        "take": (take.id, take.file, take.info and asdict(take.info)),
        "settings": {name: value for name, value in asdict(settings).items() if name != "folder"},
        "name": file_name(source, settings, 1),
        "tags": said,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _first_untouched(files: Sequence[HandedFile]) -> Path | None:
    return next((file.path for file in files if file.is_untouched), None)


def _looked_at(paths: Mapping[str, Path]) -> dict[str, list[HandedFile]]:
    """One that vanished again is made anew the next time."""
    files: dict[str, list[HandedFile]] = {}
    for fingerprint, path in paths.items():
        with suppress(OSError):
            files[fingerprint] = [HandedFile.at(path)]
    return files
