"""Reading: the tokens of a prompt, and which known phrase each of them is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from app.providers.local.grammar import (
    ADVERBS,
    ORDERS,
    PASSED_OVER,
    POINTERS,
    PREPOSITIONS,
    SEPARATORS,
    SURFACE_PREPOSITIONS,
    TOGETHER,
)
from app.providers.local.inflection import base_forms
from app.providers.local.lengths import is_one_shot
from app.providers.local.merging import DUAL, ONE_BLOW, SEVERAL
from app.providers.local.modifiers import MODIFIERS, Modifier
from app.providers.local.order import Link, Order, steps
from app.providers.local.sounds import FAMILIES

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+|-[^\W_]+)*|[,;.:!?&+/|()–—\n]")


@dataclass(frozen=True, slots=True)
class Item:
    """A known phrase where it stands.

    Attributes:
        text: As written.
        family: The sound it names, if any.
        modifier: How it bends a sound, if it does; some words are both.
        clause: Commas and the like divide clauses; prepositions divide their phrases.
        step: 0, or later where the prompt says "then", "before" or the like.
        is_together: "With" or the like ties its clause to the one before.
        on_surface: It follows a word such as "on": more likely what a sound falls on than a sound.
        is_many: A plural, or an action that goes on: `knocks`, `knocking`.
        is_going_on: An action that goes on.
    """

    text: str
    family: str | None = None
    modifier: Modifier | None = None
    clause: int = 0
    phrase: int = 0
    step: int = 0
    on_surface: bool = False
    is_many: bool = False
    is_going_on: bool = False
    is_together: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    words: tuple[str, ...]
    family: str | None
    modifier: Modifier | None


def read(prompt: str) -> tuple[list[Item], list[str]]:
    """The known phrases of a prompt in their order, and the words that mean nothing."""
    tokens = _tokens(prompt)
    items: list[Item] = []
    unknown: list[str] = []
    links: list[Link] = []
    sentences = [0]
    phrase = place = 0
    on_surface = is_together = False
    while place < len(tokens):
        token, clause = tokens[place], len(sentences) - 1
        entry = _entry_at(tokens, place)
        if entry is not None:
            written = tokens[place : place + len(entry.words)]
            is_many = _is_many(written, entry)
            items.append(
                Item(
                    " ".join(written),
                    entry.family,
                    entry.modifier,
                    clause,
                    phrase,
                    on_surface=on_surface,
                    is_many=is_many,
                    is_going_on=is_many and written[-1].endswith("ing"),
                    is_together=is_together,
                )
            )
            place += len(written)
            continue
        order = _order_at(tokens, place)
        if order is not None:
            points_back = token in ADVERBS or (place + 1 < len(tokens) and tokens[place + 1] in POINTERS)
            links.append(Link(order, clause, points_back))
            sentences.append(sentences[-1])
        elif token in SEPARATORS:
            sentences.append(sentences[-1] + 1)
        if order is not None or token in SEPARATORS:
            phrase, on_surface, is_together = phrase + 1, False, token in TOGETHER
        elif token in PREPOSITIONS:
            phrase, on_surface = phrase + 1, token in SURFACE_PREPOSITIONS
        elif token not in PASSED_OVER and not token.isdigit():
            unknown.append(token)
        place += 1
    step_of = steps(links, sentences, {item.clause for item in items if item.family})
    return [replace(item, step=step_of[item.clause]) for item in items], unknown


def _order_at(tokens: list[str], place: int) -> Order | None:
    """What the word here says about order, if anything."""
    if tokens[place] != "into":
        return ORDERS.get(tokens[place])
    # "A riser into an impact" is two events, "pouring into a glass" is one.
    rest = (word for word in range(place + 1, len(tokens)) if tokens[word] not in PASSED_OVER)
    following = next((_entry_at(tokens, word) for word in rest), None)
    if following is None or following.family is None or following.modifier is not None:
        return None
    return Order.THEN if is_one_shot(FAMILIES[following.family].parts) else None


def _tokens(prompt: str) -> list[str]:
    text = unicodedata.normalize("NFC", prompt).lower().replace("’", "'")
    found: list[str] = []
    for token in _TOKEN.findall(text):
        word = token.removesuffix("'s")
        # A hyphen joins words that may be known together ("power-up") or apart ("slow-moving").
        found.extend([word] if word in _lexicon() else (part for part in word.split("-") if part))
    return found


def _entry_at(tokens: list[str], start: int) -> _Entry | None:
    """The longest known phrase that begins here."""
    best: _Entry | None = None
    for form in base_forms(tokens[start]):
        for entry in _lexicon().get(form, ()):
            length = len(entry.words)
            if best is not None and length <= len(best.words):
                break
            if start + length <= len(tokens) and all(
                word in base_forms(tokens[start + place]) for place, word in enumerate(entry.words) if place
            ):
                best = entry
                break
    if best is not None and len(best.words) == 1 and tokens[start] in SEPARATORS | PREPOSITIONS:
        return None
    return best


def _is_many(written: list[str], entry: _Entry) -> bool:
    """`knocks`, `knocking` and `laser shots` are more than one; `glass` and `spring` are only what they are."""
    last = written[-1]
    if entry.family is None or not last.endswith(("s", "ing")):
        return False
    if entry.family in ONE_BLOW:
        return last in SEVERAL  # "slams" is what a door does
    if len(written) > 1:
        return last != entry.words[-1]
    return any(
        known.family == entry.family and len(known.words) == 1
        for form in base_forms(last)[1:]
        for known in _lexicon().get(form, ())
    )


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, tuple[_Entry, ...]]:
    """Known phrases by their first word, the longest first."""
    meant: dict[tuple[str, ...], _Entry] = {}
    for phrase, family, modifier in _phrases():
        words = tuple(phrase.split())
        before = meant.get(words, _Entry(words, None, None))
        meant[words] = _Entry(words, before.family or family, before.modifier or modifier)
    lexicon: dict[str, tuple[_Entry, ...]] = {}
    for words, entry in sorted(meant.items(), key=lambda pair: -len(pair[0])):
        lexicon[words[0]] = (*lexicon.get(words[0], ()), entry)
    return lexicon


def _phrases() -> Iterator[tuple[str, str | None, Modifier | None]]:
    for family in FAMILIES.values():
        for phrase in (family.name, *family.words):
            yield phrase, family.name, None
    for modifier in MODIFIERS:
        for phrase in modifier.words:
            yield phrase, None, modifier
    for word, name in DUAL.items():
        yield word, name, None
