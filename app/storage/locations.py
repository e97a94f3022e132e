"""Where data, cache, logs and the bundled resources are: from a checkout, a wheel or a frozen app.

Nothing here touches the disk but `resources_dir`, which looks; folders are made by whoever writes into them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_APP_NAME = "cuesmith"


@dataclass(frozen=True, slots=True)
class Locations:
    """The roots of everything that outlives the process, and the places inside them.

    Attributes:
        config: What the user decided.
        data: What can't be had again: the library.
        cache: What can be made anew.
        logs: What happened.
        handed_over: Files that are dragged or copied out of the window, where no other folder is chosen. They are
            the user's, so they lie where people look for theirs.
    """

    config: Path
    data: Path
    cache: Path
    logs: Path
    handed_over: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Locations:
        """`CUESMITH_HOME` keeps all of them under one folder; else each is where the system wants it."""
        home = environ.get("CUESMITH_HOME", "")
        if home:
            return cls.under(Path(home))
        # No author: Windows would nest the app's folder in one of that name.
        dirs = platformdirs.PlatformDirs(_APP_NAME, appauthor=False)
        return cls(
            dirs.user_config_path,
            dirs.user_data_path,
            dirs.user_cache_path,
            dirs.user_log_path,
            _home(dirs.user_data_path) / "Cuesmith" / "Clips",
        )

    @classmethod
    def under(cls, home: Path) -> Locations:
        """All inside `home`, made absolute: a later change of directory must not move a library."""
        root = home.expanduser().absolute()
        return cls(root / "config", root / "data", root / "cache", root / "logs", root / "clips")

    @property
    def database(self) -> Path:
        return self.data / "library.sqlite3"

    @property
    def takes(self) -> Path:
        return self.data / "takes"

    @property
    def transcripts(self) -> Path:
        return self.data / "transcripts"

    @property
    def inputs(self) -> Path:
        """Copies of input files, named by content hash."""
        return self.data / "inputs"

    @property
    def task_locks(self) -> Path:
        return self.data / "locks"

    @property
    def user_catalogue(self) -> Path:
        """Model specs that the user adds to ours."""
        return self.config / "catalogue"

    @property
    def settings_file(self) -> Path:
        return self.config / "settings.toml"

    @property
    def log_file(self) -> Path:
        return self.logs / "cuesmith.log"

    @property
    def peaks(self) -> Path:
        """Waveform pyramids of takes, for drawing."""
        return self.cache / "peaks"

    @property
    def clips(self) -> Path:
        """The beginnings of clips that were too long."""
        return self.cache / "clips"

    @property
    def tables(self) -> Path:
        """Model files, parsed."""
        return self.cache / "models"

    @property
    def voice_samples(self) -> Path:
        """Clips to audition voices by, as their services gave them."""
        return self.cache / "voices"


def _home(otherwise: Path) -> Path:
    """Where people look for their files; an account of a service may have no such place."""
    try:
        return Path.home()
    except RuntimeError:
        return otherwise


def resources_dir() -> Path:
    """The folder with the catalogue, icons and fonts that came with the app.

    Raises:
        FileNotFoundError: none of the known places has it: the installation is broken.
    """
    places = _resource_places()
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the app's resources are in none of: {', '.join(map(str, places))}")


def _resource_places() -> tuple[Path, ...]:
    package = Path(__file__).resolve().parent.parent
    bundle = getattr(sys, "_MEIPASS", None)  # set by PyInstaller's boot loader
    if bundle is not None:
        return (Path(bundle) / "resources",)
    return (package / "resources", package.parent / "resources")  # a wheel carries them inside the package
