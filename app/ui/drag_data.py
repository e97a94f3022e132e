"""Files as other programs take them, from a drag or from the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl

_GNOME_COPY = "x-special/gnome-copied-files"  # by which file managers tell a copy from a cut


def file_data(paths: Sequence[Path], *, for_clipboard: bool = False) -> QMimeData:
    """Local files as their addresses; Qt gives them to each system in its own form.

    Args:
        for_clipboard: Also say to file managers that it is a copy.
    """
    data = QMimeData()
    urls = [QUrl.fromLocalFile(str(path)) for path in paths]
    data.setUrls(urls)
    if for_clipboard:
        lines = ["copy", *(bytes(url.toEncoded().data()).decode() for url in urls)]
        data.setData(_GNOME_COPY, "\n".join(lines).encode())
    return data
