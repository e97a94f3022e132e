"""A service as people know it, and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Service:
    """What is known of a provider without asking it.

    Attributes:
        id: The provider's.
        name: As people read it.
        about: What it makes, in a few words.
        base_url: Where requests go unless the user says otherwise; empty for the embedded generator.
        key_variable: The environment variable that beats the keychain; None where no key is needed.
        key_header: The header that carries the key.
        key_prefix: What stands before the key there.
        account_page: Where people get a key and add credit.
        usage_page: Where people see what was charged.
        concurrency: How many of its tasks run at once, unless the user says otherwise.
        per_minute: How many tasks may be sent in a minute, unless the user says otherwise; None where nothing is
            documented.
        is_key_optional: Whether only the host of `base_url` needs a key: a server of the user's own often takes none.
            Where there is none, nothing is sent in its place.
    """

    id: str
    name: str
    about: str
    base_url: str = ""
    key_variable: str | None = None
    account_page: str = ""
    usage_page: str = ""
    concurrency: int = 4
    per_minute: int | None = None
    key_header: str = "Authorization"
    key_prefix: str = "Bearer "
    is_key_optional: bool = False

    @property
    def needs_key(self) -> bool:
        return self.key_variable is not None

    def needs_key_at(self, base_url: str) -> bool:
        """Whether requests below this address are refused here while there is no key."""
        is_elsewhere = urlsplit(base_url).hostname != urlsplit(self.base_url).hostname
        return self.needs_key and not (self.is_key_optional and is_elsewhere)
