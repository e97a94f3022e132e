from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from app.audio.files import inspect
from app.domain.audio import AudioFormat, AudioInfo, BitDepth
from app.domain.clip_edit import WHOLE, ClipEdit
from app.domain.errors import AppError
from app.domain.export_settings import ExportSettings, FadeShape
from app.engine.exporter import Exported, Exporter, ExportSource
from app.storage.locations import Locations
from app.storage.take_files import TakeFiles
from app.ui.controls.choice import Choice
from app.ui.controls.segmented import SegmentedControl
from app.ui.export_dialog import ExportDialog
from app.ui.export_form import AS_IT_IS
from app.ui.export_size import size_bytes, size_text
from app.ui.loop_region import LoopRegion
from app.ui.theme import Theme
from tests.fakes.measures import measures_of
from tests.ui.listening_room import RATE_HZ, take_of, task_of, write_tone
from tests.ui.waiting import WhileTheLoopRuns, until


class Desk:
    """Export dialogs for the takes of one task, into a folder of the test's."""

    def __init__(self, theme: Theme, folder: Path, addWidget: Callable[[Any], None]) -> None:  # noqa: N803
        self._theme = theme
        self._add = addWidget
        self.takes_folder = folder / "takes"
        self.takes_folder.mkdir()
        self.out = folder / "out"
        self.out.mkdir()
        self.errors: list[AppError] = []
        self.background = WhileTheLoopRuns(self.errors.append)
        self.files = TakeFiles(self.takes_folder, inspect)
        self.exporter = Exporter(self.files)
        takes = [
            take_of(write_tone(self.takes_folder / f"{number}.wav"), number, measures=measures_of(-12.8, -1.9))
            for number in (1, 2)
        ]
        self.task = task_of(*takes, prompt="Rain")
        self.settings = ExportSettings(folder=self.out)
        self.results: list[tuple[Exported, ...]] = []
        self.remembered: list[ExportSettings] = []

    async def open(
        self, *, count: int = 2, region: LoopRegion | None = None, edits: Sequence[ClipEdit] = (), **changed: Any
    ) -> ExportDialog:
        sources = [ExportSource(self.task, take) for take in self.task.takes[:count]]
        sources = [replace(each, edit=edit) for each, edit in zip_longest(sources, edits, fillvalue=WHOLE)]
        dialog = ExportDialog(
            self._theme,
            self.exporter,
            sources,
            replace(self.settings, **changed),
            self.background,
            region=region,
        )
        self._add(dialog)
        dialog.exported.connect(lambda results, _settings: self.results.append(results))
        dialog.exported.connect(lambda _results, settings: self.remembered.append(settings))
        dialog.open()
        await until(lambda: len(self.background) == 0)
        return dialog

    async def settle(self, dialog: ExportDialog) -> None:
        await until(lambda: not dialog._soon.isActive() and len(self.background) == 0)

    async def export(self, dialog: ExportDialog) -> None:
        press(dialog, f"Export {len(dialog._sources)} file{'s' if len(dialog._sources) > 1 else ''}")
        await until(lambda: self.results)

    def names(self) -> list[str]:
        return sorted(path.name for path in self.out.iterdir())


@pytest.fixture
async def desk(theme: Theme, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> AsyncIterator[Desk]:
    desk = Desk(theme, tmp_path, qtbot.addWidget)
    yield desk
    await desk.background.close()
    await desk.exporter.close()


def button(dialog: ExportDialog, name: str) -> QAbstractButton:
    found = [
        each
        for each in dialog.findChildren(QAbstractButton)
        if each.isVisible() and name in (each.text(), each.accessibleName())
    ]
    assert found, f"no button is called {name}"
    return found[0]


def press(dialog: ExportDialog, name: str) -> None:
    QTest.mouseClick(button(dialog, name), Qt.MouseButton.LeftButton)


def control(dialog: ExportDialog, field: str) -> Any:
    return dialog.form.rows[field].control


def take_choice(choice: Choice | SegmentedControl, key: str) -> None:
    """As a person does: the control says that it was changed."""
    choice.set_value(key)
    choice.changed.emit(key)


def choose_level(dialog: ExportDialog, kind: str, number: str = "") -> None:
    """What is set of the level, and to which number."""
    take_choice(control(dialog, "level"), kind)
    if number:
        type_number(dialog, number)


def type_number(dialog: ExportDialog, number: str) -> None:
    field = dialog.form._levels.number
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, number)
    field.editingFinished.emit()


def type_into(field: QLineEdit, text: str) -> None:
    field.clear()
    QTest.keyClicks(field, text)


async def test_it_says_beforehand_which_files_will_be_written(desk: Desk) -> None:
    dialog = await desk.open()

    assert dialog.preview.names == ["Rain_1.wav", "Rain_2.wav"]
    assert dialog.preview.summary == "What you get: 2 files, 384 KB"
    assert desk.names() == []


async def test_it_writes_them_and_says_what_to_remember(desk: Desk) -> None:
    dialog = await desk.open()
    take_choice(control(dialog, "format"), "flac")
    take_choice(control(dialog, "bit_depth"), "24")
    take_choice(control(dialog, "sample_rate"), "44100")
    take_choice(control(dialog, "channels"), "1")

    await desk.export(dialog)

    assert desk.names() == ["Rain_1.flac", "Rain_2.flac"]
    info = inspect(desk.out / "Rain_1.flac")
    assert (info.format, info.bit_depth, info.sample_rate_hz, info.channels) == (
        AudioFormat.FLAC,
        BitDepth.INT24,
        44_100,
        1,
    )
    assert not dialog.isVisible()
    assert desk.remembered[0].format is AudioFormat.FLAC
    assert desk.remembered[0].folder == desk.out


async def test_the_name_is_shown_while_it_is_typed(desk: Desk) -> None:
    dialog = await desk.open()

    type_into(control(dialog, "name"), "door {number:03}")
    await desk.settle(dialog)

    assert dialog.preview.names == ["door 001.wav", "door 002.wav"]


async def test_a_field_can_be_added_to_the_name(desk: Desk) -> None:
    dialog = await desk.open()

    dialog.form._add_field("seed")
    await desk.settle(dialog)

    assert control(dialog, "name").text() == "{prompt}_{take}{seed}"


async def test_a_problem_stands_at_its_field_and_closes_the_button(desk: Desk) -> None:
    dialog = await desk.open()

    type_into(control(dialog, "name"), "{nonsense}")
    await desk.settle(dialog)

    assert "There is no field {nonsense}" in (dialog.form.rows["name"].error() or "")
    assert not button(dialog, "Export 2 files").isEnabled()
    type_into(control(dialog, "name"), "{take}")
    await desk.settle(dialog)
    assert dialog.form.rows["name"].error() is None
    assert button(dialog, "Export 2 files").isEnabled()


async def test_without_a_folder_nothing_is_written(desk: Desk) -> None:
    dialog = await desk.open()

    control(dialog, "folder").clear()
    await desk.settle(dialog)

    assert dialog.form.rows["folder"].error() == "No folder is chosen for the files."


async def test_an_existing_file_is_never_replaced_silently(desk: Desk) -> None:
    (desk.out / "Rain_2.wav").write_bytes(b"mine")
    dialog = await desk.open()

    assert dialog.preview.names == ["Rain_1.wav", "Rain_2 2.wav"]
    assert dialog.preview.notes == ["This name exists. The new file is saved as “…Rain_2 2.wav”."]
    await desk.export(dialog)

    assert (desk.out / "Rain_2.wav").read_bytes() == b"mine"
    assert desk.names() == ["Rain_1.wav", "Rain_2 2.wav", "Rain_2.wav"]


async def test_an_existing_file_is_replaced_when_that_was_wanted(desk: Desk) -> None:
    (desk.out / "Rain_2.wav").write_bytes(b"old")
    dialog = await desk.open()

    press(dialog, "Replace instead")
    await desk.settle(dialog)
    assert dialog.preview.names == ["Rain_1.wav", "Rain_2.wav"]
    assert dialog.preview.notes == ["The file of this name will be replaced."]
    await desk.export(dialog)

    assert desk.names() == ["Rain_1.wav", "Rain_2.wav"]
    assert inspect(desk.out / "Rain_2.wav").frames == RATE_HZ


async def test_replacing_one_file_leaves_the_others_alone(desk: Desk) -> None:
    for number in (1, 2):
        (desk.out / f"Rain_{number}.wav").write_bytes(b"mine")
    dialog = await desk.open()

    press(dialog, "Replace instead")
    await desk.settle(dialog)
    assert dialog.preview.names == ["Rain_1.wav", "Rain_2 2.wav"]
    press(dialog, "Keep both")
    await desk.settle(dialog)

    assert dialog.preview.names == ["Rain_1 2.wav", "Rain_2 2.wav"]


async def test_what_happens_to_existing_files_is_chosen_for_all_and_for_one(desk: Desk) -> None:
    for number in (1, 2):
        (desk.out / f"Rain_{number}.wav").write_bytes(b"mine")
    dialog = await desk.open()

    take_choice(dialog._existing, "skip")
    await desk.settle(dialog)
    assert dialog.preview.notes == ["This name exists and stays; this take isn’t written."] * 2
    take_choice(dialog._existing, "replace")
    await desk.settle(dialog)
    assert dialog.preview.notes == ["The file of this name will be replaced."] * 2
    press(dialog, "Keep both")
    await desk.settle(dialog)
    await desk.export(dialog)

    assert (desk.out / "Rain_1.wav").read_bytes() == b"mine"
    assert desk.names() == ["Rain_1 2.wav", "Rain_1.wav", "Rain_2.wav"]
    assert inspect(desk.out / "Rain_2.wav").frames == RATE_HZ


async def test_a_loudness_shows_how_much_quieter_it_gets(desk: Desk) -> None:
    dialog = await desk.open(count=1)

    choose_level(dialog, "loudness", "-18")
    await desk.settle(dialog)

    line = dialog.preview._lines[0]
    assert line._loudness.text() == "−12.8 → −18.0 LUFS"
    assert line._gain.text() == "−5.2 dB"
    assert control(dialog, "true_peak").current_text() == "at most −1.0 dBTP"


async def test_a_loudness_that_cannot_be_reached_is_told_beforehand(desk: Desk) -> None:
    loud = replace(desk.task.takes[0], measures=measures_of(-20.0, -2.0))
    desk.task = replace(desk.task, takes=(loud,))
    dialog = await desk.open(count=1, loudness_lufs=-16.0)

    assert dialog.preview.notes == ["Take 1 reaches −19.0 LUFS only: more would pass −1.0 dBTP."]


@pytest.mark.parametrize("audio_format", list(AudioFormat))
async def test_every_format_can_be_written_from_the_fields_as_they_stand(desk: Desk, audio_format: AudioFormat) -> None:
    dialog = await desk.open(count=1, sample_rate_hz=44_100)

    take_choice(control(dialog, "format"), audio_format.value)
    await desk.settle(dialog)
    assert [row.error() for row in dialog.form.rows.values() if row.error()] == []
    await desk.export(dialog)

    assert inspect(desk.out / f"Rain_1{audio_format.suffix}").format is audio_format


async def test_a_lossy_format_asks_for_a_bit_rate_instead_of_a_depth(desk: Desk) -> None:
    dialog = await desk.open(count=1)
    take_choice(control(dialog, "format"), "mp3")

    assert not dialog.form.rows["bit_depth"].isVisible()
    take_choice(control(dialog, "bitrate"), "192")
    assert dialog.settings().bitrate_kbps == 192
    assert dialog.settings().bit_depth is None
    take_choice(control(dialog, "format"), "flac")
    assert dialog.settings().bitrate_kbps is None
    assert dialog.settings().bit_depth is BitDepth.INT16


PART = LoopRegion(RATE_HZ // 4, RATE_HZ * 3 // 4)
EDIT = ClipEdit(4_800, 38_400, 480, 960, FadeShape.LINEAR)


async def test_without_a_selection_or_an_edit_there_is_no_question_of_parts(desk: Desk) -> None:
    dialog = await desk.open(count=1)

    assert not dialog.part.row.isVisible()


async def test_what_is_selected_is_written_unless_the_whole_is_wanted(desk: Desk) -> None:
    dialog = await desk.open(count=1, region=PART)
    assert dialog.part.row._beside.text() == "0.250 – 0.750 s"
    await desk.export(dialog)
    dialog = await desk.open(count=1, region=PART)
    press(dialog, "Whole take")
    await desk.settle(dialog)
    desk.results.clear()
    await desk.export(dialog)

    assert inspect(desk.out / "Rain_1.wav").frames == RATE_HZ // 2
    assert inspect(desk.out / "Rain_1 2.wav").frames == RATE_HZ
    assert [each.start_s for each in desk.remembered] == [None, None]


async def test_a_trimmed_clip_brings_its_fades_into_the_fields_and_they_belong_to_it_alone(desk: Desk) -> None:
    dialog = await desk.open(count=1, edits=[EDIT], fade_in_s=0.2)
    texts = [control(dialog, field).current_text() for field in ("fade_in", "fade_out", "fade_shape")]
    assert texts == ["10 ms", "20 ms", "Linear"]

    await desk.export(dialog)
    samples, _rate = soundfile.read(desk.out / "Rain_1.wav", always_2d=True)
    whole, _rate = soundfile.read(desk.takes_folder / "1.wav", always_2d=True)

    expected = whole[EDIT.start : EDIT.end].copy()
    expected[: EDIT.fade_in] *= (np.arange(EDIT.fade_in) / EDIT.fade_in)[:, None]
    expected[-EDIT.fade_out :] *= (np.arange(EDIT.fade_out)[::-1] / EDIT.fade_out)[:, None]
    assert samples.shape == expected.shape
    assert np.abs(samples - expected).max() < 2**-14
    assert (desk.remembered[0].fade_in_s, desk.remembered[0].fade_out_s) == (0.2, 0.0)


async def test_fades_of_a_clip_can_be_changed_for_one_export(desk: Desk) -> None:
    dialog = await desk.open(count=1, edits=[EDIT])

    take_choice(control(dialog, "fade_in"), "0")
    await desk.settle(dialog)
    (planned,) = dialog.plan

    assert (planned.settings.fade_in_s, planned.settings.fade_out_s) == (0.0, 0.02)
    press(dialog, "Whole take")
    await desk.settle(dialog)
    (planned,) = dialog.plan
    assert (planned.settings.start_s, planned.settings.fade_out_s) == (None, 0.0)


async def test_several_takes_are_each_written_as_they_were_trimmed(desk: Desk) -> None:
    dialog = await desk.open(region=PART, edits=[EDIT])
    assert "Selection" not in [each.text() for each in dialog.findChildren(QAbstractButton)]

    await desk.export(dialog)

    assert inspect(desk.out / "Rain_1.wav").frames == EDIT.frames_in(RATE_HZ)
    assert inspect(desk.out / "Rain_2.wav").frames == RATE_HZ


async def test_a_gain_is_said_in_decibels_and_shown_before(desk: Desk) -> None:
    dialog = await desk.open(count=1)

    choose_level(dialog, "gain", "-6.5")
    await desk.settle(dialog)

    assert dialog.preview._lines[0]._gain.text() == "−6.5 dB"
    assert dialog.preview._lines[0]._loudness.text() == "−12.8 → −19.3 LUFS"
    await desk.export(dialog)
    samples, _rate = soundfile.read(desk.out / "Rain_1.wav")
    whole, _rate = soundfile.read(desk.takes_folder / "1.wav")
    assert 20 * np.log10(np.abs(samples).max() / np.abs(whole).max()) == pytest.approx(-6.5, abs=0.01)
    assert desk.remembered[0].gain_db == -6.5


async def test_a_sample_peak_may_go_with_a_ceiling_and_a_true_peak_is_its_own(desk: Desk) -> None:
    dialog = await desk.open(count=1)

    choose_level(dialog, "peak", "-0.5")
    take_choice(control(dialog, "true_peak"), "-2")
    await desk.settle(dialog)
    settings = dialog.settings()
    assert (settings.peak_dbfs, settings.true_peak_dbtp) == (-0.5, -2.0)
    choose_level(dialog, "true-peak", "-1.5")
    await desk.settle(dialog)
    settings = dialog.settings()

    assert (settings.peak_dbfs, settings.true_peak_dbtp) == (-1.5, -1.5)
    assert not control(dialog, "true_peak").isEnabled()


async def test_a_number_that_is_none_closes_the_button_until_it_is_mended(desk: Desk) -> None:
    dialog = await desk.open(count=1)

    choose_level(dialog, "loudness", "loud")
    await desk.settle(dialog)
    assert "“loud” is not a number" in (dialog.form.rows["level"].error() or "")
    assert not button(dialog, "Export 1 file").isEnabled()
    type_number(dialog, "-20")
    await desk.settle(dialog)

    assert dialog.form.rows["level"].error() is None
    assert button(dialog, "Export 1 file").isEnabled()


@pytest.mark.parametrize(("audio_format", "best"), [("mp3", "V0, the best"), ("ogg", "Quality 10, the best")])
async def test_a_variable_bit_rate_is_chosen_by_its_quality(desk: Desk, audio_format: str, best: str) -> None:
    dialog = await desk.open(count=1, format=AudioFormat(audio_format), quality=4.0)
    assert dialog.settings().quality == 4.0

    choice = control(dialog, "bitrate")
    key = next(key for key, option in choice._options.items() if option.text == best)
    take_choice(choice, key)
    await desk.settle(dialog)

    assert (dialog.settings().quality, dialog.settings().bitrate_kbps) == (0.0 if audio_format == "mp3" else 10.0, None)
    await desk.export(dialog)
    assert desk.remembered[0].quality == dialog.settings().quality


async def test_a_failed_file_is_told_at_its_line_and_the_dialog_stays(desk: Desk) -> None:
    dialog = await desk.open()
    (desk.takes_folder / "2.wav").write_bytes(b"broken")

    await desk.export(dialog)
    await until(lambda: not dialog.is_exporting)

    assert dialog.isVisible()
    assert len(dialog.preview.notes) == 1
    assert desk.names() == ["Rain_1.wav"]


async def test_esc_stops_a_running_export_first_and_leaves_no_half_file(desk: Desk) -> None:
    write_tone(desk.takes_folder / "1.wav", frames=RATE_HZ * 90)
    long = take_of(desk.takes_folder / "1.wav")
    desk.task = replace(desk.task, takes=(long,))
    dialog = await desk.open(count=1, format=AudioFormat.MP3)
    fractions: list[float] = []
    watched = dialog._on_progress
    dialog._on_progress = lambda progress: (fractions.append(progress.fraction), watched(progress))  # type: ignore[method-assign, assignment]
    press(dialog, "Export 1 file")
    await until(lambda: fractions)
    assert dialog.is_exporting
    assert not button(dialog, "Export 1 file").isEnabled()
    assert not dialog._existing_row.isEnabled()

    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    await until(lambda: not dialog.is_exporting)

    assert dialog.isVisible()
    assert desk.results == []
    await until(lambda: desk.names() == [])
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


async def test_what_is_written_is_what_the_fields_said_at_the_click(desk: Desk) -> None:
    dialog = await desk.open(count=1)
    control(dialog, "name").setText("last word")

    await desk.export(dialog)

    assert desk.names() == ["last word.wav"]


async def test_the_folder_dialog_is_qts_own_and_fills_the_field(desk: Desk) -> None:
    dialog = await desk.open()

    press(dialog, "Choose a folder")
    (picker,) = dialog.findChildren(QFileDialog)
    assert picker.testOption(QFileDialog.Option.DontUseNativeDialog)
    assert picker.isVisible()
    picker.fileSelected.emit(str(desk.takes_folder))
    picker.reject()
    await desk.settle(dialog)

    assert dialog.settings().folder == desk.takes_folder


async def test_the_settings_of_the_last_time_stand_in_the_fields(desk: Desk) -> None:
    dialog = await desk.open(
        format=AudioFormat.OPUS,
        bitrate_kbps=96,
        channels=1,
        loudness_lufs=-23.0,
        true_peak_dbtp=-2.0,
        writes_tags=False,
    )

    again = dialog.settings()

    assert (again.format, again.bitrate_kbps, again.channels) == (AudioFormat.OPUS, 96, 1)
    assert (again.loudness_lufs, again.true_peak_dbtp, again.writes_tags) == (-23.0, -2.0, False)
    assert control(dialog, "sample_rate").value() == AS_IT_IS


async def test_a_hundred_takes_show_some_and_count_the_rest(desk: Desk) -> None:
    desk.task = replace(desk.task, takes=tuple(replace(desk.task.takes[0], number=n) for n in range(1, 101)))

    dialog = await desk.open(count=100)

    assert dialog.preview.summary.startswith("What you get: 100 files")
    assert len(dialog.preview.names) == 30
    assert dialog.preview._more.text() == "and 70 more files"


async def test_wav_sizes_are_exact(desk: Desk) -> None:
    dialog = await desk.open(count=1, bit_depth=BitDepth.INT24, writes_tags=False)
    settings = dialog.settings()
    info = desk.task.takes[0].info
    assert info is not None

    samples, rate = soundfile.read(desk.takes_folder / "1.wav")
    soundfile.write(desk.out / "check.wav", samples, rate, subtype="PCM_24")

    assert size_bytes(info, settings) == pytest.approx((desk.out / "check.wav").stat().st_size, abs=64)


@given(
    st.sampled_from(AudioFormat),
    st.integers(1, 10**9),
    st.one_of(st.none(), st.floats(0, 1e6)),
    st.one_of(st.none(), st.floats(0, 1e6)),
)
def test_no_size_is_negative(audio_format: AudioFormat, frames: int, start: float | None, end: float | None) -> None:
    info = AudioInfo(AudioFormat.WAV, 48_000, 2, frames, BitDepth.INT24)

    assert size_bytes(info, ExportSettings(format=audio_format, start_s=start, end_s=end)) >= 0


def test_sizes_are_read_in_thousands() -> None:
    assert [size_text(size) for size in (1, 820_000, 7_400_000, 1_200_000_000)] == [
        "1 KB",
        "820 KB",
        "7.4 MB",
        "1.2 GB",
    ]


async def test_leaving_while_it_plans_harms_nobody(desk: Desk) -> None:
    dialog = await desk.open()
    control(dialog, "name").setText("x")

    dialog.reject()
    await asyncio.sleep(0)
    await until(lambda: len(desk.background) == 0)

    assert desk.errors == []


async def test_trimmed_silence_and_fades_are_chosen_and_remembered(desk: Desk) -> None:
    dialog = await desk.open(count=1, silence_dbfs=-65.0)

    take_choice(control(dialog, "fade_in"), "0.05")
    take_choice(control(dialog, "fade_out"), "0.1")
    take_choice(control(dialog, "fade_shape"), "s-curve")
    await desk.settle(dialog)
    await desk.export(dialog)

    ((exported,), (remembered,)) = desk.results[0], desk.remembered
    samples, _rate = soundfile.read(exported.path, always_2d=True)
    assert control(dialog, "silence").current_text() == "Trim below −65.0 dBFS"
    assert (remembered.silence_dbfs, remembered.fade_in_s, remembered.fade_out_s) == (-65.0, 0.05, 0.1)
    assert remembered.fade_shape is FadeShape.S_CURVE
    assert abs(samples[[0, -1]]).max() < 1e-3
    assert abs(samples).max() > 0.1


async def test_the_shape_of_fades_can_be_chosen_where_there_is_one(desk: Desk) -> None:
    dialog = await desk.open()

    before = control(dialog, "fade_shape").isEnabled()
    take_choice(control(dialog, "fade_out"), "0.5")

    assert not before
    assert control(dialog, "fade_shape").isEnabled()


async def test_fades_longer_than_the_take_are_marked_at_their_field(desk: Desk) -> None:
    dialog = await desk.open(fade_in_s=5.0)

    take_choice(control(dialog, "fade_out"), "5")
    await desk.settle(dialog)

    assert dialog.form.rows["fade_out"].error().startswith("The fades together take 10.000 s; the sound is ")
    assert dialog.plan == ()


async def test_no_loudness_is_foretold_of_a_take_whose_ends_change(desk: Desk) -> None:
    dialog = await desk.open(count=1, loudness_lufs=-16.0, fade_out_s=0.1)

    assert dialog.preview._lines[0]._gain.text() == ""
    assert dialog.preview.notes == []


async def test_a_momentary_loudness_is_chosen_among_the_others(desk: Desk) -> None:
    dialog = await desk.open(count=1, momentary_lufs=-14.0)

    settings = dialog.settings()

    assert control(dialog, "level").current_text() == "Momentary"
    assert dialog.form._levels.number.text() == "−14.0 LUFS"
    assert control(dialog, "true_peak").current_text() == "at most −1.0 dBTP"
    assert (settings.momentary_lufs, settings.loudness_lufs, settings.peak_dbfs) == (-14.0, None, None)
    choose_level(dialog, "loudness", "-16")
    await desk.settle(dialog)
    assert (dialog.settings().momentary_lufs, dialog.settings().loudness_lufs) == (None, -16.0)


async def test_the_first_export_goes_beside_the_clips_that_are_dragged_out(desk: Desk) -> None:
    clips = Locations.from_environment({}).handed_over

    dialog = await desk.open(folder=None)

    assert control(dialog, "folder").text() == str(clips.parent)


async def test_headings_stand_above_their_columns_with_and_without_a_scroll_bar(desk: Desk) -> None:
    take = desk.task.takes[0]
    takes = tuple(replace(take, id=f"{desk.task.id}-{number}", number=number) for number in range(1, 21))
    desk.task = replace(desk.task, takes=takes)
    for count in (1, len(takes)):
        preview = (await desk.open(count=count)).preview
        bar = preview._scroller.verticalScrollBar()
        await until(lambda bar=bar, count=count: bar.isVisible() == (count > 1))
        heading, column = (
            each.mapTo(preview, each.rect().topRight()).x() for each in (preview._loudness, preview._lines[0]._loudness)
        )
        assert heading == column, count


async def test_a_name_that_an_earlier_take_gets_is_not_offered_to_be_replaced(desk: Desk) -> None:
    dialog = await desk.open(name="same")
    assert dialog.preview.notes == ["An earlier take gets this name. The new file is saved as “…same 2.wav”."]
    with pytest.raises(AssertionError, match="no button"):
        button(dialog, "Replace instead")

    await desk.export(dialog)
    again = await desk.open(name="same")

    assert [note.split(".")[0] for note in again.preview.notes] == [
        "This name exists",
        "An earlier take gets this name",
    ]
    press(again, "Replace instead")
    await desk.settle(again)
    assert again.preview.names == ["same.wav", "same 4.wav"]
