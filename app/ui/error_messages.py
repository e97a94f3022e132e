"""What happened, in the user's words, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.domain import errors
from app.domain.errors import AppError
from app.domain.take import Failure


@dataclass(frozen=True, slots=True)
class ErrorText:
    """An error for people.

    Attributes:
        sentence: What happened.
        next_step: What to do; empty if there is nothing to do.
        action: The words of one button that helps, or None.
        details: The words of the service or the system, to be shown only when asked for.
    """

    sentence: str
    next_step: str
    action: str | None = None
    details: str = ""

    @property
    def text(self) -> str:
        """Both sentences in one line."""
        return f"{self.sentence} {self.next_step}".strip()


def error_text(error: AppError, *, service: str | None = None) -> ErrorText:
    """Words for an error.

    Args:
        service: The name people know the service by; without it "the service" is meant.
    """
    for kind in type(error).__mro__:
        words = _WORDS.get(kind)
        if words is not None:
            return words(error, service or "the service")
    raise TypeError(f"{type(error).__name__} is no AppError")


def failure_text(failure: Failure, *, service: str | None = None) -> ErrorText:
    """Words for what went wrong with a task or a take, as the library keeps it.

    Args:
        service: The name people know the service by; without it "the service" is meant.
    """
    said = _sentence(failure.message, "")
    details = f"{said} ({failure.code})".strip() if failure.code else said
    kind = _OF_SERVICES.get(failure.kind)
    if kind is None:  # of our own: its message is meant for people already
        return ErrorText(said or "Something went wrong.", "", details=failure.code or "")
    error = errors.RequestRejected("", failure.field) if kind is errors.RequestRejected else kind("")
    words = replace(error_text(error, service=service), details=details)
    if kind is errors.RateLimited:  # it was tried again, for as long as it makes sense
        return replace(words, next_step="Try again later.", action="Retry")
    return words


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(text: str, otherwise: str) -> str:
    """The error's own words as a sentence; they are ours and meant for people."""
    plain = " ".join(text.split())
    if not plain:
        return otherwise
    plain = _capital(plain)
    return plain if plain.endswith((".", "?", "”")) else f"{plain}."


def _fixed(sentence: str, next_step: str, action: str | None = None) -> Callable[[AppError, str], ErrorText]:
    def words(error: AppError, service: str) -> ErrorText:
        return ErrorText(
            _capital(sentence.format(service=service)),
            next_step.format(service=service),
            action,
            details=str(error),
        )

    return words


def _own(otherwise: str, next_step: str, action: str | None = None) -> Callable[[AppError, str], ErrorText]:
    def words(error: AppError, _service: str) -> ErrorText:
        return ErrorText(_sentence(str(error), otherwise), next_step, action)

    return words


def _storage(error: AppError, _service: str) -> ErrorText:
    """The disk mostly says itself what to do; the advice isn't given twice."""
    sentence = _sentence(str(error), "The library can’t be written.")
    return ErrorText(
        sentence, "" if ". " in sentence else "Check the disk and its free space, then try again.", "Retry"
    )


def _playback(error: AppError, _service: str) -> ErrorText:
    """The player mostly says itself what to do; the advice isn't given twice."""
    sentence = _sentence(str(error), "No output device.")
    has_advice = ". " in sentence
    return ErrorText(sentence, "" if has_advice else "Plug one in or choose another.", "Choose device")


def _keychain(error: AppError, _service: str) -> ErrorText:
    """A locked one says itself that it is to be unlocked."""
    sentence = _sentence(str(error), "No keychain is running, so the key can’t be stored safely.")
    return ErrorText(sentence, "" if ". " in sentence else "Use a key until you quit.", "Open services")


def _rate_limited(error: AppError, service: str) -> ErrorText:
    wait_s = error.retry_after_s if isinstance(error, errors.RateLimited) else None
    if wait_s is None:
        step = "Trying again by itself."
    else:
        minutes, seconds = divmod(max(0, round(wait_s)), 60)
        step = f"Trying again in {minutes}:{seconds:02d}."
    return ErrorText(f"{_capital(service)} is busy.", step, details=str(error))


def _request_rejected(error: AppError, service: str) -> ErrorText:
    field = error.field if isinstance(error, errors.RequestRejected) else None
    where = f"Change {field.replace('_', ' ')}" if field else "Change the settings"
    return ErrorText(
        f"{_capital(service)} refused the request. Nothing was made.",
        f"{where} and generate again.",
        "Edit",
        details=str(error),
    )


def _settings(error: AppError, _service: str) -> ErrorText:
    key = error.key if isinstance(error, errors.SettingsError) else None
    where = f"Change {key} in the settings." if key else "Change it in the settings."
    return ErrorText(_sentence(str(error), "A setting can’t be used."), where, "Open settings")


_WORDS: dict[type, Callable[[AppError, str], ErrorText]] = {
    errors.RequestInvalid: _own("The request can’t be sent as it is.", "Mend the marked fields.", "Edit"),
    errors.CredentialsMissing: _fixed("{service} needs a key before it can generate.", "Add one.", "Add key"),
    errors.KeyUnconfirmed: _fixed(
        "The key for {service} was given for another address. Nothing was sent.",
        "Say whether it may be sent to the new one.",
        "Open services",
    ),
    errors.CredentialsRejected: _fixed(
        "{service} refused the key. Nothing was sent or charged.", "Paste a new one.", "Open services"
    ),
    errors.QuotaExhausted: _fixed(
        "{service} has no credit left. Nothing was made.", "Add credit there, then retry.", "Add credit"
    ),
    errors.RateLimited: _rate_limited,
    errors.RequestRejected: _request_rejected,
    errors.ContentRefused: _fixed(
        "{service} refused this text. Nothing was made.", "Change the prompt and try again.", "Edit"
    ),
    errors.UploadGone: _fixed(
        "{service} no longer has a clip that was sent there. Nothing was made.", "Retry to send it again.", "Retry"
    ),
    errors.NotConnected: _fixed(
        "No connection. Nothing was sent.", "The task waits in the queue and starts by itself."
    ),
    errors.ServiceUnavailable: _fixed("{service} can’t be reached.", "Check the connection, then try again.", "Retry"),
    errors.UnexpectedReply: _fixed(
        "{service} answered in a way that can’t be understood.", "Try again later.", "Retry"
    ),
    errors.OutcomeUnknown: _fixed(
        "The connection broke right after the request was sent. It may be running, and it may be charged.",
        "Nothing is sent again unless you say so.",
        "Decide",
    ),
    errors.ResultExpired: _fixed(
        "The link to a finished sound is no longer valid.", "Ask {service} for a new one.", "Fetch again"
    ),
    errors.ResultGone: _fixed(
        "The sound was made but {service} no longer has it.", "Generating it anew may cost again.", "Retry"
    ),
    errors.GenerationFailed: _fixed("{service} tried and made nothing.", "Change the prompt or try again.", "Retry"),
    errors.ProviderError: _fixed("Something went wrong at {service}.", "Try again later.", "Retry"),
    errors.BrokenAudio: _fixed(
        "The sound arrived but isn’t playable audio.", "The file is kept so you can report it.", "Fetch again"
    ),
    errors.LibraryTooNew: _fixed(
        "This library was written by a newer Cuesmith.", "Install the newer version to open it."
    ),
    errors.StorageError: _storage,
    errors.KeychainError: _keychain,
    errors.SettingsError: _settings,
    errors.TaskNotFound: _own("This task is no longer in the library.", ""),
    errors.TaskBusy: _fixed("Another Cuesmith is working on this task.", "Wait until it is done, or cancel it there."),
    errors.PlaybackError: _playback,
    errors.ExportError: _own("The file can’t be exported.", "Choose another folder or name.", "Export"),
    errors.SpendingCeilingReached: _own(
        "This would pass your spending limit.", "Change the limit or wait for the next month.", "Change limit"
    ),
    errors.AppError: _own("Something went wrong.", "Try again.", None),
}

_OF_SERVICES: dict[str, type[errors.ProviderError]] = {
    kind.kind: kind for kind in _WORDS if issubclass(kind, errors.ProviderError)
}
