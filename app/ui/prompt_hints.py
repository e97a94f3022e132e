"""A few words below the prompt on how a model reads it."""

from __future__ import annotations

from app.domain.model_spec import Kind, ModelSpec


def hint_of(spec: ModelSpec) -> str:
    """`Speech goes in quotes. @ inserts a clip.`, the @ kept with its word; empty where there is nothing to say."""
    words = []
    if Kind.SCENE in spec.kinds and Kind.SPEECH in spec.kinds:
        words.append("Speech goes in quotes.")
    if spec.references.mention and spec.references.max_clips:
        words.append("@\u00a0inserts a clip.")
    return " ".join(words)
