"""The request column on files that are only told of: nothing is read from a disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from app.domain.errors import StorageError
from app.domain.input_facts import InputFacts
from app.domain.model_spec import ModelSpec
from app.domain.request import InputKind
from app.engine.voice_library import search
from app.ui.background import Background
from app.ui.reference_facts import ReferenceFacts
from app.ui.request_column import RequestColumn
from app.ui.theme import Theme
from tests.ui.waiting import until


def clip(seconds: float = 5.0, size_bytes: int = 1000) -> InputFacts:
    return InputFacts(InputKind.CLIP, size_bytes, seconds)


PICTURE = InputFacts(InputKind.PICTURE, 1000)
NEITHER = InputFacts(None, 1000)


class Files:
    """What the probe says of each file, by its path or its name; one that isn't here is gone."""

    def __init__(self, facts: Mapping[str, InputFacts]) -> None:
        self.facts = dict(facts)
        self.background = Background(self._fail)

    def reader(self) -> ReferenceFacts:
        return ReferenceFacts(self._probe, self._levels, self.background)

    async def settle(self) -> None:
        await until(lambda: not len(self.background))

    async def _probe(self, path: Path) -> InputFacts:
        facts = self.facts.get(str(path)) or self.facts.get(path.name)
        if facts is None:
            raise StorageError(f"{path} can’t be read.")
        return facts

    async def _levels(self, _path: Path) -> Sequence[float]:
        return (0.1, 0.9, 0.4)

    def _fail(self, error: Exception) -> None:
        raise AssertionError(f"nothing of this is for the message bar: {error}")


def column_of(theme: Theme, spec: ModelSpec, files: Files) -> RequestColumn:
    made = RequestColumn(theme, spec, understood=lambda _spec, _text: "", search_voices=search, facts=files.reader())
    made.resize(340, 900)
    return made


def texts(widget: QWidget) -> str:
    """All words that can be seen on labels and buttons."""
    kinds = (QLabel, QAbstractButton)
    return "\n".join(each.text() for kind in kinds for each in widget.findChildren(kind) if each.isVisible())


def button(widget: QWidget, words: str) -> QAbstractButton:
    """The button that can be seen, by its words or its name."""
    QApplication.processEvents()
    found = [
        each
        for each in widget.findChildren(QAbstractButton)
        if each.isVisible() and words in (each.text(), each.accessibleName())
    ]
    assert found, f"no button is called {words}"
    return found[0]


def files_as_copied(*names: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(f"/sounds/{name}") for name in names])
    return data


def drop(widget: QWidget, data: QMimeData) -> None:
    """Let go of something over a widget, as a file manager does."""
    middle = widget.rect().center()
    common = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, QDragEnterEvent(middle, *common))
    QApplication.sendEvent(widget, QDropEvent(QPointF(middle), *common))
