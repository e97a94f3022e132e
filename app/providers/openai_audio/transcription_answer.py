"""The answer to a transcription, from its bytes to what was heard."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.domain.provider import Heard, Submission
from app.domain.transcript import TranscriptFormat
from app.domain.transcript_writing import written
from app.providers.openai_audio import errors
from app.providers.openai_audio.multipart import field_of
from app.providers.openai_audio.transcription import FORMAT
from app.providers.openai_audio.transcripts import NotATranscript, transcript_of

if TYPE_CHECKING:
    from app.domain.provider import WireRequest
    from app.domain.transcript import Transcript
    from app.providers.openai_audio.dialect import Dialect
    from app.providers.reply import Reply

_QUICK_BYTES = 64 << 10  # what is read on the event loop
_ANYTHING = "json"


async def read(reply: Reply, wire: WireRequest, dialect: Dialect) -> Submission:
    """
    Raises:
        ProviderError: The service refused, failed, or heard nothing that can be read.
    """
    errors.raise_for_submit(reply, dialect)
    answer = reply.body.decode(errors="replace")
    asked = field_of(wire, FORMAT) or _ANYTHING
    said = reply.headers.get("content-type", "")
    try:
        if len(reply.body) <= _QUICK_BYTES:
            transcript = transcript_of(answer, asked, said)
        else:
            transcript = await asyncio.to_thread(transcript_of, answer, asked, said)
    except NotATranscript as exc:
        raise errors.failed(exc.told, dialect) or errors.without_result("a transcript", dialect) from exc
    return Submission(transcript=Heard(transcript, _as_wanted(transcript, answer, wire)))


def _as_wanted(transcript: Transcript, answer: str, wire: WireRequest) -> str:
    """The answer as it came, or rewritten where the service can't give what the user wants."""
    wanted = wire.path.partition("#")[2]
    return written(transcript, TranscriptFormat(wanted)) if wanted else answer
