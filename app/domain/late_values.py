"""A mapping whose values cost something to make."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class LateValues(MutableMapping[K, V]):
    """Makes each value when it is first asked for, once, whichever threads ask.

    Looking for a key or listing the keys makes none.
    """

    def __init__(self, makers: Mapping[K, Callable[[], V]]) -> None:
        self._makers = dict(makers)
        self._made: dict[K, V] = {}
        self._making = threading.RLock()  # one value may need another

    def __getitem__(self, key: K) -> V:
        with self._making:
            if key not in self._made:
                self._made[key] = self._makers[key]()
            return self._made[key]

    def __setitem__(self, key: K, value: V) -> None:
        with self._making:
            self._makers[key] = lambda: value
            self._made[key] = value

    def __delitem__(self, key: K) -> None:
        with self._making:
            del self._makers[key]
            self._made.pop(key, None)

    def __contains__(self, key: object) -> bool:
        return key in self._makers

    def __iter__(self) -> Iterator[K]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)
