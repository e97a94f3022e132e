"""What an answer says about one task: to the submit, to a question about it, to one about its stored details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import UnexpectedReply
from app.domain.provider import Submission
from app.providers.runware import errors
from app.providers.runware.replies import Envelope, Refusal, envelope_of
from app.providers.runware.results import progress_of
from app.providers.runware.troubles import Trouble, trouble_of

if TYPE_CHECKING:
    from app.providers.client import Reply

NOTHING = Envelope()

_ABOUT_THE_QUESTION = (Trouble.KEY, Trouble.QUOTA, Trouble.BUSY, Trouble.SERVER)
_ABOUT_THE_RESULT = (
    Trouble.CONTENT,
    Trouble.PROVIDER,
    Trouble.LATE,
    Trouble.UNKNOWN_TASK,
    Trouble.GONE,
)
# A webhook that nobody answered fails no result; nor does a second sending that was told to be one.
_HARMLESS = (Trouble.DELIVERY, Trouble.CONFLICT)


def submission_of(reply: Reply, answer: Envelope | None, ours: Envelope, takes: int) -> Submission:
    """What a submit brought. The attempt's own key names the job.

    A 400 may be good news: a UUID that is known already was accepted before.

    Raises:
        ProviderError: as `AudioProvider.submit`
    """
    if ours.items:
        # While something runs, polls will repeat what failed; and what stands beside a mere acknowledgement may be
        # no failure at all.
        is_over = all(item.is_finished for item in ours.items)
        told = _of_job(ours) if is_over else Envelope(ours.items)
        return Submission(progress=progress_of(told, takes))
    if any(errors.kind_of(error, reply) is Trouble.CONFLICT for error in ours.errors):
        return Submission()
    if ours.errors:
        raise errors.of_submit(ours.errors, reply)
    if answer is not None and answer.has_data and answer.is_empty and reply.is_success:
        return Submission()
    raise errors.of_submit_status(reply, is_readable=answer is not None and answer.is_empty)


def told_by(reply: Reply, ours: Envelope | None) -> Envelope:
    """What a poll says of our task; empty where it says nothing, which proves nothing.

    Args:
        ours: The entries about our task; None where the answer can't be read.
    Raises:
        CredentialsRejected, QuotaExhausted, RateLimited, ServiceUnavailable, UnexpectedReply: The question wasn't
            answered; that says nothing about the task.
    """
    if reply.status in (401, 402, 403, 429) or reply.status >= 500:
        raise errors.of_question(ours.errors if ours is not None else (), reply)
    if ours is None:
        raise UnexpectedReply(f"Runware's answer can't be read (HTTP {reply.status}).")
    of_job = tuple(error for error in ours.errors if _is_about_job(error, reply))
    told = _of_job(Envelope(ours.items, of_job, ours.has_data))
    if told.is_empty and not of_job and (ours.errors or not reply.is_success):
        harmful = [error for error in ours.errors if errors.kind_of(error, reply) not in _HARMLESS]
        if harmful or not ours.errors:
            raise errors.of_question(harmful, reply)
    return told


def stored_in(ours: Envelope) -> Envelope:
    """What the details of our task hold as the answer to it: an envelope within the envelope."""
    for item in ours.items:
        stored = envelope_of(item.response)
        if stored is not None and not stored.is_empty:
            return _of_job(stored)
    return NOTHING


def gone_by(told: Envelope) -> Refusal | None:
    """The word that a task is no more, where nothing else is told of it."""
    kinds = [(trouble_of(error.code, error.message, 200), error) for error in told.errors]
    if told.items or not kinds or any(kind not in (Trouble.GONE, Trouble.UNKNOWN_TASK) for kind, _ in kinds):
        return None
    return next((error for kind, error in kinds if kind is Trouble.GONE), kinds[0][1])


def is_unknown(error: Refusal) -> bool:
    """Whether the service may simply never have seen the task."""
    return trouble_of(error.code, error.message, 200) is Trouble.UNKNOWN_TASK


def _is_about_job(error: Refusal, reply: Reply) -> bool:
    """Whether an error in the answer to a question is about the task and not about the question.

    Both carry the task's UUID. What failed says so by its status; some don't.
    """
    if error.says_failed:
        return True
    kind = errors.kind_of(error, reply)
    if kind in _ABOUT_THE_RESULT:
        return True
    return reply.is_success and kind not in _ABOUT_THE_QUESTION


def _of_job(told: Envelope) -> Envelope:
    harmful = tuple(e for e in told.errors if trouble_of(e.code, e.message, 200) not in _HARMLESS)
    return Envelope(told.items, harmful, told.has_data)
