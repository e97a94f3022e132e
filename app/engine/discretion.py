"""What a service says about a failure may repeat what it was sent; addresses that carry credentials aren't repeated."""

from __future__ import annotations

from dataclasses import replace

from app.domain.request import GenerationRequest
from app.domain.take import Failure
from app.domain.task import Task

_HIDDEN = "•••"


def discreet(task: Task) -> Task:
    """The task without the addresses of its request in the words of its failures: they may be signed."""
    secrets = _addresses_of(task)
    if not secrets or not _says_anything(task):
        return task
    takes = tuple(replace(take, failure=_without(take.failure, secrets)) for take in task.takes)
    return replace(task, failure=_without(task.failure, secrets), takes=takes)


def _addresses_of(task: Task) -> tuple[str, ...]:
    if not isinstance(task.request, GenerationRequest):
        return ()
    return tuple(each for each in task.request.parameters.values() if isinstance(each, str) and "://" in each)


def _says_anything(task: Task) -> bool:
    return task.failure is not None or any(take.failure is not None for take in task.takes)


def _without(failure: Failure | None, secrets: tuple[str, ...]) -> Failure | None:
    if failure is None:
        return None
    message = failure.message
    for secret in secrets:
        message = message.replace(secret, _HIDDEN)
    return failure if message == failure.message else replace(failure, message=message)
