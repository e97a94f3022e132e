"""A script before it is started: its lines, what is wrong with them, what they cost, where their files go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import RowProblem
from app.domain.model_spec import ModelSpec
from app.domain.receipt import Estimate, dollars
from app.domain.voice import Voice
from app.engine.batch_plan import BatchPlan, PlannedRow, Step, Totals, count
from app.engine.sheet_table import Sheet
from app.storage.ledger import Excess
from app.ui import readouts
from app.ui.controls.button import Button
from app.ui.controls.choice import Choice, ChoiceOption
from app.ui.controls.label import Label
from app.ui.controls.note_line import NoteLine, NoteTone
from app.ui.controls.primary_button import PrimaryButton
from app.ui.controls.stepper import Stepper
from app.ui.controls.text_field import TextField
from app.ui.dialog import Dialog
from app.ui.item_models.sheet import SheetLine
from app.ui.readouts import counted
from app.ui.sheet_list import SheetList
from app.ui.theme import Theme

_MOST_TAKES = 8
_MOST_REMOVED = 3
_CHECKING = "Checking the lines…"
_ALL_WRONG = "Every line needs a fix, or another model."


@dataclass(frozen=True, slots=True)
class Figures:
    """What was worked out of a plan off the window's thread.

    Attributes:
        lines: All rows of the sheet, in their order.
        left: What may still be spent this month; None without a limit.
        read_on: ISO dates on which the prices in it were read.
    """

    plan: BatchPlan
    lines: tuple[SheetLine, ...]
    totals: Totals
    counts: Mapping[Step, int]
    has_voices: bool
    voices: tuple[Voice, ...] = ()
    excess: Excess | None = None
    left: Decimal | None = None
    read_on: tuple[str, ...] = ()

    @property
    def estimate(self) -> Estimate:
        """Of everything that is sent."""
        is_known = not self.totals.unknown
        is_bounded = all(each.most is not None for each in self.plan.estimates) if self.totals.rows else True
        return Estimate(self.totals.expected if is_known else None, self.totals.most if is_bounded else None)

    @property
    def in_general(self) -> tuple[RowProblem, ...]:
        """Problems of the sheet as a whole, which no row can mend."""
        lines = {line.row.line for line in self.lines}
        return tuple(problem for problem in self.plan.problems if problem.line not in lines)


def figures_of(sheet: Sheet, plan: BatchPlan, voices: Sequence[Voice]) -> Figures:
    """Put rows, plan and problems together. Takes a while for a long sheet: not on the window's thread."""
    planned = {row.row.line: row for row in plan.rows}
    problems: dict[int, RowProblem] = {}
    for problem in plan.problems:
        problems.setdefault(problem.line, problem)
    lines = tuple(
        SheetLine(row, None if row.line in problems else planned.get(row.line), problems.get(row.line))
        for row in sheet.rows
    )
    prices = (row.checked.spec.price for row in plan.rows if row.due)
    return Figures(
        plan,
        lines,
        plan.totals,
        count(plan.rows),
        "voice" in sheet.columns or any(row.checked.spec.has_voices for row in plan.rows),
        tuple(voices),
        read_on=tuple(sorted({price.read_on for price in prices if price is not None and price.read_on})),
    )


class BatchDialog(Dialog):
    """Shows what it is told and announces wishes; it closes when whoever asked accepts it.

    Args:
        models: To choose from, in the order of the list.
        services: What people call the providers.
        takes: Of lines that name none, at first.
    """

    wanted = Signal()  # the button was pressed, and nothing is in the way
    key_wanted = Signal(str)  # provider
    limits_wanted = Signal()
    defaults_changed = Signal()  # another model or number of takes for lines that name none
    mended = Signal(int, str, str)  # line, column, text

    def __init__(
        self,
        theme: Theme,
        sheet: Sheet,
        models: Sequence[ModelSpec],
        services: Mapping[str, str],
        spec: ModelSpec,
        folder: Path,
        parent: QWidget,
        *,
        takes: int = 1,
    ) -> None:
        super().__init__(theme, "Import a script", subtitle=sheet.path.name, width=780, parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._sheet = sheet
        self._services = services
        self._models = {_key(each): each for each in (*models, spec)}
        self._figures: Figures | None = None
        self._lacking: Collection[str] = ()
        self._is_busy = False
        self._picker: QFileDialog | None = None
        self.lines = SheetList(theme)
        self.lines.expect(len(sheet.rows))
        self._model = Choice(theme, "Model", [self._option(each) for each in self._models.values()])
        self._model.set_value(_key(spec))
        self._takes = Stepper(theme, "Takes", minimum=1, maximum=_MOST_TAKES)
        self._takes.set_value(min(takes, _MOST_TAKES))
        self._folder = TextField(theme, "Save to", text=str(folder), icon="folder-open")
        self._choose = Button(theme, "Choose")
        self._choose.setAccessibleName("Choose a folder")
        self._trouble = NoteLine(theme)
        self._price = Label(theme, font="title")
        self._amount = Label(theme, font="small", role="text2", elide=True)
        self._basis = Label(theme, font="caption", role="text3", elide=True)
        self._lay_out()
        self.add_button("Cancel", safe=True).clicked.connect(self.reject)
        button = self.add_button("Generate", primary=True)
        assert isinstance(button, PrimaryButton)
        self._go = button
        self._go.clicked.connect(self._on_go)
        self._model.changed.connect(self._on_model)
        self._takes.changed.connect(lambda _takes: self.defaults_changed.emit())
        self._folder.textChanged.connect(self._refresh)
        self._choose.clicked.connect(self._choose_folder)
        self.lines.mended.connect(self.mended)
        self.lines.table.setFocus()
        self._refresh()

    # What is set

    @property
    def spec(self) -> ModelSpec:
        """The model of lines that name none."""
        return self._models[self._model.value() or ""]

    @property
    def takes(self) -> int:
        """Of lines that name none."""
        return self._takes.value()

    @property
    def folder(self) -> Path | None:
        """Where the files go; None while that can't be."""
        text = self._folder.text().strip()
        path = Path(text).expanduser() if text else None
        return path if path is not None and path.is_absolute() else None

    @property
    def figures(self) -> Figures | None:
        """What is on show; None while it is worked out."""
        return None if self._is_busy else self._figures

    # What is shown

    def show_figures(self, figures: Figures) -> None:
        """The lines as they were planned."""
        is_first = self._figures is None
        self._figures = figures
        self._is_busy = False
        self.lines.show_lines(figures.lines, figures.voices, has_voices=figures.has_voices)
        self._refresh()
        if is_first:
            self.lines.table.go_to_problem()

    def show_lacking(self, providers: Collection[str]) -> None:
        """Services that can't be asked before they have a key."""
        if set(providers) != set(self._lacking):
            self._lacking = frozenset(providers)
            self._refresh()

    def set_busy(self, is_busy: bool) -> None:
        """The lines are being planned or queued."""
        self._is_busy = is_busy
        self._refresh()

    def show_trouble(self, sentence: str) -> None:
        """What went wrong, where it is about no line."""
        self._trouble.say(sentence, NoteTone.PROBLEM)

    # Inside

    def _lay_out(self) -> None:
        theme, px = self._theme, self._theme.px
        row = QHBoxLayout()
        row.setSpacing(px(10))
        model, takes = (
            Label(theme, "Model", font="label", role="text2"),
            Label(theme, "Takes", font="label", role="text2"),
        )
        folder = Label(theme, "Save to", font="label", role="text2")
        self._model.setMinimumWidth(px(164))
        self._model.setMaximumWidth(px(220))
        for part, stretch in (
            (model, 0),
            (self._model, 1),
            (takes, 0),
            (self._takes, 0),
            (folder, 0),
            (self._folder, 2),
        ):
            row.addWidget(part, stretch)
        row.addWidget(self._choose)
        self.body.addWidget(self.lines, 1)
        self.body.addLayout(row)
        self.body.addWidget(self._trouble)
        self.body.setSpacing(px(12))
        words, first = QVBoxLayout(), QHBoxLayout()
        first.setSpacing(px(8))
        first.addWidget(self._price)
        first.addWidget(self._amount, 1)
        words.setSpacing(px(2))
        words.addLayout(first)
        words.addWidget(self._basis)
        self.lead_footer(words)

    def _option(self, spec: ModelSpec) -> ChoiceOption:
        name = self._services.get(spec.provider, spec.provider)
        return ChoiceOption(_key(spec), f"{spec.label}, {name}", group=name)

    def _on_model(self, _key_of_model: str) -> None:
        self.defaults_changed.emit()

    def _on_go(self) -> None:
        lacking = self._lacking_now()
        if lacking:
            self.key_wanted.emit(lacking)
        elif self._figures is not None and self._figures.excess is not None:
            self.limits_wanted.emit()
        elif self._is_possible():
            self._trouble.say("")
            self.wanted.emit()

    def _lacking_now(self) -> str:
        """A service without a key that something would be sent to; empty where there is none."""
        figures = self._figures
        if figures is None:
            return ""
        asked = dict.fromkeys(row.checked.spec.provider for row in figures.plan.rows if row.due)
        return next((provider for provider in asked if provider in self._lacking), "")

    def _is_possible(self) -> bool:
        figures = self._figures
        is_ready = figures is not None and not self._is_busy and self.folder is not None
        return is_ready and figures is not None and bool(figures.plan.rows) and not figures.in_general

    def _refresh(self) -> None:
        figures = self._figures
        self._folder.set_error("Choose a folder." if self.folder is None else None)
        if figures is None:
            self._go.setEnabled(False)
            self._basis.setText(_CHECKING)
            return
        self.set_subtitle(_summary(self._sheet.path.name, figures))
        lacking = self._lacking_now()
        excess = figures.excess if not lacking else None
        totals = figures.totals
        self._price.setText(_price(figures))
        characters = f", {totals.characters:,} characters" if totals.characters else ""
        self._amount.setText(
            f"{counted(totals.rows, 'line')}, {counted(totals.takes, 'take')}{characters}" if totals.rows else ""
        )
        reason = _CHECKING if self._is_busy else f"{excess.limit}: {excess.figures}." if excess is not None else ""
        self._basis.setText(reason or _basis(figures))
        self._basis.set_role("text2" if reason else "text3")
        if figures.in_general:
            self._trouble.say(" ".join(problem.message for problem in figures.in_general), NoteTone.PROBLEM)
        self._go.setText(self._offer(lacking, excess, totals))
        self._go.setEnabled(not self._is_busy and (bool(lacking) or excess is not None or self._is_possible()))

    def _offer(self, lacking: str, excess: Excess | None, totals: Totals) -> str:
        if lacking:
            return f"Set a key for {self._services.get(lacking, lacking)}"
        if excess is not None:
            return "Ceiling reached"
        if totals.rows:
            return f"Generate {counted(totals.rows, 'line')}"
        return "Save the files again" if self._figures is not None and self._figures.plan.rows else "Generate"

    def _choose_folder(self) -> None:
        """Qt's own dialog: a system's would block the loop on some platforms."""
        picker = self._picker = QFileDialog(self, "Save to", self._folder.text())
        picker.setFileMode(QFileDialog.FileMode.Directory)
        picker.setOption(QFileDialog.Option.ShowDirsOnly)
        picker.setOption(QFileDialog.Option.DontUseNativeDialog)
        picker.fileSelected.connect(self._folder.setText)
        picker.finished.connect(picker.deleteLater)
        picker.open()


def asked_without_price(figures: Figures, *, has_limit: bool) -> list[PlannedRow]:
    """The rows that people are asked about, since nobody knows what they cost."""
    return [
        row
        for row in figures.plan.rows
        if any(each.expected is None or (has_limit and each.most is None) for each in row.due)
    ]


def _summary(name: str, figures: Figures) -> str:
    """`Night storm.csv: 48 lines. 41 are new, 5 changed since the last import, 1 is unchanged, 1 needs a fix.`"""
    counts = figures.counts
    wrong = sum(line.problem is not None for line in figures.lines)
    parts = [
        _are(counts[Step.NEW], "new"),
        f"{counts[Step.CHANGED]:,} changed since the last import" if counts[Step.CHANGED] else "",
        f"{counts[Step.RETRY]:,} failed before" if counts[Step.RETRY] else "",
        _are(counts[Step.OPEN], "under way"),
        f"{counts[Step.UNCERTAIN]:,} wait for your decision" if counts[Step.UNCERTAIN] else "",
        _are(counts[Step.UNCHANGED], "unchanged"),
        f"{wrong:,} {'needs' if wrong == 1 else 'need'} a fix" if wrong else "",
    ]
    removed = figures.plan.removed
    gone = ""
    if removed:
        more = f" and {len(removed) - _MOST_REMOVED:,} more" if len(removed) > _MOST_REMOVED else ""
        gone = f" No longer in it, left as they are: {', '.join(removed[:_MOST_REMOVED])}{more}."
    return f"{name}: {counted(len(figures.lines), 'line')}. {', '.join(filter(None, parts))}.{gone}"


def _are(number: int, what: str) -> str:
    return f"{number:,} {'is' if number == 1 else 'are'} {what}" if number else ""


def _price(figures: Figures) -> str:
    totals = figures.totals
    if not totals.rows:
        return "Nothing to generate"
    if totals.unknown == totals.rows:
        return "price unknown"
    text = readouts.estimated(totals.expected)
    return f"{text} and more" if totals.unknown else text


def _basis(figures: Figures) -> str:
    """`$25.18 left this month. Price list of 2 Nov 2026.`"""
    unknown = figures.totals.unknown
    parts = [
        _ALL_WRONG if not figures.plan.rows and figures.lines else "",
        f"The price of {counted(unknown, 'line')} is unknown." if unknown else "",
        f"{dollars(figures.left)} left this month." if figures.left is not None else "",
        f"Price list of {readouts.day(figures.read_on[0])}." if figures.read_on else "",
    ]
    return " ".join(filter(None, parts))


def _key(spec: ModelSpec) -> str:
    return f"{spec.provider}\0{spec.id}"
