"""The transcript beside the waveform: head, search, and the words, with their times where they have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.domain.transcript import Transcript, TranscriptFormat
from app.domain.transcript_writing import written
from app.ui.controls.ghost_button import IconButton
from app.ui.controls.label import Label
from app.ui.empty_well import EmptyWell
from app.ui.languages import language_name
from app.ui.preview_head import HEIGHT_PX
from app.ui.readouts import counted
from app.ui.text_search import Match, matches
from app.ui.theme import Theme
from app.ui.transcript_list import TranscriptList
from app.ui.transcript_search_bar import TranscriptSearchBar
from app.ui.transcript_text import TranscriptText


class TranscriptPanel(QWidget):
    """Shows a transcript; announces where to go and what to write."""

    seek_wanted = Signal(float)  # seconds of the recording
    save_wanted = Signal(object)  # TranscriptFormat
    copied = Signal(str)  # what was copied, as a sentence

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._transcript: Transcript | None = None
        self._found: list[tuple[int, Match]] = []  # row, place; all in row 0 where there are no times
        self._at = -1
        self._title = Label(theme, "Transcript", medium=True)
        self._facts = Label(theme, font="small", role="text3", elide=True)
        self._find = IconButton(
            theme, "search", "Search in the transcript", tooltip="Search in the transcript (Ctrl+F)"
        )
        self._copy = IconButton(theme, "copy", "Copy all")
        self._save = IconButton(theme, "download", "Save as…", tooltip="Save as… (Ctrl+E)")
        self.search_bar = TranscriptSearchBar(theme)
        self.list = TranscriptList(theme)
        self.text = TranscriptText(theme)
        self._note = EmptyWell(theme)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._refresh_sizes()
        self._refresh()

    def _lay_out(self) -> None:
        self._head = QHBoxLayout()
        self._head.addWidget(self._title)
        self._head.addWidget(self._facts, 1)
        for button in (self._find, self._copy, self._save):
            self._head.addWidget(button)
        for part in (self._note, self.list, self.text):
            self._stack.addWidget(part)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.addLayout(self._head)
        self._column.addWidget(self.search_bar)
        self._column.addWidget(self._stack, 1)
        self.search_bar.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def _connect(self) -> None:
        self._find.clicked.connect(self.open_search)
        self._copy.clicked.connect(self.copy_all)
        self._save.clicked.connect(self.offer_formats)
        self.search_bar.searched.connect(self._search)
        self.search_bar.step_wanted.connect(self._step)
        self.search_bar.closed.connect(self.end_search)
        self.list.seek_wanted.connect(self._on_seek)
        self.list.copy_wanted.connect(self.copy_selected)
        self._theme.changed.connect(self._refresh_sizes)

    # What is shown

    @property
    def transcript(self) -> Transcript | None:
        return self._transcript

    def show_transcript(self, transcript: Transcript | None, note: str = "") -> None:
        """Show the words of a recording, or a part of them while others are awaited.

        Args:
            note: Beside words it is about them; without words it stands in their place.
        """
        if transcript != self._transcript:
            self._transcript = transcript
            self.list.show_segments(transcript.segments if transcript is not None else ())
            self.text.show_text(transcript.text.strip() if transcript is not None else "")
            self._search(self.search_bar.field.text().strip())
        has_words = transcript is not None and bool(transcript.text.strip() or transcript.segments)
        self._note.show_text(note if transcript is None else note or "Nothing was said.")
        shown: QWidget = self._note
        if has_words and transcript is not None:
            shown = self.list if transcript.segments else self.text
        self._stack.setCurrentWidget(shown)
        self._facts.setText(", ".join(part for part in (_facts(transcript), note if has_words else "") if part))
        self._refresh()

    def show_position(self, seconds: float, *, is_playing: bool) -> None:
        """Mark what is heard."""
        self.list.show_position(seconds, is_playing=is_playing)

    # What a person can do; also for menus and shortcuts

    def has_focus(self) -> bool:
        """Whether keys are meant for the transcript."""
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def focus_words(self) -> None:
        """Move the focus to the words."""
        shown = self._stack.currentWidget()
        assert shown is not None, "it holds three"
        if shown is self.list and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.list.items.index(self.list.items.heard or 0, 0))
        shown.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_search(self) -> None:
        """Look for words in the transcript."""
        if self._has_words():
            self.search_bar.show()
            self.search_bar.start()

    def end_search(self) -> None:
        """Forget what was looked for; the focus goes where it was found."""
        had_focus = self.search_bar.isAncestorOf(QApplication.focusWidget() or self)
        self.search_bar.field.clear()
        self.search_bar.hide()
        if had_focus:
            self.focus_words()

    def copy_selected(self) -> None:
        """The selected words to the clipboard; without a selection all of them."""
        if self._stack.currentWidget() is self.text and self.text.textCursor().hasSelection():
            self.text.copy()
            self.copied.emit("Text copied.")
            return
        rows = self.list.selected() if self._stack.currentWidget() is self.list else []
        if not rows or self._transcript is None:
            self.copy_all()
            return
        chosen = tuple(self.list.items.segments[row] for row in rows)
        text = " ".join(segment.text.strip() for segment in chosen)
        part = replace(self._transcript, text=text, segments=chosen)
        QGuiApplication.clipboard().setText(written(part, TranscriptFormat.TEXT).rstrip("\n"))
        self.copied.emit(f"{counted(len(chosen), 'sentence')} copied.")

    def copy_all(self) -> None:
        if self._transcript is not None and self._has_words():
            QGuiApplication.clipboard().setText(written(self._transcript, TranscriptFormat.TEXT).rstrip("\n"))
            self.copied.emit("Transcript copied.")

    def offer_formats(self) -> None:
        """A menu of what can be written."""
        if not self._has_words() or self._transcript is None:
            return
        menu = QMenu(self)
        menu.setAccessibleName("Save as…")
        as_json = TranscriptFormat.VERBOSE_JSON if self._transcript.segments else TranscriptFormat.JSON
        choices = {
            "Text…": TranscriptFormat.TEXT,
            "Subtitles (SRT)…": TranscriptFormat.SRT,
            "Subtitles (VTT)…": TranscriptFormat.VTT,
            "JSON…": as_json,
        }
        for words, as_format in choices.items():
            menu.addAction(words).triggered.connect(self._saver(as_format))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._save.mapToGlobal(QPoint(0, self._save.height())))

    # Searching

    def _search(self, wanted: str) -> None:
        if self._transcript is None:
            self._found = []
        elif self._transcript.segments:
            segments = self._transcript.segments
            self._found = [
                (row, place) for row, each in enumerate(segments) for place in matches(each.text.strip(), wanted)
            ]
        else:
            self._found = [(0, place) for place in matches(self.text.toPlainText(), wanted)]
        self._at = self._first_from_here() if self._found else -1
        self._show_found()

    def _first_from_here(self) -> int:
        """A search begins where one reads."""
        row = self.list.currentIndex().row()
        return next((at for at, (found, _place) in enumerate(self._found) if found >= row), 0)

    def _step(self, step: int) -> None:
        if self._found:
            self._at = (self._at + step) % len(self._found)
            self._show_found()

    def _show_found(self) -> None:
        current = self._found[self._at] if self._found else None
        by_row: dict[int, list[Match]] = {}
        for row, place in self._found:
            by_row.setdefault(row, []).append(place)
        if self._transcript is not None and self._transcript.segments:
            self.list.items.show_matches(by_row, current)
            if current is not None:
                self.list.go_to(current[0])
        else:
            self.text.show_matches(by_row.get(0, ()), current[1] if current is not None else None)
        self.search_bar.show_found(self._at + 1, len(self._found))

    # Inside

    def _saver(self, as_format: TranscriptFormat) -> Callable[[], None]:
        return lambda: self.save_wanted.emit(as_format)

    def _on_seek(self, row: int) -> None:
        self.seek_wanted.emit(self.list.items.segments[row].start_s)

    def _has_words(self) -> bool:
        return self._stack.currentWidget() is not self._note

    def _refresh(self) -> None:
        has_words = self._has_words()
        for button in (self._find, self._copy, self._save):
            button.setEnabled(has_words)
        if not has_words and not self.search_bar.isHidden():
            self.end_search()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(420), self._theme.px(240))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(220), self._theme.px(120))

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.color("panel"))

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(px(10), 0, px(12), px(12))
        self._head.setContentsMargins(0, 0, 0, 0)
        self._head.setSpacing(px(2))
        self._title.setFixedHeight(px(HEIGHT_PX))
        self._facts.setContentsMargins(px(6), 0, 0, 0)
        self.update()


def _facts(transcript: Transcript | None) -> str:
    """`English, 2 speakers`."""
    if transcript is None:
        return ""
    language = language_name(transcript.language) if transcript.language else ""
    speakers = len({segment.speaker for segment in transcript.segments if segment.speaker})
    return ", ".join(part for part in (language, counted(speakers, "speaker") if speakers else "") if part)
