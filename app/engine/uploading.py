"""Input files brought to services that take them by reference: each once, for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from app.domain.errors import AppError
from app.domain.provider import AudioProvider, Uploader
from app.domain.request import GenerationRequest, InputFile, Request
from app.engine.gate import Departure
from app.storage.take_files import TakeFiles
from app.storage.uploads import UploadStore


class Uploading:
    """Uploads what a request needs and remembers what is there, by content and address."""

    def __init__(self, store: UploadStore, files: TakeFiles) -> None:
        self._store = store
        self._files = files
        self._turns: dict[tuple[str, str], asyncio.Lock] = {}

    async def with_handles(
        self, request: GenerationRequest, provider: AudioProvider, turn: Callable[[], Awaitable[Departure]]
    ) -> GenerationRequest:
        """The request with the service's names for its inputs, as `prepare` wants them.

        Args:
            turn: Waits until something may leave for the service; a refusal for being busy holds up everybody.
        Raises:
            AppError: An input is gone from the library, or can't be uploaded now.
        """
        if not request.references or not isinstance(provider, Uploader):
            return request
        base_url = provider.base_url
        named = [await self._named(file, provider, base_url, turn) for file in request.references]
        if provider.base_url != base_url:  # some went to an address that was chosen meanwhile: nobody knows which
            await self.forget(request, base_url)
        return replace(request, references=tuple(named))

    async def forget(self, request: Request, base_url: str) -> None:
        """The service doesn't have the inputs of this request any more."""
        hashes = [file.sha256 for file in request.references if file.sha256 is not None]
        await self._store.forget(base_url, hashes)

    async def _named(
        self, file: InputFile, uploader: Uploader, base_url: str, turn: Callable[[], Awaitable[Departure]]
    ) -> InputFile:
        assert file.sha256 is not None, "inputs of a task are copied into the library first"
        # Tasks of one click share their clips: the first one uploads, the others wait for it.
        async with self._turns.setdefault((base_url, file.sha256), asyncio.Lock()):
            handle = await self._store.handle(base_url, file.sha256)
            if handle is None:
                with await turn() as departure:
                    handle = await self._upload(file, file.sha256, uploader, departure)
                await self._store.keep(base_url, file.sha256, handle)
        return replace(file, handle=handle)

    async def _upload(self, file: InputFile, sha256: str, uploader: Uploader, departure: Departure) -> str:
        try:
            handle = await uploader.upload(self._files.input_path(sha256), file.kind)
        except AppError as error:
            departure.answered(error)
            raise
        departure.answered(None)
        return handle
