"""Takes become files that go on existing; the same content is made once, and no file of the user's is touched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.domain.audio import AudioFormat, BitDepth
from app.domain.clip_edit import ClipEdit
from app.domain.errors import ExportError, RequestInvalid
from app.domain.export_settings import ExportSettings, FadeShape
from app.engine.export_plan import ExportSource
from app.engine.exporter import Exporter, ExportProgress
from app.engine.handing_over import Handed, HandingOver
from app.storage.database import Database
from app.storage.handed_files import HandedFiles
from tests.engine.export_takes import ExportTakes, takes_in

PLAIN = ExportSettings(writes_tags=False)


@dataclass
class Counter:
    """Hands over into a folder of the test's, and counts what had to be made."""

    handing: HandingOver
    folder: Path

    async def one(self, source: ExportSource, settings: ExportSettings = PLAIN) -> Handed:
        (handed,) = await self.handing.hand_over([source], settings, self.folder)
        return handed


@pytest.fixture
def library(tmp_path: Path) -> ExportTakes:
    return takes_in(tmp_path / "library")


@pytest.fixture
async def counter(library: ExportTakes, tmp_path: Path) -> AsyncIterator[Counter]:
    database = Database(tmp_path / "library.sqlite3")
    await database.open()
    exporter = Exporter(library.files)
    yield Counter(HandingOver(exporter, HandedFiles(database)), tmp_path / "clips")
    await exporter.close()
    await database.close()


def bytes_of(library: ExportTakes, source: ExportSource) -> bytes:
    assert source.take.file is not None
    return library.files.path(source.take.file).read_bytes()


async def test_a_take_that_nobody_touched_is_handed_over_bit_for_bit(library: ExportTakes, counter: Counter) -> None:
    source = library.take()

    handed = await counter.one(source)

    assert handed.path == counter.folder / "Heavy rain_1.wav"
    assert handed.path.read_bytes() == bytes_of(library, source)


async def test_the_same_again_is_the_same_file(library: ExportTakes, counter: Counter) -> None:
    source = replace(library.take(), edit=ClipEdit(100, 2_000, 50, 70))
    first = await counter.one(source)
    written = first.path.stat().st_mtime_ns

    second = await counter.one(source)

    assert (first.is_new, second.is_new) == (True, False)
    assert second.path == first.path
    assert first.path.stat().st_mtime_ns == written
    assert list(counter.folder.iterdir()) == [first.path]


async def test_whatever_differs_becomes_another_file_beside_it(library: ExportTakes, counter: Counter) -> None:
    source = library.take()
    changes = [
        (source, PLAIN),
        (replace(source, edit=ClipEdit(10)), PLAIN),
        (replace(source, edit=ClipEdit(10, fade_in=5)), PLAIN),
        (replace(source, edit=ClipEdit(10, fade_in=5, shape=FadeShape.LINEAR)), PLAIN),
        (source, replace(PLAIN, bit_depth=BitDepth.INT16)),
        (source, replace(PLAIN, gain_db=-3.0)),
        (source, replace(PLAIN, writes_tags=True)),
    ]

    paths = [(await counter.one(each, settings)).path for each, settings in changes]

    names = ["Heavy rain_1.wav", *(f"Heavy rain_1 {number}.wav" for number in range(2, len(changes) + 1))]
    assert [path.name for path in paths] == names
    again = [(await counter.one(each, settings)).path for each, settings in changes]
    assert again == paths


async def test_a_shape_without_a_fade_is_no_difference(library: ExportTakes, counter: Counter) -> None:
    source = library.take()

    first = await counter.one(source)
    second = await counter.one(replace(source, edit=ClipEdit(shape=FadeShape.LINEAR)))

    assert second.path == first.path


async def test_a_file_that_was_changed_or_removed_is_made_anew_and_the_changed_one_stays(
    library: ExportTakes, counter: Counter
) -> None:
    source = library.take()
    first = await counter.one(source)
    first.path.write_bytes(b"cut by its owner")

    second = await counter.one(source)
    second.path.unlink()
    third = await counter.one(source)

    assert first.path.read_bytes() == b"cut by its owner"
    assert second.path.name == "Heavy rain_1 2.wav"
    assert third.is_new
    assert third.path.read_bytes() == bytes_of(library, source)


async def test_trim_and_fades_are_in_the_file(library: ExportTakes, counter: Counter) -> None:
    source = replace(library.take(), edit=ClipEdit(4_800, 28_800, 2_400, 4_800, FadeShape.LINEAR))

    handed = await counter.one(source)

    assert source.take.file is not None
    whole, _ = soundfile.read(library.files.path(source.take.file), always_2d=True)
    part, _ = soundfile.read(handed.path, always_2d=True)
    expected = whole[4_800:28_800].copy()
    expected[:2_400] *= (np.arange(2_400) / 2_400)[:, None]
    expected[-4_800:] *= (np.arange(4_799, -1, -1) / 4_800)[:, None]
    assert part.shape == expected.shape
    assert np.abs(part - expected).max() < 2**-22


async def test_fades_for_all_takes_give_way_in_a_short_one_and_its_own_go_before_them(
    library: ExportTakes, counter: Counter
) -> None:
    source = replace(library.take(), edit=ClipEdit(0, 4_800))
    long_fades = replace(PLAIN, fade_in_s=1.0, fade_out_s=3.0)

    handed = await counter.one(source, long_fades)
    own = await counter.one(replace(source, edit=ClipEdit(0, 4_800, fade_in=48)), long_fades)

    assert soundfile.info(handed.path).frames == 4_800
    faded, _ = soundfile.read(handed.path)
    kept, _ = soundfile.read(own.path)
    assert np.abs(faded[2_000:]).max() < np.abs(kept[2_000:]).max()
    assert np.abs(kept[48:]).max() > 0.24


async def test_takes_of_a_project_come_into_its_folder_under_a_name_that_every_system_takes(
    library: ExportTakes, counter: Counter
) -> None:
    plain = library.take()
    filed = ExportSource(replace(plain.task, project="Boss: fight?"), library.take(2).take)

    handed = await counter.handing.hand_over([filed, plain], PLAIN, counter.folder)

    assert [each.path for each in handed] == [
        counter.folder / "Boss_ fight_" / "Heavy rain_2.wav",
        counter.folder / "Heavy rain_1.wav",
    ]


async def test_one_take_twice_in_one_go_is_one_file_and_two_that_are_called_the_same_are_two(
    library: ExportTakes, counter: Counter
) -> None:
    source = library.take()
    other = ExportSource(source.task, library.take(2).take)
    settings = replace(PLAIN, name="clip")

    handed = await counter.handing.hand_over([source, other, source], settings, counter.folder)

    assert [each.path.name for each in handed] == ["clip.wav", "clip 2.wav", "clip.wav"]


async def test_two_that_ask_at_once_get_the_same_file(library: ExportTakes, counter: Counter) -> None:
    source = library.take()

    one, other = await asyncio.gather(counter.one(source), counter.one(source))

    assert one.path == other.path
    assert len(list(counter.folder.iterdir())) == 1


async def test_another_folder_gets_files_of_its_own(library: ExportTakes, counter: Counter, tmp_path: Path) -> None:
    source = library.take()
    first = await counter.one(source)

    counter.folder = tmp_path / "elsewhere"
    second = await counter.one(source)

    assert second.path == tmp_path / "elsewhere" / first.path.name


async def test_settings_of_the_export_hold_and_progress_is_told(library: ExportTakes, counter: Counter) -> None:
    told: list[ExportProgress] = []
    settings = replace(PLAIN, format=AudioFormat.MP3, bitrate_kbps=192, name="{prompt}-{take:02}")

    (handed,) = await counter.handing.hand_over([library.take()], settings, counter.folder, progress=told.append)

    assert handed.path.name == "Heavy rain-01.mp3"
    assert soundfile.info(handed.path).format == "MP3"
    assert told[-1].fraction == 1.0


async def test_what_cant_be_made_says_why_and_what_was_made_stays_and_is_found_again(
    library: ExportTakes, counter: Counter
) -> None:
    good, lost = library.take(), library.take(2)
    assert lost.take.file is not None
    library.files.path(lost.take.file).unlink()

    with pytest.raises(ExportError):
        await counter.handing.hand_over([lost, good], PLAIN, counter.folder)

    assert not (await counter.one(good)).is_new


async def test_settings_that_cant_be_met_are_refused_at_their_field(library: ExportTakes, counter: Counter) -> None:
    with pytest.raises(RequestInvalid) as caught:
        await counter.one(library.take(), replace(PLAIN, format=AudioFormat.MP3, bit_depth=BitDepth.INT16))

    assert caught.value.problems[0].field == "bit_depth"
