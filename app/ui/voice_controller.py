"""The voices of the chosen model: loaded when it is chosen, with the user's favourites among them."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.domain import errors
from app.domain.errors import AppError, StorageError
from app.domain.voice import Voice
from app.engine.voice_library import VoiceLibrary
from app.storage.favourite_voices import FavouriteVoices
from app.ui.background import Background
from app.ui.request_column import RequestColumn
from app.ui.voice_trouble import WhyNoVoices

_KEY_TROUBLES = (errors.CredentialsMissing, errors.CredentialsRejected)
_log = logging.getLogger(__name__)


class VoiceController(QObject):
    """Keeps the panel in step with the model. Nothing is asked before `start`.

    Args:
        name_of: What people call a provider.
    """

    keys_wanted = Signal(str)  # provider

    def __init__(
        self,
        column: RequestColumn,
        voices: VoiceLibrary,
        favourites: FavouriteVoices,
        name_of: Callable[[str], str],
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._column = column
        self._voices = voices
        self._favourites = favourites
        self._name_of = name_of
        self._background = background
        self._marked: dict[str, frozenset[str]] = {}
        self._shown: tuple[str, str] | None = None  # the provider and model whose voices are shown, or on their way
        self._lacks_key_of = ""
        self._has_started = False
        column.rebuilt.connect(self.load)
        chooser = column.voice.chooser
        chooser.reload_wanted.connect(lambda: self.reload(column.spec.provider))
        chooser.keys_wanted.connect(lambda: self.keys_wanted.emit(column.spec.provider))
        chooser.favourite_wanted.connect(self._mark)

    def start(self) -> None:
        """From now on voices are loaded; the library is open."""
        self._has_started = True
        self.load()

    def load(self) -> None:
        """Show the voices of the chosen model: its own, or those of its provider, fetched once."""
        spec = self._column.spec
        wanted = (spec.provider, spec.id if spec.voices else "")
        if not self._has_started or not spec.has_voices or self._shown == wanted:
            return
        self._shown = wanted
        self._lacks_key_of = ""
        if spec.voices and spec.provider in self._marked:
            self._column.voice.chooser.show_voices(spec.voices, self._marked[spec.provider])
            return
        self._column.voice.chooser.show_loading()
        self._background.start(self._load(wanted, spec.voices))

    def reload(self, provider: str) -> None:
        """Ask for the voices anew: the service may list others now."""
        self._voices.forget(provider)
        if self._shown is not None and self._shown[0] == provider:
            self._shown = None
            self.load()

    def on_key(self, provider: str) -> None:
        """The key of a provider is another one: where the old one was the trouble, the voices may be had now."""
        if provider == self._lacks_key_of:
            self.reload(provider)

    async def _load(self, wanted: tuple[str, str], own: tuple[Voice, ...]) -> None:
        provider = wanted[0]
        try:
            marked = await self._marked_of(provider)
            voices = own or await self._voices.voices(provider)
        except AppError as error:
            if self._shown == wanted:
                self._lacks_key_of = provider if isinstance(error, _KEY_TROUBLES) else ""
                self._column.voice.chooser.show_trouble(WhyNoVoices.of(error, self._name_of(provider)))
            return
        if self._shown == wanted:  # else another model was chosen meanwhile
            self._column.voice.chooser.show_voices(voices, marked)

    async def _marked_of(self, provider: str) -> frozenset[str]:
        """Voices are worth showing also where nobody can say which are liked best."""
        if provider not in self._marked:
            try:
                self._marked[provider] = await self._favourites.of(provider)
            except StorageError:
                _log.warning("the favourite voices can't be read", exc_info=True)
                return frozenset()
        return self._marked[provider]

    def _mark(self, voice: str, is_favourite: bool) -> None:
        self._background.start(self._keep_mark(self._column.spec.provider, voice, is_favourite))

    async def _keep_mark(self, provider: str, voice: str, is_favourite: bool) -> None:
        """Shown at once; taken back where it can't be kept."""
        self._show_mark(provider, voice, is_favourite)
        try:
            await self._favourites.mark(provider, voice, is_favourite=is_favourite)
        except StorageError:
            self._show_mark(provider, voice, not is_favourite)
            raise

    def _show_mark(self, provider: str, voice: str, is_favourite: bool) -> None:
        before = self._marked.get(provider, frozenset())
        self._marked[provider] = before | {voice} if is_favourite else before - {voice}
        if self._column.spec.provider == provider:
            self._column.voice.chooser.show_favourites(self._marked[provider])
