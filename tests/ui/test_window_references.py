"""Clips in the whole window: read from the disk off this thread, and back at the next start."""

from __future__ import annotations

import soundfile
from PySide6.QtCore import Qt

from app.domain.request import InputFile
from app.ui.reference_row import ReferenceRow
from app.ui.wave_scale import WaveScale
from tests.fakes.sounds import RATE_HZ, tone
from tests.ui.accessibility import name
from tests.ui.waiting import until
from tests.ui.window_world import in_a_window, opened

SEED_AUDIO = ("runware", "bytedance:seed-audio@1.0")


@in_a_window
async def test_a_clip_is_read_and_comes_back_at_the_next_start(world, tmp_path, qapp, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    path = tmp_path / "skipper.wav"
    path.write_bytes(tone(1, frames=2 * RATE_HZ))
    column = world.window.column
    world.window.generating.choose(world.services.catalogue.spec(*SEED_AUDIO))

    column.voice.references.add([path])
    await until(lambda: column.draft.references)
    row = column.findChild(ReferenceRow)
    await until(lambda: row._picture._levels)

    assert name(row.card) == "@Audio1, skipper, 0:02.0, clip 1 of 1"
    await world.settle()
    await world.end()
    async with opened(qapp, tmp_path / "home") as again:
        column = again.window.column
        assert (column.spec.provider, column.spec.id) == SEED_AUDIO
        assert column.request().references == (InputFile(path),)


@in_a_window
async def test_a_long_clip_is_trimmed_on_the_disk(world, tmp_path):
    path = tmp_path / "skipper.wav"
    path.write_bytes(tone(1, frames=31 * RATE_HZ))
    column = world.window.column
    world.window.generating.choose(world.services.catalogue.spec(*SEED_AUDIO))
    column.voice.references.add([path])
    await until(lambda: column.draft.references)

    world.button("Trim to 0:30").click()
    await until(lambda: column.draft.references[0].path != path)

    (short,) = column.draft.references
    assert soundfile.info(short.path).frames == 30 * RATE_HZ
    assert world.window.messages.text == "skipper trimmed."
    (row,) = (each for each in column.findChildren(ReferenceRow) if each.isVisible())
    assert name(row.card) == "@Audio1, skipper, 0:30.0, clip 1 of 1"


@in_a_window
async def test_a_removed_clip_comes_back_by_the_message_or_by_keys(world, tmp_path):
    path = tmp_path / "skipper.wav"
    path.write_bytes(tone(1, frames=2 * RATE_HZ))
    column = world.window.column
    world.window.generating.choose(world.services.catalogue.spec(*SEED_AUDIO))
    column.voice.references.add([path])
    await until(lambda: column.draft.references)

    world.button("Remove @Audio1").click()
    assert world.window.messages.text == "skipper removed."
    world.button("Undo").click()
    by_message = column.draft.references
    world.button("Remove @Audio1").click()
    world.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    by_keys = column.draft.references
    column.findChild(ReferenceRow).setFocus()
    world.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)

    assert by_message == by_keys == (InputFile(path),)
    assert column.draft.references == ()


@in_a_window
async def test_scale_snapping_and_colours_of_the_waveform_come_back_at_the_next_start(
    world, tmp_path, qapp, monkeypatch
):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    world.window.preview.waveform.toggle_scale()
    world.window.preview.waveform.toggle_snapping()
    world.window.spectrogram.restore_range((-90.0, -30.0))

    await world.end()

    async with opened(qapp, tmp_path / "home") as again:
        waveform = again.window.preview.waveform
        assert waveform.scale is WaveScale.DECIBELS
        assert waveform.selection.is_snapping
        assert again.window.spectrogram.range == (-90, -30)


@in_a_window
async def test_a_model_that_no_list_has_comes_back_at_the_next_start(world, tmp_path, qapp, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    world.window.generating.choose(world.services.catalogue.spec("runware", "acme:drone@2"))

    await world.end()

    async with opened(qapp, tmp_path / "home") as again:
        assert again.window.column.spec.id == "acme:drone@2"
        assert again.window.column.spec.is_unlisted
