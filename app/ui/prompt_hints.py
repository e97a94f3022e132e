"""A few words below the prompt on how a model reads it."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.model_spec import Kind, ModelSpec
from app.domain.request import InputFile, InputKind


def hint_of(spec: ModelSpec, files: Sequence[InputFile]) -> str:
    """`Speech goes in quotes. @ inserts a clip.`, the @ kept with its word; empty where there is nothing to say.

    Args:
        files: What goes along; a portrait may leave no room for clips.
    """
    references = spec.references
    has_portrait = any(file.kind is InputKind.PICTURE for file in files)
    words = []
    if Kind.SCENE in spec.kinds and Kind.SPEECH in spec.kinds:
        words.append("Speech goes in quotes.")
    if references.mention and references.max_clips and not (references.is_one_kind and has_portrait):
        words.append("@\u00a0inserts a clip.")
    return " ".join(words)
