"""Text of people as it is indexed, and as it is asked for: whatever is typed, the query is a valid one."""

from __future__ import annotations

import re
import sqlite3
import unicodedata

_MOST_CHARACTERS = 1_000
_MOST_WORDS = 32

# Scripts that are written without spaces: Thai, Lao, Myanmar, Khmer, kana, and ideographs with extensions.
# Compiled by its first use: that takes longer than all other patterns together, and the first paint needs none.
_UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"

_PROJECT = r'(?i)(?<!\S)project:("[^"]*"?|\S*)'


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the SQL function `spaced`, which the triggers of the search table use."""
    connection.create_function("spaced", 1, spaced, deterministic=True)


def spaced(text: str) -> str:
    """The text with spaces around each letter of a script without spaces: each is a word of its own."""
    return text if text.isascii() else re.sub(_UNSPACED, r" \g<0> ", text)


def match_expression(text: str) -> str | None:
    """An FTS5 expression that finds every word of the text at the beginning of a word.

    `project:storm` and `project:"Night Storm"` look for it in the project alone.

    Returns:
        None where there is nothing to look for; `""`, which matches nothing, where only punctuation was typed.
    """
    short = text[:_MOST_CHARACTERS]
    projects = [words for words in re.findall(_PROJECT, short) if words.strip(' "')]
    words = re.sub(_PROJECT, " ", short).split()
    if not words and not projects:
        return None
    phrases = [phrase for word in words[:_MOST_WORDS] if (phrase := _phrase(word)) is not None]
    for name in projects[:_MOST_WORDS]:
        phrase = _phrase(name)
        phrases.append(f"project : {phrase}" if phrase is not None else '""')
    return " AND ".join(phrases) if phrases else '""'


def project_text(name: str) -> str:
    """What to type to find the tasks of a project: `project:"Night Storm"`."""
    return 'project:"{}"'.format(name.replace('"', " "))


def _phrase(word: str) -> str | None:
    # Everything that FTS5 would not index becomes a space: quotes, operators, NUL and lone surrogates too.
    tokens = "".join(letter if _is_indexed(letter) else " " for letter in spaced(word)).split()
    return f'"{" ".join(tokens)}"*' if tokens else None


def _is_indexed(letter: str) -> bool:
    """As the tokenizer `unicode61` decides: letters, digits, marks on them and private characters."""
    category = unicodedata.category(letter)
    return category[0] in "LNM" or category == "Co"
