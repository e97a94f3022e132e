"""Where the files of a library are, apart from its database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.domain.audio import AudioFormat, AudioInfo

_AUDIO = tuple(each.suffix for each in AudioFormat)


@dataclass(frozen=True, slots=True)
class LibraryFolders:
    """The folders with a folder for each month inside.

    Attributes:
        verify: Decodes a whole audio file and says what it holds; raises StorageError.
    """

    takes: Path
    transcripts: Path
    verify: Callable[[Path], AudioInfo]

    def is_any_take_there(self) -> bool:
        """Whether a library was here before."""
        return next(self.files_of_takes(), None) is not None

    def files_of_takes(self) -> Iterator[Path]:
        """Every audio file that has its name, so it came to its end."""
        return _files(self.takes, _AUDIO)

    def files_of_transcripts(self, suffixes: Collection[str]) -> Iterator[Path]:
        return _files(self.transcripts, suffixes)


def _files(folder: Path, suffixes: Collection[str]) -> Iterator[Path]:
    """Every file of the monthly folders with one of these suffixes, in the order of their names."""
    if folder.is_dir():
        yield from (path for path in sorted(folder.glob("*/*")) if path.suffix in suffixes and path.is_file())
