"""Reading: the tokens of a prompt, and which known phrase each of them is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.providers.local.grammar import PASSED_OVER, PREPOSITIONS, SEPARATORS, SEQUENCE, SURFACE_PREPOSITIONS
from app.providers.local.inflection import base_forms
from app.providers.local.merging import DUAL
from app.providers.local.modifiers import MODIFIERS, Modifier
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
        step: How often the prompt said "then" before it.
        on_surface: It follows a word such as "on": more likely what a sound falls on than a sound.
        is_many: A plural, or an action that goes on: `knocks`, `knocking`.
    """

    text: str
    family: str | None = None
    modifier: Modifier | None = None
    clause: int = 0
    phrase: int = 0
    step: int = 0
    on_surface: bool = False
    is_many: bool = False


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
    clause = phrase = step = place = 0
    on_surface = False
    while place < len(tokens):
        token = tokens[place]
        entry = _entry_at(tokens, place)
        if entry is not None:
            written = tokens[place : place + len(entry.words)]
            is_many = len(written) == 1 and _is_many(token, entry)
            items.append(
                Item(" ".join(written), entry.family, entry.modifier, clause, phrase, step, on_surface, is_many)
            )
            place += len(written)
            continue
        if token in SEQUENCE and items:
            step = items[-1].step + 1
        if token in SEPARATORS:
            clause, phrase, on_surface = clause + 1, phrase + 1, False
        elif token in PREPOSITIONS:
            phrase, on_surface = phrase + 1, token in SURFACE_PREPOSITIONS
        elif token not in PASSED_OVER and not token.isdigit():
            unknown.append(token)
        place += 1
    return items, unknown


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


def _is_many(word: str, entry: _Entry) -> bool:
    """`knocks` and `knocking` are more than one knock; `glass` and `spring` are only what they are."""
    if entry.family is None or not word.endswith(("s", "ing")):
        return False
    return any(
        known.family == entry.family and len(known.words) == 1
        for form in base_forms(word)[1:]
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
