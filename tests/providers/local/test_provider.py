"""The embedded generator behind the provider Protocol."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from app.audio.encoding import encode
from app.domain.audio import AudioFormat, AudioInfo, AudioSettings
from app.domain.errors import RequestInvalid, RequestRejected, ResultGone, StorageError
from app.domain.provider import AudioProvider, Job, PromptReader, Result, VoiceSampler, WireRequest
from app.domain.request import GenerationRequest
from app.domain.voice import Voice
from app.providers.local.provider import LocalProvider
from tests.providers.local.conftest import KEY, Collected, Generator

RAIN = GenerationRequest("local", "sketch", "rain", duration_s=0.3, seed=11)
HELLO = GenerationRequest("local", "speech", "Hello, world.")


def test_it_is_a_provider_that_reads_prompts():
    provider = LocalProvider(encode)

    assert isinstance(provider, AudioProvider)
    assert isinstance(provider, PromptReader)
    assert isinstance(provider, VoiceSampler)
    assert provider.recovery.is_unbilled
    assert provider.reading("sketch", "heavy rain") == "Understood: rain (heavy)"
    assert provider.reading("sketch", " ") == ""
    assert provider.reading("speech", "heavy rain") == ""


def test_preparing_is_pure_and_settles_every_value():
    provider = LocalProvider(encode)
    open_request = GenerationRequest("local", "sketch", "rain", takes=3)

    wire = provider.prepare(open_request, KEY)

    assert provider.prepare(open_request, KEY) == wire
    body = json.loads(wire.body)
    assert body["duration_s"] == 4.0
    assert body["audio"] == {"format": "wav", "sample_rate_hz": 48000, "channels": 2, "bitrate_kbps": None}
    assert len(set(body["seeds"])) == 3
    assert provider.prepare(open_request, uuid4()).body != wire.body


def test_the_seed_of_the_user_is_the_first_takes_seed():
    wire = LocalProvider(encode).prepare(replace(RAIN, takes=3, seed=2**32 - 1), KEY)

    assert json.loads(wire.body)["seeds"] == [2**32 - 1, 0, 1]


def test_an_unknown_model_is_refused_at_its_field():
    with pytest.raises(RequestInvalid) as caught:
        LocalProvider(encode).prepare(replace(RAIN, model="symphony"), KEY)

    assert caught.value.problems[0].field == "model"


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b'{"model": "sketch", "audio": {"format": "wav"}}', b"\xff"])
async def test_a_stored_request_that_cant_be_read_is_refused(generator: Generator, body: bytes):
    with pytest.raises(RequestRejected):
        await generator.provider.submit(WireRequest("LOCAL", "/sketch", body=body), KEY)


async def test_takes_arrive_with_their_seeds_and_what_was_understood(generator: Generator, tmp_path: Path):
    job = await generator.start(replace(RAIN, takes=3))
    progress = await generator.finished(job)

    assert [result.seed for result in progress.results] == [11, 12, 13]
    assert {result.remark for result in progress.results} == {"Understood: rain"}
    assert progress.fraction == 1.0
    takes = [await generator.fetched(job, result) for result in progress.results]
    assert takes[0].info(tmp_path) == AudioInfo(AudioFormat.WAV, 48_000, 2, 14_400, takes[0].info(tmp_path).bit_depth)
    assert len({bytes(take.data) for take in takes}) == 3


async def test_the_same_stored_request_makes_the_same_bytes_after_a_crash(generator: Generator):
    wire = generator.provider.prepare(GenerationRequest("local", "sketch", "thunder", duration_s=0.4), KEY)
    job = Job(None, KEY, "local:", "sketch", 1)
    await generator.provider.submit(wire, KEY)
    (result,) = (await generator.finished(job)).results
    first = await generator.fetched(job, result)

    again = Generator(LocalProvider(encode))
    await again.provider.submit(wire, KEY)
    (result,) = (await again.finished(job)).results
    second = await again.fetched(job, result)
    await again.provider.aclose()

    assert first.data == second.data


async def test_polling_is_cumulative_and_ids_are_stable(generator: Generator):
    job = await generator.start(replace(RAIN, takes=4))
    seen: list[str] = []
    fractions: list[float] = []
    is_final = False
    while not is_final:
        await asyncio.sleep(0.002)
        progress = await generator.provider.poll(job)
        is_final = progress.is_final
        ids = [result.id for result in progress.results]
        assert set(seen) <= set(ids)
        seen = ids
        assert progress.fraction is not None
        fractions.append(progress.fraction)

    assert seen == ["0", "1", "2", "3"]
    assert fractions == sorted(fractions)


async def test_a_job_of_an_earlier_run_is_gone(generator: Generator):
    stranger = Job("0" * 32, uuid4(), "local:", "sketch", 1)

    with pytest.raises(ResultGone):
        await generator.provider.poll(stranger)
    with pytest.raises(ResultGone):
        await generator.provider.fetch(stranger, Result("0"), Collected())
    assert await generator.provider.find(generator.provider.prepare(RAIN, KEY), stranger) is None


async def test_a_take_that_does_not_exist_is_gone(generator: Generator):
    job = await generator.start(RAIN)

    for unknown in ("7", "-1", "first"):
        with pytest.raises(ResultGone):
            await generator.provider.fetch(job, Result(unknown), Collected())


async def test_sending_twice_under_one_key_works_once(generator: Generator):
    wire = generator.provider.prepare(RAIN, KEY)
    first = await generator.provider.submit(wire, KEY)
    second = await generator.provider.submit(wire, KEY)

    assert first.job_id == second.job_id
    job = Job(first.job_id, KEY, "local:", "sketch", 1)
    assert len((await generator.finished(job)).results) == 1
    found = await generator.provider.find(wire, job)
    assert found is not None
    assert found.job_id == first.job_id


async def test_one_take_that_fails_takes_no_other_with_it():
    calls: list[Path] = []

    def breaking(blocks: Iterable[npt.NDArray[np.float32]], path: Path, **how: object) -> AudioInfo:
        calls.append(path)
        if len(calls) == 1:
            raise StorageError("The disk is full.")
        return encode(blocks, path, **how)  # type: ignore[arg-type]

    generator = Generator(LocalProvider(breaking, workers=1))
    progress = await generator.finished(await generator.start(replace(RAIN, takes=2)))
    await generator.provider.aclose()

    assert [result.id for result in progress.results] == ["1"]
    (failed,) = progress.failures
    assert (failed.id, failed.failure.kind, failed.failure.message) == ("0", "storage_error", "The disk is full.")


async def test_takes_are_announced_in_the_order_of_their_seeds_however_quick_each_is():
    first_is_late, entered = threading.Event(), threading.Semaphore(0)
    calls: list[Path] = []

    def encode_the_first_last(blocks: Iterable[npt.NDArray[np.float32]], path: Path, **how: object) -> AudioInfo:
        calls.append(path)
        if len(calls) == 1:
            entered.release()
            first_is_late.wait(20)
        info = encode(blocks, path, **how)  # type: ignore[arg-type]
        entered.release()
        return info

    generator = Generator(LocalProvider(encode_the_first_last, workers=2))
    job = await generator.start(replace(RAIN, takes=3))
    for _ in range(3):  # the late one has begun, the two others are written
        await asyncio.to_thread(entered.acquire, timeout=20)
    early = await generator.provider.poll(job)
    first_is_late.set()
    whole = await generator.finished(job)
    await generator.provider.aclose()

    late = next(n for n in range(3) if str(n) not in {result.id for result in early.results})
    assert [result.id for result in early.results] == [str(n) for n in range(late)]
    assert [result.id for result in whole.results] == ["0", "1", "2"]


async def test_a_bug_of_ours_travels_on():
    def broken(*_: object, **__: object) -> AudioInfo:
        raise ZeroDivisionError

    generator = Generator(LocalProvider(broken))
    job = await generator.start(RAIN)
    with pytest.raises(ZeroDivisionError):
        await generator.finished(job)
    await generator.provider.aclose()


async def test_a_take_that_fell_off_the_shelf_is_made_again_the_same():
    generator = Generator(LocalProvider(encode, kept_bytes=1))
    job = await generator.start(replace(RAIN, takes=2))
    progress = await generator.finished(job)

    once = [await generator.fetched(job, result) for result in progress.results]
    twice = [await generator.fetched(job, result) for result in progress.results]
    await generator.provider.aclose()

    assert [take.data for take in once] == [take.data for take in twice]


async def test_closing_under_way_leaves_no_thread_behind():
    provider = LocalProvider(encode)
    long_work = replace(RAIN, prompt="storm, jungle, café", takes=8, duration_s=60.0)
    await provider.submit(provider.prepare(long_work, KEY), KEY)

    await provider.aclose()

    assert [thread for thread in threading.enumerate() if thread.name.startswith("local-generator")] == []


async def test_a_cancelled_job_is_forgotten_and_makes_room(generator: Generator):
    long_work = await generator.start(replace(RAIN, prompt="storm, jungle", takes=8, duration_s=60.0), uuid4())
    await generator.provider.cancel(long_work)
    with pytest.raises(ResultGone):
        await generator.provider.poll(long_work)

    assert len(await generator.made(RAIN)) == 1


async def test_speech_is_one_take_that_names_its_voice(generator: Generator, tmp_path: Path):
    job = await generator.start(replace(HELLO, voice="en-us+f2"))
    (result,) = (await generator.finished(job)).results

    assert result.remark == "Spoken by English (America), female 1"
    info = (await generator.fetched(job, result)).info(tmp_path)
    assert (info.sample_rate_hz, info.channels) == (22_050, 1)
    assert 0.4 < info.duration_s < 3


async def test_the_language_chooses_the_voice(generator: Generator):
    job = await generator.start(replace(HELLO, language="de"))
    (result,) = (await generator.finished(job)).results

    assert result.remark == "Spoken by German"


async def test_speed_pitch_and_volume_reach_the_voice(generator: Generator, tmp_path: Path):
    (slow,) = await generator.made(replace(HELLO, parameters={"speed": 100}), uuid4())
    (fast,) = await generator.made(replace(HELLO, parameters={"speed": 300}), uuid4())
    (quiet,) = await generator.made(replace(HELLO, parameters={"volume": 20}), uuid4())

    assert slow.info(tmp_path).frames > 1.5 * fast.info(tmp_path).frames
    assert quiet.data != slow.data


async def test_speech_without_words_fails_with_advice(generator: Generator):
    job = await generator.start(replace(HELLO, prompt="..."))
    (failed,) = (await generator.finished(job)).failures

    assert failed.failure.kind == "generation_failed"
    assert "Use words" in failed.failure.message


async def test_an_unknown_voice_fails_at_its_field(generator: Generator):
    job = await generator.start(replace(HELLO, voice="hal-9000"))
    (failed,) = (await generator.finished(job)).failures

    assert failed.failure.field == "voice"


async def test_large_files_are_written_in_pieces(generator: Generator):
    (take,) = await generator.made(replace(RAIN, duration_s=3.0))

    assert take.writes > 1


FORMATS = [
    (AudioFormat.WAV, 48_000, 2, None),
    (AudioFormat.WAV, 44_100, 1, None),
    (AudioFormat.WAV, 96_000, 2, None),
    (AudioFormat.FLAC, 8_000, 1, None),
    (AudioFormat.FLAC, 48_000, 2, None),
    (AudioFormat.MP3, 48_000, 2, 320),
    (AudioFormat.MP3, 44_100, 2, None),
    (AudioFormat.MP3, 22_050, 1, 64),
    (AudioFormat.MP3, 8_000, 1, None),
    (AudioFormat.OGG, 48_000, 2, 192),
    (AudioFormat.OGG, 22_050, 1, None),
    (AudioFormat.OPUS, 48_000, 2, 128),
    (AudioFormat.OPUS, 16_000, 1, 32),
]


@pytest.mark.parametrize(("audio_format", "rate_hz", "channels", "bitrate_kbps"), FORMATS)
@pytest.mark.parametrize("request_", [RAIN, HELLO], ids=["sketch", "speech"])
async def test_every_format_decodes_as_asked(
    generator: Generator, tmp_path: Path, request_, audio_format, rate_hz, channels, bitrate_kbps
):
    audio = AudioSettings(audio_format, rate_hz, channels, bitrate_kbps)
    (take,) = await generator.made(replace(request_, audio=audio))
    info = take.info(tmp_path)

    assert (info.format, info.sample_rate_hz, info.channels) == (audio_format, rate_hz, channels)
    if request_ is RAIN:
        assert info.duration_s == pytest.approx(0.3, abs=0.06)


def test_importing_the_provider_loads_nothing_heavy():
    code = (
        "import sys; import app.providers.local.provider; "
        "sys.exit(bool({'numpy', 'soundfile', 'soxr', 'espeakng_loader'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("language", ["en-US", "de", "ja", "cmn"])
async def test_a_voice_speaks_a_short_sentence_to_be_chosen_by(language: str, tmp_path: Path):
    provider = LocalProvider(encode)
    voice = next(each for each in await provider.voices() if each.languages[0] == language)
    sink = Collected()

    await provider.sample(voice, sink)
    await provider.aclose()

    info = sink.info(tmp_path)
    samples, _rate = soundfile.read(tmp_path / "take")
    assert voice.sample
    assert 1.0 < info.duration_s < 6.0
    assert np.max(np.abs(samples)) > 0.1


async def test_a_voice_that_does_not_exist_has_no_sample():
    with pytest.raises(RequestRejected):
        await LocalProvider(encode).sample(Voice("nobody", "Nobody", "local", sample="local:sample/1"), Collected())


async def test_takes_are_made_without_a_file_that_a_killed_process_could_leave(
    generator: Generator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))

    job = await generator.start(RAIN)
    (result,) = (await generator.finished(job)).results

    assert (await generator.fetched(job, result)).data
