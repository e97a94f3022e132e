"""Faults, the file host, and how services start and stop."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator
from decimal import Decimal

import httpx
import pytest

from tests.fakes.virtual_loop import VirtualLoop, run_virtually
from tests.servers.clock import Clock
from tests.servers.faults import (
    CutAfter,
    Drip,
    Drop,
    Endless,
    HalfBody,
    Hold,
    HoldAfter,
    Huge,
    Instead,
    Late,
    OtherBody,
    PauseAfter,
    Rewrite,
    WithHeaders,
    html_page,
    redirect,
)
from tests.servers.file_host import FileHost
from tests.servers.ledger import BalanceTooLow, Ledger
from tests.servers.pace import PollDriven, TimeDriven

_CONTENT = bytes(range(256)) * 40


@pytest.fixture
def link(files):
    return files.publish("/a/take.wav", lambda: _CONTENT, content_type="audio/wav")


async def test_a_file_is_served_as_published(files, link, http):
    reply = await http.get(link)

    assert reply.content == _CONTENT
    assert reply.headers["Content-Type"] == "audio/wav"
    assert files.violations == []
    assert [(seen.phase, seen.path, seen.status) for seen in files.requests] == [("download", "/a/take.wav", 200)]


@pytest.mark.parametrize("gone_status", [403, 404])
async def test_a_link_expires_and_can_be_renewed(http, gone_status):
    async with FileHost(gone_status=gone_status) as files:
        link = files.publish("/x.mp3", lambda: _CONTENT, content_type="audio/mpeg", valid_s=60)
        files.clock.advance(59)
        assert (await http.get(link)).status_code == 200

        files.clock.advance(1)
        assert (await http.get(link)).status_code == gone_status

        files.publish("/x.mp3", lambda: _CONTENT, content_type="audio/mpeg", valid_s=60)
        assert (await http.get(link)).status_code == 200
        files.expire_all()
        assert (await http.get(link)).status_code == gone_status


async def test_a_file_never_published_is_not_found(files, http):
    assert (await http.get(f"{files.url}/nowhere")).status_code == 404


@pytest.mark.parametrize(
    "shown",
    [
        {"headers": {"Authorization": "Bearer anything"}},
        {"headers": {"X-Key": "a-secret-key"}},
        {"headers": {"X-Api-Key": "another-key"}},
        {"params": {"key": "a-secret-key"}},
    ],
)
async def test_a_key_shown_to_the_file_host_is_a_violation(files, link, http, shown):
    reply = await http.get(link, **shown)

    assert reply.status_code == 400
    assert len(files.violations) == 1


async def test_recorded_requests_hold_no_authorization(files, link, http):
    await http.get(link, headers={"Authorization": "Bearer sesame"})

    assert "sesame" not in repr(files.requests)
    assert files.requests[0].key == "wrong"


async def test_redirects_lead_to_the_file_in_as_many_hops_as_asked(files, link, http):
    chain = files.redirecting_to(link, hops=3)

    reply = await http.get(chain, follow_redirects=True)

    assert len(reply.history) == 3
    assert reply.content == _CONTENT


async def test_what_is_sent_to_the_inbox_is_kept(files, http):
    await http.put(f"{files.inbox_url}take?signature=1", content=_CONTENT)

    assert [(seen.method, seen.content, seen.query) for seen in files.received] == [
        ("PUT", _CONTENT, {"signature": "1"})
    ]


async def test_faults_come_in_the_order_they_were_planned(files, link, http):
    files.faults.at("download", Instead(503), times=2, after=1)
    files.faults.at("download", html_page(200))

    replies = [await http.get(link) for _ in range(5)]

    assert [reply.status_code for reply in replies] == [200, 503, 503, 200, 200]
    assert [reply.headers["Content-Type"] for reply in replies][3:] == ["text/html", "audio/wav"]
    assert files.faults.pending == 0


async def test_a_fault_hits_only_the_requests_it_is_meant_for(files, link, http):
    other = files.publish("/other.wav", lambda: b"other", content_type="audio/wav")
    files.faults.at("download", Instead(500), where=lambda request: request.path == "/other.wav")

    assert (await http.get(link)).status_code == 200
    assert (await http.get(other)).status_code == 500
    assert (await http.get(other)).status_code == 200


async def test_a_fault_without_end_lasts_until_it_is_cleared(files, link, http):
    files.faults.at("download", Instead(429, {"errors": []}, {"Retry-After": "7"}), times=None)
    busy = [await http.get(link) for _ in range(3)]
    files.faults.clear()

    assert {(reply.status_code, reply.headers["Retry-After"]) for reply in busy} == {(429, "7")}
    assert (await http.get(link)).status_code == 200


async def test_a_dropped_connection_answers_nothing(files, link, http):
    files.faults.at("download", Drop())
    with pytest.raises(httpx.RemoteProtocolError):
        await http.get(link)

    files.faults.at("download", Drop(reset=True))
    with pytest.raises(httpx.ReadError):
        await http.get(link)

    assert [seen.status for seen in files.requests] == [None, None]


async def test_a_cut_body_ends_before_its_announced_length(files, link, http):
    files.faults.at("download", CutAfter(1000))
    received = bytearray()

    async with http.stream("GET", link) as reply:
        assert reply.headers["Content-Length"] == str(len(_CONTENT))
        with pytest.raises(httpx.RemoteProtocolError):  # noqa: PT012 - the loop is what raises
            async for block in reply.aiter_bytes():
                received += block

    assert bytes(received) == _CONTENT[:1000]


@pytest.mark.parametrize(("part", "size_bytes"), [(0.0, 0), (0.25, 2560), (0.999, 10_229), (1, 1)])
async def test_a_body_can_be_cut_at_any_share(files, link, http, part, size_bytes):
    files.faults.at("download", CutAfter(part))
    received = bytearray()

    with pytest.raises(httpx.RemoteProtocolError):  # noqa: PT012 - the loop is what raises
        async with http.stream("GET", link) as reply:
            async for block in reply.aiter_bytes():
                received += block

    assert bytes(received) == _CONTENT[:size_bytes]


@pytest.mark.parametrize(("part", "size_bytes"), [(0.5, 5120), (100, 100)])
async def test_the_first_part_of_a_body_arrives_while_the_rest_is_held_back(files, link, http, part, size_bytes):
    hold = files.faults.at("download", HoldAfter(part))

    async with http.stream("GET", link) as reply:
        blocks = reply.aiter_raw()
        await hold.reached.wait()
        first = await _read(blocks, size_bytes)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await asyncio.shield(following := asyncio.ensure_future(anext(blocks)))
        hold.release()
        rest = await following + b"".join([block async for block in blocks])

    assert (first, first + rest) == (_CONTENT[:size_bytes], _CONTENT)


async def test_a_connection_can_end_after_the_part_that_arrived(files, link, http):
    hold = files.faults.at("download", HoldAfter(0.5, cut=True))

    async with http.stream("GET", link) as reply:
        blocks = reply.aiter_raw()
        first = await _read(blocks, len(_CONTENT) // 2)
        hold.release()
        with pytest.raises(httpx.RemoteProtocolError):
            await anext(blocks)

    assert first == _CONTENT[: len(_CONTENT) // 2]


async def _read(blocks: AsyncIterator[bytes], size_bytes: int) -> bytes:
    content = b""
    while len(content) < size_bytes:
        content += await anext(blocks)
    return content


async def test_half_a_body_is_a_whole_answer(files, link, http):
    files.faults.at("download", HalfBody())

    assert (await http.get(link)).content == _CONTENT[: len(_CONTENT) // 2]


@pytest.mark.parametrize("announced", [True, False])
async def test_a_huge_body_starts_with_the_real_one(files, link, http, announced):
    files.faults.at("download", Huge(3_000_000, announced=announced))

    content = (await http.get(link)).content

    assert len(content) == 3_000_000
    assert content.strip() == _CONTENT.strip()


async def test_whoever_leaves_a_huge_body_early_disturbs_nobody(files, link, http):
    files.faults.at("download", Huge(1_000_000_000))
    async with http.stream("GET", link) as reply:
        assert reply.status_code == 200

    assert (await http.get(link)).content == _CONTENT


async def test_a_dripping_body_arrives_piece_by_piece(files, http):
    link = files.publish("/slow", lambda: b"0123456789", content_type="audio/wav")
    files.faults.at("download", Drip(size_bytes=2, every_s=0.01))

    async with http.stream("GET", link) as reply:
        blocks = [block async for block in reply.aiter_raw()]

    assert b"".join(blocks) == b"0123456789"
    assert len(blocks) > 1


async def test_other_headers_and_redirects_can_stand_in_for_the_real_ones(files, link, http):
    files.faults.at("download", WithHeaders({"Content-Type": "text/html"}))
    files.faults.at("download", redirect("http://127.0.0.1:1/elsewhere", 307))

    wrong_type, elsewhere = await http.get(link), await http.get(link)

    assert (wrong_type.headers["Content-Type"], wrong_type.content) == ("text/html", _CONTENT)
    assert (elsewhere.status_code, elsewhere.headers["Location"]) == (307, "http://127.0.0.1:1/elsewhere")


async def test_a_rewritten_answer_is_the_real_one_changed(files, http):
    link = files.publish("/json", lambda: json.dumps({"a": 1}).encode(), content_type="application/json")
    files.faults.at("download", Rewrite(lambda body: body | {"b": 2}, status=201))

    reply = await http.get(link)

    assert (reply.status_code, reply.json()) == (201, {"a": 1, "b": 2})


async def test_a_held_answer_waits_until_it_is_released(files, link, http):
    hold = files.faults.at("download", Hold())
    pending = asyncio.create_task(http.get(link))
    await hold.reached.wait()
    assert not pending.done()

    hold.release()

    assert (await pending).content == _CONTENT


async def test_a_service_that_ends_lets_go_what_it_holds(http):
    async with FileHost() as files:
        hold = files.faults.at("download", Hold())
        pending = asyncio.create_task(http.get(f"{files.url}/x"))
        await hold.reached.wait()

    with pytest.raises(httpx.HTTPError):
        (await pending).raise_for_status()


def test_a_service_in_a_thread_can_be_held_and_looked_at_from_the_test():
    with FileHost() as files:
        link = files.publish("/x", lambda: b"x", content_type="audio/wav")
        hold = files.faults.at("download", Hold())
        replies: list[httpx.Response] = []
        asking = threading.Thread(target=lambda: replies.append(httpx.get(link, trust_env=False)))
        asking.start()
        hold.reached.wait_in_thread()
        assert replies == []

        hold.release()
        asking.join()

        assert replies[0].content == b"x"
        assert [seen.status for seen in files.requests] == [200]


def test_a_service_in_a_thread_leaves_no_thread_behind():
    before = set(threading.enumerate())
    with FileHost() as files:
        httpx.get(files.url, trust_env=False)

    assert set(threading.enumerate()) <= before


async def test_a_service_in_the_loop_leaves_no_task_behind(http):
    before = asyncio.all_tasks()
    async with FileHost() as files:
        files.faults.at("download", Drop())
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get(files.url)
        await http.get(files.url)

    await asyncio.sleep(0)
    assert asyncio.all_tasks() <= before


async def test_a_service_comes_back_on_its_port_with_all_it_knew(files, link, http):
    await files.stop()
    with pytest.raises(httpx.ConnectError):
        await http.get(link)

    await files.start()

    assert (await http.get(link)).content == _CONTENT


@pytest.mark.parametrize("announced_bytes", [None, 1 << 40])
async def test_an_endless_answer_goes_on_until_nobody_reads(files, link, http, announced_bytes):
    files.faults.at("download", Endless(b"nonsense", announced_bytes))
    received = bytearray()

    async with http.stream("GET", link) as reply:
        told = reply.headers.get("Content-Length")
        async for piece in reply.aiter_bytes():
            received += piece
            if len(received) > 1_000_000:
                break

    assert told == (None if announced_bytes is None else str(announced_bytes))
    assert bytes(received[: len(_CONTENT)]) == _CONTENT
    assert bytes(received[len(_CONTENT) :]).startswith(b"nonsensenonsense")


async def test_something_else_may_be_handed_out_under_the_real_headers(files, link, http):
    files.faults.at("download", OtherBody(b"not a sound"))
    files.faults.at("download", OtherBody(b"<p>No", "text/html"))

    real, other = await http.get(link), await http.get(link)

    assert (real.content, real.headers["Content-Type"]) == (b"not a sound", "audio/wav")
    assert (other.content, other.headers["Content-Type"]) == (b"<p>No", "text/html")


@pytest.mark.parametrize("part", [0, 0.5])
async def test_the_rest_of_an_answer_may_come_later(files, link, http, part):
    files.faults.at("download", PauseAfter(part, 0.01))

    assert (await http.get(link)).content == _CONTENT


def test_work_may_be_done_when_nobody_waits_for_it_any_more():
    made: list[float] = []

    async def work(loop: VirtualLoop) -> None:
        def make() -> bytes:
            made.append(loop.time())
            return _CONTENT

        async with FileHost() as files, httpx.AsyncClient(trust_env=False, verify=False) as http:
            link = files.publish("/late.wav", make, content_type="audio/wav")
            files.faults.at("download", Late(3_000.0))
            with pytest.raises(httpx.ReadTimeout):
                await http.get(link, timeout=30.0)
            assert made == []
            await asyncio.sleep(3_000.0)

    run_virtually(work)

    assert made == [pytest.approx(3_000.0)]


async def test_an_answer_that_is_held_may_never_come(files, link, http):
    hold = files.faults.at("download", Hold(cut=True))

    asking = asyncio.ensure_future(http.get(link))
    await hold.reached.wait()
    hold.release()

    with pytest.raises(httpx.RemoteProtocolError):
        await asking


async def test_a_taken_port_is_told_at_once(files):
    port = int(files.url.rpartition(":")[2])

    with pytest.raises(OSError, match="address already in use"):
        await FileHost(port=port).start()


def test_a_taken_port_is_told_in_a_thread_too():
    with FileHost() as files, pytest.raises(OSError, match="address already in use"):
        FileHost(port=int(files.url.rpartition(":")[2])).__enter__()


def test_a_mistake_in_a_service_fails_the_test_that_met_it():
    def mistake() -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), FileHost() as files:
        httpx.get(files.publish("/x", mistake, content_type="audio/wav"), trust_env=False)


def test_a_stopped_service_answers_quickly():
    started = time.monotonic()
    with FileHost() as files, httpx.Client(trust_env=False) as client:
        client.get(files.url)

    assert time.monotonic() - started < 2


def test_results_become_ready_one_by_one():
    by_polls = [PollDriven(before=2, between=2).ready(polls, 0) for polls in range(1, 8)]
    by_seconds = [TimeDriven(before_s=3, between_s=1).ready(1, age_s) for age_s in (0, 2.9, 3, 3.9, 4)]

    assert by_polls == [0, 0, 1, 1, 2, 2, 3]
    assert by_seconds == [0, 0, 1, 1, 2]
    assert PollDriven(before=0, between=0).ready(1, 0) > 100


def test_time_only_goes_forward():
    clock = Clock()
    before_s = clock.now_s()
    clock.advance(100)

    assert clock.now_s() - before_s >= 100
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-1)


def test_reserved_money_cannot_be_spent_twice():
    ledger, told = Ledger(Decimal(1)), []
    ledger.on_charge = told.append
    ledger.accept("a", Decimal("0.75"))
    with pytest.raises(BalanceTooLow):
        ledger.accept("b", Decimal("0.50"))

    ledger.charge("a", "a1", Decimal("0.25"), at_s=0)
    ledger.close("a")
    ledger.accept("b", Decimal("0.50"))

    assert told == ledger.charges == ledger.of("a")
    assert ledger.total_usd == Decimal("0.25")
    assert ledger.accepted == ["a", "b"]
    assert ledger.tasks == {"a"}
    assert ledger.reserved_usd == {"b": Decimal("0.50")}
