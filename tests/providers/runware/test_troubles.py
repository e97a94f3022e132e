"""Every code that is known, the patterns of those that aren't, and the statuses."""

from __future__ import annotations

import pytest

from app.providers.runware.troubles import Trouble, trouble_of, trouble_of_status

KNOWN = {
    Trouble.INVALID: """validationFailed invalidParameter invalidPositivePrompt invalidPositivePromptLength
        missingPositivePrompt unknownParameter unsupportedParameter unsupportedDuration unsupportedTaskType
        incompatibleParameters valueTooLarge arrayTooSmall mismatchProviderSettingsProvider
        unknownProviderSettingsProvider""",
    Trouble.CONFLICT: "conflictTaskUUID",
    Trouble.KEY: """invalidApiKey missingApiKey unauthorized forbidden permissionDenied insufficientPermissions
        authenticationFailed tokenExpired accountSuspended organizationDisabled workspaceSuspended""",
    Trouble.QUOTA: "insufficientCredits quotaExceeded paymentRequired",
    Trouble.BUSY: """rateLimitExceeded inferenceRateLimitExceeded providerRateLimitExceeded rateLimit
        noAvailableServer modelNotReady""",
    Trouble.CONTENT: """contentPolicyViolation providerContentPolicyViolation sensitiveContentDetected
        unsafeContentDetected nsfwContentDetected promptBlocked imageBlocked moderationFailed""",
    Trouble.PROVIDER: """providerError providerUnavailable providerBadGateway providerInternalError
        providerUnknownError providerAuthenticationFailed inferenceError processingFailed taskFailed downloadFailed
        uploadFailed mediaStorageFileCouldNotBeMoved timeoutProvider providerTimeout providerGatewayTimeout
        providerInsufficientCredits thirdPartyInsufficientCredits""",
    Trouble.LATE: "timeout",
    Trouble.DELIVERY: "webhookTimeout",
    Trouble.UNKNOWN_TASK: "taskNotFound taskFailedOrNotFound",
    Trouble.GONE: "taskExpired taskCancelled",
    Trouble.UPLOAD_GONE: "mediaNotFound mediaExpired",
    Trouble.MODEL: "modelNotFound unknownModel modelUnavailable modelDisabled",
    Trouble.SERVER: """internalServerError serviceUnavailable serverUnavailable standardError unknownError
        undefinedError defaultError unrecognizedResponse errorRetrievingAccountManagement""",
}
CODES = [(code, trouble) for trouble, codes in KNOWN.items() for code in codes.split()]


@pytest.mark.parametrize(("code", "trouble"), CODES)
@pytest.mark.parametrize("status", [200, 400])
def test_every_known_code_is_what_it_is(code: str, trouble: Trouble, status: int):
    assert trouble_of(code, "", status) is trouble


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("invalidSpeechSpeed", Trouble.INVALID),
        ("missingDuration", Trouble.INVALID),
        ("unsupportedSampleRate", Trouble.INVALID),
        ("valueTooSmall", Trouble.INVALID),
        ("arrayTooLong", Trouble.INVALID),
        ("maxResultsPassed", Trouble.INVALID),
        ("duplicateParameter", Trouble.INVALID),
        ("missingApiKeyHeader", Trouble.KEY),
        ("invalidApiKeyFormat", Trouble.KEY),
        ("organizationCreditsUsedUp", Trouble.QUOTA),
        ("dailyQuotaReached", Trouble.QUOTA),
        ("lowBalance", Trouble.QUOTA),
        ("providerQuotaReached", Trouble.PROVIDER),
        ("thirdPartyBalanceTooLow", Trouble.PROVIDER),
        ("userRateLimitReached", Trouble.BUSY),
        ("providerRateLimitReached", Trouble.BUSY),
        ("providerModerationBlocked", Trouble.CONTENT),
        ("audioContentPolicyFailed", Trouble.CONTENT),
        ("providerOverheated", Trouble.PROVIDER),
        ("providerTimeoutReached", Trouble.PROVIDER),
        ("queueTimeout", Trouble.LATE),
        ("insufficient_credits", Trouble.QUOTA),
        ("RATE_LIMIT_EXCEEDED", Trouble.BUSY),
        ("InvalidParameter", Trouble.INVALID),
    ],
)
def test_a_code_that_nobody_told_us_is_known_by_its_name(code: str, trouble: Trouble):
    assert trouble_of(code, "", 200) is trouble


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (200, Trouble.OTHER),
        (400, Trouble.INVALID),
        (401, Trouble.KEY),
        (402, Trouble.QUOTA),
        (403, Trouble.KEY),
        (404, Trouble.INVALID),
        (408, Trouble.LATE),
        (409, Trouble.LATE),
        (429, Trouble.BUSY),
        (500, Trouble.SERVER),
        (503, Trouble.SERVER),
        (504, Trouble.SERVER),
    ],
)
def test_a_name_that_says_nothing_leaves_it_to_the_status(status: int, trouble: Trouble):
    assert trouble_of("brandNew", "", status) is trouble
    assert trouble_of("", "", status) is trouble
    assert trouble_of_status(status) is trouble


@pytest.mark.parametrize("message", ["Not enough credit left", "Please pay your invoice", "Add credits first"])
def test_missing_credit_may_be_told_only_in_words(message: str):
    assert trouble_of("brandNew", message, 400) is Trouble.QUOTA
    assert trouble_of("invalidParameter", message, 400) is Trouble.INVALID
    assert trouble_of("brandNew", message, 401) is Trouble.KEY


def test_a_telling_status_beats_a_code_for_whatever_went_wrong_in_a_server():
    assert trouble_of("unknownError", "", 401) is Trouble.KEY
    assert trouble_of("standardError", "", 429) is Trouble.BUSY
    assert trouble_of("standardError", "", 400) is Trouble.SERVER
