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
    UNSAID = "refused, which says nothing about an earlier sending"
    GONE = "the link is over"
    BAD_LINK = "a link that leads where nobody goes"
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


def expected(way: Way, phase: Phase, tells: Tells, *, is_lasting: bool, outlasts_patience: bool = False) -> Expected:
    """What a click must come to whose exchange goes wrong at one phase.

    Args:
        is_lasting: Each time until all is well again, instead of once.
        outlasts_patience: One time lasts for minutes.
    """
    done = _rest(TaskState.FINISHED, way.worth, way.takes, Money.PAID)
    if tells is Tells.FINE:
        return done
    if phase is Phase.AGAIN:
        return _sent_again(way, tells, done, is_lasting=is_lasting, outlasts_patience=outlasts_patience)
    if tells in (Tells.LOST, Tells.LOST_TAKEN, Tells.WITHOUT_RESULT):
        return _lost(way, tells, done, is_lasting=is_lasting)
    if tells in (Tells.NOTHING_LEFT, Tells.LATER, Tells.NOT_NOW, Tells.BAD_LINK):
        return _not_now(way, phase, tells, done) if is_lasting else done
    if tells in (Tells.GONE, Tells.NOT_AUDIO):
        return _unusable(way, phase, tells, done, is_lasting=is_lasting)
    return _refused(way, tells, done)


def _rest(state: TaskState, charges: int, takes: int, money: Money, end: Expected | None = None) -> Expected:
    return Expected(frozenset({state}), charges, takes, money, end)


def _lost(way: Way, tells: Tells, done: Expected, *, is_lasting: bool) -> Expected:
    """The request left, and what came of it is open."""
    was_taken = tells is not Tells.LOST
    charges = way.worth if was_taken else 0
    match way.recovers:
        case Recovers.FOR_NOTHING if tells is Tells.WITHOUT_RESULT:  # a whole answer, and nobody has paid for it
            return _rest(TaskState.FAILED, 0, 0, Money.NOTHING, done)
        case Recovers.FOR_NOTHING:
            return Expected(_OPEN_AGAIN, 0, 0, Money.ANY, done) if is_lasting else done
        case Recovers.NOT:  # the user is asked, and has it made anew
            anew = replace(done, charges=charges + way.worth, money=Money.ANY)
            return _rest(TaskState.UNCERTAIN, charges, 0, Money.HELD, anew)
        case Recovers.BY_ASKING if was_taken:
            return done
    return _rest(TaskState.SUBMITTING, charges, 0, Money.HELD, done) if is_lasting else done


def _refused(way: Way, tells: Tells, done: Expected) -> Expected:
    """The service says what it made, and that is nothing or less."""
    if tells is Tells.FAILS_ONE:
        return _rest(TaskState.FINISHED, way.worth - 1, way.takes - 1, Money.PAID)
    # Only AI/ML API promises that a job that fails is free. Where nobody does, it is unknown, never 0.
    is_free = tells is Tells.NO or way.subject.provider_id == "aimlapi"
    return _rest(TaskState.FAILED, 0, 0, Money.NOTHING if is_free else Money.HELD, done)


def _sent_again(way: Way, tells: Tells, done: Expected, *, is_lasting: bool, outlasts_patience: bool) -> Expected:
    """The first answer was lost: only a good answer, or a question, says what became of the first sending.

    Patience (`network.patience_s`) counts from the first failure, so one silence of minutes may end it.
    """
    was_taken = way.recovers is Recovers.BY_REPLAY  # the scene has it so
    is_taken_now = tells in (Tells.LOST_TAKEN, Tells.WITHOUT_RESULT)
    if tells is Tells.UNSAID:
        asked = done if way.recovers is Recovers.BY_ASKING else replace(done, charges=2 * way.worth, money=Money.ANY)
        return _rest(TaskState.UNCERTAIN, way.worth if was_taken else 0, 0, Money.HELD, asked)
    is_found = is_taken_now and way.recovers is Recovers.BY_ASKING
    if tells is Tells.FINE or not (outlasts_patience or (is_lasting and not is_found)):
        return done
    charges = way.worth if was_taken or is_taken_now else 0
    return _rest(TaskState.SUBMITTING, charges, 0, Money.HELD, done)


def _not_now(way: Way, phase: Phase, tells: Tells, done: Expected) -> Expected:
    """No trouble with a free question fails a task: it rests where it is, and goes on when all is well."""
    if phase in (Phase.SUBMIT, Phase.UPLOAD):
        return _rest(TaskState.QUEUED, 0, 0, Money.NOTHING, done)
    # Where the question is answered with nothing, a second sending tells by its conflict that the first was taken.
    states = {TaskState.SUBMITTING, TaskState.RUNNING} if phase is Phase.FIND else {TaskState.RUNNING}
    is_told = phase is Phase.RESULT or tells is Tells.BAD_LINK  # the job has ended, and may have said what it cost
    return Expected(frozenset(states), way.worth, 0, Money.ANY if is_told else Money.HELD, done)


def _unusable(way: Way, phase: Phase, tells: Tells, done: Expected, *, is_lasting: bool) -> Expected:
    """A result that was made and isn't to be had, or not like this. It costs no second time to try."""
    if phase is Phase.BODY:
        lost = _rest(TaskState.FAILED, way.worth, 0, Money.PAID)
        return lost if way.recovers is Recovers.NOT else replace(lost, end=done)
    if tells is Tells.GONE and way.has_job and not is_lasting:
        return done  # a fresh link was asked for
    takes = 0 if is_lasting else way.takes - 1
    return _rest(TaskState.FINISHED if takes else TaskState.FAILED, way.worth, takes, Money.PAID, done)
