"""What is sent: exactly what the user set, in Runware's words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.composition import CompositionPlan, PlanSection
from app.domain.request import GenerationRequest, InputFile, InputKind
from app.providers.runware.request import DEFAULT_MUSIC_S
from tests.providers.runware.faking import ELEVEN_MUSIC, KEY, request, runware

HEAD = {"taskType": "audioInference", "taskUUID": str(KEY)}
ALWAYS = {"deliveryMethod": "async", "includeCost": True}


def task_of(wanted: GenerationRequest, key: UUID = KEY) -> dict[str, Any]:
    wire = runware().provider.prepare(wanted, key)
    tasks = json.loads(wire.body)
    assert len(tasks) == 1
    return dict(tasks[0])


def clip(handle: str) -> InputFile:
    return InputFile(Path("clip.wav"), "ab" * 32, InputKind.CLIP, handle)


def picture(handle: str) -> InputFile:
    return InputFile(Path("face.png"), "cd" * 32, InputKind.PICTURE, handle)


def test_a_request_is_an_array_of_one_task_posted_to_the_base_url_itself():
    wire = runware().provider.prepare(request(), KEY)

    assert (wire.method, wire.path) == ("POST", "")
    assert wire.headers == {"Content-Type": "application/json"}
    assert isinstance(json.loads(wire.body), list)


def test_what_is_left_alone_is_left_out():
    assert task_of(request()) == {
        **HEAD,
        "model": "bytedance:seed-audio@1.0",
        "positivePrompt": "Rain on a tin roof.",
        **ALWAYS,
    }


def test_the_keys_uuid_names_the_task():
    key = uuid4()

    assert task_of(request(), key)["taskUUID"] == str(key)


def test_the_same_request_and_key_give_the_same_bytes():
    provider = runware().provider

    assert provider.prepare(request(), KEY) == provider.prepare(request(), KEY)


def test_the_scene_of_the_documents_is_written_as_they_write_it():
    wanted = request(
        'Rain on a tin roof. @Audio1 whispers: "Do not open the door." @Audio2 laughs far away.',
        takes=2,
        audio=AudioSettings(AudioFormat.OGG, 48_000, 2, 192),
        parameters={"speed": -10, "pitch": 2, "volume": 0, "output_type": "URL", "ttl": 86_400},
        references=(
            clip("d1f7c0a2-55a1-4d0b-8a55-3f8a0f9d2b10"),
            clip("https://media.example.org/voices/second.wav"),
        ),
    )

    assert task_of(wanted) == {
        "taskType": "audioInference",
        "taskUUID": "5c2f2d3e-7f0a-4f0c-9a51-0d7b9e6a4411",
        "model": "bytedance:seed-audio@1.0",
        "positivePrompt": 'Rain on a tin roof. @Audio1 whispers: "Do not open the door." @Audio2 laughs far away.',
        "inputs": {
            "referenceAudios": [
                "d1f7c0a2-55a1-4d0b-8a55-3f8a0f9d2b10",
                "https://media.example.org/voices/second.wav",
            ]
        },
        "speech": {"speed": -10, "pitch": 2},
        "outputType": "URL",
        "outputFormat": "OGG",
        "audioSettings": {"sampleRate": 48000, "channels": 2, "bitrate": 192},
        "numberResults": 2,
        "deliveryMethod": "async",
        "ttl": 86400,
        "includeCost": True,
    }


def test_the_plan_of_the_documents_is_written_as_they_write_it():
    plan = CompositionPlan(
        ("tense", "low strings"),
        ("vocals",),
        (
            PlanSection("rise", 12, ("tremolo",)),
            PlanSection("hit", 8, ("taiko",), ("strings",)),
        ),
    )
    wanted = request(plan.title, ELEVEN_MUSIC, plan=plan, audio=AudioSettings(AudioFormat.MP3))

    assert task_of(wanted, UUID("93d0b6a8-2c8a-4b6e-8d4c-7a1b0e5f2c77")) == {
        "taskType": "audioInference",
        "taskUUID": "93d0b6a8-2c8a-4b6e-8d4c-7a1b0e5f2c77",
        "model": "elevenlabs:1@1",
        "outputFormat": "MP3",
        "deliveryMethod": "async",
        "includeCost": True,
        "providerSettings": {
            "elevenlabs": {
                "music": {
                    "compositionPlan": {
                        "positiveGlobalStyles": ["tense", "low strings"],
                        "negativeGlobalStyles": ["vocals"],
                        "sections": [
                            {
                                "sectionName": "rise",
                                "positiveLocalStyles": ["tremolo"],
                                "negativeLocalStyles": [],
                                "duration": 12,
                                "lines": [],
                            },
                            {
                                "sectionName": "hit",
                                "positiveLocalStyles": ["taiko"],
                                "negativeLocalStyles": ["strings"],
                                "duration": 8,
                                "lines": [],
                            },
                        ],
                    }
                }
            }
        },
    }


def test_lyrics_go_along_line_by_line():
    plan = CompositionPlan(("folk",), (), (PlanSection("verse", 20, lines=("Down the river", "to the sea")),))

    task = task_of(request(plan.title, ELEVEN_MUSIC, plan=plan))

    sections = task["providerSettings"]["elevenlabs"]["music"]["compositionPlan"]["sections"]
    assert sections[0]["lines"] == ["Down the river", "to the sea"]


@pytest.mark.parametrize(("seconds", "sent"), [(12.0, 12), (12.5, 12.5), (None, DEFAULT_MUSIC_S)])
def test_music_without_a_plan_has_a_prompt_and_a_length(seconds: float | None, sent: float):
    task = task_of(request("Piano", ELEVEN_MUSIC, duration_s=seconds))

    assert task == {**HEAD, "model": ELEVEN_MUSIC, "positivePrompt": "Piano", "duration": sent, **ALWAYS}
    assert type(task["duration"]) is type(sent)


def test_a_picture_goes_where_pictures_go_and_no_empty_list_beside_it():
    assert task_of(request(references=(picture("p-1"),)))["inputs"] == {"referenceImages": ["p-1"]}


def test_the_prompt_is_sent_without_the_space_around_it():
    assert task_of(request("  Rain. \n"))["positivePrompt"] == "Rain."


def test_every_letter_of_a_prompt_arrives():
    assert task_of(request("“Größe” 雨 🌧"))["positivePrompt"] == "“Größe” 雨 🌧"


@pytest.mark.parametrize("takes", [1, 2, 4])
def test_takes_are_results_of_one_task(takes: int):
    assert task_of(request(takes=takes)).get("numberResults", 1) == takes


def test_an_untouched_voice_sends_no_speech_at_all():
    assert "speech" not in task_of(request(parameters={"speed": 0, "pitch": 0, "volume": 0}))


def test_delivery_goes_where_the_user_wants_it():
    task = task_of(
        request(
            parameters={
                "output_type": "dataURI",
                "upload_endpoint": "https://bucket.example/x?sig=1",
                "webhook_url": "https://hooks.example/in",
            }
        )
    )

    assert task["outputType"] == "dataURI"
    assert task["uploadEndpoint"] == "https://bucket.example/x?sig=1"
    assert task["webhookURL"] == "https://hooks.example/in"


def test_an_address_that_was_emptied_is_as_if_it_had_never_been_set():
    assert "webhookURL" not in task_of(request(parameters={"webhook_url": ""}))


@pytest.mark.parametrize("lossless", [AudioFormat.WAV, AudioFormat.FLAC])
def test_lossless_formats_have_no_settings_at_all(lossless: AudioFormat):
    for audio in (AudioSettings(lossless), AudioSettings(lossless, 48_000, 2, 128)):
        task = task_of(request(audio=audio))

        assert task["outputFormat"] == lossless.value.upper()
        assert "audioSettings" not in task


@pytest.mark.parametrize(
    ("audio", "sent"),
    [
        (AudioSettings(AudioFormat.MP3, sample_rate_hz=16_000), {"sampleRate": 16000, "channels": 2, "bitrate": 160}),
        (AudioSettings(AudioFormat.MP3, channels=1), {"sampleRate": 48000, "channels": 1, "bitrate": 320}),
        (AudioSettings(AudioFormat.MP3, bitrate_kbps=64), {"sampleRate": 48000, "channels": 2, "bitrate": 64}),
        (AudioSettings(AudioFormat.OGG, channels=1), {"sampleRate": 48000, "channels": 1, "bitrate": 224}),
        (AudioSettings(AudioFormat.OGG, 24_000), {"sampleRate": 24000, "channels": 2, "bitrate": 160}),
        (AudioSettings(None, 44_100), {"sampleRate": 44100, "channels": 2, "bitrate": 320}),
    ],
)
def test_one_setting_brings_the_others_since_none_alone_names_a_row(audio: AudioSettings, sent: dict[str, int]):
    task = task_of(request(audio=audio))

    assert task["audioSettings"] == sent
    assert task["outputFormat"] == (audio.format or AudioFormat.MP3).value.upper()


@pytest.mark.parametrize(
    ("audio", "sent"),
    [
        (AudioSettings(AudioFormat.MP3, 22_050), {"sampleRate": 22050, "bitrate": 128}),
        (AudioSettings(AudioFormat.MP3, bitrate_kbps=192), {"sampleRate": 44100, "bitrate": 192}),
    ],
)
def test_music_has_no_channels(audio: AudioSettings, sent: dict[str, int]):
    assert task_of(request("Piano", ELEVEN_MUSIC, audio=audio, duration_s=12))["audioSettings"] == sent


def test_of_a_model_that_is_not_listed_nothing_is_sent_but_what_was_set():
    assert task_of(request("Wind", "mirelo:1@1")) == {**HEAD, "model": "mirelo:1@1", "positivePrompt": "Wind", **ALWAYS}


def test_a_model_that_is_not_listed_takes_the_common_fields():
    task = task_of(
        request(
            "",
            "minimax:speech@2.8",
            takes=2,
            duration_s=20.0,
            seed=0,
            negative_prompt="music",
            audio=AudioSettings(AudioFormat.FLAC),
            parameters={"speech_text": "Hello", "speech_voice": "Ada", "lyrics": "La"},
        )
    )

    assert task == {
        **HEAD,
        "model": "minimax:speech@2.8",
        "negativePrompt": "music",
        "duration": 20,
        "seed": 0,
        "speech": {"text": "Hello", "voice": "Ada"},
        "settings": {"lyrics": "La"},
        "outputFormat": "FLAC",
        "numberResults": 2,
        **ALWAYS,
    }


def test_a_users_own_catalogue_reaches_any_field_by_its_path():
    task = task_of(request("Wind", "acme:wind@2", parameters={"settings.bpm": 92, "steps": 8, "settings.loop": False}))

    assert task["settings"] == {"bpm": 92, "loop": False}
    assert task["steps"] == 8
