"""Runware's audio service on loopback.

    async with RunwareServer(pace=PollDriven(before=1)) as server:
        server.url                                   # base URL to configure, ends in /v1
        server.behaviour.failing = {1: PROVIDER_TIMEOUT}
        server.faults.at("submit", Drop(processed=True))
        ...
        assert len(server.ledger.charges) == 1
        assert server.files.violations == []

Phases: submit (audioInference), poll (getResponse), details (getTaskDetails), upload (mediaStorage, imageUpload),
account, ping, other; the first task of a request decides. Files are fetched from `server.files` (phase download).

Source: runware.ai/docs: audio inference, task polling, task details, media storage, account management, errors (2026).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp
from aiohttp import web

from tests.servers.faults import answer_with
from tests.servers.fields import UUID_V4, Anything, Fields, OneOf, Text, inline_bytes, is_http_url
from tests.servers.file_host import FileHost
from tests.servers.ledger import BalanceTooLow, Ledger
from tests.servers.pace import Pace, PollDriven, TimeDriven
from tests.servers.recording import KeySeen, NotJson, RecordedRequest
from tests.servers.runware_errors import CHOICES, Inferred, Refusal, refusal
from tests.servers.runware_jobs import Behaviour, Job, Result, envelope, results_of
from tests.servers.runware_models import Media, price_usd, problems_of, refusals_of, sound_of
from tests.servers.serving import TICK_S, LoopbackService

KEY = "rw-test-key"
PHASES = {
    "audioInference": "submit",
    "getResponse": "poll",
    "getTaskDetails": "details",
    "mediaStorage": "upload",
    "imageUpload": "upload",
    "accountManagement": "account",
    "ping": "ping",
}
_PATH = "/v1"
_PATIENCE_S = 5.0
_IMAGE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"GIF8")

_ASKING = Fields({"taskType": Text(1), "taskUUID": UUID_V4})
_UPLOADING_MEDIA = Fields(
    {"taskType": Text(1), "taskUUID": UUID_V4, "operation": OneOf("upload", "delete"), "media": Text(1)}
)
_UPLOADING_IMAGE = Fields({"taskType": Text(1), "taskUUID": UUID_V4, "image": Text(1)})
_ACCOUNT = Fields({"taskType": Text(1), "taskUUID": UUID_V4, "operation": OneOf("getDetails")})
_PINGING = Fields({"taskType": Text(1), "taskUUID": UUID_V4}, {"ping": Anything()})


@dataclass
class StoredMedia:
    """Something a user uploaded. `content` is None where it was given as a link that is not on loopback."""

    id: str
    content: bytes | None
    given_as: Literal["url", "data URI", "base64"]
    expired: bool = False


class RunwareServer(LoopbackService):
    """Runware on loopback, with its file host.

    Args:
        keys: The API keys that are accepted.
        balance: What the account holds, in USD.
        result_seconds: Length of results whose request names none.
        honours_duration: Whether a requested duration is kept; else every result has `result_seconds`.
        pace: When results become ready.
        ack_empty: Submits are acknowledged with `data: []`.
        link_valid_s: How long links live whose task has no `ttl`; None for ever.
        ogg: What is inside OGG results: "ogg" (Vorbis) or "opus".
        choices: What this server does where no document says.
        missing_models: AIR ids that do not exist.
        account_refusal: (status, code) with which accountManagement is refused; None to allow it.

    Attributes:
        files: The file host, another origin. `files.violations` must stay empty.
        ledger: Charges by lower-case taskUUID and audioUUID.
        jobs: Every accepted task, by lower-case taskUUID.
        media: Every upload, by mediaUUID.
        behaviour: How jobs accepted from now on turn out.
    """

    def __init__(
        self,
        *,
        keys: Iterable[str] = (KEY,),
        balance: Decimal = Decimal(10),
        result_seconds: float = 2.0,
        honours_duration: bool = True,
        pace: Pace | None = None,
        ack_empty: bool = False,
        link_valid_s: float | None = 3600.0,
        ogg: Literal["ogg", "opus"] = "ogg",
        choices: Inferred = CHOICES,
        missing_models: Iterable[str] = (),
        account_refusal: tuple[int, str] | None = None,
        port: int = 0,
        files_port: int = 0,
    ) -> None:
        self.keys = set(keys)
        self.files = FileHost(port=files_port, gone_status=choices.file_link_after_expiry, secrets=self.keys)
        super().__init__(port=port, clock=self.files.clock, companions=[self.files])
        self.result_seconds = result_seconds
        self.honours_duration = honours_duration
        self.pace: Pace = pace or PollDriven()
        self.ticks = isinstance(self.pace, TimeDriven)
        self.ack_empty = ack_empty
        self.link_valid_s = link_valid_s
        self.ogg: Literal["ogg", "opus"] = ogg
        self.choices = choices
        self.missing_models = set(missing_models)
        self.account_refusal = account_refusal
        self.behaviour = Behaviour()
        self.ledger = Ledger(balance)
        self.jobs: dict[str, Job] = {}
        self.media: dict[str, StoredMedia] = {}
        self._results_made = 0
        self._used_ids: set[str] = set()
        self._http: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        """The base URL to configure."""
        return f"{self.origin}{_PATH}"

    def settle(self) -> None:
        """Let every accepted job run to its end, as it would without being asked, so that the ledger is complete."""
        for job in list(self.jobs.values()):
            self._complete(job, len(job.results))

    def expire_media(self) -> None:
        """Everything uploaded so far is no longer stored."""
        for stored in list(self.media.values()):
            stored.expired = True

    def phase_of(self, request: RecordedRequest) -> str:
        try:
            tasks = request.body
        except NotJson:
            return "other"
        if not isinstance(tasks, list):
            return "other"
        kinds = [task.get("taskType") for task in tasks if isinstance(task, dict) and not _is_authentication(task)]
        return PHASES.get(kinds[0], "other") if kinds and isinstance(kinds[0], str) else "other"

    def key_seen(self, authorization: str | None) -> KeySeen:
        if authorization is None:
            return "none"
        scheme, _, key = authorization.partition(" ")
        return "right" if scheme == "Bearer" and key in self.keys else "wrong"

    def conceal_key(self, request: RecordedRequest) -> None:
        """The key may come as the first task. Beside a header, both must be right."""
        try:
            body = request.body
        except NotJson:
            return
        if _carries_key(body):
            right = body[0].get("apiKey") in self.keys and set(body[0]) == {"taskType", "apiKey"}
            request.key = "right" if right and request.key != "wrong" else "wrong"
            request.record_instead([{"taskType": "authentication", "apiKey": request.key}, *body[1:]])

    async def started(self) -> None:
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True), timeout=aiohttp.ClientTimeout(total=_PATIENCE_S)
        )

    async def stopped(self) -> None:
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def answer(self, request: RecordedRequest) -> web.Response:
        if request.path != _PATH:
            return answer_with(404, {"errors": [{"code": "notFound", "message": "there is nothing at this path"}]})
        if request.method != "POST":
            refused = {"errors": [{"code": "methodNotAllowed", "message": "send a POST"}]}
            return answer_with(405, refused, {"Allow": "POST"})
        tasks, refused_whole = self._tasks_of(request)
        if refused_whole is not None:
            return answer_with(refused_whole.status, {"errors": [refused_whole.entry()]})
        request.note = ", ".join(f"{task.get('taskType')} {task.get('model', '')}".strip() for task in tasks)
        outcomes = [await self._do(task, tasks) for task in tasks]
        return _joined(outcomes, self.choices)

    def _tasks_of(self, request: RecordedRequest) -> tuple[list[dict[str, Any]], Refusal | None]:
        """The tasks without the authentication, or why the request as a whole is refused."""
        choices = self.choices
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return [], refusal(choices.content_type_is_not_json, "send application/json")
        try:
            body = request.body
        except NotJson as exc:
            return [], refusal(choices.body_is_no_json, f"the body is no JSON: {exc}")
        if not isinstance(body, list) or not all(isinstance(task, dict) for task in body):
            return [], refusal(choices.body_is_no_array, "the body must be an array of task objects")
        with_key = _carries_key(body)
        if request.key == "none":
            return [], _key_refusal(choices.no_key, "no API key was sent")
        if request.key == "wrong":
            return [], _key_refusal((401, "invalidApiKey"), "the API key is not valid")
        if not body:
            return [], refusal(choices.body_is_empty_array, "the array holds no task")
        return body[1:] if with_key else body, None

    async def _do(self, task: dict[str, Any], request: list[Any]) -> _Outcome:
        kind = task.get("taskType")
        do = {
            "audioInference": self._infer,
            "getResponse": self._tell_response,
            "getTaskDetails": self._tell_details,
            "mediaStorage": self._store_media,
            "imageUpload": self._upload_image,
            "accountManagement": self._tell_account,
            "ping": self._pong,
        }.get(kind if isinstance(kind, str) else "")
        if do is None:
            return _refused(task, refusal(self.choices.unknown_task_type, f"no such taskType: {kind}", "taskType"))
        return await do(task, request)

    async def _infer(self, task: dict[str, Any], request: list[Any]) -> _Outcome:
        wrong = refusals_of(task, self._media_state, self.choices, frozenset(self.missing_models))
        if not wrong and (failure := self.behaviour.refusal) is not None:
            wrong = [Refusal(400, failure.code, failure.message, hints=failure.extra)]
        job_id = task["taskUUID"].lower() if isinstance(task.get("taskUUID"), str) else ""
        if job_id in self.jobs or job_id in self._used_ids:
            conflict = Refusal(400, "conflictTaskUUID", "a task with this taskUUID exists already", "taskUUID")
            return _refused(task, conflict, data=[] if self.choices.conflict_body_has_data else None)
        if not wrong:
            job = self._new_job(job_id, task, request)
            try:
                self.ledger.accept(job.id, job.price_each_usd * len(job.results))
            except BalanceTooLow:
                wrong = [Refusal(402, "insufficientCredits", "the balance is too low for this task; add credits")]
        if wrong:
            if self.choices.refused_task_keeps_its_id and job_id:
                self._used_ids.add(job_id)
            return _refused(task, *wrong)
        self._results_made += len(job.results)
        self.jobs[job.id] = job
        if task.get("deliveryMethod", "sync") == "sync":
            return await self._finish_in_sync(job)
        acknowledged = {"taskType": task["taskType"], "taskUUID": task["taskUUID"]}
        return _Outcome({"data": [] if self.ack_empty else [acknowledged]})

    def _new_job(self, job_id: str, task: dict[str, Any], request: list[Any]) -> Job:
        sound = sound_of(task, self.result_seconds, self.ogg)
        if not self.honours_duration:
            sound = replace(sound, seconds=self.result_seconds)
        behaviour = copy(self.behaviour)
        return Job(
            id=job_id,
            task=task,
            request=request,
            sound=sound,
            price_each_usd=price_usd(task["model"], sound.seconds),
            behaviour=behaviour,
            accepted_at_s=self.clock.now_s(),
            results=results_of(job_id, self._results_made, task.get("numberResults", 1), sound, behaviour),
        )

    async def _finish_in_sync(self, job: Job) -> _Outcome:
        if job.behaviour.sync_window_ends:
            status, code = self.choices.sync_window_ended
            return _refused(job.task, Refusal(status, code, "the task goes on in the background"))
        while isinstance(self.pace, TimeDriven) and not job.finished:
            self._advance(job)
            await asyncio.sleep(TICK_S / 4)
        await self._deliver(job, self._complete(job, len(job.results)))
        body = await asyncio.to_thread(envelope, job, polled=False, with_empty_data=False)
        return _Outcome(body, self.choices.all_results_failed_sync_status if not body.get("data") else 200)

    async def _tell_response(self, task: dict[str, Any], _: list[Any]) -> _Outcome:
        if wrong := problems_of(_ASKING, task, self.choices):
            return _refused(task, *wrong)
        job = self.jobs.get(task["taskUUID"].lower())
        if job is None:
            return _Outcome({"data": []})
        job.polls += 1
        await self._deliver(job, self._advance(job))
        body = await asyncio.to_thread(
            envelope, job, polled=True, with_empty_data=self.choices.poll_of_failures_has_data
        )
        return _Outcome(body)

    async def _tell_details(self, task: dict[str, Any], _: list[Any]) -> _Outcome:
        if wrong := problems_of(_ASKING, task, self.choices):
            return _refused(task, *wrong)
        job = self.jobs.get(task["taskUUID"].lower())
        if job is None:
            return _refused(task, refusal(self.choices.details_of_unknown_task, "no such task", "taskUUID"))
        self._advance(job)
        response = await asyncio.to_thread(envelope, job, polled=True, with_empty_data=False)
        item = {
            "taskType": "getTaskDetails",
            "taskUUID": task["taskUUID"],
            "request": job.request,
            "response": response,
        }
        return _Outcome({"data": [item]})

    async def _store_media(self, task: dict[str, Any], _: list[Any]) -> _Outcome:
        if wrong := problems_of(_UPLOADING_MEDIA, task, self.choices):
            return _refused(task, *wrong)
        item = {"taskType": "mediaStorage", "taskUUID": task["taskUUID"], "operation": task["operation"]}
        if task["operation"] == "delete":
            if self._media_state(task["media"]) != "known":
                return _refused(task, refusal(self.choices.deleting_unknown_media, "no such media", "media"))
            del self.media[task["media"].lower()]
            return _Outcome({"data": [item | {"mediaUUID": task["media"]}]})
        stored = await self._store(task["media"])
        if stored is None:
            wrong_media = "media: must be a URL, a data URI or base64"
            return _refused(task, refusal(self.choices.wrong_value, wrong_media, "media", type="string"))
        link = self.files.publish(
            f"/media/{stored.id}", lambda: stored.content or b"", content_type="application/octet-stream"
        )
        return _Outcome({"data": [item | {"mediaUUID": stored.id, "mediaURL": link}]})

    async def _upload_image(self, task: dict[str, Any], _: list[Any]) -> _Outcome:
        if wrong := problems_of(_UPLOADING_IMAGE, task, self.choices):
            return _refused(task, *wrong)
        stored = await self._store(task["image"])
        if stored is None or (stored.content is not None and not _is_image(stored.content)):
            wrong_image = "image: must be a URL, a data URI or base64 of a JPEG, PNG, WebP, BMP or GIF"
            return _refused(task, refusal(self.choices.wrong_value, wrong_image, "image", type="string"))
        item = {"taskType": "imageUpload", "taskUUID": task["taskUUID"], "imageUUID": stored.id}
        return _Outcome({"data": item if self.choices.image_upload_data_is_object else [item]})

    async def _tell_account(self, task: dict[str, Any], _: list[Any]) -> _Outcome:
        if wrong := problems_of(_ACCOUNT, task, self.choices):
            return _refused(task, *wrong)
        if self.account_refusal is not None:
            return _refused(task, refusal(self.account_refusal, "this key may not see the account"))
        head = {"taskType": "accountManagement", "taskUUID": task["taskUUID"], "operation": "getDetails"}
        return _Outcome({"data": [head | self._account()]})

    def _account(self) -> dict[str, Any]:
        """With people's names and addresses in it, which a client has no business keeping."""
        spent = {"credits": float(self.ledger.total_usd), "requests": len(self.requests)}
        return {
            "organizationUUID": "6b1d3f0e-2a44-4c8e-9c56-1f0a7d2b9e10",
            "organizationName": "Invented Sound Ltd",
            "balance": float(self.ledger.balance_usd),
            "team": [
                {
                    "name": "Petra Invented",
                    "email": "petra@invented.example",
                    "role": "admin",
                    "joinedAt": "2026-01-05",
                },
                {
                    "name": "Jonas Invented",
                    "email": "jonas@invented.example",
                    "role": "member",
                    "joinedAt": "2026-02-11",
                },
            ],
            "apiKeys": [
                {
                    "name": "studio",
                    "apiKey": "rw-t****",
                    "enabled": True,
                    "requests": 7,
                    "lastUsedAt": "2026-08-01T08:00:00Z",
                }
            ],
            "usage": {"total": spent, "today": spent, "last7Days": spent, "last30Days": spent},
        }

    async def _pong(self, task: dict[str, Any], _: list[Any]) -> _Outcome:
        if wrong := problems_of(_PINGING, task, self.choices):
            return _refused(task, *wrong)
        return _Outcome({"data": [{"taskType": "ping", "taskUUID": task["taskUUID"], "pong": True}]})

    def _media_state(self, media_uuid: str) -> Media:
        stored = self.media.get(media_uuid.lower())
        if stored is None:
            return "unknown"
        return "expired" if stored.expired else "known"

    async def _store(self, given: str) -> StoredMedia | None:
        """Keep an upload; None if it is nothing that can be kept."""
        given_as: Literal["url", "data URI", "base64"]
        if is_http_url(given):
            given_as, content = "url", await self._fetched(given)
        else:
            given_as = "data URI" if given.startswith("data:") else "base64"
            content = inline_bytes(given)
            if content is None:
                return None
        stored = StoredMedia(str(uuid4()), content, given_as)
        self.media[stored.id] = stored
        return stored

    async def _fetched(self, url: str) -> bytes | None:
        if self._http is None or not _on_loopback(url):
            return None
        async with self._http.get(url) as response:
            return await response.read()

    def _advance(self, job: Job) -> list[Result]:
        ready = self.pace.ready(job.polls, self.clock.now_s() - job.accepted_at_s)
        return self._complete(job, ready)

    def _complete(self, job: Job, ready: int) -> list[Result]:
        """Finish the first `ready` results, charge for the good ones, and say which are new."""
        if ready and job.behaviour.whole_failure is not None:
            ready = len(job.results)
        new = [result for result in job.results[:ready] if not result.done]
        for result in new:
            result.done = True
            if result.failure is None:
                result.url = self._publish(job, result)
                self.ledger.charge(job.id, result.audio_uuid, job.price_each_usd, self.clock.now_s())
        if new and job.finished:
            self.ledger.close(job.id)
        return [result for result in new if result.failure is None]

    def _publish(self, job: Job, result: Result) -> str:
        path = f"/audio/os/a14d18/ws/2/ai/{result.audio_uuid}.{result.sound.suffix}"
        valid_s = job.task.get("ttl", self.link_valid_s)
        return self.files.publish(path, result.sound.encoded, content_type=result.sound.content_type, valid_s=valid_s)

    async def _deliver(self, job: Job, new: list[Result]) -> None:
        """Send new results to `uploadEndpoint` and `webhookURL`, where those are on loopback."""
        upload, hook = job.task.get("uploadEndpoint", ""), job.task.get("webhookURL", "")
        for result in new:
            if _on_loopback(upload):
                content = await asyncio.to_thread(result.sound.encoded)
                await self._send("PUT", upload, data=content, headers={"Content-Type": result.sound.content_type})
            if _on_loopback(hook):
                alone = copy(job)
                alone.results = [result]
                items = (await asyncio.to_thread(envelope, alone, polled=False, with_empty_data=False))["data"]
                await self._send("POST", hook, json=items[0])

    async def _send(self, method: str, url: str, **what: Any) -> None:
        if self._http is not None:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with self._http.request(method, url, **what) as response:
                    await response.read()

    async def tick(self) -> None:
        """In time, jobs end without being asked."""
        for job in list(self.jobs.values()):
            if not job.finished:
                await self._deliver(job, self._advance(job))


@dataclass(frozen=True)
class _Outcome:
    """What one task of a request came to: its part of the body, and the status it would have alone."""

    body: Mapping[str, Any]
    status: int = 200


def _refused(task: Mapping[str, Any], *refusals: Refusal, data: list[Any] | None = None) -> _Outcome:
    body: dict[str, Any] = {} if data is None else {"data": data}
    return _Outcome(body | {"errors": [one.entry(task) for one in refusals]}, refusals[0].status)


def _key_refusal(pair: tuple[int, str], message: str) -> Refusal:
    return refusal(pair, message, "apiKey", taskType="authentication")


def _joined(outcomes: list[_Outcome], choices: Inferred) -> web.Response:
    """One body for all tasks. A single task's outcome is answered as it is."""
    if len(outcomes) == 1:
        return answer_with(outcomes[0].status, outcomes[0].body)
    body: dict[str, list[Any]] = {"data": []}
    if not outcomes:  # an authentication alone
        return answer_with(200, body)
    for outcome in outcomes:
        for name, part in outcome.body.items():
            body.setdefault(name, []).extend(part if isinstance(part, list) else [part])
    statuses = {outcome.status for outcome in outcomes}
    if len(statuses) == 1:
        return answer_with(statuses.pop(), body)
    return answer_with(choices.mixed_batch_status if 200 in statuses else 400, body)


def _carries_key(body: object) -> bool:
    return isinstance(body, list) and body[:1] != [] and _is_authentication(body[0])


def _is_authentication(task: object) -> bool:
    return isinstance(task, dict) and task.get("taskType") == "authentication"


def _is_image(content: bytes) -> bool:
    return content.startswith(_IMAGE_STARTS) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")


def _on_loopback(url: str) -> bool:
    return bool(url) and urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}
