"""The real provider with the real encoder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from app.audio.encoding import encode
from app.audio.files import verify
from app.domain.audio import AudioInfo
from app.domain.provider import Job, Progress, Result
from app.domain.request import GenerationRequest
from app.providers.local.provider import LocalProvider

KEY = UUID("6f2a9c0e-8f6b-4a34-9d57-0e5a3d1c7b10")


@dataclass
class Collected:
    """An audio sink in memory."""

    data: bytearray = field(default_factory=bytearray)
    writes: int = 0

    async def write(self, data: bytes) -> None:
        self.data += data
        self.writes += 1

    def info(self, folder: Path) -> AudioInfo:
        """What the bytes really hold, decoded to their end."""
        path = folder / "take"
        path.write_bytes(self.data)
        return verify(path)


@dataclass
class Generator:
    """The provider, and the loops that its user would own."""

    provider: LocalProvider

    async def start(self, request: GenerationRequest, key: UUID = KEY) -> Job:
        submission = await self.provider.submit(self.provider.prepare(request, key), key)
        return Job(submission.job_id, key, self.provider.base_url, request.model, request.takes)

    async def finished(self, job: Job) -> Progress:
        progress = await self.provider.poll(job)
        while not progress.is_final:
            await asyncio.sleep(progress.poll_after_s or 0)
            progress = await self.provider.poll(job)
        return progress

    async def fetched(self, job: Job, result: Result) -> Collected:
        sink = Collected()
        await self.provider.fetch(job, result, sink)
        return sink

    async def made(self, request: GenerationRequest, key: UUID = KEY) -> list[Collected]:
        """Every take of a request."""
        job = await self.start(request, key)
        progress = await self.finished(job)
        assert progress.failures == ()
        return [await self.fetched(job, result) for result in progress.results]


@pytest.fixture
async def generator() -> AsyncIterator[Generator]:
    provider = LocalProvider(encode)
    yield Generator(provider)
    await provider.aclose()
