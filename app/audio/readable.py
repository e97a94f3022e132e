"""A sound that is open for listening: a file as it is, one that still grows, or one with its trim and fades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Readable(Protocol):
    """Read straight through, and positioned exactly; whoever opened it closes it."""

    @property
    def frames(self) -> int: ...

    @property
    def channels(self) -> int: ...

    @property
    def is_growing(self) -> bool: ...

    def read(self, frames: int) -> npt.NDArray[np.float32]: ...

    def seek(self, frame: int) -> None: ...

    def close(self) -> None: ...
