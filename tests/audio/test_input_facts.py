"""What may go along with a request is a file that ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from app.audio.input_facts import facts_of
from app.domain.errors import StorageError
from app.domain.request import InputKind
from app.storage.input_files import InputFiles
from tests.audio.lying_files import encoded

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such files on Windows")


def test_a_pipe_or_a_device_is_refused_before_it_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "endless.wav").symlink_to("/dev/zero")

    for name in ("pipe.wav", "endless.wav"):
        with pytest.raises(StorageError, match="isn’t a file"):
            facts_of(tmp_path / name)
        with pytest.raises(StorageError, match="isn’t a file"):
            InputFiles(tmp_path / "inputs", limit_bytes=1 << 20).adopt(tmp_path / name)


def test_a_link_to_a_file_is_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "rain.flac").write_bytes(encoded("FLAC"))
    (tmp_path / "link").symlink_to(tmp_path / "rain.flac")
    (tmp_path / "astray").symlink_to(tmp_path / "astray")

    assert facts_of(tmp_path / "link").kind is InputKind.CLIP
    with pytest.raises(StorageError, match="can’t be read"):
        facts_of(tmp_path / "astray")
