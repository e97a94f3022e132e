"""What is needed before a recording is written down: which model, what it should know, what it costs."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.errors import Problem
from app.domain.input_facts import InputFacts
from app.domain.model_spec import ModelSpec
from app.domain.receipt import Estimate
from app.domain.request import InputFile, InputKind, TranscriptionRequest
from app.domain.transcription_draft import TranscriptionDraft
from app.ui import readouts
from app.ui.controls.choice import Choice, ChoiceOption
from app.ui.controls.divider import Divider
from app.ui.controls.field_row import FieldRow
from app.ui.controls.label import Label
from app.ui.controls.note_line import NoteLine, NoteTone
from app.ui.controls.primary_button import PrimaryButton
from app.ui.dialog import Dialog
from app.ui.theme import Theme
from app.ui.transcribe_form import LABEL_PX, TranscribeForm, problems_by_field

_OTHER = "\0other\0"
_SHORTEST_SHARE = 0.85  # of the longest part: the quietest place for a cut is looked for in what is left of it
_NO_MODEL = "No service here can transcribe. Set one up under Services and keys."
_LOOKING = "Looking at the recording…"
_BUSY = "Making the recording ready…"


@dataclass(frozen=True, slots=True)
class Recording:
    """What is to be written down.

    Attributes:
        name: As people know it.
    """

    audio: InputFile
    name: str


class TranscribeDialog(Dialog):
    """Shows what it is told and announces wishes; it closes when whoever asked accepts it.

    Args:
        models: Those that transcribe, in the order of the list.
        services: What people call the providers.
        open_providers: Where models can be named that aren't listed.
        estimate: What a request should cost.
    """

    wanted = Signal(object)  # TranscriptionRequest: the button was pressed, and nothing is wrong
    key_wanted = Signal(str)  # provider
    other_model_wanted = Signal(str)  # provider
    model_shown = Signal(object)  # ModelSpec

    def __init__(
        self,
        theme: Theme,
        recording: Recording,
        models: Sequence[ModelSpec],
        services: Mapping[str, str],
        open_providers: Sequence[str],
        draft: TranscriptionDraft,
        parent: QWidget,
        *,
        estimate: Callable[[ModelSpec, TranscriptionRequest], Estimate] = ModelSpec.estimate_transcription,
    ) -> None:
        super().__init__(theme, "Transcribe", width=560, parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._recording = recording
        self._models = {(spec.provider, spec.id): spec for spec in models}
        self._services = services
        self._open_providers = open_providers
        self._draft = draft
        self._estimate = estimate
        self._lacking: Collection[str] = ()
        self._spec: ModelSpec | None = None
        self._was_chosen = (draft.provider, draft.model) in self._models
        self._facts: InputFacts | None = None
        self._unreadable = ""
        self._problems: list[Problem] = []
        self._is_busy = False
        name = Label(theme, recording.name, font="label", medium=True, elide=True)
        self._length = Label(theme, font="label", role="text2")
        self._audio_row = FieldRow(theme, "Recording", name, trailing=self._length, label_width=LABEL_PX)
        self._model = Choice(theme, "Model", placeholder="No model")
        self._model_row = FieldRow(theme, "Model", self._model, label_width=LABEL_PX)
        self.form = TranscribeForm(theme)
        self._trouble = NoteLine(theme)
        for part in (self._audio_row, self._model_row, Divider(theme), self.form, self._trouble):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.body.setSpacing(theme.px(4))
        self.add_button("Cancel", safe=True).clicked.connect(self.reject)
        button = self.add_button("Transcribe", primary=True)
        assert isinstance(button, PrimaryButton)
        self._go = button
        self._go.clicked.connect(self._on_go)
        self._model.changed.connect(self._on_model)
        self.form.edited.connect(self._on_edit)
        self._show_models()

    # What is shown

    @property
    def draft(self) -> TranscriptionDraft:
        """What is set now, for this time and the next."""
        return self._draft

    @property
    def spec(self) -> ModelSpec | None:
        """The chosen model; None where there is none that transcribes."""
        return self._spec

    @property
    def recording(self) -> Recording:
        return self._recording

    def request(self) -> TranscriptionRequest | None:
        """What a click asks for now."""
        if self._spec is None:
            return None
        duration_s = self._facts.duration_s if self._facts is not None else None
        return self._draft.request(self._spec, self._recording.audio, duration_s)

    def show_facts(self, facts: InputFacts) -> None:
        """What the recording turned out to be."""
        self._facts = facts
        size = f"{facts.size_bytes / 1e6:,.1f} MB"
        is_audio = facts.kind is InputKind.CLIP and facts.duration_s is not None
        length = readouts.elapsed(round(facts.duration_s)) if is_audio and facts.duration_s is not None else ""
        self._length.setText(" · ".join(part for part in (length, size) if part))
        self._refresh()

    def show_unreadable(self, sentence: str) -> None:
        """Why the recording can't be looked at."""
        self._unreadable = sentence
        self._refresh()

    def show_lacking(self, providers: Collection[str]) -> None:
        """Services that can't be asked before they have a key."""
        if set(providers) != set(self._lacking):
            self._lacking = frozenset(providers)
            self._show_models()

    def add_model(self, spec: ModelSpec) -> None:
        """One that no list has; it is chosen."""
        self._models[spec.provider, spec.id] = spec
        self._choose(spec)
        self._show_models()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put each problem at its field, and go to the first."""
        self._problems = list(problems)
        self._refresh()
        here = self.form.fields()
        first = next((problem.field for problem in problems if problem.field in here), None)
        if first is not None:
            self.form.focus_field(first)

    def show_trouble(self, sentence: str) -> None:
        """What went wrong, where it is about no field."""
        self._problems = [Problem("", sentence)]
        self._refresh()

    def set_busy(self, is_busy: bool) -> None:
        """The recording is being made ready; nothing can be changed meanwhile, only called off."""
        self._is_busy = is_busy
        for part in (self._model_row, self.form):
            part.setEnabled(not is_busy)
        self._refresh()

    # Inside

    def _show_models(self) -> None:
        specs = sorted(self._models.values(), key=lambda spec: spec.provider in self._lacking)
        wanted = self._models.get((self._draft.provider, self._draft.model)) if self._was_chosen else None
        self._spec = wanted or (specs[0] if specs else None)
        options = [self._option(spec) for spec in specs]
        for provider in sorted(self._open_providers, key=lambda each: each in self._lacking):
            self._insert_other(options, provider)
        self._model.set_options(options)
        self._model.set_value(_key(self._spec) if self._spec is not None else None)
        self._show_spec()

    def _option(self, spec: ModelSpec) -> ChoiceOption:
        return ChoiceOption(_key(spec), spec.label, self._detail(spec.provider), group=self._name(spec.provider))

    def _insert_other(self, options: list[ChoiceOption], provider: str) -> None:
        """Behind the models of the same service, or at the end."""
        group = self._name(provider)
        other = ChoiceOption(f"{_OTHER}{provider}", "Another model…", self._detail(provider), group=group)
        last = max((at for at, option in enumerate(options) if option.group == group), default=len(options) - 1)
        options.insert(last + 1, other)

    def _detail(self, provider: str) -> str:
        return "needs a key" if provider in self._lacking else ""

    def _name(self, provider: str) -> str:
        return self._services.get(provider, provider)

    def _choose(self, spec: ModelSpec) -> None:
        self._was_chosen = True
        self._draft = self.form.draft.with_model(spec) if self._spec is not None else self._draft.with_model(spec)

    def _on_model(self, key: str) -> None:
        if key.startswith(_OTHER):
            self._model.set_value(_key(self._spec) if self._spec is not None else None)
            self.other_model_wanted.emit(key.removeprefix(_OTHER))
            return
        self._choose(next(spec for spec in self._models.values() if _key(spec) == key))
        self._problems = []
        self._show_models()

    def _show_spec(self) -> None:
        self.form.setVisible(self._spec is not None)
        if self._spec is not None:
            self._draft = self._draft.with_model(self._spec)
            self.form.show_draft(self._spec, self._draft)
            self.model_shown.emit(self._spec)
        self._refresh()

    def _on_edit(self) -> None:
        assert self._spec is not None
        self._draft = self.form.draft.with_model(self._spec)
        self._problems = self._found() if self._problems else []
        self._refresh()

    def _found(self) -> list[Problem]:
        """Everything that can be checked without reading the recording."""
        request = self.request()
        if self._spec is None or request is None:
            return [Problem("model", _NO_MODEL)]
        complaint = self._complaint()
        audio = [Problem("audio", complaint)] if complaint else []
        return [*audio, *self.form.typed_problems(), *self._spec.check_transcription(request)]

    def _on_go(self) -> None:
        self.form.commit_typing()
        if self._spec is not None and self._spec.provider in self._lacking:
            self.key_wanted.emit(self._spec.provider)
            return
        problems = self._found()
        if problems:
            self.show_problems(problems)
            return
        self._problems = []
        self._refresh()
        self.wanted.emit(self.request())

    def _refresh(self) -> None:
        by_field = problems_by_field(self._problems)
        audio = by_field.pop("audio", None) or self._complaint() or None
        self._audio_row.set_error(audio)
        self._audio_row.set_hint(self._plan())
        self._model_row.set_error(by_field.pop("model", None) or by_field.pop("provider", None) or self._no_model())
        self._model_row.set_hint(self._about_model())
        self.form.show_problems(by_field)
        homeless = [message for field, message in by_field.items() if field not in self.form.fields()]
        self._trouble.say(" ".join(homeless), NoteTone.PROBLEM)
        self._refresh_footer()
        self.body.activate()
        self.adjustSize()

    def _refresh_footer(self) -> None:
        request, spec = self.request(), self._spec
        name = self._name(spec.provider) if spec is not None and spec.provider in self._lacking else ""
        self._go.setText(f"Set a key for {name}" if name else "Transcribe")
        is_awaited = self._facts is None and not self._unreadable
        price, basis = "", ""
        if spec is not None and request is not None and not name and not is_awaited:
            estimate = self._estimate(spec, request)
            price, basis = readouts.estimated(estimate.expected), estimate.basis
        self._go.set_price(price)
        self.set_footer_note(basis)
        waits_for = _BUSY if self._is_busy else _LOOKING if is_awaited and not name else ""
        self.set_primary_enabled(spec is not None and not waits_for, waits_for)

    def _no_model(self) -> str | None:
        return _NO_MODEL if self._spec is None else None

    def _about_model(self) -> str:
        spec = self._spec
        return "" if spec is None else ". ".join(part for part in (self._name(spec.provider), spec.summary) if part)

    def _complaint(self) -> str:
        """Why this recording can't be transcribed, as far as that can be told beforehand."""
        facts = self._facts
        if self._unreadable or facts is None:
            return self._unreadable
        if facts.kind is not InputKind.CLIP or facts.duration_s is None:
            return f"{self._recording.audio.path.name} isn’t audio that can be read. Choose another file."
        return ""

    def _plan(self) -> str:
        """What happens with a recording that is too long or too large for one request."""
        limits = self._spec.transcription if self._spec is not None else None
        length_s = self._facts.duration_s if self._facts is not None else None
        if limits is None or self._facts is None or length_s is None:
            return ""
        part_s = limits.part_s(length_s, self._facts.size_bytes)
        if part_s is None:
            return ""
        fewest = math.ceil(length_s / part_s)
        most = math.ceil(length_s / (part_s * _SHORTEST_SHARE))
        parts = f"{fewest} parts" if fewest == most else f"{fewest} to {most} parts"
        return f"{readouts.elapsed(round(length_s))} long: sent in {parts}, cut where it is quiet."


def _key(spec: ModelSpec) -> str:
    return f"{spec.provider}\0{spec.id}"
