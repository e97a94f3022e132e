"""A file that is replaced is the old or the new one; what a killed writer left beside it goes after some time."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from app.storage.durable_files import remove_left_beside, write_whole

_DIE_WHILE_WRITING = """
import os, sys
from pathlib import Path
from app.storage import durable_files

durable_files.put_in_place = lambda *_: os._exit(9)
durable_files.write_whole(Path(sys.argv[1]), b"new")
"""


def test_a_writer_that_dies_leaves_the_old_content_and_a_file_that_is_removed_once_it_is_old(tmp_path: Path) -> None:
    target, other = tmp_path / "settings.toml", tmp_path / ".hidden.by-the-user"
    write_whole(target, b"old")
    other.write_bytes(b"not ours")
    died = subprocess.run([sys.executable, "-c", _DIE_WHILE_WRITING, str(target)], check=False)
    (left,) = set(tmp_path.iterdir()) - {target, other}

    remove_left_beside(tmp_path, timedelta(days=1))
    stays_while_young = left.exists()
    for path in (left, target, other):
        os.utime(path, (0, 0))
    remove_left_beside(tmp_path, timedelta(days=1))

    assert died.returncode == 9
    assert target.read_bytes() == b"old"
    assert stays_while_young
    assert set(tmp_path.iterdir()) == {target, other}
