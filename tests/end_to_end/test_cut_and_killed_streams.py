"""Speech that breaks off, and power off while it arrives: nothing is paid twice, and a part is never called whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.audio.files import verify
from tests.cli.programs import Cuesmith, Finished
from tests.servers.camb import KEY as CAMB_KEY
from tests.servers.camb import CambServer
from tests.servers.faults import CutAfter, Hold, HoldAfter
from tests.servers.runinfra import KEY as RUNINFRA_KEY
from tests.servers.runinfra import RunInfraServer

KOKORO = (
    *("generate", "The lighthouse is dark.", "--provider", "runinfra", "--model", "kokoro"),
    *("--format", "wav", "--json"),
)
MARS = (
    *("generate", "The lighthouse is dark.", "--provider", "camb", "--model", "mars-flash"),
    *("--voice", "147320", "--format", "wav", "--json"),
)


@pytest.fixture
def runinfra() -> Iterator[RunInfraServer]:
    with RunInfraServer() as server:
        yield server


@pytest.fixture
def camb() -> Iterator[CambServer]:
    with CambServer() as server:
        yield server


@pytest.fixture
def cuesmith(tmp_path: Path, runinfra: RunInfraServer, camb: CambServer) -> Cuesmith:
    app = Cuesmith(tmp_path / "home", {"RUNINFRA_API_KEY": RUNINFRA_KEY, "CAMB_API_KEY": CAMB_KEY})
    (tmp_path / "home" / "config").mkdir(parents=True)
    (tmp_path / "home" / "config" / "settings.toml").write_text(
        f'[providers.runinfra]\nbase_url = "{runinfra.url}"\n[providers.camb]\nbase_url = "{camb.url}"\n'
    )
    return app


def only_take(finished: Finished) -> Path:
    (task,) = finished.json if isinstance(finished.json, list) else [finished.json]
    assert (task["state"], task["error"]) == ("finished", None)
    (take,) = task["takes"]
    verify(Path(take["path"]))
    return Path(take["path"])


@pytest.mark.parametrize("tenth", range(10))
def test_a_cut_stream_of_a_service_that_replays_becomes_whole_for_one_charge(
    cuesmith: Cuesmith, runinfra: RunInfraServer, tenth: int
) -> None:
    runinfra.faults.at("speech", CutAfter(tenth / 10))

    made = cuesmith.run(*KOKORO)

    assert made.code == 0, made.err
    assert only_take(made).suffix == ".wav"
    assert len(runinfra.ledger.charges) == 1
    assert len({request.headers["idempotency-key"] for request in runinfra.requests_of("speech")}) == 1


@pytest.mark.parametrize("tenth", range(10))
def test_a_cut_stream_of_a_service_that_cannot_be_asked_is_kept_as_incomplete_and_left_to_the_user(
    cuesmith: Cuesmith, camb: CambServer, tenth: int
) -> None:
    camb.faults.at("speech", CutAfter(tenth / 10))

    made = cuesmith.run(*MARS)

    assert made.code == 3, made.err
    assert (made.json["state"], made.json["takes"]) == ("uncertain", [])
    assert len(camb.requests_of("speech")) == 1
    kept = list((cuesmith.home / "data" / "takes").rglob("*.incomplete"))
    assert len(kept) == (1 if tenth else 0)
    assert not list((cuesmith.home / "data" / "takes").rglob("*.wav"))


@pytest.mark.parametrize("share", [0.0, 0.5], ids=["before the first byte", "in the middle"])
def test_power_off_while_speech_arrives_costs_nothing_more_where_the_service_replays(
    cuesmith: Cuesmith, runinfra: RunInfraServer, share: float
) -> None:
    killed(cuesmith, runinfra, KOKORO, share)

    resumed = cuesmith.run("resume", "--json")

    assert resumed.code == 0, resumed.err
    only_take(resumed)
    assert len(runinfra.ledger.charges) == 1


@pytest.mark.parametrize("share", [0.0, 0.5], ids=["before the first byte", "in the middle"])
def test_power_off_while_speech_arrives_is_left_to_the_user_where_nobody_can_be_asked(
    cuesmith: Cuesmith, camb: CambServer, share: float
) -> None:
    killed(cuesmith, camb, MARS, share)

    resumed = cuesmith.run("resume", "--json")

    assert resumed.code == 3, resumed.err
    assert [task["state"] for task in resumed.json] == ["uncertain"]
    assert len(camb.requests_of("speech")) == 1


def killed(cuesmith: Cuesmith, server: RunInfraServer | CambServer, command: tuple[str, ...], share: float) -> None:
    """Kill -9 the app while the service holds back the rest of its answer."""
    held = server.faults.at("speech", HoldAfter(part=share) if share else Hold(processed=True))
    process = cuesmith.start(*command)
    try:
        held.reached.wait_in_thread()
    finally:
        process.kill()
        process.communicate()
    held.release()
