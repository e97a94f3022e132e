"""The clips and pictures that go along with a request: add, order, hear and remove them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QVBoxLayout, QWidget

from app.domain.errors import Problem
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import counted
from app.domain.reference_spec import ReferenceSpec
from app.domain.request import InputFile, InputKind
from app.ui.clip_changes import clips_of
from app.ui.controls.note_line import NoteLine, NoteTone
from app.ui.controls.order import put_in_order
from app.ui.drop_zone import DropZone, files_of
from app.ui.reference_facts import Looked, ReferenceFacts
from app.ui.reference_row import ReferenceRow
from app.ui.theme import Theme

_NO_AUDIO = "Not an audio file"
_NO_PICTURE = "Not a picture"
_HERE_ALREADY = "This file is here already"
_NO_CLIP_BESIDE = "Clips can’t be combined with a portrait."
_NO_PICTURE_BESIDE = "A portrait can’t be combined with clips."
_AUDIO_FILES = "Audio (*.wav *.flac *.mp3 *.ogg *.opus *.m4a *.aac *.aif *.aiff)"
_PICTURE_FILES = "Pictures (*.jpg *.jpeg *.png *.webp)"


class ReferenceClips(QWidget):
    """Rows with the names that the prompt uses, and a place to add more.

    `changed` carries the new files: what the prompt says of the clips must follow.
    """

    changed = Signal(tuple)  # of InputFile
    play_wanted = Signal(object)  # Path
    insert_wanted = Signal(int)  # number of a clip
    trim_wanted = Signal(object, float)  # Path, seconds

    def __init__(self, theme: Theme, facts: ReferenceFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._facts = facts
        self._spec = ReferenceSpec()
        self._files: tuple[InputFile, ...] = ()
        self._rows: dict[InputFile, ReferenceRow] = {}
        self._trimmed_now: set[Path] = set()
        self._problem, self._warning = "", ""
        self._kept = NoteLine(theme)
        self._list = QVBoxLayout()
        self._zone = DropZone(theme)
        self._hint = NoteLine(theme)
        self._remark = NoteLine(theme)
        self._marker = _Marker(theme, self)
        self._column = QVBoxLayout(self)
        self._notes = QVBoxLayout()
        for note in (self._kept, self._hint, self._remark):
            self._notes.addWidget(note)
        self._column.addLayout(self._list)
        self._column.addWidget(self._zone)
        self._column.addLayout(self._notes)
        self._zone.clicked.connect(self.choose_files)
        self._zone.brought.connect(self.add)
        facts.ready.connect(self._on_ready)
        self._refresh_sizes()
        theme.changed.connect(self._refresh_sizes)

    # What is shown

    def show_files(self, spec: ModelSpec, files: tuple[InputFile, ...]) -> None:
        """Show those that the model takes; of the others, that they are kept."""
        self._spec, self._files = spec.references, files
        self._show_rows()
        self._show_room()
        self._show_kept()
        self._say_remark()
        self.setVisible(spec.references.is_any or bool(files))

    @property
    def note(self) -> str:
        """How many clips of how many, for a heading; a portrait that leaves no room for clips is told instead."""
        shown = self._shown()
        clips, most = len(clips_of(shown)), self._spec.max_clips
        pictures = len(shown) - clips
        told = [f"{clips} of {counted(most, 'clip')}"] * (clips > 0) + [counted(pictures, "portrait")] * (pictures > 0)
        if not clips and most and not (pictures and self._spec.is_one_kind):
            told.insert(0, f"up to {counted(most, 'clip')}")
        return " · ".join(told)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the clips that the model takes, in their order."""
        return tuple(file.path.stem for file in self._clips()) if self._spec.max_clips else ()

    def show_problem(self, message: str | None) -> None:
        self._problem = message or ""
        self._say_remark()

    def show_warning(self, message: str | None) -> None:
        """What may be meant otherwise; it blocks nothing."""
        self._warning = message or ""
        self._say_remark()

    def shut(self, reason: str) -> None:
        """Take no more files while something else is set, and say why; no reason opens it again."""
        self._zone.setEnabled(not reason)
        self._zone.setToolTip(reason)

    def show_playing(self, path: Path | None) -> None:
        """Which clip sounds, if one does."""
        for row in self._rows.values():
            row.show_playing(is_playing=row.path == path)

    def show_trimming(self, path: Path, *, is_under_way: bool) -> None:
        """A shorter copy of a clip is being made, or no longer."""
        (self._trimmed_now.add if is_under_way else self._trimmed_now.discard)(path)
        self._on_ready(path)

    def exchange(self, path: Path, short: Path) -> None:
        """Put a shorter copy in the place of a clip that is still here; it keeps its name in the prompt."""
        self._facts.look_at([short], lambda _looked: self._put_in_place(path, short))

    def typed_problems(self) -> list[Problem]:
        """Files that can't go along, as far as they were read."""
        found = ((file, self._remark_of(file)) for file in self._shown())
        return [
            Problem("references", f"{file.path.name}: {text}")
            for file, (text, tone) in found
            if tone is NoteTone.PROBLEM and text
        ]

    def focus(self) -> bool:
        """Move the focus to what is wrong, else to the first thing here; False if there is none."""
        rows = [self._rows[file] for file in self._shown()]
        wrong = next((row for row in rows if row.has_problem), None)
        if wrong is not None:
            wrong.focus_remedy()
            return True
        first: QWidget | None = self._zone if not self._zone.isHidden() else next(iter(rows), None)
        if first is None or self.isHidden():
            return False
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Files that were copied elsewhere are pasted anywhere here."""
        paths = (
            files_of(QGuiApplication.clipboard().mimeData()) if event.matches(QKeySequence.StandardKey.Paste) else []
        )
        if paths:
            self.add(paths)
        else:
            super().keyPressEvent(event)

    # What the user does

    def choose_files(self) -> None:
        """Open the system's dialog."""
        takes_clips, takes_pictures = self._room()
        kinds = [_AUDIO_FILES] * (takes_clips > 0) + [_PICTURE_FILES] * (takes_pictures > 0)
        dialog = QFileDialog(self.window(), "Add clips" if takes_clips else "Add a portrait")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([*kinds, "All files (*)"])
        dialog.filesSelected.connect(lambda names: self.add([Path(name) for name in names]))
        dialog.open()

    def add(self, paths: Sequence[Path]) -> None:
        """Add those of these files that can go along; of the others, the first reason is told."""
        if self._spec.is_any:
            self._facts.look_at(paths, self._take)

    def _take(self, looked: Looked) -> None:
        files = list(self._files)
        refusal = ""
        for path, facts in looked:
            kind = facts.kind if facts is not None else None
            reason = self._refusal(path, kind, files)
            if not reason and kind is not None:
                files.append(InputFile(path, kind=kind))
            refusal = refusal or reason
        if refusal:
            self._refuse(refusal)
        if len(files) > len(self._files):
            self._change(files)

    def _refusal(self, path: Path, kind: InputKind | None, files: Sequence[InputFile]) -> str:
        """Why a file can't be added to these; empty if it can."""
        spec = self._spec
        there = [file for file in files if file.kind is kind]
        most = {InputKind.CLIP: spec.max_clips, InputKind.PICTURE: spec.max_pictures}
        if kind is None or most[kind] == 0:
            return _NO_AUDIO if spec.max_clips else _NO_PICTURE
        if any(file.path == path for file in there):
            return _HERE_ALREADY
        others = [file for file in files if file.kind is not kind and most[file.kind] > 0]
        if spec.is_one_kind and others:
            return _NO_CLIP_BESIDE if kind is InputKind.CLIP else _NO_PICTURE_BESIDE
        if len(there) >= most[kind]:
            return f"At most {counted(most[kind], 'clip' if kind is InputKind.CLIP else 'portrait')}"
        return ""

    def _refuse(self, reason: str) -> None:
        if self._zone.isHidden():
            self._remark.say(reason, NoteTone.WARNING)
        else:
            self._zone.say(reason)

    def _remove(self, file: InputFile) -> None:
        order = self._shown()
        place = order.index(file)
        self._change([each for each in self._files if each != file])
        left = self._shown()
        if left:
            self._rows[left[min(place, len(left) - 1)]].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.focus()

    def _put_in_place(self, path: Path, short: Path) -> None:
        if any(file.path == short for file in self._files):
            self._refuse(_HERE_ALREADY)
            return
        found = next((file for file in self._clips() if file.path == path), None)
        if found is not None:
            focused = QApplication.focusWidget()
            had_focus = focused is not None and self._rows[found].isAncestorOf(focused)
            copy = InputFile(short)
            self._change([copy if file is found else file for file in self._files])
            if had_focus:
                self._rows[copy].setFocus(Qt.FocusReason.OtherFocusReason)

    def _step(self, file: InputFile, step: int) -> None:
        clips = self._clips()
        self._move(file, clips.index(file) + step)

    def _move(self, file: InputFile, place: int) -> None:
        """Put a clip at a place among the clips."""
        clips = self._clips()
        if file not in clips or not 0 <= place < len(clips) or clips.index(file) == place:
            return
        clips.remove(file)
        clips.insert(place, file)
        self._change([*clips, *(each for each in self._files if each.kind is not InputKind.CLIP)])
        self._rows[file].setFocus(Qt.FocusReason.OtherFocusReason)

    def _change(self, files: Sequence[InputFile]) -> None:
        self._files = tuple(files)
        self.changed.emit(self._files)

    # Dragging

    def _on_dragged(self, file: InputFile, where: QPoint) -> None:
        place = self._place_at(file, where)
        clips = self._clips()
        row = self._rows[clips[place]]
        is_below = place > clips.index(file)
        y = row.y() + row.card.height() + self._theme.px(3) if is_below else row.y() - self._theme.px(3)
        self._marker.show_at(y, self.width(), shown=clips[place] != file)

    def _on_dropped(self, file: InputFile, where: QPoint) -> None:
        self._marker.hide()
        self._move(file, self._place_at(file, where))

    def _place_at(self, file: InputFile, where: QPoint) -> int:
        """Among the clips: how many others have their middle above the pointer."""
        y = self.mapFromGlobal(where).y()
        others = [self._rows[each] for each in self._clips() if each != file]
        return sum(row.y() + row.card.height() / 2 < y for row in others)

    # Inside

    def _clips(self) -> list[InputFile]:
        return clips_of(self._files)

    def _shown(self) -> list[InputFile]:
        """The files that the model takes: clips, then pictures."""
        pictures = [file for file in self._files if file.kind is InputKind.PICTURE]
        return [*(self._clips() if self._spec.max_clips else ()), *(pictures if self._spec.max_pictures else ())]

    def _room(self) -> tuple[int, int]:
        """How many clips and how many pictures can still be added."""
        clips = len([file for file in self._shown() if file.kind is InputKind.CLIP])
        pictures = len(self._shown()) - clips
        spec = self._spec
        room = max(0, spec.max_clips - clips), max(0, spec.max_pictures - pictures)
        return (room[0] * (not (spec.is_one_kind and pictures)), room[1] * (not (spec.is_one_kind and clips)))

    def _show_rows(self) -> None:
        shown = self._shown()
        for file in [file for file in self._rows if file not in shown]:
            row = self._rows.pop(file)
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        clips = len([file for file in shown if file.kind is InputKind.CLIP])
        has_moved = False
        for place, file in enumerate(shown):
            row = self._rows.get(file) or self._made(file)
            if self._list.indexOf(row) != place:
                has_moved = True
                self._list.removeWidget(row)
                self._list.insertWidget(place, row)
                row.show()
            is_clip = file.kind is InputKind.CLIP
            tag = self._spec.name_of_clip(place + 1) if is_clip and self._spec.mention else ""
            row.show_tag(tag, f"clip {place + 1} of {clips}" if is_clip else "portrait")
            self._show_facts(file)
        if has_moved:
            rows = [self._rows[file] for file in shown]
            put_in_order(rows, (self._zone, self._kept, self._hint, self._remark, self._marker))

    def _made(self, file: InputFile) -> ReferenceRow:
        row = self._rows[file] = ReferenceRow(self._theme, file.path, file.kind, self)
        row.play_wanted.connect(lambda: self.play_wanted.emit(file.path))
        row.remove_wanted.connect(lambda: self._remove(file))
        row.trim_wanted.connect(lambda: self._want_trim(file))
        row.insert_wanted.connect(lambda: self.insert_wanted.emit(self._clips().index(file) + 1))
        row.step_wanted.connect(lambda step: self._step(file, step))
        row.dragged.connect(lambda where: self._on_dragged(file, where))
        row.dropped.connect(lambda where: self._on_dropped(file, where))
        self._facts.want(file.path)
        return row

    def _show_facts(self, file: InputFile) -> None:
        row, facts = self._rows[file], self._facts.facts(file.path)
        row.show_length(facts.duration_s if facts is not None else None)
        row.show_levels(self._facts.levels(file.path))
        row.show_thumbnail(self._facts.thumbnail(file.path))
        row.show_note(*self._remark_of(file))
        is_too_long = facts is not None and facts.kind is file.kind and facts.is_too_long(self._spec)
        longest_s = self._spec.longest_s if is_too_long else None
        row.offer_trim(longest_s, is_under_way=file.path in self._trimmed_now)

    def _want_trim(self, file: InputFile) -> None:
        if self._spec.longest_s is not None:
            self.trim_wanted.emit(file.path, self._spec.longest_s)

    def _remark_of(self, file: InputFile) -> tuple[str, NoteTone]:
        if self._facts.is_unreadable(file.path):
            if file.sha256 is not None:  # of an earlier request: the library has a copy
                return "The file has moved. The copy in the library goes along.", NoteTone.HINT
            return "File moved, or it can’t be read. Add it again.", NoteTone.PROBLEM
        facts = self._facts.facts(file.path)
        if facts is None:
            return "", NoteTone.HINT
        for tone, problems in (
            (NoteTone.PROBLEM, facts.problems(file, self._spec)),
            (NoteTone.WARNING, facts.warnings(file, self._spec)),
        ):
            problem = next(iter(problems), None)
            if problem is not None:
                return _without_name(problem.message, file), tone
        return "", NoteTone.HINT

    def _on_ready(self, path: Path) -> None:
        for file in self._rows:
            if file.path == path:
                self._show_facts(file)

    def _show_room(self) -> None:
        clips, pictures = self._room()
        words = "Add a clip or drop audio here" if clips else "Add a portrait or drop one here"
        self._zone.set_words("Add clips or a portrait" if clips and pictures else words)
        self._zone.setVisible(clips > 0 or pictures > 0)
        spec, kinds = self._spec, {file.kind for file in self._shown()}
        text = ""
        if spec.is_one_kind and spec.max_clips and spec.max_pictures and len(kinds) == 1:
            text = _NO_PICTURE_BESIDE if InputKind.CLIP in kinds else _NO_CLIP_BESIDE
        self._hint.say(text, icon="image")

    def _show_kept(self) -> None:
        """A model that can't use a kind of file: they come back with one that can."""
        shown = self._shown()
        kinds = {file.kind for file in self._files if file not in shown}
        clips, picture = InputKind.CLIP in kinds, InputKind.PICTURE in kinds
        what = " or ".join(["clips"] * clips + ["a portrait"] * picture)
        them = "They are" if clips else "It is"
        self._kept.say(f"This model can’t use {what}. {them} kept for when you switch back." if kinds else "")

    def _say_remark(self) -> None:
        text = self._problem or self._warning
        self._remark.say(text, NoteTone.PROBLEM if self._problem else NoteTone.HINT)

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(0, 0, 0, px(4))
        self._column.setSpacing(0)
        self._list.setSpacing(0)
        self._notes.setSpacing(px(4))
        self._notes.setContentsMargins(px(2), px(6), px(2), 0)


class _Marker(QWidget):
    """Where a dragged clip would come to stand."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, y: int, width: int, *, shown: bool) -> None:
        self.setGeometry(0, y - 1, width, 2)
        self.setVisible(shown)
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.color("accent"))


def _without_name(message: str, file: InputFile) -> str:
    """`thunder.wav is too long: at most 30 s` -> `Too long: at most 30 s`, below the name; `has 0:42` -> `0:42`."""
    words = message.removeprefix(file.path.name).strip().removeprefix("is ").removeprefix("has ")
    return words[:1].upper() + words[1:]
