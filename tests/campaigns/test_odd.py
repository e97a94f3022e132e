"""The campaign of odd exports, short: `python -m tests.campaigns.odd` runs it at length."""

from __future__ import annotations

import random
from pathlib import Path

from tests.audio.odd_files import FILES
from tests.campaigns.odd.exports import Export, went_wrong


def test_whatever_is_made_of_an_odd_file_is_what_was_asked_for_or_refused(tmp_path: Path) -> None:
    sources = {}
    for number, (file, odd) in enumerate(FILES.items()):
        if odd.is_read:
            sources[file] = tmp_path / f"{number}{odd.suffix}"
            sources[file].write_bytes(odd.make())

    wrong = {}
    for number in range(150):  # the same in each run: news are for the long one to find
        export = Export.by_chance(random.Random(number), sources)
        _outcome, flaws = went_wrong(export, tmp_path)
        if flaws:
            wrong[number] = (export, flaws)

    assert wrong == {}
