"""The provider with the real client against Runware's double on loopback: strict about every field, and about money."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.audio.files import verify
from app.domain.audio import AudioFormat, AudioSettings
from app.domain.composition import CompositionPlan, PlanSection
from app.domain.errors import (
    ContentRefused,
    CredentialsRejected,
    OutcomeUnknown,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    ResultExpired,
    ServiceUnavailable,
    UploadGone,
)
from app.domain.provider import Account, Job, Progress, Result, Submission
from app.domain.request import GenerationRequest, InputFile, InputKind
from app.providers.client import Network, ServiceClient
from app.providers.registry import RUNWARE
from app.providers.runware.provider import RunwareProvider
from app.storage.catalogue import Catalogue
from tests.providers.runware.faking import ELEVEN_MUSIC, SEED_AUDIO, Sink, request
from tests.servers.faults import Drop, HalfBody, Instead, html_page
from tests.servers.ledger import Ledger
from tests.servers.pace import PollDriven
from tests.servers.runware import KEY, RunwareServer
from tests.servers.runware_jobs import PROVIDER_TIMEOUT, UNSAFE, Behaviour, Failure

CATALOGUE = Catalogue.load([Path(__file__).parents[3] / "resources" / "catalogue"])


@dataclass
class FixedKey:
    """Credentials with one key."""

    value: str = KEY

    async def key(self, provider: str, base_url: str) -> str:
        return self.value


@dataclass
class World:
    """A service, and the loops that the engine would own."""

    server: RunwareServer
    provider: RunwareProvider
    key: FixedKey

    async def sent(self, wanted: GenerationRequest, key: UUID | None = None) -> tuple[Job, Submission]:
        assert CATALOGUE.spec("runware", wanted.model).check(wanted) == ()
        key = key or uuid4()
        submission = await self.provider.submit(self.provider.prepare(wanted, key), key)
        return self.job(wanted, key), submission

    def job(self, wanted: GenerationRequest, key: UUID) -> Job:
        return Job(None, key, self.server.url, wanted.model, wanted.takes)

    async def finished(self, job: Job) -> Progress:
        for _ in range(20):
            progress = await self.provider.poll(job)
            if progress.is_final:
                return progress
        raise AssertionError("it never ended")

    async def fetched(self, job: Job, result: Result) -> bytes:
        sink = Sink()
        await self.provider.fetch(job, result, sink)
        return bytes(sink.data)


def provider_for(url: str, network: Network, key: FixedKey) -> RunwareProvider:
    return RunwareProvider(ServiceClient(RUNWARE, network, key, lambda _: url, lambda sha256: Path(sha256)))


@pytest.fixture
async def world() -> AsyncIterator[World]:
    key = FixedKey()
    network = Network()
    async with RunwareServer(pace=PollDriven(before=1)) as server:
        provider = provider_for(server.url, network, key)
        yield World(server, provider, key)
        await provider.aclose()
        await network.aclose()
        assert server.files.violations == []


async def test_a_scene_is_made_from_its_prompt_to_its_last_byte(world: World, tmp_path: Path):
    wanted = request(takes=3, audio=AudioSettings(AudioFormat.MP3, 48_000, 2, 320), parameters={"speed": 12})

    job, submission = await world.sent(wanted)
    progress = await world.finished(job)

    assert submission == Submission()
    assert len({result.id for result in progress.results}) == 3
    for number, result in enumerate(progress.results):
        path = tmp_path / f"{number}.mp3"
        path.write_bytes(await world.fetched(job, result))
        info = verify(path)
        assert (info.format, info.sample_rate_hz, info.channels) == (AudioFormat.MP3, 48_000, 2)
    assert sum(result.cost or 0 for result in progress.results) == world.server.ledger.total_usd


async def test_takes_are_announced_one_by_one(world: World):
    job, _ = await world.sent(request(takes=3))

    counts = [len((await world.provider.poll(job)).results) for _ in range(4)]

    assert counts == [0, 1, 2, 3]


@pytest.mark.parametrize("audio_format", [AudioFormat.MP3, AudioFormat.OGG, AudioFormat.WAV, AudioFormat.FLAC])
async def test_every_format_can_be_had(world: World, audio_format: AudioFormat, tmp_path: Path):
    job, _ = await world.sent(request(audio=AudioSettings(audio_format)))
    (result,) = (await world.finished(job)).results

    path = tmp_path / "take"
    path.write_bytes(await world.fetched(job, result))

    assert verify(path).format is audio_format


async def test_a_codec_that_nobody_documents_is_known_by_its_bytes(world: World, tmp_path: Path):
    world.server.ogg = "opus"
    job, _ = await world.sent(request(audio=AudioSettings(AudioFormat.OGG)))
    (result,) = (await world.finished(job)).results

    path = tmp_path / "take"
    path.write_bytes(await world.fetched(job, result))

    assert verify(path).format is AudioFormat.OPUS


@pytest.mark.parametrize("output_type", ["base64Data", "dataURI"])
async def test_a_take_can_come_inside_the_answer(world: World, output_type: str, tmp_path: Path):
    job, _ = await world.sent(request(takes=2, parameters={"output_type": output_type}))
    progress = await world.finished(job)
    assert [result.link for result in progress.results] == [None, None]

    contents = [await world.fetched(job, result) for result in progress.results]

    assert contents[0] != contents[1]
    (tmp_path / "take").write_bytes(contents[0])
    assert verify(tmp_path / "take").format is AudioFormat.MP3
    assert world.server.files.requests == []


async def test_music_is_made_from_a_prompt_and_a_length(world: World):
    job, _ = await world.sent(
        request("Piano", ELEVEN_MUSIC, duration_s=12.0, audio=AudioSettings(AudioFormat.MP3, 44_100))
    )

    (result,) = (await world.finished(job)).results

    assert result.cost == Decimal("0.08")


async def test_music_is_made_from_a_plan(world: World):
    plan = CompositionPlan(("tense",), ("vocals",), (PlanSection("rise", 6), PlanSection("hit", 3, lines=("Now",))))

    job, _ = await world.sent(request(plan.title, ELEVEN_MUSIC, plan=plan, takes=2))

    assert len((await world.finished(job)).results) == 2


async def test_a_model_that_is_not_listed_is_sent_as_it_was_typed(world: World):
    wanted = request("", "minimax:speech@2.8", parameters={"speech_text": "Hello"}, seed=3, duration_s=10.0)

    job, _ = await world.sent(wanted)

    assert len((await world.finished(job)).results) == 1


async def test_a_model_that_does_not_exist_is_refused_at_the_model(world: World):
    world.server.missing_models.add("acme:wind@1")

    with pytest.raises(RequestRejected) as caught:
        await world.sent(request("Wind", "acme:wind@1"))

    assert caught.value.field == "model"


@pytest.mark.parametrize("in_data", [False, True])
@pytest.mark.parametrize("as_object", [False, True])
async def test_one_that_fails_takes_no_sibling_with_it(world: World, in_data: bool, as_object: bool):
    world.server.behaviour = Behaviour(
        failing={1: PROVIDER_TIMEOUT}, errors_in_data=in_data, errors_as_object=as_object
    )
    job, _ = await world.sent(request(takes=3))

    progress = await world.finished(job)

    assert len(progress.results) == 2
    assert [each.failure.code for each in progress.failures] == ["timeoutProvider"]


async def test_a_job_that_fails_as_a_whole_says_why(world: World):
    world.server.behaviour = Behaviour(whole_failure=UNSAFE)
    job, _ = await world.sent(request(takes=3))

    progress = await world.finished(job)

    assert progress.results == ()
    assert progress.failure is not None
    assert progress.failure.kind == "content_refused"
    assert "the prompt names a real person" in progress.failure.message


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(duplicated=True, reordered=True),
        Behaviour(duplicated=True, reordered=True, with_audio_uuid=False),
        Behaviour(with_audio_uuid=False, with_result_index=True, reordered=True),
        Behaviour(running_word="pending", progress=True),
        Behaviour(running_word="brewing", extra={"surprise": {"deep": [1]}, "progress": "done"}),
    ],
)
async def test_however_it_is_told_every_take_is_announced_once(world: World, behaviour: Behaviour):
    world.server.behaviour = behaviour
    job, _ = await world.sent(request(takes=3))

    seen: dict[str, Result] = {}
    for _ in range(4):
        for result in (await world.provider.poll(job)).results:
            seen[result.id] = result

    assert len(seen) == 3
    assert len({await world.fetched(job, result) for result in seen.values()}) == 3


async def test_a_missing_cost_is_unknown(world: World):
    world.server.behaviour = Behaviour(with_cost=False)
    job, _ = await world.sent(request())

    assert (await world.finished(job)).results[0].cost is None


async def test_an_empty_acknowledgement_will_do(world: World):
    world.server.ack_empty = True

    job, submission = await world.sent(request())

    assert submission == Submission()
    assert len((await world.finished(job)).results) == 1


async def test_the_same_task_sent_twice_is_made_and_charged_once(world: World):
    key = uuid4()
    await world.sent(request(), key)

    job, submission = await world.sent(request(), key)

    assert submission == Submission()
    await world.finished(job)
    assert len(world.server.ledger.charges) == 1


@pytest.mark.parametrize("fault", [Drop(processed=True), HalfBody(), html_page(processed=True)])
async def test_a_task_whose_answer_was_lost_is_found_again(world: World, fault: Any):
    world.server.faults.at("submit", fault)
    key, wanted = uuid4(), request(takes=2)
    with pytest.raises(OutcomeUnknown):
        await world.sent(wanted, key)

    job = world.job(wanted, key)
    submission = await world.provider.find(world.provider.prepare(wanted, key), job)

    assert submission is not None
    assert len((await world.finished(job)).results) == 2
    assert len(world.server.ledger.charges) == 2
    assert len(world.server.jobs) == 1


async def test_a_task_that_never_arrived_is_not_found_and_may_be_sent_again(world: World):
    world.server.faults.at("submit", Drop())
    key, wanted = uuid4(), request()
    with pytest.raises(OutcomeUnknown):
        await world.sent(wanted, key)

    assert await world.provider.find(world.provider.prepare(wanted, key), world.job(wanted, key)) is None
    job, _ = await world.sent(wanted, key)
    await world.finished(job)
    assert len(world.server.ledger.charges) == 1


async def test_clips_and_pictures_are_stored_and_named(world: World, tmp_path: Path):
    path = tmp_path / "clip.wav"
    path.write_bytes(b"RIFF" + bytes(4000))
    handle = await world.provider.upload(path, InputKind.CLIP)
    wanted = request("@Audio1 laughs.", references=(InputFile(path, "ab" * 32, InputKind.CLIP, handle),))

    job, _ = await world.sent(wanted)

    assert world.server.media[handle].content == path.read_bytes()
    assert len((await world.finished(job)).results) == 1


async def test_a_clip_that_is_no_longer_stored_is_told(world: World, tmp_path: Path):
    path = tmp_path / "clip.wav"
    path.write_bytes(b"RIFF" + bytes(40))
    handle = await world.provider.upload(path, InputKind.CLIP)
    world.server.expire_media()

    with pytest.raises(UploadGone):
        await world.sent(request("@Audio1.", references=(InputFile(path, "ab" * 32, InputKind.CLIP, handle),)))

    assert world.server.jobs == {}


async def test_a_key_that_is_taken_shows_the_balance(world: World):
    assert await world.provider.check_key() == Account(Decimal(10))


@pytest.mark.parametrize(
    "how", [(403, "forbidden"), (500, "errorRetrievingAccountManagement"), (400, "permissionDenied")]
)
async def test_a_key_that_may_not_see_the_account_is_fine(world: World, how: tuple[int, str]):
    world.server.account_refusal = how

    assert await world.provider.check_key() == Account(None)


async def test_a_wrong_key_is_refused_everywhere(world: World):
    job, _ = await world.sent(request())
    world.key.value = "rw-wrong-key"

    with pytest.raises(CredentialsRejected):
        await world.provider.check_key()
    with pytest.raises(CredentialsRejected):
        await world.sent(request())
    with pytest.raises(CredentialsRejected):
        await world.provider.poll(job)
    assert len(world.server.jobs) == 1


async def test_too_little_credit_is_told(world: World):
    world.server.ledger = Ledger(Decimal(0))

    with pytest.raises(QuotaExhausted):
        await world.sent(request())


async def test_a_refusal_stands_at_its_field(world: World):
    wanted = request(audio=AudioSettings(AudioFormat.OGG, 44_100, 2, 192))
    key = uuid4()

    with pytest.raises(RequestRejected) as caught:
        await world.provider.submit(world.provider.prepare(wanted, key), key)

    assert caught.value.field == "sample_rate"
    assert "48000" in str(caught.value)


async def test_refused_words_are_told(world: World):
    world.server.behaviour = Behaviour(refusal=Failure("promptBlocked", "the prompt was refused"))

    with pytest.raises(ContentRefused, match="the prompt was refused"):
        await world.sent(request())


async def test_a_busy_service_says_when_to_come_back(world: World):
    world.server.faults.at("submit", Instead(429, {"errors": []}, {"Retry-After": "7"}))

    with pytest.raises(RateLimited) as caught:
        await world.sent(request())

    assert caught.value.retry_after_s == 7
    assert world.server.jobs == {}


@pytest.mark.parametrize("fault", [Instead(500, {}), html_page(), Drop(), Instead(503, {"errors": []})])
async def test_trouble_while_polling_fails_no_job(world: World, fault: Any):
    job, _ = await world.sent(request())
    world.server.faults.at("poll", fault)

    with pytest.raises(ServiceUnavailable):
        await world.provider.poll(job)
    assert len((await world.finished(job)).results) == 1


async def test_an_expired_link_is_told(world: World):
    job, _ = await world.sent(request(parameters={"ttl": 60}))
    (result,) = (await world.finished(job)).results
    world.server.files.expire_all()

    with pytest.raises(ResultExpired):
        await world.fetched(job, result)


async def test_the_details_bring_what_the_answer_lost(world: World):
    job, _ = await world.sent(request())
    await world.finished(job)
    world.server.faults.at("poll", Instead(200, {"data": []}))

    assert len((await world.provider.poll(job)).results) == 1


async def test_finished_files_are_put_where_the_user_wants_them(world: World):
    parameters = {
        "upload_endpoint": f"{world.server.files.inbox_url}file",
        "webhook_url": f"{world.server.files.inbox_url}hook",
    }

    job, _ = await world.sent(request(parameters=parameters))
    await world.finished(job)

    assert {each.path for each in world.server.files.received} == {"/inbox/file", "/inbox/hook"}


async def test_every_combination_that_the_catalogue_offers_is_taken(world: World):
    world.server.ledger = Ledger(Decimal(1_000_000))
    spec = CATALOGUE.spec("runware", SEED_AUDIO)
    for made in spec.formats:
        for rate in made.sample_rates_hz or (None,):
            for channels in made.channels or (None,):
                bitrates = made.bitrates_kbps(rate, channels)
                for kbps in {None, *bitrates[:1], *bitrates[-1:]}:
                    await world.sent(request(audio=AudioSettings(made.format, rate, channels, kbps)))

    assert len(world.server.jobs) > 60
