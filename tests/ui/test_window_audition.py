"""Clips and samples of voices in the whole window: beside the takes, on the same device, and silenced by Esc."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt

from app.audio.player_events import Monitor, PlayerState
from app.domain.draft import Draft
from app.domain.request import InputFile
from app.ui.item_models.voices import VoiceItemModel
from app.ui.reference_row import ReferenceRow
from tests.fakes.sounds import RATE_HZ, tone
from tests.ui.waiting import until
from tests.ui.window_world import in_a_window

SEED_AUDIO = ("runware", "bytedance:seed-audio@1.0")


def clip(path: Path) -> Path:
    path.write_bytes(tone(1, frames=2 * RATE_HZ))
    return path


async def with_clip(world, file: InputFile) -> ReferenceRow:
    window = world.window
    window.column.show_draft(Draft("x", references=(file,)))
    window.generating.choose(world.services.catalogue.spec(*SEED_AUDIO))
    await world.settle()
    return window.column.findChild(ReferenceRow)


async def heard(world) -> Path:
    """What sounds beside the takes."""
    beside = world.window.audition.transport
    await until(lambda: beside.is_playing)
    assert beside._player is not None
    path = beside._player.path
    assert path is not None
    return path


@in_a_window
async def test_a_clip_is_heard_and_a_take_silences_it(world, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    task = await world.make("rain", takes=1, seconds=2)
    path = clip(tmp_path / "skipper.wav")
    row = await with_clip(world, InputFile(path))
    world.window.transport.set_gain(-12)

    world.button("Play @Audio1", row).click()
    assert await heard(world) == path
    assert row._play.icon_name == "pause"

    world.select(task, 1)
    await until(lambda: world.window.preview.take is not None)
    world.window.preview.toggle_play()
    await until(lambda: world.window.transport.is_playing)

    assert world.window.audition.sounding is None
    assert row._play.icon_name == "play"


@in_a_window
async def test_a_clip_silences_the_take(world, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    task = await world.make("rain", takes=1, seconds=2)
    row = await with_clip(world, InputFile(clip(tmp_path / "skipper.wav")))
    world.select(task, 1)
    await until(lambda: world.window.preview.take is not None)
    world.window.preview.toggle_play()
    await until(lambda: world.window.transport.is_playing)

    row.play_wanted.emit()
    await heard(world)

    await until(lambda: world.window.transport.state is PlayerState.PAUSED)


@in_a_window
async def test_esc_silences_a_clip(world, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    row = await with_clip(world, InputFile(clip(tmp_path / "skipper.wav")))
    row.play_wanted.emit()
    await heard(world)

    world.key(Qt.Key.Key_Escape)

    assert world.window.audition.sounding is None


@in_a_window
async def test_of_an_earlier_request_the_copy_is_heard_when_the_original_has_gone(world, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    path = clip(tmp_path / "skipper.wav")
    file = await world.services.files.adopt_input(InputFile(path))
    path.unlink()
    row = await with_clip(world, file)

    row.play_wanted.emit()

    assert await heard(world) == world.services.files.input_path(file.sha256)
    assert world.window.audition.sounding == path


@in_a_window
async def test_a_clip_that_has_gone_is_told_in_the_message_bar_and_not_blamed_on_the_device(
    world, tmp_path, monkeypatch
):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    path = clip(tmp_path / "skipper.wav")
    row = await with_clip(world, InputFile(path))
    path.unlink()

    row.play_wanted.emit()
    await until(lambda: "skipper.wav can’t be played" in world.window.messages.text)

    assert world.window.audition.sounding is None
    assert not world.window.output._is_missing


@in_a_window
async def test_a_clip_that_is_removed_falls_silent(world, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    row = await with_clip(world, InputFile(clip(tmp_path / "skipper.wav")))
    row.play_wanted.emit()
    await heard(world)

    row.remove_wanted.emit()

    assert world.window.audition.sounding is None


@in_a_window
async def test_both_players_have_the_device_the_volume_and_the_monitor_of_the_window(world, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    world.window.output._volume.setValue(40)
    row = await with_clip(world, InputFile(clip(tmp_path / "skipper.wav")))
    device = replace(world.card.devices[0], name="Headphones", is_default=False)
    world.card.devices.append(device)

    world.window.output.device_chosen.emit(device)
    for _ in range(3):
        world.window.preview.bar.monitor.step()
    row.play_wanted.emit()
    await heard(world)

    assert world.card.opened[-1] == device
    assert world.window.audition.transport._gain_db == world.window.output.volume_db
    assert world.window.output.volume_db < -1
    assert world.window.audition.transport._monitor is Monitor.MONO


@in_a_window
async def test_f_over_the_voices_marks_a_voice_and_no_take(world):
    task = await world.make("rain", takes=1)
    world.select(task, 1)
    await until(lambda: world.window.library.table.currentIndex().isValid())
    world.window.generating.choose(world.spec("speech"))
    chooser = world.window.column.voice.chooser
    await until(lambda: chooser.list.items.rowCount())
    chooser.list.setFocus(Qt.FocusReason.TabFocusReason)
    world.key(Qt.Key.Key_End)
    last = world.window.column.request().voice

    world.key(Qt.Key.Key_F)
    await world.settle()

    assert await world.services.favourite_voices.of("local") == {last}
    assert not (await world.services.library.task(task.id)).takes[0].is_favourite


@in_a_window
async def test_enter_lets_a_built_in_voice_speak_without_an_account(world):
    world.window.generating.choose(world.spec("speech"))
    chooser = world.window.column.voice.chooser
    await until(lambda: chooser.list.items.rowCount())
    chooser.list.setFocus(Qt.FocusReason.TabFocusReason)
    world.key(Qt.Key.Key_Down)

    world.key(Qt.Key.Key_Return)
    path = await heard(world)
    chosen = world.window.column.request().voice

    assert path.parent == world.services.locations.voice_samples
    assert world.window.audition.sounding == ("local", chosen)
    assert chooser.list.items.index_of(chosen).data(VoiceItemModel.IS_SOUNDING)
