"""One key for everybody."""

from __future__ import annotations

from app.domain.errors import CredentialsMissing

KEY = "sk-invented-0123456789"


class FixedKey:
    """Hands out one key, or the error instead of it, and remembers for which address it was asked."""

    def __init__(self, key: str | Exception = KEY) -> None:
        self.asked: list[tuple[str, str]] = []
        self._key = key

    async def key(self, provider: str, base_url: str) -> str:
        self.asked.append((provider, base_url))
        if isinstance(self._key, Exception):
            raise self._key
        return self._key


def no_key() -> FixedKey:
    return FixedKey(CredentialsMissing("There is no key for Acme."))
