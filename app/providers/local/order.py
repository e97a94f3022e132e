"""What comes first: the words of a prompt that put its sounds in order, and the steps that follow from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum


class Order(Enum):
    """What a word says about the sounds around it."""

    THEN = "what follows is later than all before"
    AFTER = "what stands before is later than what follows"
    BEFORE = "what stands before is earlier than what follows"


@dataclass(frozen=True, slots=True)
class Link:
    """A word of order between two clauses.

    Attributes:
        left: The clause before the word; the next number is the clause behind it.
        is_backward: It speaks of what was said before ("before that", "beforehand") even if more follows.
    """

    order: Order
    left: int
    is_backward: bool = False

    @property
    def right(self) -> int:
        return self.left + 1


def steps(links: Iterable[Link], sentences: list[int], sounding: Collection[int]) -> list[int]:
    """When each clause happens: 0, or later than the clauses that come before it.

    Args:
        sentences: For each clause, what it stands in between two commas.
        sounding: The clauses that name a sound; only they can come before or after each other.
    """
    later: dict[int, set[int]] = {clause: set() for clause in sounding}
    for link in links:
        for first, second in _pairs(link, sentences, sorted(sounding)):
            # Words that contradict each other are settled by the first.
            if not _reaches(later, second, first):
                later[first].add(second)
    found = [0] * len(sentences)
    for _ in sounding:
        for first, seconds in later.items():
            for second in seconds:
                found[second] = max(found[second], found[first] + 1)
    return found


def _pairs(link: Link, sentences: list[int], sounding: list[int]) -> list[tuple[int, int]]:
    """Which clause is earlier than which, by one word."""
    before = [clause for clause in sounding if clause <= link.left]
    after = [clause for clause in sounding if clause >= link.right]
    has_left = link.left in before
    has_right = link.right in after and sentences[link.right] == sentences[link.left]
    if has_left and not has_right and not (link.order is Order.THEN and after):
        # "..., a short creak before", "..., debris afterwards"
        previous = [clause for clause in before if clause != link.left]
        if link.order is Order.BEFORE:
            return [(link.left, clause) for clause in previous[-1:]]
        return [(clause, link.left) for clause in previous]
    if not after:
        return []
    if link.order is Order.THEN or (link.order is Order.AFTER and link.is_backward):
        return [(one, other) for one in before for other in after]
    if has_left:
        pair = (link.left, link.right)
    elif link.is_backward:
        pair = (before[-1], after[0]) if before else (after[0], after[0])
    elif len(after) > 1:
        # "After the riser, an impact"
        pair = (after[1], after[0])
    else:
        return []
    first, second = pair if link.order is Order.BEFORE else pair[::-1]
    if link.is_backward and not has_left:
        first, second = second, first
    return [(first, second)] if first != second else []


def _reaches(later: dict[int, set[int]], start: int, goal: int) -> bool:
    waiting, seen = [start], set[int]()
    while waiting:
        clause = waiting.pop()
        if clause == goal:
            return True
        if clause not in seen:
            seen.add(clause)
            waiting.extend(later[clause])
    return False
