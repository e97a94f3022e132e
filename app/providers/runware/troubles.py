"""Which kind of trouble an error is: by its exact code, else by the pattern of its name, else by the HTTP status.

Runware is still standardising its codes, and they vary by model and provider, so the patterns matter.

Source: runware.ai/docs/platform/errors; Runware/runware-python, runware/errors.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum


class Trouble(Enum):
    """What an error means for the request that it answers."""

    INVALID = "invalid"  # something in the request
    MODEL = "model"  # there is no such model, or it is switched off
    CONFLICT = "conflict"  # the task's UUID is known already: it was accepted before
    KEY = "key"  # the API key, or what it may do
    QUOTA = "quota"  # the user's own credit
    BUSY = "busy"  # later
    CONTENT = "content"  # the words, or what the clips say
    UPLOAD_GONE = "upload gone"  # a stored input isn't there any more
    PROVIDER = "provider"  # whoever makes the audio for Runware gave up: this result is over
    LATE = "late"  # somebody waited too long, nobody says what became of it
    DELIVERY = "delivery"  # the user's own webhook; the result itself is fine
    UNKNOWN_TASK = "unknown task"
    GONE = "gone"  # the task was known, and is no more
    SERVER = "server"
    OTHER = "other"


def _codes() -> Iterator[tuple[Trouble, str]]:
    yield Trouble.CONFLICT, "conflictTaskUUID"
    yield (
        Trouble.INVALID,
        """validationFailed invalidParameter invalidPositivePrompt invalidPositivePromptLength missingPositivePrompt
        unknownParameter unsupportedParameter unsupportedDuration unsupportedTaskType incompatibleParameters
        valueTooLarge arrayTooSmall mismatchProviderSettingsProvider unknownProviderSettingsProvider""",
    )
    yield Trouble.MODEL, "modelNotFound unknownModel modelDisabled modelUnavailable"
    yield (
        Trouble.KEY,
        """invalidApiKey missingApiKey unauthorized forbidden permissionDenied insufficientPermissions
        authenticationFailed tokenExpired accountSuspended organizationDisabled workspaceSuspended""",
    )
    yield Trouble.QUOTA, "insufficientCredits quotaExceeded paymentRequired"
    yield (
        Trouble.BUSY,
        """rateLimit rateLimitExceeded inferenceRateLimitExceeded providerRateLimitExceeded noAvailableServer
        modelNotReady""",
    )
    yield (
        Trouble.CONTENT,
        """contentPolicyViolation providerContentPolicyViolation sensitiveContentDetected unsafeContentDetected
        nsfwContentDetected promptBlocked imageBlocked moderationFailed""",
    )
    yield Trouble.UPLOAD_GONE, "mediaNotFound mediaExpired"
    # timeoutProvider is spelt the other way round than its kin, and as final: the provider was given up on.
    yield Trouble.PROVIDER, "timeoutProvider providerTimeout providerGatewayTimeout"
    # By their names these are Runware's own account and key at the provider, not the user's.
    yield (
        Trouble.PROVIDER,
        "providerInsufficientCredits thirdPartyInsufficientCredits providerAuthenticationFailed",
    )
    yield (
        Trouble.PROVIDER,
        """providerError providerUnavailable providerBadGateway providerInternalError providerUnknownError
        inferenceError processingFailed taskFailed downloadFailed uploadFailed mediaStorageFileCouldNotBeMoved""",
    )
    yield Trouble.LATE, "timeout"
    yield Trouble.DELIVERY, "webhookTimeout"
    yield Trouble.UNKNOWN_TASK, "taskNotFound taskFailedOrNotFound"
    yield Trouble.GONE, "taskExpired taskCancelled"
    yield (
        Trouble.SERVER,
        """internalServerError serviceUnavailable serverUnavailable standardError unknownError undefinedError
        defaultError unrecognizedResponse errorRetrievingAccountManagement""",
    )


def _plain(code: str) -> str:
    """`insufficient_credits` is `insufficientCredits`."""
    return re.sub(r"[^a-z0-9]", "", code.lower())


_EXACT: Mapping[str, Trouble] = {_plain(code): trouble for trouble, codes in _codes() for code in codes.split()}

# The first that fits. Keys come before `invalid` and `missing`, and what belongs to the provider before all that
# could be the user's.
_PATTERNS: tuple[tuple[re.Pattern[str], Trouble], ...] = tuple(
    (re.compile(pattern), trouble)
    for pattern, trouble in (
        (r"apikey", Trouble.KEY),
        (r"ratelimit", Trouble.BUSY),
        (r"contentpolicy|content(detected|blocked)|moderation|nsfw", Trouble.CONTENT),
        (r"^(provider|thirdparty)", Trouble.PROVIDER),
        (r"credits|quota|balance", Trouble.QUOTA),
        (r"timeout|timedout", Trouble.LATE),
        (r"^(invalid|missing|unsupported|value|array|max|duplicate)", Trouble.INVALID),
    )
)
_WORDS_OF_CREDIT = re.compile(r"\b(credits?|invoices?)\b", re.IGNORECASE)
_STATUSES: Mapping[int, Trouble] = {
    401: Trouble.KEY,
    402: Trouble.QUOTA,
    403: Trouble.KEY,
    408: Trouble.LATE,
    409: Trouble.LATE,  # something under that name is under way
    429: Trouble.BUSY,
}


def trouble_of(code: str, message: str, status: int) -> Trouble:
    """What an error with this code and message is, in an answer with this HTTP status."""
    plain = _plain(code)
    if plain in _EXACT:
        # Such a status says more than a code for whatever went wrong in a server.
        is_vague = _EXACT[plain] is Trouble.SERVER and status in _STATUSES
        return _STATUSES[status] if is_vague else _EXACT[plain]
    for pattern, trouble in _PATTERNS:
        if pattern.search(plain):
            return trouble
    if status not in _STATUSES and _WORDS_OF_CREDIT.search(message):
        return Trouble.QUOTA
    return trouble_of_status(status)


def trouble_of_status(status: int) -> Trouble:
    """What an answer means of which nothing but the HTTP status can be read."""
    if status in _STATUSES:
        return _STATUSES[status]
    if status >= 500:
        return Trouble.SERVER
    return Trouble.INVALID if 400 <= status < 500 else Trouble.OTHER
