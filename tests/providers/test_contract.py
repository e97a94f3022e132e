"""What every provider promises, whatever its service is like: the same cases for each, over real sockets.

Services are the strict ones of `tests/servers`. What only one provider does is tested beside it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.errors import (
    AppError,
    ContentRefused,
    CredentialsMissing,
    CredentialsRejected,
    GenerationFailed,
    NotConnected,
    OutcomeUnknown,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    RequestInvalid,
    RequestRejected,
    ResultExpired,
    ServiceUnavailable,
    UnexpectedReply,
    UploadGone,
)
from app.domain.model_spec import Kind, ModelSpec
from app.domain.provider import (
    AudioProvider,
    Job,
    KeyChecker,
    ModelLister,
    Progress,
    StoppableProvider,
    Uploader,
    WireRequest,
)
from app.domain.request import GenerationRequest, InputKind
from app.domain.take import TakeState
from app.domain.task import Attempt, Task, TaskState
from app.engine.results import failure_of
from app.engine.retry import is_passing
from app.providers.client import Network
from app.providers.registry import SERVICES
from app.storage.database import Database
from app.storage.task_store import TaskStore
from tests.providers.contract.answers import (
    ANY_JSON,
    RAW_BODIES,
    Change,
    as_bytes,
    assert_fit_for_people,
    changes,
    is_storable,
    one_by_one,
    unfit_for_people,
    with_surprises,
)
from tests.providers.contract.bench import CATALOGUE, Bench, Started, bench_for, raised_by
from tests.providers.contract.missteps import missteps
from tests.providers.contract.requests import Inputs, make_inputs, ordinary, valid_requests
from tests.providers.contract.subjects import SUBJECTS, Subject
from tests.servers.faults import CutAfter, Drop, Fault, HalfBody, Huge, Instead, Rewrite, html_page, redirect
from tests.servers.file_host import FileHost
from tests.servers.recording import RecordedRequest

Lacks = Callable[[Subject], str | None]

PROVIDERS = tuple({subject.provider_id: subject for subject in reversed(SUBJECTS)}.values())[::-1]
"""One subject for each provider."""


def generated(examples: int) -> settings:
    """For generated cases that share a bench: what one leaves behind, none of the others looks at."""
    shared = [HealthCheck.function_scoped_fixture]
    return settings(max_examples=examples, suppress_health_check=shared)


def _case(subject: Subject, lacks: Lacks, *more: Any) -> Any:
    reason = lacks(subject)
    name = " ".join([subject.name, *(str(getattr(each, "value", each)) for each in more)])
    marks = [pytest.mark.skip(reason=reason)] if reason is not None else []
    return pytest.param(subject, *more, id=name, marks=marks)


def for_each(lacks: Lacks = lambda _: None, subjects: Iterable[Subject] = SUBJECTS) -> pytest.MarkDecorator:
    """The case for every subject but those that lack what it is about."""
    return pytest.mark.parametrize("bench", [_case(each, lacks) for each in subjects], indirect=True)


def models_of(subject: Subject) -> tuple[ModelSpec, ...]:
    """All models that make audio: those of the catalogue, and some that it doesn't list."""
    unlisted = (CATALOGUE.spec(subject.provider_id, model) for model in subject.unlisted)
    listed = (spec for spec in CATALOGUE.of_provider(subject.provider_id) if spec.kind is not Kind.TRANSCRIPTION)
    return (*listed, *unlisted)


def for_each_model() -> pytest.MarkDecorator:
    cases = [_case(each, lambda _: None, spec.id) for each in PROVIDERS for spec in models_of(each)]
    return pytest.mark.parametrize(("bench", "model"), cases, indirect=["bench"])


def spec_of(bench: Bench, model: str) -> ModelSpec:
    return CATALOGUE.spec(bench.subject.provider_id, model)


@pytest.fixture(scope="module")
def shared_network() -> Iterator[Network]:
    """Real sockets without any proxy. Certificates are read once for all cases; connections are of each case."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        yield Network()


@pytest.fixture
async def bench(request: pytest.FixtureRequest, shared_network: Network, tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench_for(request.param, shared_network, tmp_path) as bench:
        yield bench
    await shared_network.aclose()


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    return make_inputs(tmp_path_factory.mktemp("inputs"))


@pytest.fixture
async def elsewhere() -> AsyncIterator[FileHost]:
    """Another host, which must never see a key."""
    async with FileHost(secrets={each.key for each in SUBJECTS if each.key}) as host:
        yield host


# Who they are


def test_every_provider_is_a_subject():
    assert {subject.provider_id for subject in SUBJECTS} == {service.id for service in SERVICES}


@for_each(subjects=PROVIDERS)
def test_it_is_what_the_registry_calls_it(bench: Bench):
    assert isinstance(bench.provider, AudioProvider)
    assert bench.provider.id == bench.subject.provider_id
    assert bench.provider.base_url == (bench.base_url or "local:")
    assert bench.provider.recovery.is_unbilled is bench.subject.is_unbilled


# Requests: the catalogue, the check, the body and the service agree


@for_each_model()
@generated(examples=20)
@given(data=st.data())
async def test_whatever_passes_the_check_is_taken_by_the_service(
    bench: Bench, model: str, inputs: Inputs, data: st.DataObject
):
    spec = spec_of(bench, model)
    wanted = data.draw(valid_requests(spec, inputs))

    assert spec.check(wanted) == ()
    asked = await bench.with_inputs(wanted)
    refusal = _refusal_of(bench, asked)
    if refusal is not None:  # what only the whole of a request shows is still found here, at a field
        assert all(problem.field and problem.message for problem in refusal.problems)
        return
    wire, job = bench.prepared(asked)
    started = await bench.send(wire, job)

    assert bench.provider.prepare(asked, job.key) == wire
    if isinstance(bench.provider, StoppableProvider):
        await bench.provider.cancel(started.job)


def _refusal_of(bench: Bench, wanted: GenerationRequest) -> RequestInvalid | None:
    try:
        bench.prepared(wanted)
    except RequestInvalid as refusal:
        return refusal
    return None


@for_each_model()
async def test_one_step_outside_any_limit_nothing_leaves(bench: Bench, model: str, inputs: Inputs):
    spec = spec_of(bench, model)
    usual = ordinary(spec, inputs)
    assert spec.check(usual) == ()

    async with bench.queue() as queue:
        for misstep in missteps(spec, usual, inputs):
            found = spec.check(misstep.request)
            if not misstep.is_of_file:
                assert any(_tells(each, misstep.field, misstep.allowed) for each in found), (misstep, found)
            if misstep.field != "takes":  # several requests ask for more
                with pytest.raises(RequestInvalid) as caught:
                    await queue.add(misstep.request)
                assert any(_tells(each, misstep.field, misstep.allowed) for each in caught.value.problems), misstep

    assert bench.subject.serve is None or bench.server.requests == []


def _tells(problem: Any, field: str, allowed: str) -> bool:
    return problem.field == field and allowed in problem.message


@for_each_model()
async def test_preparing_is_pure_and_a_stored_request_is_the_same_to_the_byte(bench: Bench, model: str, inputs: Inputs):
    usual = ordinary(spec_of(bench, model), inputs)
    wanted = await bench.with_inputs(replace(usual, prompt="Grüße an die Höhle \x00 “😀”"))
    key, other = uuid4(), uuid4()

    wire = bench.provider.prepare(wanted, key)

    assert bench.provider.prepare(wanted, key) == wire
    assert bench.provider.prepare(wanted, other).path == wire.path
    sent = json.dumps([wire.path, dict(wire.headers)]).lower() + wire.body.decode(errors="replace").lower()
    assert "authorization" not in sent
    assert not bench.subject.key or bench.subject.key.lower() not in sent
    assert [file.at for file in wire.files] == sorted(file.at for file in wire.files)
    assert (
        await _stored_and_read(
            bench,
            wanted,
            Attempt(key, "0123456789ab", 1, bench.provider.id, model, bench.provider.base_url, wire, datetime.now(UTC)),
        )
        == wire
    )


async def _stored_and_read(bench: Bench, wanted: GenerationRequest, attempt: Attempt) -> object:
    """The wire of an attempt as another process finds it."""
    spec, now = CATALOGUE.spec(wanted.provider, wanted.model), attempt.created_at
    task = Task(attempt.task_id, "c" * 12, wanted, spec.kind, TaskState.QUEUED, now, now)
    for step in ("write", "read"):
        database = Database(bench.home / "library.sqlite3")
        await database.open()
        store = TaskStore(database, lambda: now)
        if step == "write":
            await store.add([task])
            sent = replace(attempt, sent_at=now)
            await store.record(replace(task.moved_to(TaskState.SUBMITTING), attempt=sent))
        found = (await store.task(task.id)).attempt
        await database.close()
    assert found is not None
    return found.wire


# From a request to audio


@for_each()
async def test_what_is_submitted_polled_and_fetched_is_audio(bench: Bench):
    started = await bench.start()
    progress = await bench.finished(started)

    assert (progress.failures, progress.failure) == ((), None)
    assert len(progress.results) == bench.subject.request.takes
    for result in progress.results:
        assert bench.decoded(await bench.fetched(started, result)).frames > 0
    assert bench.charges() == bench.subject.paid


def _formats() -> Iterable[tuple[Subject, str, AudioFormat | None]]:
    for subject in PROVIDERS:
        for spec in models_of(subject):
            for made in spec.formats:
                yield subject, spec.id, made.format


@pytest.mark.parametrize(
    ("bench", "model", "wanted"),
    [_case(subject, lambda _: None, model, wanted) for subject, model, wanted in _formats()],
    indirect=["bench"],
)
async def test_every_format_of_every_model_arrives_as_it_was_asked_for(
    bench: Bench, model: str, wanted: AudioFormat, inputs: Inputs
):
    spec = spec_of(bench, model)
    made = spec.format(wanted)
    assert made is not None
    audio = AudioSettings(wanted, *(values[0] if values else None for values in (made.sample_rates_hz, made.channels)))
    duration_s = min(0.2, spec.duration.maximum) if bench.subject.serve is None and spec.duration else None
    asked = replace(ordinary(spec, inputs), audio=audio, duration_s=duration_s)

    started = await bench.start(await bench.with_inputs(asked))
    progress = await bench.finished(started)
    info = bench.decoded(await bench.fetched(started, progress.results[0]))

    assert info.format is wanted
    assert audio.sample_rate_hz in (None, info.sample_rate_hz)
    assert audio.channels in (None, info.channels)


@for_each()
async def test_asking_and_fetching_again_brings_the_same_and_costs_nothing(bench: Bench):
    started = await bench.start()
    seen = [progress async for progress in bench.polls(started)]
    charged = bench.charges()
    last = seen[-1]

    for earlier, later in pairwise(seen):
        assert set(_ids(earlier)) <= set(_ids(later)), "a later answer repeats what an earlier one said"
    for _ in range(2 if bench.subject.is_never_polled() is None else 0):
        assert _ids(await bench.provider.poll(started.job)) == _ids(last)
    once, again = [[await bench.fetched(started, result) for result in last.results] for _ in range(2)]

    assert len(set(_ids(last))) == len(_ids(last))
    assert once == again
    assert bench.charges() == charged


def _ids(progress: Progress) -> list[str]:
    return [each.id for each in (*progress.results, *progress.failures)]


@for_each()
async def test_jobs_side_by_side_are_never_mixed_up(bench: Bench):
    started = await asyncio.gather(*(bench.start() for _ in range(4)))
    progress = await asyncio.gather(*map(bench.finished, started))

    fetched = [
        await bench.fetched(job, result) for job, told in zip(started, progress, strict=True) for result in told.results
    ]

    assert len(fetched) == 4 * bench.subject.request.takes
    assert len(set(fetched)) == len(fetched)


@for_each(lambda subject: None if subject.answers_with_audio() else "its audio comes by link")
async def test_audio_that_arrives_can_be_left_unheard(bench: Bench):
    if bench.subject.serve is None:
        pytest.skip("its audio stays here")
    wire, job = bench.prepared()

    submission = await bench.provider.submit(wire, job.key)
    assert submission.stream is not None
    await submission.stream.aclose()

    assert (await bench.start()).audio


@for_each(Subject.hides_cost)
async def test_what_it_cost_is_what_the_service_took(bench: Bench):
    started = await bench.start()
    progress = await bench.finished(started)
    told = (
        progress.cost if progress.cost is not None else sum((each.cost or 0 for each in progress.results), Decimal(0))
    )

    bench.charges()

    assert told == bench.server.ledger.total_usd


@for_each(subjects=PROVIDERS)
async def test_all_other_questions_are_free(bench: Bench, inputs: Inputs):
    provider = bench.provider

    voices = await provider.voices()
    listed = await provider.models() if isinstance(provider, ModelLister) else ()
    if isinstance(provider, KeyChecker):
        balance = (await provider.check_key()).balance
        assert (balance is not None) is bench.subject.tells_cost
    if isinstance(provider, Uploader):
        handles = [await provider.upload(inputs.clips[0].path, InputKind.CLIP) for _ in range(2)]
        assert all(handles)

    assert all(voice.provider == provider.id for voice in voices)
    assert len({model.id for model in listed}) == len(listed)
    assert bench.charges() == 0


# Odd, but healthy


def _oddities() -> list[Any]:
    cases = [_case(subject, lambda _: None, oddity) for subject in SUBJECTS for oddity in subject.oddities]
    return [*cases, *(_case(each, Subject.sends_nothing, "usual") for each in SUBJECTS if not each.oddities)]


@pytest.mark.parametrize(("bench", "oddity"), _oddities(), indirect=["bench"])
async def test_odd_answers_of_a_healthy_service_break_nothing(bench: Bench, oddity: str):
    bench.subject.oddities[oddity](bench.server)

    started = await bench.start()
    seen = [progress async for progress in bench.polls(started)]

    assert (seen[-1].failures, seen[-1].failure) == ((), None)
    assert len(seen[-1].results) == bench.subject.request.takes
    assert _ids(seen[-1]) == list(dict.fromkeys(_ids(seen[-1])))
    for earlier, later in pairwise(seen):
        assert set(_ids(earlier)) <= set(_ids(later))
    for result in seen[-1].results:
        bench.decoded(await bench.fetched(started, result))


@for_each(Subject.answers_with_audio)
async def test_fields_that_nobody_knows_break_nothing_anywhere(bench: Bench):
    bench.goes_wrong(bench.subject.submit, Rewrite(with_surprises), times=None)
    if bench.subject.poll is not None:
        bench.goes_wrong(bench.subject.poll, Rewrite(with_surprises), times=None)

    progress = await bench.finished(await bench.start())

    assert len(progress.results) == bench.subject.request.takes
    assert (progress.failures, progress.failure) == ((), None)


# Keys


@for_each(Subject.sends_nothing)
async def test_a_wrong_key_is_rejected_before_anything_starts(bench: Bench):
    bench.keyring.key_in_it = "not-the-right-key"

    error = await raised_by(bench.start())

    assert type(error) is CredentialsRejected
    assert_fit_for_people(error, "not-the-right-key")
    assert bench.server.ledger.accepted == []


@for_each(Subject.is_never_polled)
async def test_a_key_that_went_bad_while_a_job_runs_ends_nothing(bench: Bench):
    started = await bench.start()

    bench.keyring.key_in_it = "not-the-right-key"
    error = await raised_by(bench.provider.poll(started.job))
    bench.keyring.key_in_it = None
    missing = await raised_by(bench.provider.poll(started.job))
    bench.keyring.key_in_it = bench.subject.key
    progress = await bench.finished(started)

    assert type(error) is CredentialsRejected
    assert type(missing) is CredentialsMissing
    assert is_passing(error)
    assert len(progress.results) == bench.subject.request.takes


@for_each(Subject.asks_without_a_key)
async def test_without_a_key_nothing_leaves(bench: Bench):
    bench.keyring.key_in_it = None
    wire, job = bench.prepared()

    asked: list[Any] = [bench.provider.submit(wire, job.key)]
    if bench.subject.poll is not None:
        asked.append(bench.provider.poll(replace(job, id="an-id")))
    if isinstance(bench.provider, KeyChecker):
        asked.append(bench.provider.check_key())
    errors = [await raised_by(each) for each in asked]

    assert {type(error) for error in errors} == {CredentialsMissing}
    assert bench.server.requests == []


@for_each(Subject.sends_nothing, PROVIDERS)
async def test_trying_a_key_tells_a_right_one_from_a_wrong_one(bench: Bench):
    provider = bench.provider
    if not isinstance(provider, KeyChecker):
        pytest.skip("its service has no free way to try a key")

    await provider.check_key()
    bench.keyring.key_in_it = "not-the-right-key"
    error = await raised_by(provider.check_key())

    assert type(error) is CredentialsRejected


@for_each(Subject.sends_nothing)
async def test_the_key_goes_to_its_own_origin_alone(bench: Bench):
    started = await bench.start()
    progress = await bench.finished(started)
    for result in progress.results:
        await bench.fetched(started, result)

    assert {request.key for request in bench.server.requests} == {"right"}
    assert bench.key_elsewhere() == []


@for_each(Subject.sends_nothing)
async def test_what_was_sent_to_one_address_is_asked_about_and_fetched_there(bench: Bench):
    started = await bench.start()

    bench.base_url = "http://127.0.0.1:9"
    progress = await bench.finished(started)
    fetched = [await bench.fetched(started, result) for result in progress.results]

    assert len(fetched) == bench.subject.request.takes
    assert bench.key_elsewhere() == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@for_each(Subject.sends_nothing)
async def test_a_service_that_points_elsewhere_isnt_followed(bench: Bench, status: int, elsewhere: FileHost):
    target = f"{elsewhere.url}/steal"
    bench.goes_wrong(bench.subject.submit, redirect(target, status))
    errors = [await raised_by(bench.start())]
    if bench.subject.poll is not None:
        started = await bench.start()
        bench.goes_wrong(bench.subject.poll, redirect(target, status))
        errors.append(await raised_by(bench.provider.poll(started.job)))

    assert [type(error) for error in errors] == [OutcomeUnknown, UnexpectedReply][: len(errors)]
    assert elsewhere.requests == []


@for_each(Subject.gives_no_links)
async def test_a_result_that_lies_elsewhere_is_fetched_without_the_key(bench: Bench, elsewhere: FileHost):
    started = await bench.start()
    progress = await bench.finished(started)
    wav = b"RIFF" + bytes(600)
    link = elsewhere.publish("/moved", lambda: wav, content_type="audio/wav")
    bench.links.faults.at("download", redirect(link))

    fetched = await bench.fetched(started, progress.results[0])

    assert fetched == wav
    assert [request.key for request in elsewhere.requests] == ["none"]
    assert elsewhere.violations == []


# Answers that are lost


@for_each(Subject.sends_nothing)
async def test_a_refused_connection_means_that_nothing_was_sent(bench: Bench):
    await bench.server.stop()

    error = await raised_by(bench.start())
    question = await raised_by(
        bench.provider.poll(
            replace(bench.prepared()[1], id="an-id"),
        )
    )

    assert type(error) is NotConnected
    assert is_passing(question) or bench.subject.poll is None
    assert_fit_for_people(error, bench.subject.key)
    assert bench.server.ledger.accepted == []


@pytest.mark.parametrize("is_accepted", [False, True])
@for_each(Subject.sends_nothing)
async def test_a_lost_answer_is_found_again_or_stays_unknown(bench: Bench, is_accepted: bool):
    wire, job = bench.prepared()
    bench.goes_wrong(bench.subject.submit, Drop(processed=is_accepted))

    error = await raised_by(bench.send(wire, job))

    assert type(error) is OutcomeUnknown
    assert len(bench.server.ledger.accepted) == (is_accepted and not bench.subject.is_unbilled)
    if bench.provider.recovery.can_find:
        found = await bench.provider.find(wire, job)
        assert (found is not None) is is_accepted
        if found is not None:
            started = Started(wire, replace(job, id=found.job_id), found)
            assert len((await bench.finished(started)).results) == bench.subject.request.takes
            assert bench.charges() == bench.subject.paid


@for_each(Subject.sends_nothing, PROVIDERS)
async def test_no_answer_but_a_clear_one_says_that_a_request_was_never_seen(bench: Bench):
    if not bench.provider.recovery.can_find:
        pytest.skip("its service can’t be asked by our own key")
    wire, job = bench.prepared()
    unseen_job = replace(job, key=uuid4())
    await bench.provider.find(wire, unseen_job)
    questions = {request.phase for request in bench.server.requests}
    await bench.send(wire, job)

    assert questions
    for phase in questions:
        for status in (200, 401, 404, 429, 500):
            for body in (None, b"<p>Nobody is here", as_bytes({}), as_bytes([]), as_bytes({"data": None})):
                bench.goes_wrong(phase, Instead(status, body, _JSON))
                assert await _is_known(bench.provider, wire, job), (phase, status, body)
                bench.server.faults.clear()


async def _is_known(provider: AudioProvider, wire: WireRequest, job: Job) -> bool:
    """Whether a service that was asked about a request said so, or nothing for now."""
    try:
        return await provider.find(wire, job) is not None
    except ProviderError as error:
        return is_passing(error)


@for_each(Subject.sends_nothing, PROVIDERS)
async def test_the_same_request_sent_twice_under_one_key_is_charged_once(bench: Bench):
    recovery = bench.provider.recovery
    if not recovery.can_find and recovery.replay_within is None:
        pytest.skip("its service doesn’t know our keys, and nothing is ever sent twice by itself")
    wire, job = bench.prepared()
    bench.goes_wrong(bench.subject.submit, Drop(processed=True))
    await raised_by(bench.send(wire, job))

    again = await bench.send(wire, job)
    progress = await bench.finished(again)

    assert len(progress.results) == bench.subject.request.takes
    assert bench.charges() == bench.subject.paid


# Error answers. What may be told of each, by what was asked:

REFUSED = (CredentialsRejected, QuotaExhausted)
UNANSWERED = (ServiceUnavailable, UnexpectedReply)
STATUSES: dict[int, tuple[tuple[type[AppError], ...], tuple[type[AppError], ...]]] = {
    # to the submit                   to a poll
    401: ((CredentialsRejected,), (CredentialsRejected,)),
    402: ((QuotaExhausted,), (QuotaExhausted,)),
    403: (REFUSED, REFUSED),
    404: ((RequestRejected,), UNANSWERED),
    429: ((RateLimited,), (RateLimited,)),
    500: ((OutcomeUnknown,), (ServiceUnavailable,)),
    502: ((OutcomeUnknown,), (ServiceUnavailable,)),
    503: ((OutcomeUnknown,), (ServiceUnavailable,)),
}
_JSON = {"Content-Type": "application/json"}
Kinds = tuple[type[AppError], ...]


def _expected(bench: Bench, status: int) -> tuple[Kinds, Kinds]:
    to_submit, to_poll = STATUSES[status]
    return (RateLimited,) if status in bench.subject.busy_at else to_submit, to_poll


BROKEN: dict[str, tuple[Fault, type[AppError], type[AppError]]] = {
    # what comes                                        to the submit   to a poll
    "a page instead of JSON": (html_page(200, processed=True), OutcomeUnknown, UnexpectedReply),
    "nothing": (Instead(200, None, processed=True), OutcomeUnknown, UnexpectedReply),
    "an array": (Instead(200, [], processed=True), OutcomeUnknown, UnexpectedReply),
    "a number": (Instead(200, b"17", _JSON, processed=True), OutcomeUnknown, UnexpectedReply),
    "half of the JSON": (HalfBody(), OutcomeUnknown, UnexpectedReply),
    "a part of the body": (CutAfter(10), OutcomeUnknown, ServiceUnavailable),
    "no answer": (Drop(), OutcomeUnknown, ServiceUnavailable),
    "no answer, afterwards": (Drop(processed=True), OutcomeUnknown, ServiceUnavailable),
    "a reset": (Drop(reset=True), OutcomeUnknown, ServiceUnavailable),
}
RUDE = "<b>No</b> <script>alert('{key}')</script> & your key {key} isn’t welcome.\x07\n"


@pytest.mark.parametrize("status", STATUSES)
@for_each(Subject.sends_nothing)
async def test_an_error_status_means_the_same_with_everybody(bench: Bench, status: int):
    to_submit, to_poll = _expected(bench, status)
    refusing, key = bench.subject.refusing, bench.subject.key
    assert refusing is not None
    wire, job = bench.prepared()
    answer = Instead(status, refusing.body(status, RUDE.replace("{key}", key), job.key))

    bench.goes_wrong(bench.subject.submit, answer)
    errors = [await raised_by(bench.send(wire, job))]
    assert type(errors[0]) in to_submit
    if bench.subject.poll is not None:
        started = await bench.send(wire, job)
        bench.goes_wrong(bench.subject.poll, answer)
        errors.append(await raised_by(bench.provider.poll(started.job)))
        assert type(errors[1]) in to_poll
        assert is_passing(errors[1])
        assert len((await bench.finished(started)).results) == bench.subject.request.takes

    for error in errors:
        assert isinstance(error, ProviderError)
        assert_fit_for_people(error, key)
        assert error.code == refusing.code(status)
        assert failure_of(error).code == error.code
        assert "isn’t welcome" in str(error)


@pytest.mark.parametrize("body", [pytest.param(None, id="empty"), pytest.param("page", id="page")])
@pytest.mark.parametrize("status", STATUSES)
@for_each(Subject.sends_nothing)
async def test_an_error_page_of_somebody_between_starts_and_ends_nothing(bench: Bench, status: int, body: str | None):
    to_submit, to_poll = _expected(bench, status)
    answer = Instead(status, None) if body is None else html_page(status)

    bench.goes_wrong(bench.subject.submit, answer)
    errors = [await raised_by(bench.start())]
    # Whoever has no page at an address has started nothing, and who it was isn't sure.
    assert type(errors[0]) in (*to_submit, *((OutcomeUnknown,) if status == 404 else ()))
    if bench.subject.poll is not None:
        started = await bench.start()
        bench.goes_wrong(bench.subject.poll, answer)
        errors.append(await raised_by(bench.provider.poll(started.job)))
        assert type(errors[1]) in to_poll
        assert is_passing(errors[1])

    for error in errors:
        assert_fit_for_people(error, bench.subject.key)


@pytest.mark.parametrize(
    ("header", "seconds"), [({}, None), ({"Retry-After": "7"}, 7.0), ({"Retry-After": "soon"}, None)]
)
@for_each(Subject.sends_nothing)
async def test_a_busy_service_may_say_when_to_come_back(bench: Bench, header: dict[str, str], seconds: float | None):
    bench.goes_wrong(bench.subject.submit, Instead(429, {}, header))
    errors = [await raised_by(bench.start())]
    if bench.subject.poll is not None:
        started = await bench.start()
        bench.goes_wrong(bench.subject.poll, Instead(429, {}, header))
        errors.append(await raised_by(bench.provider.poll(started.job)))

    for error in errors:
        assert isinstance(error, RateLimited)
        assert error.retry_after_s == seconds


@pytest.mark.parametrize("broken", BROKEN)
@for_each(Subject.sends_nothing)
async def test_a_broken_answer_is_lost_at_the_submit_and_passes_at_a_poll(bench: Bench, broken: str):
    fault, to_submit, to_poll = BROKEN[broken]
    if broken == "half of the JSON" and bench.subject.answers_with_audio():
        pytest.skip("half of an audio file is found out when it is decoded")

    bench.goes_wrong(bench.subject.submit, fault)
    errors = [await raised_by(bench.start())]
    # Where nothing can be charged, an answer that came whole and brings nothing is simply a failure.
    assert type(errors[0]) in ((to_submit, GenerationFailed) if bench.subject.is_unbilled else (to_submit,))
    if bench.subject.poll is not None:
        started = await bench.start()
        bench.goes_wrong(bench.subject.poll, fault)
        errors.append(await raised_by(bench.provider.poll(started.job)))
        assert type(errors[1]) is to_poll
        assert is_passing(errors[1])
        assert len((await bench.finished(started)).results) == bench.subject.request.takes

    for error in errors:
        assert_fit_for_people(error, bench.subject.key)


@for_each(Subject.answers_with_audio)
async def test_an_endless_answer_is_cut_off(bench: Bench):
    huge = Huge(bench.subject.most_answer_bytes, announced=False)

    if bench.subject.poll is None:
        bench.goes_wrong(bench.subject.submit, huge)
        error, expected = await raised_by(bench.start()), OutcomeUnknown
    else:
        started = await bench.start()
        bench.goes_wrong(bench.subject.poll, huge)
        error, expected = await raised_by(bench.provider.poll(started.job)), UnexpectedReply

    assert type(error) is expected
    assert_fit_for_people(error, bench.subject.key)


# Answers that nobody documented


@for_each(Subject.sends_nothing)
@generated(examples=60)
@given(
    status=st.sampled_from([200, 201, 400, 401, 403, 404, 409, 422, 429, 500, 503]),
    answer=st.sampled_from(RAW_BODIES) | ANY_JSON.map(as_bytes),
)
async def test_any_answer_is_an_answer_or_a_providers_error(bench: Bench, status: int, answer: bytes):
    bench.server.faults.clear()
    wire, job = bench.prepared()
    nonsense = Instead(status, answer, _JSON, processed=True)

    bench.goes_wrong(bench.subject.submit, nonsense)
    await _is_sound(bench, bench.send(wire, job))
    if bench.subject.poll is not None:
        started = await bench.start()
        bench.goes_wrong(bench.subject.poll, nonsense)
        await _is_sound(bench, bench.provider.poll(started.job))


@for_each(Subject.answers_with_audio)
async def test_any_one_value_of_a_real_answer_may_be_nonsense(bench: Bench):
    phase = bench.subject.poll or bench.subject.submit
    started = await bench.start()
    if bench.subject.poll is not None:
        bench.server.settle()  # type: ignore[union-attr]

    async def ask() -> Any:
        return await (bench.provider.poll(started.job) if bench.subject.poll is not None else bench.start())

    real: list[Any] = []
    bench.goes_wrong(phase, Rewrite(lambda answer: real.append(answer) or answer))
    await ask()

    for nonsense in one_by_one(real[0]):
        bench.goes_wrong(phase, Instead(200, as_bytes(nonsense), _JSON, processed=True))
        await _is_sound(bench, ask(), started)
        bench.server.faults.clear()


@for_each(Subject.answers_with_audio)
@generated(examples=60)
@given(change=changes(), other=changes(), fails=st.booleans())
async def test_a_real_answer_with_anything_changed_in_it_is_one_too(
    bench: Bench, change: Change, other: Change, fails: bool
):
    bench.server.faults.clear()
    rewritten = Rewrite(lambda answer: other.of(change.of(answer)))
    if bench.subject.fail_all is not None:
        bench.server.behaviour = type(bench.server.behaviour)()
        (bench.subject.fail_all if fails else bench.subject.arrange)(bench.server)

    bench.goes_wrong(bench.subject.submit, rewritten)
    await _is_sound(bench, bench.start())
    if bench.subject.poll is not None:
        started = await bench.start()
        bench.server.settle()
        bench.goes_wrong(bench.subject.poll, rewritten)
        await _is_sound(bench, bench.provider.poll(started.job), started)


async def _is_sound(bench: Bench, asking: Any, started: Started | None = None) -> None:
    """An answer that makes sense, or an error for people; anything else travels on as the bug it is."""
    try:
        told = await asking
    except ProviderError as error:
        assert_fit_for_people(error, bench.subject.key)
        return
    progress: Progress = told.submission.progress if isinstance(told, Started) else told
    if isinstance(told, Started):
        assert is_storable(told.job.id or "")
    assert all(is_storable(each.id) and is_storable(each.link or "") for each in progress.results)
    assert len(set(_ids(progress))) == len(_ids(progress))
    assert all(_ids(progress))
    assert progress.fraction is None or 0 <= progress.fraction <= 1
    for cost in (progress.cost, *(result.cost for result in progress.results)):
        assert cost is None or (cost.is_finite() and cost >= 0)
    for failure in (*(each.failure for each in progress.failures), *filter(None, [progress.failure])):
        complaint = unfit_for_people(failure.message, bench.subject.key)
        assert complaint is None, f"{complaint}: {failure.message}"
    for result in progress.results if started is not None else ():
        try:
            await bench.fetched(started, result)
        except AppError as error:
            assert_fit_for_people(error, bench.subject.key)


# Results that can't be had


@for_each(Subject.makes_one_take)
async def test_one_take_that_fails_takes_no_other_with_it(bench: Bench):
    assert bench.subject.fail_one is not None
    bench.subject.fail_one(bench.server)

    started = await bench.start()
    seen = [progress async for progress in bench.polls(started)]
    progress = seen[-1]

    assert len(progress.failures) == 1
    assert len(progress.results) == bench.subject.request.takes - 1
    for result in progress.results:
        bench.decoded(await bench.fetched(started, result))
    failure = progress.failures[0].failure
    assert unfit_for_people(failure.message, bench.subject.key) is None
    assert failure.kind in (GenerationFailed.kind, ContentRefused.kind)
    assert bench.charges() == bench.subject.paid - 1


@for_each(Subject.never_fails)
async def test_a_job_that_fails_as_a_whole_is_over_and_says_why(bench: Bench):
    assert bench.subject.fail_all is not None
    bench.subject.fail_all(bench.server)

    progress = await bench.finished(await bench.start())

    assert progress.results == ()
    failure = progress.failure or progress.failures[0].failure
    assert failure.kind == GenerationFailed.kind
    assert unfit_for_people(failure.message, bench.subject.key) is None
    assert bench.charges() == 0


@pytest.mark.parametrize("status", [401, 403, 404, 410])
@for_each(Subject.gives_no_links)
async def test_a_link_that_is_over_is_an_expired_result(bench: Bench, status: int):
    started = await bench.start()
    progress = await bench.finished(started)
    bench.links.faults.at("download", Instead(status, "<Error><Code>AccessDenied</Code></Error>"))

    error = await raised_by(bench.fetched(started, progress.results[0]))

    assert type(error) is ResultExpired
    assert_fit_for_people(error, bench.subject.key)
    assert bench.decoded(await bench.fetched(started, progress.results[0])).frames > 0


@for_each(Subject.gives_no_links)
async def test_a_result_that_cant_be_had_now_may_be_had_later(bench: Bench):
    started = await bench.start()
    progress = await bench.finished(started)
    for fault in (Instead(500), Instead(429, None, {"Retry-After": "3"}), html_page(200), Drop(), CutAfter(20)):
        bench.links.faults.at("download", fault)
        error = await raised_by(bench.fetched(started, progress.results[0]))
        assert isinstance(error, RateLimited | ServiceUnavailable | UnexpectedReply)
        assert_fit_for_people(error, bench.subject.key)

    assert bench.decoded(await bench.fetched(started, progress.results[0])).frames > 0


@for_each(Subject.sends_nothing, PROVIDERS)
async def test_an_upload_that_the_service_lost_starts_nothing(bench: Bench, inputs: Inputs):
    if not isinstance(bench.provider, Uploader):
        pytest.skip("it takes files inside the request")
    wire, job = bench.prepared(await bench.with_inputs(replace(bench.subject.request, references=inputs.clips[:2])))
    bench.server.expire_media()  # type: ignore[union-attr]

    error = await raised_by(bench.send(wire, job))

    assert type(error) is UploadGone
    assert_fit_for_people(error, bench.subject.key)
    assert bench.server.ledger.accepted == []


# In the engine, with a real library


_LONGER_THAN_ANY_LINK_S = 2 * 86_400.0


async def _clicked(bench: Bench) -> Task:
    """One click, until it rests."""
    bugs: list[BaseException] = []
    async with asyncio.timeout(20), bench.queue(bugs) as queue:
        [task] = await queue.add(bench.subject.request, accept_unknown_price=True)
        [rested] = await queue.wait([task.id])
    assert bugs == []
    return rested


def _stored(task: Task) -> int:
    return sum(take.state is TakeState.STORED for take in task.takes)


@for_each()
async def test_a_click_ends_with_takes_on_the_disk_and_one_charge_each(bench: Bench):
    task = await _clicked(bench)

    takes = bench.subject.request.takes
    assert (task.state, task.failure) == (TaskState.FINISHED, None)
    assert _stored(task) == takes
    assert all(bench.files.path(take.file or "").exists() for take in task.takes)
    assert bench.charges() == bench.subject.paid
    assert task.attempt is not None
    assert task.attempt.receipt.is_settled is (bench.subject.tells_cost or bench.subject.is_unbilled)
    if bench.subject.hides_cost() is None:
        assert task.attempt.receipt.billed == bench.server.ledger.total_usd


@for_each(Subject.sends_nothing)
async def test_a_click_whose_answer_is_lost_is_never_paid_twice(bench: Bench):
    bench.goes_wrong(bench.subject.submit, Drop(processed=True))

    task = await _clicked(bench)

    recovery = bench.provider.recovery
    can_be_known = recovery.is_unbilled or recovery.can_find or recovery.replay_within is not None
    assert task.state is (TaskState.FINISHED if can_be_known else TaskState.UNCERTAIN)
    assert bench.charges() == bench.subject.paid


@for_each(Subject.sends_nothing)
async def test_a_click_waits_for_a_busy_service_and_is_paid_once(bench: Bench):
    bench.goes_wrong(bench.subject.submit, Instead(429, {}, {"Retry-After": "1"}), times=3)

    task = await _clicked(bench)

    assert task.state is TaskState.FINISHED
    assert len(bench.submits()) == 4
    assert bench.charges() == bench.subject.paid


@for_each(Subject.is_never_polled)
async def test_no_trouble_while_polling_fails_a_task(bench: Bench):
    for status in (401, 403, 404, 429, 500, 503):
        bench.goes_wrong(bench.subject.poll, Instead(status))
    bench.goes_wrong(bench.subject.poll, Drop())

    task = await _clicked(bench)

    assert (task.state, task.failure) == (TaskState.FINISHED, None)
    assert _stored(task) == bench.subject.request.takes
    assert bench.charges() == bench.subject.paid


@for_each(Subject.sends_nothing)
async def test_a_refusal_fails_a_click_for_nothing(bench: Bench):
    bench.keyring.key_in_it = "not-the-right-key"

    task = await _clicked(bench)

    assert task.state is TaskState.FAILED
    assert task.failure is not None
    assert task.failure.kind == CredentialsRejected.kind
    assert task.attempt is not None
    assert task.attempt.receipt.billed == 0
    assert bench.charges() == 0


@pytest.mark.parametrize("is_renewed", [False, True])
@for_each(Subject.gives_no_links)
async def test_a_link_that_ended_before_it_was_fetched_is_renewed_or_told(bench: Bench, is_renewed: bool):
    server, renew = bench.server, bench.subject.renew_links
    if is_renewed and renew is None:
        pytest.skip("its service gives no second link")
    if is_renewed and renew is not None:
        renew(server)

    def let_the_first_link_end(answered: RecordedRequest) -> None:
        if server.ledger.charges:
            server.clock.advance(_LONGER_THAN_ANY_LINK_S)
            server.on_answered = None

    server.on_answered = let_the_first_link_end
    task = await _clicked(bench)

    assert bench.charges() == bench.subject.paid
    if is_renewed:
        assert (task.state, task.failure) == (TaskState.FINISHED, None)
    else:
        assert task.takes[0].state is TakeState.EXPIRED
        assert task.failure is not None
        assert task.failure.kind == ResultExpired.kind
        assert unfit_for_people(task.failure.message, bench.subject.key) is None


@for_each(Subject.answers_with_audio)
@generated(examples=25)
@given(change=changes(), other=changes(), phase=st.sampled_from(["submit", "poll"]))
async def test_an_answer_with_anything_changed_in_it_leaves_a_task_that_rests_and_was_paid_once(
    bench: Bench, change: Change, other: Change, phase: str
):
    bench.server.faults.clear()
    broken = bench.subject.submit if phase == "submit" or bench.subject.poll is None else bench.subject.poll
    bench.goes_wrong(broken, Rewrite(lambda answer: other.of(change.of(answer))))
    accepted_before, bugs = len(bench.server.ledger.accepted), list[BaseException]()

    async with asyncio.timeout(20), bench.queue(bugs, patience_s=0.3, job_patience_s=0.3) as queue:
        [task] = await queue.add(bench.subject.request, accept_unknown_price=True)
        [rested] = await queue.wait([task.id])

    assert bugs == []
    assert rested.state not in (TaskState.QUEUED, TaskState.SUBMITTING)
    assert len(bench.server.ledger.accepted) == accepted_before + 1


@for_each(Subject.makes_one_take)
async def test_a_click_with_one_failed_take_keeps_the_others(bench: Bench):
    assert bench.subject.fail_one is not None
    bench.subject.fail_one(bench.server)

    task = await _clicked(bench)

    assert task.state is TaskState.FINISHED
    assert _stored(task) == bench.subject.request.takes - 1
    assert task.failure is not None
    assert task.failure.kind == GenerationFailed.kind
