"""What a broken exchange means: for a free question, or for the one call that costs money."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import OutcomeUnknown, ProviderError, ServiceUnavailable, UnexpectedReply
from app.providers.network import Lane


@dataclass(frozen=True, slots=True)
class Stakes:
    """Which error says that something left and no usable answer came.

    Attributes:
        if_broken: No whole answer came.
        if_unusable: A whole answer that can't be what was asked for: a redirect, or far too large.
        afterword: What people should know besides.
    """

    lane: Lane
    if_broken: type[ProviderError]
    if_unusable: type[ProviderError]
    afterword: str = ""

    def broken(self, sentence: str) -> ProviderError:
        return self.if_broken(sentence + self.afterword)

    def unusable(self, sentence: str) -> ProviderError:
        return self.if_unusable(sentence + self.afterword)


FREE = Stakes(Lane.QUESTIONS, ServiceUnavailable, UnexpectedReply)
RESULT = Stakes(Lane.RESULTS, ServiceUnavailable, UnexpectedReply)
PAID = Stakes(
    Lane.SUBMITS, OutcomeUnknown, OutcomeUnknown, " Whether it took the request is unknown; it may be charged."
)
