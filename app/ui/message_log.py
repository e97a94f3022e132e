"""What the message bar has said since the start, and how urgent each was."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

MOST_KEPT = 200


class Tone(Enum):
    """How a message is meant; its value is its usual icon."""

    NEWS = "info"
    DONE = "circle-check"
    DECISION = "circle-question-mark"
    ERROR = "octagon-alert"

    @property
    def role(self) -> str:
        """Colour of the icon."""
        return {Tone.DECISION: "warn", Tone.ERROR: "err"}.get(self, "text2")

    @property
    def stays(self) -> bool:
        """Whether it is shown until it was read."""
        return self in (Tone.DECISION, Tone.ERROR)


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence or two for people.

    Attributes:
        action: Words of the one button, such as `Undo`; empty for none.
        act: What the button does.
        icon: None is the usual one of the tone.
    """

    text: str
    said_at: datetime
    tone: Tone = Tone.NEWS
    action: str = ""
    act: Callable[[], None] | None = field(default=None, compare=False)
    icon: str | None = None

    @property
    def icon_name(self) -> str:
        return self.icon or self.tone.value


class MessageLog:
    """Keeps the newest messages and decides which one is on show.

    What stays until it was read isn't covered by news; the newest that stays is shown first, then those before it.
    """

    def __init__(self) -> None:
        self._messages: deque[Message] = deque(maxlen=MOST_KEPT)
        self._unread: list[Message] = []
        self._passing: Message | None = None

    @property
    def messages(self) -> tuple[Message, ...]:
        """All that are kept, newest first."""
        return tuple(reversed(self._messages))

    @property
    def current(self) -> Message | None:
        """What is to be shown now."""
        return self._unread[-1] if self._unread else self._passing

    def say(self, message: Message) -> None:
        """Take in a message. Said again, something unread is shown once."""
        self._messages.append(message)
        if not message.tone.stays:
            self._passing = message
            return
        self._passing = None  # what was news before may not be true any more when this was read
        self._unread = [other for other in self._unread if other.text != message.text]
        self._unread.append(message)

    def go_on(self, message: Message, text: str) -> Message:
        """News of what is still under way has other words now. It is shown again unless other news are on show."""
        renewed = replace(message, text=text)
        for place, kept in enumerate(self._messages):
            if kept is message:
                self._messages[place] = renewed
        if self._passing is None or self._passing is message:
            self._passing = renewed
        return renewed

    def pass_by(self) -> None:
        """News has been shown long enough."""
        self._passing = None

    def read(self, message: Message) -> None:
        """Somebody has read it, or acted on it."""
        self._unread = [other for other in self._unread if other is not message]
        if self._passing is message:
            self._passing = None

    def read_all(self) -> None:
        self._unread.clear()
        self._passing = None
