"""Servers of the user's own: added and removed while the app runs, there again at the next start."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.building import build
from app.domain.errors import RequestInvalid, SettingsError
from app.domain.request import GenerationRequest
from app.engine.services import Services
from app.storage.locations import Locations

ADDRESS = "http://127.0.0.1:8880/v1"


@pytest.fixture
def services(tmp_path: Path) -> Services:
    return build(Locations.under(tmp_path))


async def test_a_server_can_be_asked_at_once_and_at_the_next_start(services: Services, tmp_path: Path) -> None:
    seen: list[str] = []
    services.roster.changed.listen(seen.append)

    added = await services.roster.add_server("kokoro", f"{ADDRESS}/")

    assert (added.id, added.name, seen) == ("openai:kokoro", "kokoro", ["openai:kokoro"])
    for each in (services, build(Locations.under(tmp_path))):
        assert "openai:kokoro" in [service.id for service in each.known_services]
        assert each.providers["openai:kokoro"].base_url == ADDRESS
        assert each.catalogue.spec("openai:kokoro", "kokoro").is_unlisted
        assert await each.voices.voices("local")  # the others are as they were
        await each.close()


async def test_a_removed_server_is_gone_for_good(services: Services, tmp_path: Path) -> None:
    await services.roster.add_server("kokoro", ADDRESS)

    await services.roster.remove_server("openai:kokoro")

    assert "openai:kokoro" not in services.providers
    assert "openai:kokoro" not in build(Locations.under(tmp_path)).providers
    assert services.addresses.of("openai:kokoro") == ""
    await services.close()


@pytest.mark.parametrize(
    ("name", "address", "fields"),
    [
        ("", ADDRESS, ["name"]),
        ("my kokoro", ADDRESS, ["name"]),
        ("a" * 41, ADDRESS, ["name"]),
        ("kokoro", "http://192.168.1.5:8880/v1", ["base_url"]),
        ("kokoro", "not an address", ["base_url"]),
        ("no/slash", "", ["name", "base_url"]),
        ("taken", ADDRESS, ["name"]),
    ],
)
async def test_what_cannot_be_a_server_is_refused_at_its_field(
    services: Services, name: str, address: str, fields: list[str]
) -> None:
    await services.roster.add_server("taken", ADDRESS)
    before = services.known_services

    with pytest.raises(RequestInvalid) as refused:
        await services.roster.add_server(name, address)

    assert [problem.field for problem in refused.value.problems] == fields
    assert services.known_services == before
    await services.close()


async def test_settings_that_cannot_be_read_or_written_leave_everything_as_it_was(
    services: Services, tmp_path: Path
) -> None:
    tmp_path.joinpath("config").write_text("a file where the folder should be")

    with pytest.raises(SettingsError):
        await services.roster.add_server("kokoro", ADDRESS)

    assert "openai:kokoro" not in services.providers
    await services.close()


async def test_a_server_on_this_computer_costs_nothing_whatever_limit_there_is(services: Services) -> None:
    await services.roster.add_server("kokoro", ADDRESS)
    await services.roster.add_server("far", "https://speech.example.com/v1")
    request = GenerationRequest("openai:kokoro", "kokoro", "hello")

    near, far = (
        services.spending.estimate(services.catalogue.spec(provider, "kokoro"), request)
        for provider in ("openai:kokoro", "openai:far")
    )

    assert near.is_free
    assert far.most is None
    await services.close()


async def test_a_known_service_is_not_removed(services: Services) -> None:
    with pytest.raises(RequestInvalid, match="no server of your own"):
        await services.roster.remove_server("runware")
    await services.close()
