"""What people read of an error, and the field it stands at."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.providers.runware.fields import field_of
from app.providers.runware.messages import message_of
from app.providers.runware.replies import Refusal, decoded


def error(**fields: Any) -> Refusal:
    envelope = decoded(json.dumps({"errors": [fields]}).encode())
    assert envelope is not None
    return envelope.errors[0]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("positivePrompt", "prompt"),
        ("negativePrompt", "negative_prompt"),
        ("numberResults", "takes"),
        ("duration", "duration"),
        ("seed", "seed"),
        ("model", "model"),
        ("outputFormat", "format"),
        ("audioSettings", "format"),
        ("audioSettings.bitrate", "bitrate"),
        ("audioSettings.sampleRate", "sample_rate"),
        ("audioSettings.channels", "channels"),
        ("inputs", "references"),
        ("inputs.referenceAudios", "references"),
        ("inputs.referenceAudios[2]", "references"),
        ("inputs.referenceImages.0", "references"),
        ("speech.speed", "speed"),
        ("speech.volume", "volume"),
        ("speech.pitch", "pitch"),
        ("outputType", "output_type"),
        ("ttl", "ttl"),
        ("uploadEndpoint", "upload_endpoint"),
        ("webhookURL", "webhook_url"),
        ("providerSettings.elevenlabs.music.compositionPlan.sections[0].duration", "plan"),
        ("providerSettings", "plan"),
        ("settings.steps", "settings.steps"),
        ("speech.emotion", "speech.emotion"),
    ],
)
def test_a_path_becomes_the_field_that_the_user_knows(path: str, field: str):
    assert field_of((path,)) == field


def test_of_several_paths_the_first_that_is_known_counts():
    assert field_of(("what.ever", "ttl", "outputType")) == "ttl"
    assert field_of(("what.ever", "else")) == "what.ever"
    assert field_of(()) is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"message": "duration is above the limit"}, "duration is above the limit."),
        ({"message": "Too low!"}, "Too low!"),
        ({"message": "bad", "allowedValues": ["MP3", "WAV", "OGG"]}, "bad. Allowed: MP3, WAV or OGG."),
        ({"message": "must be MP3 or WAV", "allowedValues": ["MP3", "WAV"]}, "must be MP3 or WAV."),
        ({"message": "bad", "min": -50, "max": 100}, "bad. Allowed: from -50 to 100."),
        ({"message": "bad", "min": 60}, "bad. Allowed: from 60."),
        ({"message": "bad", "max": 0.5}, "bad. Allowed: to 0.5."),
        ({"message": "must be 32 to 320", "min": 32, "max": 320}, "must be 32 to 320."),
        ({"message": "bad", "multiplier": 8}, "bad. It must be a multiple of 8."),
        ({"code": "brandNew"}, "Runware refused it: brandNew."),
        ({"type": "float"}, "Runware refused it."),
        ({"message": "one\n\ttwo\x00three"}, "one two three."),
        (
            {"message": "The provider refused", "responseContent": {"reason": "the prompt names a real person"}},
            "The provider refused. The provider says: the prompt names a real person.",
        ),
        (
            {"message": "no", "responseContent": '{"error": {"message": "Speech is too long."}}'},
            "no. The provider says: Speech is too long.",
        ),
        ({"message": "no", "responseContent": "queue is full"}, "no. The provider says: queue is full."),
        ({"message": "no: queue is full", "responseContent": "Queue is full"}, "no: queue is full."),
        ({"message": "no", "responseContent": "<html>502</html>"}, "no."),
        ({"message": "no", "responseContent": [{"detail": "too loud"}]}, "no. The provider says: too loud."),
        ({"message": "no", "responseContent": {"status": 5}}, "no."),
        ({"message": "no", "responseContent": "{broken"}, "no. The provider says: {broken."),
    ],
)
def test_an_error_is_told_in_the_services_words_with_what_is_allowed(fields: dict[str, Any], said: str):
    assert message_of(error(**fields)) == said


def test_nobody_has_to_read_a_megabyte():
    assert len(message_of(error(message="x" * 1_000_000, responseContent="y" * 1_000_000))) < 1_300


def test_a_deep_answer_of_a_provider_is_not_searched_for_ever():
    content: Any = "deep"
    for _ in range(50):
        content = {"error": content}

    assert message_of(error(message="no", responseContent=content)) == "no."
