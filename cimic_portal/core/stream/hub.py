"""Who is told what: the listeners of this process, and the news as they come. No database, no clock."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from cimic_portal.core.sharing.keys import Access
from cimic_portal.core.stream.places import hide
from cimic_portal.core.stream.reading import WINDOW, Doors, News, person_topic

# Messages that wait for one browser; one that falls behind further is closed and resumes.
QUEUE = 100
# How old what is known of a listener may be when something is decided for them, and how long that may
# wait for their browser, in seconds: together below the five seconds of the rule.
KNOWN_FOR = 3.0
DECIDED_FOR = 1.5
OWN_TOPIC = "me"


@dataclass(frozen=True)
class Message:
    """Bytes for browsers. `decided_at`: when the rule was asked for them, by the monotonic clock."""

    data: bytes
    position: int
    decided_at: float


# Stands for what was not decided, because nobody knew whether the listener still may.
UNDECIDED = Message(b"", -1, float("-inf"))


@dataclass(eq=False)
class Listener:
    """One open stream.

    `checked_at`: when session and access were last read, by the monotonic clock. `told`: the position
    up to which the browser was told everything.
    """

    session: str
    person: int
    access: Access
    checked_at: float
    asked: frozenset[str] = frozenset()
    told: int = 0
    queue: asyncio.Queue[Message] = field(default_factory=lambda: asyncio.Queue(QUEUE))
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def topics(self) -> frozenset[str]:
        return self.asked | {person_topic(self.person)}

    def may_hear(self, news: News, doors: Doors) -> bool:
        """Whether this person may see both the record of the news and the one whose topic it is."""
        topic_open = news.topic == person_topic(self.person)
        if not topic_open:
            door = doors.topics.get(news.topic)
            topic_open = door is not None and door.opens_to(self.access) and news.record is not None
        if not topic_open or news.record is None:
            return topic_open
        door = doors.records.get(news.record)
        return door is not None and door.opens_to(self.access)

    def offer(self, message: Message) -> None:
        """Put it into the queue; a listener whose queue is full is closed."""
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self.closed.set()


class Hub:
    """All listeners of the process, and the window of events from which they resume."""

    def __init__(self, floor: int, window: Iterable[News]) -> None:
        self.floor = floor
        self._window: deque[News] = deque(window, maxlen=WINDOW)
        self.position = self._window[-1].position if self._window else floor
        self.listeners: set[Listener] = set()
        self._by_topic: dict[str, set[Listener]] = defaultdict(set)

    def add(self, listener: Listener) -> None:
        self.listeners.add(listener)
        for topic in listener.topics:
            self._by_topic[topic].add(listener)

    def remove(self, listener: Listener) -> None:
        self.listeners.discard(listener)
        for topic in listener.topics:
            self._by_topic[topic].discard(listener)
            if not self._by_topic[topic]:
                del self._by_topic[topic]

    def close(self) -> None:
        """End all streams; browsers come back to the next process."""
        for listener in self.listeners:
            listener.closed.set()

    def listeners_of(self, person: int) -> int:
        return len(self._by_topic.get(person_topic(person), ()))

    def reaches(self, position: int) -> bool:
        """Whether everything behind `position` is still in the window. One of the future never is."""
        return self.floor <= position <= self.position

    def missed(self, topics: frozenset[str], after: int) -> list[News]:
        """The events of these topics behind `after`, in turn."""
        found: list[News] = []
        for news in reversed(self._window):
            if news.position <= after:
                break
            if news.topic in topics:
                found.append(news)
        return found[::-1]

    def deliver(self, batch: Iterable[News], doors: Doors, *, asked_at: float) -> None:
        """Tell each listener of each event what they may hear. `asked_at`: when the doors were read."""
        for news in batch:
            if len(self._window) == WINDOW:
                self.floor = self._window[0].position
            self._window.append(news)
            self.position = news.position
            message = Message(event_bytes(news), news.position, asked_at)
            for listener in tuple(self._by_topic.get(news.topic, ())):
                if asked_at - listener.checked_at > KNOWN_FOR:
                    listener.offer(UNDECIDED)
                elif listener.may_hear(news, doors):
                    listener.offer(message)

    def renew(self, listener: Listener, access: Access | None, *, asked_at: float) -> None:
        """What a check found; None closes the stream. A changed access makes the page look again."""
        if access is None:
            listener.closed.set()
            return
        changed = access != listener.access
        listener.access, listener.checked_at = access, asked_at
        if changed:
            listener.offer(Message(ACCESS, self.position, asked_at))

    def beat(self, *, now: float) -> None:
        """A sign of life, with a place from which to resume."""
        message = Message(note_bytes("beat", self.position), self.position, now)
        for listener in tuple(self.listeners):
            listener.offer(message)


def event_bytes(news: News) -> bytes:
    """The event as browsers get it: ids only."""
    topic = OWN_TOPIC if news.topic.startswith("person:") else news.topic
    content = json.dumps({"topic": topic, "kind": news.kind, "part": news.part}, separators=(",", ":"))
    return f"id: {hide(news.position)}\ndata: {content}\n\n".encode()


def note_bytes(name: str, position: int | None = None) -> bytes:
    """What the stream says of itself: `open`, `reset`, `access`, `beat`; with the place to resume from."""
    head = f"id: {hide(position)}\n" if position is not None else ""
    return f"{head}event: {name}\ndata: {{}}\n\n".encode()


# The page looks anew: its reader may see other things than before.
ACCESS = note_bytes("access")
