"""Choosing a model that no list has: the dialog, and the suggestions of its service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.errors import AppError
from app.domain.provider import AudioProvider, ModelLister
from app.storage.catalogue import Catalogue
from app.ui.background import Background
from app.ui.error_messages import error_text
from app.ui.model_chooser import ModelChooser
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.other_model_dialog import OtherModelDialog


class OtherModels(QObject):
    """Opens the dialog for the chooser; `chosen` carries the spec.

    Args:
        name_of: What people call a provider.
    """

    chosen = Signal(object)  # ModelSpec

    def __init__(
        self,
        theme: Theme,
        chooser: ModelChooser,
        catalogue: Catalogue,
        providers: Mapping[str, AudioProvider],
        name_of: Callable[[str], str],
        background: Background,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._catalogue = catalogue
        self._providers = providers
        self._name_of = name_of
        self._background = background
        self._window = window
        self._open: OtherModelDialog | None = None
        self._chooser = chooser
        chooser.other_wanted.connect(self.ask)
        self.offer()

    def offer(self) -> None:
        """Offer it at every service that takes any model; again when servers came or went."""
        self._chooser.offer_others([each for each in self._providers if self._catalogue.takes_any_model(each)])

    def ask(self, provider: str) -> None:
        """Ask for an id; the service's own list is asked for meanwhile, where it has one."""
        from app.ui.other_model_dialog import OtherModelDialog  # late: see late_parts

        dialog = self._open = OtherModelDialog(
            self._theme,
            self._name_of(provider),
            lambda model: self._catalogue.spec(provider, model),
            self._window,
        )
        dialog.chosen.connect(self.chosen)
        dialog.finished.connect(self._forget)
        dialog.open()
        lister = self._providers[provider]
        if isinstance(lister, ModelLister):
            dialog.show_loading()
            self._background.start(self._suggest(dialog, lister))

    async def _suggest(self, dialog: OtherModelDialog, lister: ModelLister) -> None:
        try:
            models = await lister.models()
        except AppError as error:
            if self._open is dialog:
                dialog.show_trouble(error_text(error).text)
            return
        if self._open is dialog:  # else it was closed meanwhile
            dialog.show_models([model.id for model in models])

    def _forget(self) -> None:
        self._open = None
