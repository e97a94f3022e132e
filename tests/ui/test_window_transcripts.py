"""Transcriptions in the whole window: ways in, rows, the words beside the waveform, files, and every key."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from app.audio.player_events import PlayerState
from app.domain.errors import OutcomeUnknown, RequestRejected
from app.domain.request import GenerationRequest, TranscriptionRequest
from app.domain.task import TaskState
from app.domain.transcript import Segment, Transcript, TranscriptFormat
from app.domain.transcription_draft import TranscriptionDraft
from app.storage.ledger import Ceilings
from app.storage.library_index import Filter, SortKey
from app.ui.dialog import Dialog
from app.ui.main_menu import MainMenu
from app.ui.price_question import PriceQuestion
from app.ui.row_menu import RowMenu
from app.ui.services_dialog import ServicesDialog
from app.ui.shortcuts import BINDINGS, Deed
from app.ui.transcribe_dialog import TranscribeDialog
from tests.fakes.scripted import Script
from tests.ui.transcribing_world import (
    RATE_HZ,
    TALK,
    able,
    add_transcriber,
    dialog_of,
    labels,
    recording,
    show,
    transcribed,
)
from tests.ui.waiting import until
from tests.ui.window_world import in_a_window, opened

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NO_KEYCHAIN = "keyring.backends.null.Keyring"  # whoever runs the tests keeps their keys to themselves


@pytest.fixture(autouse=True)
def no_keychain(monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NO_KEYCHAIN)


def row_of(world, task):
    return world.window.library.items.row(world.row_of(task.id))


def open_dialogs(world):
    return [each for each in world.window.window.findChildren(TranscribeDialog) if each.isVisible()]


async def the_only_task(world):
    items = world.window.library.items
    await until(lambda: items.rowCount() == 1 and items.row(0) is not None)
    await world.services.queue.wait_until_idle()
    task = await world.services.library.task(items.row(0).task.id)
    await show(world, task)
    world.window.window.activateWindow()
    await until(world.window.window.isActiveWindow)
    return await world.services.library.task(task.id)


# Ways in


@in_a_window
async def test_a_dropped_recording_becomes_a_transcript(world, tmp_path):
    service = add_transcriber(world)
    path, library = recording(tmp_path), world.window.library
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    where, button, none = QPointF(60, 80), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(60, 80), Qt.DropAction.CopyAction, data, button, none)
    QApplication.sendEvent(library, enter)
    assert enter.isAccepted()
    assert world.window.drop._veil.isVisible()

    QApplication.sendEvent(library, QDropEvent(where, Qt.DropAction.CopyAction, data, button, none))
    dialog = await dialog_of(world)

    assert not world.window.drop._veil.isVisible()
    assert "interview.wav" in labels(dialog)
    assert "0:02" in labels(dialog)
    dialog._go.click()
    task = await the_only_task(world)
    assert task.state is TaskState.FINISHED
    assert len(service.charges) == 1
    assert world.window.messages.text.startswith("Transcript saved. Billed")
    assert open_dialogs(world) == []


@in_a_window
async def test_several_dropped_files_are_not_guessed_at(world, tmp_path):
    add_transcriber(world)

    world.window.drop.brought.emit([recording(tmp_path), recording(tmp_path, "second.wav")])
    await world.settle()

    assert "One recording at a time" in world.window.messages.text
    assert open_dialogs(world) == []


@in_a_window
async def test_a_take_is_transcribed_from_its_row(world):
    add_transcriber(world)
    made = await world.make("A boat in a storm", takes=2)
    world.select(made, 2)
    await until(lambda: world.window.library.current_take() and world.window.library.current_take().number == 2)
    menu = RowMenu(world.window.library)
    entry = next(action for action in menu.actions() if action.text() == "Transcribe…")
    assert entry.isEnabled()

    entry.trigger()
    dialog = await dialog_of(world)

    assert "Take 2 of “A boat in a storm”" in labels(dialog)
    assert dialog.recording.audio.path == world.services.files.path(made.takes[1].file)
    dialog.reject()


@in_a_window
async def test_the_menu_leads_to_a_file(world, tmp_path):
    add_transcriber(world)
    menu = MainMenu(world.window)
    next(action for action in menu.actions() if action.text() == "Transcribe a file…").trigger()
    picker = world.window.window.findChild(QFileDialog)
    assert picker.isVisible()

    picker.fileSelected.emit(str(recording(tmp_path)))
    picker.close()

    assert "interview.wav" in labels(await dialog_of(world))
    open_dialogs(world)[0].reject()


@in_a_window
async def test_what_was_set_comes_back_the_next_time_and_at_the_next_start(world, tmp_path, qapp):
    add_transcriber(world, [able(), able("beta", "clerk", "Clerk", has_redact=True)])
    world.window.transcribing.ask(recording(tmp_path))
    dialog = await dialog_of(world)
    dialog._model._take("beta\0clerk")
    dialog.form._language._take("de")
    dialog.form._redact.click()
    dialog.reject()

    world.window.transcribing.ask(recording(tmp_path))
    again = await dialog_of(world)
    assert (again.spec.id, again.draft.language, again.draft.redact) == ("clerk", "de", True)
    again.reject()
    await world.end()

    async with opened(qapp, tmp_path / "home") as later:
        draft = later.window.transcribing.draft
        assert (draft.provider, draft.model, draft.language, draft.redact) == ("beta", "clerk", "de", True)


# The click


@in_a_window
async def test_a_refused_request_is_told_in_the_dialog_and_nothing_is_charged(world, tmp_path):
    service = add_transcriber(world, [able(largest_bytes=20_000, suffixes=(".wav",))])
    world.window.transcribing.ask(recording(tmp_path))
    dialog = await dialog_of(world)

    dialog._go.click()
    await world.settle()

    assert "may have 0 MB" in dialog._audio_row.error()
    assert dialog._go.isEnabled()
    assert len(service.charges) == 0
    dialog.reject()


@in_a_window
async def test_one_question_is_asked_and_one_charge_made_however_often_buttons_are_pressed(world, tmp_path):
    service = add_transcriber(world, [able(price=None)])
    world.window.transcribing.ask(recording(tmp_path))
    dialog = await dialog_of(world)
    dialog._go.click()
    dialog._go.click()
    questions = [each for each in dialog.findChildren(PriceQuestion) if each.isVisible()]
    assert len(questions) == 1

    dialog.reject()  # behind the question
    questions[0].accept()
    await world.settle()
    assert len(service.charges) == 0

    world.window.transcribing.ask(recording(tmp_path))
    dialog = await dialog_of(world)
    dialog._go.click()
    question = next(each for each in dialog.findChildren(PriceQuestion) if each.isVisible())
    yes = world.button("Transcribe, price unknown", question)
    yes.click()
    yes.click()
    await the_only_task(world)
    await world.settle()
    assert len(service.charges) == 1


@in_a_window
async def test_an_unknown_price_asks_once_a_model(world, tmp_path):
    service = add_transcriber(world, [able(price=None)])
    world.window.transcribing.ask(recording(tmp_path))
    dialog = await dialog_of(world)
    dialog._go.click()
    question = dialog.findChild(PriceQuestion)
    assert "Transcribe anyway?" in labels(question)
    world.button("Cancel", question).click()
    await world.settle()
    assert len(service.charges) == 0

    dialog._go.click()
    question = next(each for each in dialog.findChildren(PriceQuestion) if each.isVisible())
    world.button("Transcribe, price unknown", question).click()
    task = await the_only_task(world)
    assert task.accepts_unknown_price
    assert len(service.charges) == 1

    world.window.transcribing.ask(recording(tmp_path))
    dialog = await dialog_of(world)
    dialog._go.click()
    await until(lambda: not open_dialogs(world))
    await world.services.queue.wait_until_idle()
    assert len(service.charges) == 2


@in_a_window
async def test_a_spending_limit_is_told_in_the_dialog(world, tmp_path):
    from decimal import Decimal

    service = add_transcriber(world)
    world.services.spending.ceilings = Ceilings(day=Decimal("0.00001"))
    world.window.transcribing.ask(recording(tmp_path))
    dialog = await dialog_of(world)

    dialog._go.click()
    await world.settle()

    assert "limit" in dialog._trouble.text()
    assert len(service.charges) == 0
    dialog.reject()


@in_a_window
async def test_calling_it_off_while_the_recording_is_made_ready_sends_nothing(world, tmp_path):
    service = add_transcriber(world)
    world.window.transcribing.ask(recording(tmp_path))
    dialog = await dialog_of(world)

    dialog._go.click()
    dialog.reject()
    await world.settle()
    await world.services.queue.wait_until_idle()

    assert len(service.charges) == 0
    tasks = await world.services.store.tasks()
    assert {task.state for task in tasks} <= {TaskState.CANCELLED}


@in_a_window
async def test_without_a_key_the_button_leads_to_the_services(world, tmp_path):
    service = add_transcriber(world, key_variable="ACME_API_KEY")
    world.window.transcribing.ask(recording(tmp_path))
    dialog = await dialog_of(world)
    await until(lambda: dialog._go.text() == "Set a key for Acme")

    dialog._go.click()

    services = [each for each in world.window.window.findChildren(ServicesDialog) if each.isVisible()]
    assert len(services) == 1
    assert len(service.charges) == 0
    services[0].done(0)
    dialog.reject()


# The list


@in_a_window
async def test_a_row_says_what_it_is(world, tmp_path):
    add_transcriber(world)
    task = await transcribed(world, recording(tmp_path))
    items, at = world.window.library.items, world.row_of(task.id)

    assert items.words(row_of(world, task)).word == "Transcript"
    texts = [items.index(at, column).data() for column in range(items.columnCount())]
    assert "interview.wav" in texts
    assert "0:02.0" in texts
    assert "take" not in " ".join(text for text in texts if text)
    items.set_open(row_of(world, task).number, True)
    assert items.rowCount() == 1
    assert "Transcript, interview.wav" in items.index(at, 2).data(Qt.ItemDataRole.AccessibleTextRole)


@in_a_window
async def test_filters_search_and_every_order_know_transcriptions(world, tmp_path):
    add_transcriber(world)
    await world.make("Rain", takes=1)
    task = await transcribed(world, recording(tmp_path))
    library, items = world.window.library, world.window.library.items

    for which in Filter:
        library.set_filter(which)
        await world.settle()
    library.set_filter(Filter.DONE)
    for key in SortKey:
        library.set_sort(key, descending=True)
        await world.settle()
        assert items.rowCount() == 2
    library.set_sort(SortKey.LENGTH, descending=True)
    await world.settle()
    assert world.row_of(task.id) == 0  # two seconds are longer than the rain
    library.head.searched.emit("interview")
    await until(lambda: items.rowCount() == 1)
    assert world.row_of(task.id) == 0


@in_a_window
async def test_a_long_recording_tells_its_parts_and_shows_the_words_that_are_there(world, tmp_path):
    script = Script()
    script.before("submit", None, RequestRejected("Too quiet."))
    service = add_transcriber(world, [able(longest_s=1.0)], script=script)
    items = world.window.library.items
    gate = script.hold("submit")
    world.window.transcribing.ask(recording(tmp_path, seconds=2.5))
    (await dialog_of(world))._go.click()

    def detail():
        row = items.row(0) if items.rowCount() else None
        return items.words(row).detail if row is not None else ""

    await until(lambda: detail().startswith("1 of 3 parts"))
    gate.set()
    await asyncio.sleep(0)
    gate.clear()
    await until(lambda: detail().startswith("2 of 3 parts"))
    assert items.words(items.row(0)).fraction == pytest.approx(1 / 3)
    gate.set()
    task = await the_only_task(world)

    assert task.state is TaskState.FAILED
    parts = len(task.request.parts)
    assert parts > 2
    assert len(service.charges) == 1
    preview = world.window.preview
    assert preview.transcript.list.isVisible()
    assert f"1 of {parts} parts: Too quiet." in labels(preview.transcript)
    assert preview.waveform.isVisible()  # of the user's own file: only parts of it are in the library

    world.window.library.focus_list()
    world.key(Qt.Key.Key_R, CTRL)
    await until(lambda: row_of(world, task).task.state is TaskState.FINISHED)
    await world.settle()
    assert len(service.charges) == parts
    assert len(preview.transcript.transcript.segments) == parts * len(TALK.segments)
    assert "parts" not in labels(preview.transcript)


@in_a_window
async def test_an_uncertain_transcription_is_decided_like_any_task(world, tmp_path):
    script = Script()
    script.after("submit", OutcomeUnknown("The answer never came."), OutcomeUnknown("The answer never came."))
    add_transcriber(world, script=script)
    path = recording(tmp_path)
    world.window.transcribing.ask(path)
    (await dialog_of(world))._go.click()
    await until(lambda: not open_dialogs(world))
    task = await the_only_task(world)

    assert task.state in (TaskState.UNCERTAIN, TaskState.FINISHED)  # this service replays
    assert world.window.preview.task.id == task.id


@in_a_window
async def test_the_bin_takes_a_transcription_and_gives_it_back(world, tmp_path):
    add_transcriber(world)
    task = await transcribed(world, recording(tmp_path))
    world.window.library.focus_list()

    world.key(Qt.Key.Key_Delete)
    await until(lambda: world.window.library.items.rowCount() == 0)
    assert world.window.preview.task is None
    assert world.window.preview.transcript.isHidden()

    world.key(Qt.Key.Key_Z, CTRL)
    await until(lambda: world.row_of(task.id) is not None)


# The preview


@in_a_window
async def test_the_words_stand_beside_the_waveform_and_lead_through_it(world, tmp_path):
    add_transcriber(world)
    await transcribed(world, recording(tmp_path))
    preview, transport = world.window.preview, world.window.transport
    await until(lambda: transport.state is PlayerState.STOPPED)
    assert preview.waveform.isVisible()
    assert preview.transcript.isVisible()
    assert preview.transcript.x() + preview.transcript.mapTo(preview, QPoint()).x() > preview.waveform.width() / 2
    assert "English, 2 speakers" in labels(preview.transcript)
    words = preview.transcript.list

    QTest.mouseClick(
        words.viewport(), Qt.MouseButton.LeftButton, pos=words.visualRect(words.items.index(2, 0)).center()
    )

    assert transport.position_frames == RATE_HZ
    assert not transport.is_playing
    assert words.items.heard == 2
    world.key(Qt.Key.Key_Down)
    world.key(Qt.Key.Key_Return)
    assert transport.position_frames == round(1.5 * RATE_HZ)
    assert words.items.heard == 3
    world.key(Qt.Key.Key_Space)
    await until(lambda: transport.is_playing)
    world.key(Qt.Key.Key_Space)
    await until(lambda: not transport.is_playing)


@in_a_window
async def test_another_task_takes_the_words_away_and_coming_back_brings_them(world, tmp_path):
    add_transcriber(world)
    made = await world.make("Rain", takes=1)
    task = await transcribed(world, recording(tmp_path))
    preview = world.window.preview

    world.select(made)
    await until(lambda: preview.take is not None)
    assert preview.transcript.isHidden()
    assert preview.bar.lufs.isVisible()

    await show(world, task)
    assert preview.transcript.list.isVisible()
    assert preview.take is None
    assert not preview.bar.lufs.isVisible()


@in_a_window
async def test_a_recording_that_was_moved_is_heard_from_the_library(world, tmp_path):
    add_transcriber(world)
    path = recording(tmp_path)
    task = await transcribed(world, path)
    path.unlink()
    made = await world.make("Rain", takes=1)
    world.select(made)
    await until(lambda: world.window.preview.take is not None)

    await show(world, task)

    assert world.window.preview.waveform.isVisible()


@in_a_window
async def test_a_long_recording_that_was_moved_or_replaced_leaves_its_words(world, tmp_path):
    spec = able(longest_s=1.0)
    add_transcriber(world, [spec])
    path = recording(tmp_path, seconds=2.5)
    task = await transcribed(world, path, spec)
    preview = world.window.preview
    assert preview.waveform.isVisible()
    made = await world.make("Rain", takes=1)

    for spoil in (lambda: recording(tmp_path, seconds=9.0), path.unlink):
        spoil()
        world.select(made)
        await until(lambda: preview.take is not None)
        await show(world, task)
        await until(lambda: "isn’t where it was any more" in preview._well.text)
        assert preview.transcript.list.isVisible()
        world.key(Qt.Key.Key_Space)
        preview.play_from_start()
        assert not world.window.transport.is_playing


@in_a_window
async def test_words_without_times_are_shown_as_text(world, tmp_path):
    add_transcriber(world, words=Transcript("We leave at first light.", (), "english"))
    await transcribed(world, recording(tmp_path))
    preview = world.window.preview

    assert preview.transcript.text.isVisible()
    preview.transcript.focus_words()
    assert QApplication.focusWidget() is preview.transcript.text
    world.key(Qt.Key.Key_Space)  # nobody types here: it plays
    await until(lambda: world.window.transport.is_playing)
    world.window.transport.stop()


@in_a_window
async def test_ctrl_f_searches_where_one_reads(world, tmp_path):
    add_transcriber(world)
    await transcribed(world, recording(tmp_path))
    transcript = world.window.preview.transcript
    transcript.focus_words()

    world.key(Qt.Key.Key_F, CTRL)
    world.type("boat")
    world.key(Qt.Key.Key_Return)

    assert "1 of 2" in labels(transcript)
    assert world.window.library.query.text == ""
    world.key(Qt.Key.Key_Escape)
    assert transcript.search_bar.isHidden()
    assert QApplication.focusWidget() is transcript.list
    world.window.library.focus_list()
    world.key(Qt.Key.Key_F, CTRL)
    assert QApplication.focusWidget() is world.window.library.head._search


@in_a_window
async def test_words_are_copied_from_the_list_and_from_the_transcript(world, tmp_path):
    add_transcriber(world)
    await transcribed(world, recording(tmp_path))
    transcript = world.window.preview.transcript
    world.window.library.focus_list()

    world.key(Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text().startswith("Ann: We leave at first light.")
    assert world.window.messages.text == "Transcript copied."

    transcript.focus_words()
    world.key(Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "Ann: We leave at first light."


@in_a_window
async def test_f6_reaches_the_words_where_there_is_nothing_to_hear(world, tmp_path):
    spec = able(longest_s=1.0)
    add_transcriber(world, [spec])
    path = recording(tmp_path, seconds=2.5)
    task = await transcribed(world, path, spec)
    made = await world.make("Rain", takes=1)
    path.unlink()
    world.select(made)
    await until(lambda: world.window.preview.take is not None)
    await show(world, task)
    world.window.library.focus_list()

    world.key(Qt.Key.Key_F6)

    assert QApplication.focusWidget() is world.window.preview.transcript.list


@in_a_window
async def test_no_key_of_the_window_fails_on_a_transcription(world, tmp_path):
    add_transcriber(world)
    task = await transcribed(world, recording(tmp_path))
    dangerous = {Deed.QUIT, Deed.DELETE, Deed.REUSE, Deed.SERVICES, Deed.SETTINGS, Deed.MENU, Deed.SHEET, Deed.MODEL}

    for binding in BINDINGS:
        if binding.deed not in dangerous | {Deed.GENERATE} and world.window.deeds.can(binding.deed):
            world.window.library.focus_list()
            world.window.deeds.do(binding.deed, binding.number)
            await world.settle()
    for menu in world.window.window.findChildren(QMenu):
        menu.close()
    RowMenu(world.window.library).close()
    MainMenu(world.window).close()

    world.window.library.set_filter(Filter.ALL)
    await world.settle()
    assert row_of(world, task).task.state is TaskState.FINISHED
    assert len(await world.window.rows.recent_prompts()) == 0


# Saving


async def saved_as(world, path, entry="Subtitles (SRT)…"):
    """Choose a format and a place."""
    transcript = world.window.preview.transcript
    transcript.offer_formats()
    menu = next(each for each in transcript.findChildren(QMenu) if each.isVisible())
    next(action for action in menu.actions() if action.text() == entry).trigger()
    menu.close()
    await until(lambda: [each for each in world.window.window.findChildren(QFileDialog) if each.isVisible()])
    picker = next(each for each in world.window.window.findChildren(QFileDialog) if each.isVisible())
    assert picker.testOption(QFileDialog.Option.DontUseNativeDialog)
    picker.fileSelected.emit(str(path))
    picker.close()
    await world.settle()


@in_a_window
async def test_ctrl_e_saves_the_transcript(world, tmp_path):
    add_transcriber(world)
    await transcribed(world, recording(tmp_path))
    world.window.library.focus_list()

    world.key(Qt.Key.Key_E, CTRL)

    menu = next(each for each in world.window.preview.transcript.findChildren(QMenu) if each.isVisible())
    assert [action.text() for action in menu.actions()] == [
        "Text…",
        "Subtitles (SRT)…",
        "Subtitles (VTT)…",
        "JSON…",
    ]
    menu.close()


@in_a_window
async def test_a_transcript_is_saved_and_never_over_another_file_unasked(world, tmp_path):
    add_transcriber(world)
    await transcribed(world, recording(tmp_path))
    target = tmp_path / "interview.srt"

    await saved_as(world, target)

    assert target.read_text().startswith("1\n00:00:00,000 --> 00:00:00,400\nAnn: We leave at first light.\n")
    assert world.window.messages.text == "Transcript saved as interview.srt."
    target.write_text("mine")

    await saved_as(world, target)
    question = next(each for each in world.window.window.findChildren(Dialog) if each.isVisible())
    assert "interview.srt exists already" in labels(question)
    world.button("Cancel", question).click()
    await world.settle()
    assert target.read_text() == "mine"

    await saved_as(world, target, "Subtitles (VTT)…")
    question = next(each for each in world.window.window.findChildren(Dialog) if each.isVisible())
    world.button("Replace the file", question).click()
    await until(lambda: target.read_text().startswith("WEBVTT"))
    await world.settle()


@in_a_window
async def test_a_folder_that_cannot_be_written_is_told(world, tmp_path):
    add_transcriber(world)
    await transcribed(world, recording(tmp_path))
    (tmp_path / "file").write_text("no folder")

    await saved_as(world, tmp_path / "file" / "interview.txt", "Text…")

    assert "Transcript saved" not in world.window.messages.text


# Again


@in_a_window
async def test_the_settings_of_a_transcription_are_used_again_also_without_the_original(world, tmp_path):
    service = add_transcriber(world, [able(has_redact=True)])
    path = recording(tmp_path)
    world.window.transcribing.draft = TranscriptionDraft(
        format=TranscriptFormat.SRT, language="de", prompt="Ann", diarize=True, redact=True
    )
    world.window.transcribing.ask(path)
    (await dialog_of(world))._go.click()
    first = await the_only_task(world)
    world.window.transcribing.draft = TranscriptionDraft()
    path.unlink()
    world.window.library.focus_list()

    world.key(Qt.Key.Key_R, CTRL | SHIFT)
    dialog = await dialog_of(world)

    request = dialog.request()
    assert dialog._go.isEnabled()
    assert replace(request, parts=first.request.parts) == first.request
    dialog._go.click()
    await until(lambda: world.window.library.items.rowCount() == 2)
    await world.services.queue.wait_until_idle()
    await world.settle()
    assert len(service.charges) == 2


@in_a_window
async def test_a_prompt_is_still_used_again_in_the_panels(world):
    made = await world.make("A boat in a storm", takes=1)
    world.window.column.prompt.use("Something else")
    world.select(made)
    await world.settle()
    world.window.library.focus_list()

    world.key(Qt.Key.Key_R, CTRL | SHIFT)
    await until(lambda: world.window.column.draft.prompt == "A boat in a storm")

    assert open_dialogs(world) == []
    assert isinstance(made.request, GenerationRequest)


@in_a_window
async def test_a_refused_transcription_is_edited_in_the_dialog(world, tmp_path):
    script = Script()
    script.before("submit", RequestRejected("The language isn’t known.", field="language"))
    add_transcriber(world, script=script)
    world.window.transcribing.ask(recording(tmp_path))
    (await dialog_of(world))._go.click()
    task = await the_only_task(world)
    assert task.state is TaskState.FAILED
    assert "The language isn’t known." in world.window.preview.transcript._note.text

    world.window.library.act_on_current()

    dialog = await dialog_of(world)
    assert isinstance(dialog.request(), TranscriptionRequest)
    dialog.reject()


@in_a_window
async def test_the_words_of_thousands_of_sentences_are_shown(world, tmp_path):
    many = tuple(Segment(n * 0.001, n * 0.001 + 0.0009, f"Sentence {n}.") for n in range(2000))
    add_transcriber(world, words=replace(TALK, segments=many))
    await transcribed(world, recording(tmp_path))
    words = world.window.preview.transcript.list

    assert words.items.rowCount() == 2000
    world.window.preview.playback.seek_time(1.5)
    assert words.items.heard == 1500
