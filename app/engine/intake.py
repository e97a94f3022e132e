"""What a click asks for, checked, priced and with its input files in the library: tasks that can be queued."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from app.domain.errors import Problem, RequestInvalid
from app.domain.input_facts import InputFacts
from app.domain.parameter_spec import one_of
from app.domain.provider import AudioProvider, Transcriber
from app.domain.request import GenerationRequest, InputFile, TranscriptionRequest
from app.domain.task import Task
from app.engine.clicks import (
    refuse_unfit_inputs,
    refuse_unknown_voice,
    refuse_unprepared,
    requests_of_click,
    tasks_of_click,
)
from app.engine.pace import Clock
from app.engine.recordings import Recordings, Split
from app.engine.spending import Spending
from app.storage.catalogue import Catalogue
from app.storage.take_files import TakeFiles


class Intake:
    """Makes tasks of requests; none of them is on the disk yet.

    Args:
        probe: Says what an input file is; blocking, called on a thread.
        split: Cuts a recording that is too long; blocking, called on a thread.
        most_takes: Of one click.
    """

    def __init__(
        self,
        *,
        files: TakeFiles,
        providers: Mapping[str, AudioProvider],
        catalogue: Catalogue,
        spending: Spending,
        clock: Clock,
        probe: Callable[[Path], InputFacts],
        split: Split,
        most_takes: int,
    ) -> None:
        self._files = files
        self._providers = providers
        self._catalogue = catalogue
        self._spending = spending
        self._clock = clock
        self._probe_file = probe
        self._recordings = Recordings(files, self._probe, split)
        self._most_takes = most_takes

    async def refuse_unfit(self, request: GenerationRequest) -> tuple[GenerationRequest, ...]:
        """See `TaskQueue.refuse_unfit`."""
        spec = self._catalogue.spec(request.provider, request.model)
        requests = requests_of_click(request, spec, self._most_takes)
        provider = provider_of(self._providers, request.provider)
        await refuse_unknown_voice(request, provider)
        await refuse_unfit_inputs(request, spec, self._probe)
        refuse_unprepared(requests[0], provider)
        return requests

    async def generation(
        self, request: GenerationRequest, project: str, task_ceiling: Decimal | None, *, accepts_unknown_price: bool
    ) -> list[Task]:
        """The tasks of one click on Generate; see `TaskQueue.add`."""
        spec = self._catalogue.spec(request.provider, request.model)
        requests = await self.refuse_unfit(request)
        estimates = [self._spending.estimate(spec, part) for part in requests]
        await self._spending.refuse_over_ceilings(estimates, task_ceiling, accepts_unknown_price=accepts_unknown_price)
        clips = tuple([await self._files.adopt_input(file) for file in request.references])
        requests = tuple(replace(part, references=clips) for part in requests)
        return tasks_of_click(
            requests, spec, estimates, project, self._clock.now(), accepts_unknown_price=accepts_unknown_price
        )

    async def transcription(
        self, request: TranscriptionRequest, project: str, task_ceiling: Decimal | None, *, accepts_unknown_price: bool
    ) -> list[Task]:
        """The one task of a transcription; see `TaskQueue.add_transcription`."""
        spec = self._catalogue.spec(request.provider, request.model)
        if not isinstance(provider_of(self._providers, request.provider), Transcriber):
            raise RequestInvalid([Problem("model", f"{spec.label} makes audio and writes nothing down.")])
        ready = await self._recordings.ready(request, spec)
        estimate = self._spending.estimate_transcription(spec, ready)
        await self._spending.refuse_over_ceilings([estimate], task_ceiling, accepts_unknown_price=accepts_unknown_price)
        return tasks_of_click(
            [ready], spec, [estimate], project, self._clock.now(), accepts_unknown_price=accepts_unknown_price
        )

    async def _probe(self, file: InputFile) -> InputFacts:
        """What an input is; of one whose original has gone, what its copy is."""
        copy = None if file.sha256 is None else self._files.input_path(file.sha256)

        def look() -> InputFacts:
            return self._probe_file(copy if copy is not None and copy.exists() else file.path)

        return await asyncio.to_thread(look)


def provider_of(providers: Mapping[str, AudioProvider], provider: str) -> AudioProvider:
    """
    Raises:
        RequestInvalid: there is no such service.
    """
    known = providers.get(provider)
    if known is None:
        problem = Problem("provider", f"There is no service “{provider}”; there is {one_of(providers)}.")
        raise RequestInvalid([problem])
    return known
