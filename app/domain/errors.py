"""Everything that may go wrong without being our bug, as one tree.

    AppError                        something the user can understand or act on
    +-- RequestInvalid              refused here, before anything was sent; names every problem at its field
    +-- SheetInvalid                a sheet of lines that can't be used as it is; names every problem at its cell
    +-- ProviderError
    |   +-- CredentialsMissing      no key for this service
    |   |   +-- KeyUnconfirmed      the key belongs to another address; the user must say that it may be sent here
    |   +-- CredentialsRejected     the service refused the key
    |   +-- QuotaExhausted          no credit left
    |   +-- RateLimited             busy; `retry_after_s`; provably not accepted
    |   +-- RequestRejected         the service refused the request; `field`
    |   +-- ContentRefused          the service refused the text
    |   +-- UploadGone              an uploaded input is no longer there; nothing was started
    |   +-- NotConnected            the connection was never made; provably not sent
    |   +-- ServiceUnavailable      the service is down or unreachable
    |   +-- UnexpectedReply         the service answered something that nobody documented
    |   +-- OutcomeUnknown          the request left, the answer never came
    |   +-- ResultExpired           a result's link is no longer valid; it may be asked for anew
    |   +-- ResultGone              a result was made and can't be had any more
    |   +-- GenerationFailed        the service tried and made nothing
    +-- StorageError                the disk, the library or the database
    |   +-- BrokenAudio             a file that isn't playable audio
    |   +-- LibraryTooNew           the library was written by a newer Cuesmith
    +-- KeychainError               there is no keychain, or it is locked
    +-- SettingsError               a setting that can't be used, at its key
    +-- TaskNotFound, TaskBusy      no such task; another process holds it
    +-- PlaybackError               no device, a vanished device
    +-- ExportError
    +-- SpendingCeilingReached

Decisions look at the type and its attributes; the text is only for people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_LONGEST_CODE = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a request, and the field it belongs to.

    Attributes:
        field: `prompt`, `takes`, `duration`, `seed`, `negative_prompt`, `voice`, `language`, `format`,
            `sample_rate`, `channels`, `bitrate`, `references`, `plan`, `provider`, `model`, or a
            parameter's name. Of a plan also its parts: `plan.styles`, `plan.sections.2.duration`.
        message: A whole sentence with the allowed values.
    """

    field: str
    message: str


class AppError(Exception):
    """Something the user can understand or act on."""

    kind = "error"


class RequestInvalid(AppError):
    """Refused here, before anything was sent."""

    kind = "request_invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing that is wrong with a sheet, and the cell it belongs to.

    Attributes:
        line: As an editor counts, from 1; where a row of several lines begins.
        row_id: What the row calls itself; empty where it doesn't, or where the whole sheet is meant.
        column: The heading, or an empty string where the whole row is meant.
        message: A whole sentence with the allowed values.
    """

    line: int
    row_id: str
    column: str
    message: str


class SheetInvalid(AppError):
    """A sheet that can't be used as it is; nothing of it was queued."""

    kind = "sheet_invalid"

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        super().__init__(" ".join(f"Line {problem.line}: {problem.message}" for problem in problems[:5]))
        self.problems = tuple(problems)


class ProviderError(AppError):
    """Something between us and a service.

    Attributes:
        code: The service's own name for it, where it gives one; of a longer one the beginning.
    """

    kind = "provider_error"

    def __init__(self, message: str = "", *, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code and code[:_LONGEST_CODE]


class CredentialsMissing(ProviderError):
    kind = "credentials_missing"


class KeyUnconfirmed(CredentialsMissing):
    """The key was given for another address of the service and isn't sent to this one before the user agrees."""

    kind = "key_unconfirmed"


class CredentialsRejected(ProviderError):
    kind = "credentials_rejected"


class QuotaExhausted(ProviderError):
    kind = "quota_exhausted"


class RateLimited(ProviderError):
    """The service is busy; nothing was accepted."""

    kind = "rate_limited"

    def __init__(self, message: str, retry_after_s: float | None = None, *, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after_s = retry_after_s


class RequestRejected(ProviderError):
    """The service refused the request; nothing was started."""

    kind = "request_rejected"

    def __init__(self, message: str, field: str | None = None, *, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.field = field


class ContentRefused(ProviderError):
    kind = "content_refused"


class UploadGone(ProviderError):
    """An input that was uploaded before is no longer at the service; nothing was started."""

    kind = "upload_gone"


class NotConnected(ProviderError):
    """The connection was never made: provably nothing was sent."""

    kind = "not_connected"


class ServiceUnavailable(ProviderError):
    kind = "service_unavailable"


class UnexpectedReply(ProviderError):
    kind = "unexpected_reply"


class OutcomeUnknown(ProviderError):
    """The request left and the answer never came: it may have been accepted and may be charged."""

    kind = "outcome_unknown"

    def __init__(self, message: str, *, code: str | None = None, has_failed: bool = False) -> None:
        """
        Args:
            has_failed: The service says itself that it failed over the request.
        """
        super().__init__(message, code=code)
        self.has_failed = has_failed


class ResultExpired(ProviderError):
    """A result's link is no longer valid; the job may be asked for a fresh one."""

    kind = "result_expired"


class ResultGone(ProviderError):
    """A result was made and can't be had any more."""

    kind = "paid_but_not_retrievable"


class GenerationFailed(ProviderError):
    """The service tried and made nothing, or not this take."""

    kind = "generation_failed"


class StorageError(AppError):
    """The disk, the library folder or the database."""

    kind = "storage_error"


class BrokenAudio(StorageError):
    """A file that isn't playable audio."""

    kind = "broken_audio"


class LibraryTooNew(StorageError):
    """The library was written by a newer Cuesmith; an older one leaves it alone."""

    kind = "library_too_new"


class KeychainError(AppError):
    """There is no keychain on this computer, or it can't be opened."""

    kind = "keychain_error"


class SettingsError(AppError):
    """A setting that can't be used.

    Attributes:
        key: Its dotted name, as in `cuesmith config set`.
    """

    kind = "settings_error"

    def __init__(self, message: str, key: str | None = None) -> None:
        super().__init__(message)
        self.key = key


class TaskNotFound(AppError):
    kind = "task_not_found"


class TaskBusy(AppError):
    """Another process holds the task."""

    kind = "task_busy"


class PlaybackError(AppError):
    """No output device, or it vanished."""

    kind = "playback_error"


class ExportError(AppError):
    kind = "export_error"


class SpendingCeilingReached(AppError):
    """A limit would be passed, or nobody knows whether it would; nothing was sent.

    Attributes:
        settings: Dotted names of the limits in the way, as in `cuesmith config set`; none for one of the request's own.
    """

    kind = "spending_ceiling_reached"

    def __init__(self, message: str, settings: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.settings = tuple(settings)
