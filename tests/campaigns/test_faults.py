"""Whatever a service or the network does: no paid result is lost, nothing is paid twice, no key goes astray.

Here is a part of the campaign, spread well; `python -m tests.campaigns.faults` plays all of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.campaigns.faults.campaign import Campaign
from tests.campaigns.faults.cases import Case, cases, one_of_each, spread
from tests.campaigns.faults.misfortunes import MISFORTUNES
from tests.campaigns.faults.ways import WAYS
from tests.providers.contract.subjects import SUBJECTS


@pytest.fixture(scope="module")
def without_proxies() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        yield


@pytest.fixture(scope="module")
def campaign(without_proxies: None, tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return Campaign(tmp_path_factory.mktemp("faults"))


@pytest.mark.parametrize("case", spread(), ids=lambda case: case.name)
def test_a_click_comes_to_what_the_documents_promise(campaign: Campaign, case: Case) -> None:
    verdict = campaign.play(case)

    assert verdict.wrong == ()
    assert (verdict.lost, verdict.doubled) == (0, 0)


@pytest.mark.parametrize("case", one_of_each(), ids=lambda case: case.name)
def test_it_does_so_by_the_clock_on_the_wall_too(campaign: Campaign, case: Case) -> None:
    verdict = campaign.play_for_real(case)

    assert verdict.wrong == ()
    assert (verdict.lost, verdict.doubled) == (0, 0)


def test_every_fault_meets_every_phase_and_every_way_to_answer() -> None:
    played, everything = spread(), cases()

    assert {(case.misfortune.name, case.phase) for case in played} == {
        (case.misfortune.name, case.phase) for case in everything
    }
    assert {(case.way.name, case.phase) for case in played} == {
        (way.name, phase) for way in WAYS for phase in way.phases
    }
    assert {case.misfortune.name for case in everything} == {misfortune.name for misfortune in MISFORTUNES}
    assert len({case.name for case in everything}) == len(everything)
    services = {subject.provider_id for subject in SUBJECTS if subject.serve is not None}
    assert {way.subject.provider_id for way in WAYS} == services
