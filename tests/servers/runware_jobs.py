"""A generation that Runware accepted: its results, what becomes of them, and how they are told."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.servers.sounds import Sound


@dataclass(frozen=True)
class Failure:
    """How a result, or a whole job, fails. `extra` goes into the error as it is, such as `responseContent`."""

    code: str
    message: str = "the generation failed"
    extra: Mapping[str, Any] = field(default_factory=dict)


PROVIDER_TIMEOUT = Failure("timeoutProvider", "upstream took too long")
UNSAFE = Failure(
    "providerContentPolicyViolation",
    "The request was refused by the provider",
    {"responseContent": {"reason": "the prompt names a real person"}},
)


@dataclass
class Behaviour:
    """How Runware behaves toward the jobs that it accepts from now on; each keeps what held at its acceptance.

    Attributes:
        refusal: The task is refused at submit (400, id not kept).
        failing: By number of the result (0 is the first): how it fails, when its turn comes.
        whole_failure: One error stands for all results.
        errors_in_data: Failures are items of `data` with a nested `error`.
        errors_as_object: `errors` is one object instead of an array.
        running_word: The status of what still runs; "processing", "pending" or a word nobody knows.
        progress: Whether running items carry `progress`.
        with_cost: Whether `cost` is told even if it was asked for.
        duplicated: Every finished item comes twice.
        reordered: Items come last first.
        extra: Fields added to every finished item.
        with_audio_uuid: Whether finished items carry `audioUUID`.
        with_result_index: Whether finished items carry `resultIndex`.
        with_file: Whether finished items carry the link or the data.
        sync_window_ends: A sync request is answered 504 while its job goes on.
    """

    refusal: Failure | None = None
    failing: Mapping[int, Failure] = field(default_factory=dict)
    whole_failure: Failure | None = None
    errors_in_data: bool = False
    errors_as_object: bool = False
    running_word: str = "processing"
    progress: bool = False
    with_cost: bool = True
    duplicated: bool = False
    reordered: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)
    with_audio_uuid: bool = True
    with_result_index: bool = False
    with_file: bool = True
    sync_window_ends: bool = False


@dataclass
class Result:
    """One of the N results of a job. `url` is empty until the file lies on the file host."""

    number: int
    audio_uuid: str
    seed: int
    sound: Sound
    failure: Failure | None = None
    done: bool = False
    url: str = ""


@dataclass
class Job:
    """One accepted `audioInference` task."""

    id: str
    task: Mapping[str, Any]
    request: list[Any]
    sound: Sound
    price_each_usd: Decimal
    behaviour: Behaviour
    accepted_at_s: float
    results: list[Result]
    polls: int = 0

    @property
    def finished(self) -> bool:
        return all(result.done for result in self.results)

    @property
    def dead(self) -> Failure | None:
        """The one failure of all results, once it is known."""
        return self.behaviour.whole_failure if any(result.done for result in self.results) else None

    def progress_percent(self) -> int:
        return 100 * sum(result.done for result in self.results) // len(self.results)


def results_of(job_id: str, first_number: int, count: int, sound: Sound, behaviour: Behaviour) -> list[Result]:
    """The results to come. Ids and seeds follow from the job's id, so that a run can be repeated."""
    results = []
    for number in range(count):
        digest = hashlib.sha256(f"{job_id}/{number}".encode()).digest()
        results.append(
            Result(
                number=number,
                audio_uuid=str(UUID(bytes=digest[:16], version=4)),
                seed=int.from_bytes(digest[16:20]) >> 1,
                sound=sound.numbered(first_number + number),
                failure=behaviour.whole_failure or behaviour.failing.get(number),
            )
        )
    return results


def envelope(job: Job, *, polled: bool, with_empty_data: bool) -> dict[str, Any]:
    """The body that tells the state of a job. A sync answer (`polled` False) has no `status` words."""
    data: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    failures = _failures(job)
    if job.dead is None:
        for result in job.results:
            if not result.done:
                data.append(_running_item(job))
            elif result.failure is None:
                data += [_finished_item(job, result, polled)] * (2 if job.behaviour.duplicated else 1)
    if job.behaviour.errors_in_data:
        data += [_nested_error(job, failure) for failure in failures]
    else:
        errors = [_error(job, failure) for failure in failures]
    if job.behaviour.reordered:
        data.reverse()
    body: dict[str, Any] = {}
    if data or not errors or with_empty_data:
        body["data"] = data
    if errors:
        body["errors"] = errors[0] if job.behaviour.errors_as_object else errors
    return body


def _failures(job: Job) -> list[Failure]:
    if job.dead is not None:
        return [job.dead]
    return [result.failure for result in job.results if result.done and result.failure is not None]


def _head(job: Job) -> dict[str, Any]:
    return {"taskType": job.task["taskType"], "taskUUID": job.task["taskUUID"]}


def _running_item(job: Job) -> dict[str, Any]:
    item = {**_head(job), "status": job.behaviour.running_word}
    return item | {"progress": job.progress_percent()} if job.behaviour.progress else item


def _error(job: Job, failure: Failure) -> dict[str, Any]:
    return {
        "code": failure.code,
        "status": "error",
        "message": failure.message,
        "taskUUID": job.task["taskUUID"],
        "taskType": job.task["taskType"],
        **failure.extra,
    }


def _nested_error(job: Job, failure: Failure) -> dict[str, Any]:
    error = {"code": failure.code, "message": failure.message, **failure.extra}
    return {**_head(job), "status": "error", "error": error}


def _finished_item(job: Job, result: Result, polled: bool) -> dict[str, Any]:
    behaviour = job.behaviour
    item = _head(job)
    if polled:
        item["status"] = "success"
    if behaviour.with_audio_uuid:
        item["audioUUID"] = result.audio_uuid
    if behaviour.with_result_index:
        item["resultIndex"] = result.number
    if behaviour.with_file:
        item |= _file_field(job, result)
    item["seed"] = result.seed
    if behaviour.with_cost and job.task.get("includeCost", False):
        item["cost"] = float(job.price_each_usd)
    return item | dict(behaviour.extra)


def _file_field(job: Job, result: Result) -> dict[str, str]:
    match job.task.get("outputType", "URL"):
        case "base64Data":
            return {"audioBase64Data": base64.b64encode(result.sound.encoded()).decode()}
        case "dataURI":
            encoded = base64.b64encode(result.sound.encoded()).decode()
            return {"audioDataURI": f"data:{result.sound.content_type};base64,{encoded}"}
    return {"audioURL": result.url}
