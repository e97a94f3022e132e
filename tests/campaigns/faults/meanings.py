"""What a misfortune amounts to, by the documents alone, and what must come of it.

Sources: DESIGN section 5 for states, sendings and money; providers/*.md, “Retry and double-charge rules”, for what each
service promises. Nothing here was read off the app.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from app.domain.task import TaskState
from tests.campaigns.faults.ways import Phase, Recovers, Way

_OPEN_AGAIN = frozenset({TaskState.QUEUED, TaskState.SUBMITTING})


class Tells(Enum):
    """What one faulty exchange says about the work, the money or the result."""

    FINE = "odd, and all the same well"
    NOTHING_LEFT = "nothing left this computer"
    LATER = "busy: nothing was taken, come again"
    NO = "refused: nothing was taken, and coming again won’t help"
    LOST = "no usable answer, and nothing was taken"
    LOST_TAKEN = "no usable answer, and it was taken"
    WITHOUT_RESULT = "a whole answer without any result"
    NOT_NOW = "a free question wasn’t answered: it may be later"
    GONE = "the link is over"
    NOT_AUDIO = "it came whole, and isn’t what it should be"
    FAILS = "the service says that it made nothing"
    FAILS_ONE = "the service says that it made one less"


class Money(Enum):
    """What our receipts say."""

    NOTHING = "nothing held, nothing billed"
    HELD = "the reservation stands, nothing is told"
    PAID = "what the service took, where it tells that in dollars; else the reservation stands"
    ANY = "either"


@dataclass(frozen=True)
class Expected:
    """What must be there.

    Attributes:
        states: Where the task may rest.
        charges: Exactly so many at the service, once what it took has ended.
        takes: Stored, each of which decodes; of a transcription none.
        money: In our receipts.
        end: When all is well again, another process has carried on, and the user has decided.
    """

    states: frozenset[TaskState]
    charges: int
    takes: int
    money: Money
    end: Expected | None = None


def expected(way: Way, phase: Phase, tells: Tells, *, is_lasting: bool) -> Expected:
    """What a click must come to whose exchange goes wrong at one phase: once, or each time until all is well again."""
    done = _rest(TaskState.FINISHED, way.worth, way.takes, Money.PAID)
    match tells:
        case Tells.FINE:
            return done
        case Tells.NOTHING_LEFT | Tells.LATER if phase in (Phase.SUBMIT, Phase.UPLOAD):
            return _rest(TaskState.QUEUED, 0, 0, Money.NOTHING, done) if is_lasting else done
        case Tells.NO:
            return _rest(TaskState.FAILED, 0, 0, Money.NOTHING, done)
        case Tells.LOST | Tells.LOST_TAKEN:
            return _lost(way, done, was_taken=tells is Tells.LOST_TAKEN, is_lasting=is_lasting)
        case Tells.WITHOUT_RESULT if way.recovers is Recovers.FOR_NOTHING:
            return _rest(TaskState.FAILED, 0, 0, Money.NOTHING, done)
        case Tells.WITHOUT_RESULT:
            return _lost(way, done, was_taken=True, is_lasting=is_lasting)
        case Tells.NOT_NOW | Tells.NOTHING_LEFT | Tells.LATER:
            return _not_now(way, phase, done) if is_lasting else done
        case Tells.GONE | Tells.NOT_AUDIO:
            return _unusable(way, phase, tells, done, is_lasting=is_lasting)
        case Tells.FAILS:
            # Only AI/ML API promises that failures are free. Where nobody does, it is unknown, never 0.
            is_free = way.subject.provider_id == "aimlapi"
            return _rest(TaskState.FAILED, 0, 0, Money.NOTHING if is_free else Money.HELD, done)
        case Tells.FAILS_ONE:
            return _rest(TaskState.FINISHED, way.worth - 1, way.takes - 1, Money.PAID)


def _rest(state: TaskState, charges: int, takes: int, money: Money, end: Expected | None = None) -> Expected:
    return Expected(frozenset({state}), charges, takes, money, end)


def _lost(way: Way, done: Expected, *, was_taken: bool, is_lasting: bool) -> Expected:
    """The request left, and what came of it is open."""
    charges = way.worth if was_taken else 0
    match way.recovers:
        case Recovers.FOR_NOTHING:
            return Expected(_OPEN_AGAIN, 0, 0, Money.ANY, done) if is_lasting else done
        case Recovers.NOT:  # the user is asked, and has it made anew
            anew = replace(done, charges=charges + way.worth, money=Money.ANY)
            return _rest(TaskState.UNCERTAIN, charges, 0, Money.HELD, anew)
        case Recovers.BY_ASKING if was_taken:
            return done
    return _rest(TaskState.SUBMITTING, charges, 0, Money.HELD, done) if is_lasting else done


def _not_now(way: Way, phase: Phase, done: Expected) -> Expected:
    """No trouble with a free question fails a task: it rests where it is, and goes on."""
    if phase is Phase.UPLOAD:
        return _rest(TaskState.QUEUED, 0, 0, Money.NOTHING, done)
    state = TaskState.SUBMITTING if phase is Phase.FIND else TaskState.RUNNING
    return _rest(state, way.worth, 0, Money.ANY if phase is Phase.RESULT else Money.HELD, done)


def _unusable(way: Way, phase: Phase, tells: Tells, done: Expected, *, is_lasting: bool) -> Expected:
    """A result that was made and isn't to be had, or not like this. It costs no second time to try."""
    if phase is Phase.BODY:
        lost = _rest(TaskState.FAILED, way.worth, 0, Money.PAID)
        return lost if way.recovers is Recovers.NOT else replace(lost, end=done)
    if tells is Tells.GONE and way.has_job and not is_lasting:
        return done  # a fresh link was asked for
    takes = 0 if is_lasting else way.takes - 1
    return _rest(TaskState.FINISHED if takes else TaskState.FAILED, way.worth, takes, Money.PAID, done)
