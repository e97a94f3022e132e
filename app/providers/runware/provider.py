"""Runware as a provider: one endpoint, tasks in arrays, answers matched by the task's UUID.

Source: runware.ai/docs: audio inference, task polling, task details, media storage, account management (2026-11-18).
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from app.domain.errors import AppError, ResultExpired, UnexpectedReply
from app.domain.provider import Account, Job, Progress, Recovery, Result, Submission, WireRequest
from app.providers.runware import errors
from app.providers.runware.answers import NOTHING, gone_by, is_unknown, stored_in, submission_of, told_by
from app.providers.runware.media import upload_of, write_decoded
from app.providers.runware.replies import Envelope, decoded
from app.providers.runware.request import prepared, wire_of
from app.providers.runware.results import MOST_USD, amount, identified, progress_of

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.provider import AudioSink
    from app.domain.request import GenerationRequest, InputKind
    from app.domain.voice import Voice
    from app.providers.client import Reply, ServiceClient

_UPLOAD_TIMEOUT_S = 300.0
# Results may come inside the answer: three takes of five minutes as WAV, in base64, are 212 MB.
_MOST_ANSWER_BYTES = 256 << 20
_QUICK_BYTES = 64 << 10  # what is decoded on the event loop

_HIDING = frozenset(
    {
        "errorRetrievingAccountManagement",
        "forbidden",
        "insufficientPermissions",
        "permissionDenied",
        "unsupportedTaskType",
    }
)
"""How the account is kept from a key that may generate all the same."""


class RunwareProvider:
    """Speech, scenes and music from Runware."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    @property
    def id(self) -> str:
        return "runware"

    @property
    def base_url(self) -> str:
        return self._client.base_url

    @property
    def recovery(self) -> Recovery:
        """A lost submit can be asked about by its key; and a second one under the same key is refused as such.

        A running task and one that was never sent look alike for a while, so silence proves nothing.
        """
        return Recovery(can_find=True, is_silence_proof=False)

    def prepare(self, request: GenerationRequest, key: UUID) -> WireRequest:
        """The task with the attempt's key as its UUID. Clips and pictures have their handles."""
        return prepared(request, key)

    async def submit(self, wire: WireRequest, key: UUID) -> Submission:
        """Start the task. Its acknowledgement says nothing but that.

        Raises:
            ProviderError: as the Protocol says; besides it
            GenerationFailed: It was taken and has failed already; nobody says whether it is charged.
        """
        reply = await self._client.submit(wire, most_bytes=_MOST_ANSWER_BYTES)
        answer = await _read(reply)
        ours = answer.of(key) if answer is not None else NOTHING
        return submission_of(reply, answer, ours, _takes_of(wire))

    async def poll(self, job: Job) -> Progress:
        """What the task's answer holds by now; while that is empty, what its stored details hold.

        Raises:
            ResultGone: The service says that the task is no more.
            ProviderError: The question wasn't answered; that says nothing about the task.
        """
        return progress_of(await self._told(job), job.takes)

    async def fetch(self, job: Job, result: Result, into: AudioSink) -> None:
        """Write the file behind a link; without one, that of the answer itself, which is asked for again.

        Raises:
            ResultExpired: There is no file behind the link, or none in the answer yet.
            ResultGone: The task is no more.
        """
        link = result.link
        if link is None:
            item = identified((await self._told(job)).items).get(result.id)
            if item is not None and not item.link and item.inline:
                await write_decoded(item.inline, into)
                return
            if item is None or not item.link:
                raise ResultExpired("Runware says that it is finished, and gives no file.")
            link = item.link
        await self._client.download(link, into, base_url=job.base_url)

    async def find(self, wire: WireRequest, job: Job) -> Submission | None:  # noqa: ARG002  (the Protocol's)
        """Whether the service knows the task, from its answer or else its details.

        None where both are silent. Should it be sent again and be known after all, it is refused as a conflict.

        Raises:
            ResultGone: It was known, and is no more.
        """
        told = await self._ask_response(job)
        gone = gone_by(told)
        if told.is_empty or gone is not None:
            told = await self._ask_details(job)
        if not told.is_empty and gone_by(told) is None:
            return Submission(progress=progress_of(told, job.takes))
        if gone is not None and not is_unknown(gone):
            raise errors.gone(gone)
        return None

    async def upload(self, file: Path, kind: InputKind) -> str:  # noqa: ARG002  (clips and pictures are stored alike)
        """Store a file; it is named by its UUID from then on.

        Raises:
            RequestRejected: It isn't taken.
            StorageError: It can't be read.
            ProviderError: Not now.
        """
        task_uuid = uuid4()
        reply = await self._client.ask(await upload_of(file, task_uuid), timeout_s=_UPLOAD_TIMEOUT_S)
        ours = await self._about(reply, task_uuid)
        stored = next((item.media_uuid for item in ours.items if item.media_uuid), None)
        if stored is not None and reply.is_success:
            return stored
        if ours.errors or not reply.is_success:
            raise errors.of_upload(ours.errors, reply)
        raise UnexpectedReply("Runware took the file and didn’t say what it is called.")

    async def check_key(self) -> Account:
        """The balance; of a key that may not see it, only that it is taken.

        Raises:
            CredentialsMissing, CredentialsRejected: There is none, or it isn't taken.
            ProviderError: It can't be tried now.
        """
        reply, ours = await self._ask_utility({"taskType": "accountManagement", "operation": "getDetails"})
        if reply.is_success and ours.items:
            return Account(amount(ours.items[0].balance, least=-MOST_USD))
        if not _is_only_hidden(reply, ours):
            raise errors.of_question(ours.errors, reply)
        reply, ours = await self._ask_utility({"taskType": "ping"})
        if not reply.is_success or not ours.items:
            raise errors.of_question(ours.errors, reply)
        return Account(None)

    async def voices(self) -> tuple[Voice, ...]:
        """None to list: who speaks is said in the prompt, or by a clip."""
        return ()

    async def aclose(self) -> None:
        """Nothing is held: connections belong to the client."""

    async def _told(self, job: Job) -> Envelope:
        told = await self._ask_response(job)
        gone = gone_by(told)
        if not told.is_empty and gone is None:
            return told
        try:
            stored = await self._ask_details(job)
        except AppError:
            stored = NOTHING  # a second question on the side: the first was answered, and that stands
        if not stored.is_empty and gone_by(stored) is None:
            return stored
        if gone is not None:
            raise errors.gone(gone)
        return NOTHING

    async def _ask_response(self, job: Job) -> Envelope:
        reply = await self._ask(job, "getResponse")
        answer = await _read(reply)
        return told_by(reply, answer.of(job.key) if answer is not None else None)

    async def _ask_details(self, job: Job) -> Envelope:
        """What is stored of the task; nothing where it isn't known, or not shown to this key."""
        reply = await self._ask(job, "getTaskDetails")
        answer = await _read(reply)
        ours = answer.of(job.key) if answer is not None else None
        stored = stored_in(ours) if ours is not None else NOTHING
        if stored.is_empty and (reply.status in (401, 429) or reply.status >= 500 or ours is None):
            raise errors.of_question(ours.errors if ours is not None else (), reply)
        return stored

    async def _ask(self, job: Job, task_type: str) -> Reply:
        wire = wire_of({"taskType": task_type, "taskUUID": str(job.key)})
        return await self._client.ask(wire, base_url=job.base_url, most_bytes=_MOST_ANSWER_BYTES)

    async def _ask_utility(self, task: dict[str, str]) -> tuple[Reply, Envelope]:
        task_uuid = uuid4()
        reply = await self._client.ask(wire_of({**task, "taskUUID": str(task_uuid)}))
        return reply, await self._about(reply, task_uuid)

    async def _about(self, reply: Reply, task_uuid: UUID) -> Envelope:
        """The entries about one task of our own.

        Raises:
            ProviderError: The answer can't be read.
        """
        answer = await _read(reply)
        if answer is not None:
            return answer.of(task_uuid)
        if reply.is_success:
            raise UnexpectedReply("Runware’s answer can’t be read.")
        raise errors.of_question((), reply)


async def _read(reply: Reply) -> Envelope | None:
    """The answer decoded; beside the event loop where it is long."""
    if len(reply.body) <= _QUICK_BYTES:
        return decoded(reply.body)
    return await asyncio.to_thread(decoded, reply.body)


def _takes_of(wire: WireRequest) -> int:
    """How many results a stored body asks for."""
    takes = json.loads(wire.body)[0].get("numberResults", 1)
    return takes if isinstance(takes, int) else 1


def _is_only_hidden(reply: Reply, ours: Envelope) -> bool:
    """Whether a key may be fine that isn't shown the account."""
    if reply.status == 401:
        return False
    return (
        reply.status == 403
        or (reply.is_success and not ours.errors)
        or any(error.code in _HIDING for error in ours.errors)
    )
