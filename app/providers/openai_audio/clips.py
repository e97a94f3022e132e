"""A voice copied from a reference clip, in either of the two forms that services know.

Sources: RunInfra audio API, "Reference-audio TTS"; package runinfra 0.2.0 and vllm-omni, "Speech API", for the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.errors import Problem, RequestInvalid
from app.providers.bodies import FileContent
from app.providers.openai_audio.content_types import content_type_of

if TYPE_CHECKING:
    from app.domain.request import GenerationRequest, InputFile

CLONE_FORM, REF_TEXT, TASK_TYPE = "clone_form", "ref_text", "task_type"
"""Parameters that mean something only beside a clip; never sent under their own names without one."""

CLONED = "cloned"
_SHORT_FORM = "ref_audio"
_USUAL_TASK = "Base"


def fields_of(request: GenerationRequest, clip: InputFile) -> dict[str, Any]:
    """What is sent instead of a voice.

    Raises:
        RequestInvalid: The form needs the words of the clip as well.
    """
    assert clip.sha256 is not None, "the queue copies inputs into the library first"
    if request.parameters.get(CLONE_FORM) != _SHORT_FORM:
        return {"voice": CLONED, "reference_audio": FileContent(clip.sha256)}
    words = str(request.parameters.get(REF_TEXT, "")).strip()
    if not words:
        raise RequestInvalid([Problem(REF_TEXT, "This form of cloning needs the words of the clip; write them down.")])
    prefix = f"data:{content_type_of(clip.path.suffix)};base64,"
    return {
        "ref_audio": FileContent(clip.sha256, prefix=prefix),
        "ref_text": words,
        "task_type": str(request.parameters.get(TASK_TYPE, "")).strip() or _USUAL_TASK,
    }
