"""A story held against what must have come of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from app.domain.receipt import FREE
from app.domain.take import TakeState
from app.domain.task import TaskState
from tests.campaigns.faults.cases import Case
from tests.campaigns.faults.meanings import Expected, Money, expected
from tests.campaigns.faults.playing import Seen, Story
from tests.campaigns.faults.ways import Phase, Recovers, Way


@dataclass(frozen=True)
class Verdict:
    """
    Attributes:
        charges_expected, charges_seen: At the service, when everything was over.
        lost: Paid results that are neither on the disk nor to be had any more, though the service gives them.
        doubled: Charges beyond what the user asked for.
        wrong: Everything that isn't as it must be, in words.
        is_undecided: The user had to decide, since nobody else can know.
    """

    case: Case
    charges_expected: int
    charges_seen: int
    lost: int
    doubled: int
    is_undecided: bool
    wrong: tuple[str, ...] = field(default=())


def judged(story: Story) -> Verdict:
    case, way = story.case, story.case.way
    meaning = case.misfortune.meaning(way, case.phase)
    must = expected(way, case.phase, meaning, is_lasting=case.is_lasting, outlasts_patience=case.misfortune.is_patient)
    end = must.end or must
    first, carried_on, last = story.first, story.carried_on, story.last
    assert first is not None
    assert carried_on is not None
    assert last is not None
    wrong = [*story.troubles, *_of(first, must, way, "at first"), *_carried_on(story, must)]
    wrong += _of(last, end, way, "in the end")
    wrong += [*_kept(first, case), *_impatience(story)]
    if story.given_up is not None:
        wrong += _given_up(story.given_up, must)
    return Verdict(
        case,
        end.charges,
        last.charges,
        lost=max(end.takes - last.takes, 0),
        doubled=max(last.charges - end.charges, 0),
        is_undecided=first.task.state is TaskState.UNCERTAIN,
        wrong=tuple(dict.fromkeys(wrong)),
    )


def _of(seen: Seen, must: Expected, way: Way, when: str) -> Iterator[str]:
    task = seen.task
    if task.state not in must.states:
        wanted = " or ".join(sorted(must.states))
        yield f"{when} {task.state} instead of {wanted} ({task.failure})"
    if seen.charges != must.charges:
        yield f"{when} {seen.charges} charges instead of {must.charges}"
    if seen.takes != must.takes:
        states = [str(take.state) for take in task.takes]
        yield f"{when} {seen.takes} takes instead of {must.takes} ({states})"
    if way.writes and seen.has_transcript is not (task.state is TaskState.FINISHED):
        yield f"{when} the transcript is {'there' if seen.has_transcript else 'missing'}"
    yield from (f"{when} take {take} doesn’t decode" for take in seen.undecodable)
    yield from (f"{when} nobody knows {file}" for file in seen.strays)
    yield from _money(seen, must, way, when)


def _money(seen: Seen, must: Expected, way: Way, when: str) -> Iterator[str]:
    """Held while it is open, nothing where nothing was taken, and what the service took where it tells."""
    attempt = seen.task.attempt
    receipt = attempt.receipt if attempt is not None else None
    billed = None if receipt is None else receipt.billed
    is_settled = receipt is None or receipt.is_settled
    told = f"billed {billed}, {'settled' if is_settled else 'held'}"
    if way.recovers is Recovers.FOR_NOTHING:
        if seen.spent.total != FREE:
            yield f"{when} {seen.spent.in_words} at a server of one’s own"
        return
    match must.money:
        case Money.NOTHING if not is_settled or billed not in (None, FREE) or seen.spent.total != FREE:
            yield f"{when} {told}, though nothing was taken ({seen.spent.in_words})"
        case Money.HELD if is_settled or billed is not None:
            yield f"{when} {told}, though it is open"
        case Money.PAID if way.subject.tells_cost and (billed != seen.took_usd or not is_settled):
            yield f"{when} {told}, though the service took {seen.took_usd}"
        case Money.PAID if not way.subject.tells_cost and (is_settled or billed is not None):
            yield f"{when} {told}, though nobody tells what it cost"


def _kept(seen: Seen, case: Case) -> Iterator[str]:
    """Paid audio that nobody can bring a second time is kept as far as it arrived."""
    is_only_once = case.phase is Phase.BODY and case.way.recovers is Recovers.NOT
    for take in seen.task.takes if is_only_once else ():
        if take.state is TakeState.BROKEN and (take.file is None or take.file not in seen.files):
            yield f"what arrived of take {take.number} wasn’t kept"


def _impatience(story: Story) -> Iterator[str]:
    """A service that asks to be left alone for a while is."""
    wish_s = story.case.misfortune.asks_for_s
    if story.is_real or story.case.phase not in (Phase.SUBMIT, Phase.UPLOAD):
        return
    for before_s, after_s in pairwise(story.asked_s):
        if after_s - before_s < wish_s:
            yield f"asked again after {after_s - before_s:.0f} s instead of {wish_s:.0f}"
            return


def _carried_on(story: Story, must: Expected) -> Iterator[str]:
    """Another process goes on with what is open, and decides nothing."""
    first, then = story.first, story.carried_on
    assert first is not None
    assert then is not None
    if first.task.state.is_open:
        yield from _of(then, must.end or must, story.case.way, "carried on")
    elif then.task != first.task:
        yield f"carrying on changed a task that rests: {first.task.state}, {then.task.state}"


def _given_up(seen: Seen, must: Expected) -> Iterator[str]:
    if seen.task.state is not TaskState.FAILED:
        yield f"given up, and {seen.task.state}"
    if seen.charges != must.charges:
        yield f"given up, and {seen.charges} charges instead of {must.charges}"
    if seen.spent.held != FREE:
        yield f"given up, and {seen.spent.in_words}"
    if any(take.state is TakeState.ANNOUNCED for take in seen.task.takes):
        yield "given up, and a take is still awaited"
