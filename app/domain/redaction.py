"""Takes secret values out of texts and answers, in whichever spelling they come."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from functools import cached_property, lru_cache

HIDDEN = "•••"
_HIDDEN_BYTES = b"***"  # plain ASCII: JSON and HTML stay what they are
_SHORTEST_SECRET = (
    8  # `none`, `local`, `audio`: as keys of servers at home they are no secrets, and words of every answer
)
_SHORTEST_WORD = 2
_MOST_RESPELLED = 1 << 20  # characters; looking for other spellings takes a hundred times as long
_MARKS = ("\\", "%", "&")  # what every other spelling of a character begins with
_ENTITIES = {'"': "quot", "'": "apos", "&": "amp", "<": "lt", ">": "gt"}


class Secrets:
    """Values that nobody may read: each as it is, and as JSON, URLs, HTML, Python, base64 and hexadecimal spell it.

    A value of fewer than eight characters isn't hidden in sentences and answers, where it may be a word; of a log it
    is kept out as a word of its own. Of a text or body larger than 1 MB, which is audio in JSON, only the plain
    spelling is taken out.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._secrets: tuple[_Secret, ...] = ()
        self._words: tuple[str, ...] = ()
        for value in values:
            self.hide(value)

    def hide(self, value: str) -> None:
        """Hide a value from now on, for good: one that was replaced may still be valid."""
        if len(value) >= _SHORTEST_SECRET and all(each.value != value for each in self._secrets):
            longest_first = sorted((*self._secrets, _Secret(value)), key=lambda each: len(each.value), reverse=True)
            self._secrets = tuple(longest_first)
        elif _SHORTEST_WORD <= len(value) < _SHORTEST_SECRET and value not in self._words:
            self._words = (*self._words, value)

    def removed_from(self, text: str) -> str:
        """The text without any of the values."""
        for secret in self._secrets:
            text = secret.removed_from(text)
        return text

    def removed_from_log(self, text: str) -> str:
        """The text also without short values, and without what addresses and headers may carry in general."""
        text = _without_credentials(self.removed_from(text))
        for word in self._words:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", HIDDEN, text)
        return text

    def removed_from_body(self, body: bytes) -> bytes:
        """An answer without any of the values."""
        for secret in self._secrets:
            body = secret.removed_from_body(body)
        return body


class _Secret:
    """One value and its spellings."""

    def __init__(self, value: str) -> None:
        self.value = value
        self._plain = value.encode(errors="surrogatepass")

    def removed_from(self, text: str) -> str:
        text = text.replace(self.value, HIDDEN)
        if len(text) > _MOST_RESPELLED:
            return text
        for form in self._encoded:
            text = text.replace(form, HIDDEN)
        if any(mark in text for mark in _MARKS):
            text = self._respelled.sub(HIDDEN, text)
        return text

    def removed_from_body(self, body: bytes) -> bytes:
        body = body.replace(self._plain, _HIDDEN_BYTES)
        if len(body) > _MOST_RESPELLED:
            return body
        for form in self._encoded:
            body = body.replace(form.encode(), _HIDDEN_BYTES)
        if any(mark.encode() in body for mark in _MARKS):
            body = self._respelled_bytes.sub(_HIDDEN_BYTES, body)
        return body

    @cached_property
    def _encoded(self) -> tuple[str, ...]:
        """The whole value in other alphabets. In base64 it looks different after each of three numbers of bytes."""
        forms = [self._plain.hex(), self._plain.hex().upper()]
        for before in range(3):
            letters = b64encode(bytes(before) + self._plain).decode()
            first, after = -(-before * 8 // 6), (before + len(self._plain)) * 8 // 6  # those that it alone decides
            forms += [letters[first:after], letters[first:after].translate(_URL_SAFE)]
        return tuple(dict.fromkeys(forms))

    @cached_property
    def _respelled(self) -> re.Pattern[str]:
        return re.compile("".join(map(_any_spelling, self.value)))

    @cached_property
    def _respelled_bytes(self) -> re.Pattern[bytes]:
        return re.compile(self._respelled.pattern.encode(errors="surrogatepass"))


_URL_SAFE = str.maketrans("+/", "-_")


@lru_cache(maxsize=256)
def _any_spelling(character: str) -> str:
    """A pattern for one character as it is, or escaped by JSON, Python, an URL or HTML."""
    number = ord(character)
    spellings = [
        re.escape(character),
        rf"\\\\?u{number:04x}",
        rf"\\\\?x{number:02x}",
        "".join(f"%(?:25)?{byte:02x}" for byte in character.encode(errors="surrogatepass")),
        f"&#0*{number};",
        f"&#x0*{number:x};",
    ]
    if not character.isalnum():
        spellings.append(rf"\\+{re.escape(character)}")
    if character in _ENTITIES:
        spellings.append(f"&{_ENTITIES[character]};")
    exact, *others = spellings
    return f"(?:{exact}|(?i:{'|'.join(others)}))"


# The host of an address tells enough in a log; what follows may be signed, or be a secret as a whole (web hooks).
_ADDRESS = re.compile(
    r"(?P<scheme>https?://)(?P<user>[^\s/?#@\"'<>]*@)?(?P<host>[^\s/?#\"'<>]*)(?P<rest>[/?#][^\s\"'<>]*)?"
)
_CREDENTIALS = re.compile(
    r"(?P<name>(?:proxy-)?authorization|x-api-key|api[-_]?key|cookie)(?P<between>['\"]?\s*[:=,]\s*(?:b?['\"])?)"
    r"(?P<scheme>(?:bearer|basic|token)\s+)?[^\s'\",;)]+",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(?P<scheme>bearer)\s+[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE)


def _without_credentials(text: str) -> str:
    text = _ADDRESS.sub(_host_of, text)
    text = _CREDENTIALS.sub(rf"\g<name>\g<between>\g<scheme>{HIDDEN}", text)
    return _BEARER.sub(rf"\g<scheme> {HIDDEN}", text)


def _host_of(address: re.Match[str]) -> str:
    rest = address["rest"] or ""
    return f"{address['scheme']}{address['host']}{rest if rest in ('', '/') else f'/{HIDDEN}'}"
