"""How Runware says no, and the choices this server makes where its documents leave one open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from tests.servers.fields import Kind, Problem

DOCUMENTATION = "https://runware.ai/docs/en/audio-inference/api-reference"


@dataclass(frozen=True)
class Inferred:
    """Every choice that no document of Runware states; a test may take others.

    Pairs are (HTTP status, error code).
    """

    body_is_no_array: tuple[int, str] = (400, "invalidParameter")
    body_is_empty_array: tuple[int, str] = (400, "invalidParameter")
    body_is_no_json: tuple[int, str] = (400, "invalidParameter")
    content_type_is_not_json: tuple[int, str] = (415, "invalidParameter")
    no_key: tuple[int, str] = (401, "missingApiKey")
    unknown_field: tuple[int, str] = (400, "unsupportedParameter")
    wrong_value: tuple[int, str] = (400, "invalidParameter")
    prompt_is_empty: tuple[int, str] = (400, "missingPositivePrompt")
    prompt_is_no_text: tuple[int, str] = (400, "invalidPositivePrompt")
    prompt_has_wrong_length: tuple[int, str] = (400, "invalidPositivePromptLength")
    too_few_elements: tuple[int, str] = (400, "arrayTooSmall")
    cannot_go_together: tuple[int, str] = (400, "incompatibleParameters")
    unknown_task_type: tuple[int, str] = (400, "unsupportedTaskType")
    unknown_model: tuple[int, str] = (400, "modelNotFound")
    unknown_reference: tuple[int, str] = (400, "mediaNotFound")
    expired_reference: tuple[int, str] = (400, "mediaExpired")
    deleting_unknown_media: tuple[int, str] = (404, "mediaNotFound")
    details_of_unknown_task: tuple[int, str] = (404, "taskNotFound")
    sync_window_ended: tuple[int, str] = (504, "timeout")
    mixed_batch_status: int = 200  # some tasks accepted, some refused
    all_results_failed_sync_status: int = 200
    refused_task_keeps_its_id: bool = False  # validation errors and a low balance leave the taskUUID free
    conflict_body_has_data: bool = True  # {"data": [], "errors": [...]}
    poll_of_failures_has_data: bool = True  # a poll that finds only errors still answers "data": []
    bitrate_needs_sample_rate: bool = True  # the row of the table cannot be known otherwise
    unlisted_models_duration_s: tuple[float, float] = (0.1, 300.0)
    file_link_after_expiry: int = 404
    image_upload_data_is_object: bool = True


CHOICES = Inferred()


@dataclass(frozen=True)
class Refusal:
    """One entry of `errors`, and the status it would have on its own."""

    status: int
    code: str
    message: str
    parameter: str | list[str] | None = None
    hints: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def entry(self, task: Mapping[str, Any] | None = None) -> dict[str, Any]:
        entry: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.parameter is not None:
            entry["parameter"] = self.parameter
        entry |= self.hints
        for name in ("taskType", "taskUUID"):
            if task is not None and isinstance(task.get(name), str):
                entry.setdefault(name, task[name])
        return entry


def refusal(pair: tuple[int, str], message: str, parameter: str | list[str] | None = None, **hints: Any) -> Refusal:
    return Refusal(pair[0], pair[1], message, parameter, MappingProxyType(hints))


def refusal_of(problem: Problem, choices: Inferred) -> Refusal:
    """A mistake in a field, in Runware's words."""
    hints: dict[str, Any] = {"type": problem.expected} if problem.expected else {}
    for name, value in (("min", problem.least), ("max", problem.most), ("allowedValues", problem.allowed)):
        if value is not None:
            hints[name] = list(value) if isinstance(value, tuple) else value
    if problem.path == "duration" and problem.kind is Kind.RANGE:
        hints["documentation"] = f"{DOCUMENTATION}#request-duration"
    return refusal(_status_and_code(problem, choices), problem.message, problem.path, **hints)


def _status_and_code(problem: Problem, choices: Inferred) -> tuple[int, str]:
    name = problem.path.rpartition(".")[2]
    match problem.kind:
        case Kind.UNKNOWN:
            return choices.unknown_field
        case Kind.MISSING if name == "positivePrompt":
            return choices.prompt_is_empty
        case Kind.MISSING:
            return 400, f"missing{name[:1].upper()}{name[1:]}"
        case Kind.LENGTH if name == "positivePrompt":
            return choices.prompt_has_wrong_length
        case Kind.TYPE if name == "positivePrompt":
            return choices.prompt_is_no_text
        case Kind.RANGE if problem.path == "duration":
            return 400, "unsupportedDuration"
        case Kind.TOO_FEW:
            return choices.too_few_elements
    return choices.wrong_value
