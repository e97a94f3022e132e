"""Everything that can go wrong with an exchange, and what it tells at each phase."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.campaigns.faults.meanings import Tells
from tests.campaigns.faults.rewriting import (
    with_links,
    with_nulls,
    with_numbers_as_texts,
    with_unknown_words,
    without_files,
)
from tests.campaigns.faults.scene import Scene
from tests.campaigns.faults.ways import Phase, Recovers, Way
from tests.providers.contract.answers import with_surprises
from tests.servers.faults import (
    HTML_PAGE,
    CutAfter,
    Drip,
    Drop,
    Endless,
    Fault,
    HalfBody,
    Hold,
    HoldAfter,
    Instead,
    Late,
    OtherBody,
    PauseAfter,
    Rewrite,
    WithHeaders,
    html_page,
    redirect,
)
from tests.servers.pace import PollDriven
from tests.servers.sounds import Sound

Begin = Callable[[Scene], None]
Fits = Callable[[Way, Phase], bool]

U, S, F, B, P, R = Phase.UPLOAD, Phase.SUBMIT, Phase.FIND, Phase.BODY, Phase.POLL, Phase.RESULT
A = Phase.AGAIN  # as a submit, unless it is said otherwise
QUESTIONS = (U, F, P)

JSON = {"Content-Type": "application/json"}
NOISE = bytes((7 * number * number + 13 * number) % 251 for number in range(20_000))
"""No container, no text."""
HUGE_BYTES = 3 << 30
LINK_LOCAL = ("https://169.254.169.254/latest/meta-data", "http://169.254.169.254/", "https://[fe80::1]/x.wav")
PRIVATE = ("https://10.0.0.7/x.wav", "https://192.168.1.1/x.wav", "http://192.168.1.1/x.wav")


@dataclass(frozen=True)
class Misfortune:
    """
    Attributes:
        begin: Makes it happen, once or each time as the scene says.
        tells: What it says at each phase that it can happen at.
        can_last: Whether again and again differs from once.
        fits: Whether a way and phase can have it at all.
        is_patient: It ends by a time limit of minutes.
        asks_for_s: How long the service asks to be left alone, as far as the app goes along with it.
    """

    name: str
    begin: Begin
    tells: Mapping[Phase, Tells]
    can_last: bool = True
    only_lasting: bool = False
    fits: Fits = lambda *_: True
    is_patient: bool = False
    asks_for_s: float = 0.0

    def meaning(self, way: Way, phase: Phase) -> Tells:
        """What it tells; where a service documents something of its own, that counts."""
        told = self.tells.get(phase) or self.tells[S]
        return _SPECIAL.get((self.name, way.subject.provider_id, phase), told)

    def is_told_apart(self, way: Way, phase: Phase) -> bool:
        """Whether it means something else there than with other services, or its price does."""
        is_own = (self.name, way.subject.provider_id, phase) in _SPECIAL
        return is_own or self.meaning(way, phase) in (Tells.FAILS, Tells.FAILS_ONE)

    def can_be_at(self, way: Way, phase: Phase) -> bool:
        """A second sending can go wrong as the first."""
        as_told = S if phase is A and A not in self.tells else phase
        return as_told in self.tells and self.fits(way, phase)


_SPECIAL: Mapping[tuple[str, str, Phase], Tells] = {
    # "503: deployment stopped, starting or full: retry after Retry-After" (openai-audio.md 2.5)
    ("HTTP 503", "runinfra", S): Tells.LATER,
    # "Wrong or unfinished run ids: error answers"; results lie under the service's own key, and no link ends
    **{(f"HTTP {status}", "camb", R): Tells.NOT_NOW for status in (401, 403, 404, 410)},
    # An item that is finished is a result, whose file is asked for anew.
    ("finished without a file", "runware", P): Tells.GONE,
    # An upload is free, and no document knows this of one.
    ("HTTP 404", "runware", U): Tells.NOT_NOW,
    # Redirects of the service itself are never followed.
    ("redirect to another host", "camb", R): Tells.NOT_NOW,
    ("redirect in steps", "camb", R): Tells.NOT_NOW,
}


def _planned(make: Callable[[Scene], Fault]) -> Begin:
    return lambda scene: scene.plan(make(scene))


def _faulty(name: str, fault: Callable[[], Fault], tells: Mapping[Phase, Tells], **more: Any) -> Misfortune:
    return Misfortune(name, _planned(lambda _: fault()), tells, **more)


def _all(tells: Tells, phases: Sequence[Phase]) -> dict[Phase, Tells]:
    return dict.fromkeys(phases, tells)


_NOT_NOW = _all(Tells.NOT_NOW, (*QUESTIONS, R))


def _is_json(way: Way, phase: Phase) -> bool:
    return phase in QUESTIONS or (phase in (S, A) and way.is_json)


def _has_link(way: Way, phase: Phase) -> bool:
    return phase is not R or way.has_links


def _connections() -> Iterator[Misfortune]:
    yield Misfortune(
        "connection refused",
        lambda scene: scene.refuse(),
        {U: Tells.NOTHING_LEFT, S: Tells.NOTHING_LEFT, F: Tells.NOT_NOW, P: Tells.NOT_NOW, R: Tells.NOT_NOW},
    )
    for name, reset in (("dropped", False), ("TCP reset", True)):
        yield _faulty(f"{name} before", lambda reset=reset: Drop(reset=reset), {S: Tells.LOST, **_NOT_NOW})
        yield _faulty(
            f"{name} after",
            lambda reset=reset: Drop(processed=True, reset=reset),
            {S: Tells.LOST_TAKEN, **_NOT_NOW},
        )
    yield _faulty(
        "silence before", lambda: Hold(at_most_s=None, cut=True), {S: Tells.LOST, **_NOT_NOW}, is_patient=True
    )
    yield _faulty(
        "silence after",
        lambda: Hold(processed=True, at_most_s=None, cut=True),
        {S: Tells.LOST_TAKEN, **_NOT_NOW},
        is_patient=True,
    )
    # Long after a second sending of the same under the same key, which must be all that is paid for.
    yield _faulty(
        "taken when nobody waits any more",
        lambda: Late(3_000.0),
        {S: Tells.LOST},
        fits=lambda way, phase: (
            phase is S and way.recovers in (Recovers.BY_ASKING, Recovers.BY_REPLAY) and not way.writes
        ),
        is_patient=True,
    )
    yield _faulty(
        "silence in the middle",
        lambda: HoldAfter(0.5, at_most_s=None, cut=True),
        {S: Tells.LOST_TAKEN, B: Tells.LOST_TAKEN, **_NOT_NOW},
        fits=lambda way, phase: phase is not A and (phase is not S or way.is_json),
        is_patient=True,
    )
    yield _faulty(
        "cut in the middle",
        lambda: CutAfter(0.5),
        {S: Tells.LOST_TAKEN, B: Tells.LOST_TAKEN, **_NOT_NOW},
        fits=lambda way, phase: phase not in (S, A) or way.is_json,
    )
    yield _faulty(
        "cut after the first bytes", lambda: CutAfter(3), {S: Tells.LOST_TAKEN, B: Tells.LOST_TAKEN, **_NOT_NOW}
    )


def _statuses() -> Iterator[Misfortune]:
    for status in (401, 402, 403, 404):
        yield Misfortune(
            f"HTTP {status}",
            lambda scene, status=status: scene.plan_status(status),
            {
                U: Tells.NO,
                S: Tells.NO,
                A: Tells.UNSAID if status == 404 else Tells.LATER,  # the others are about the account
                F: Tells.NOT_NOW,
                P: Tells.NOT_NOW,
                R: Tells.NOT_NOW if status == 402 else Tells.GONE,
            },
        )
    yield _faulty("HTTP 410", lambda: Instead(410, "<p>Gone"), {R: Tells.GONE})
    yield _faulty("HTTP 409", lambda: Instead(409, {}), {S: Tells.LOST, **_NOT_NOW})
    busy = _all(Tells.LATER, (U, S)) | _all(Tells.NOT_NOW, (F, P, R))
    yield _faulty("HTTP 429", lambda: Instead(429, {}), busy)
    yield _faulty("429, come in 7 s", lambda: Instead(429, {}, {"Retry-After": "7"}), busy, asks_for_s=7.0)
    dated = {"Retry-After": "Sun, 01 Mar 2026 12:00:30 GMT", "Date": "Sun, 01 Mar 2026 12:00:10 GMT"}
    yield _faulty("429, come at a date", lambda: Instead(429, {}, dated), busy, asks_for_s=20.0)
    yield _faulty("429, come sometime", lambda: Instead(429, {}, {"Retry-After": "sometime"}), busy)
    yield _faulty(
        "429, come in a year",
        lambda: Instead(429, {}, {"Retry-After": "31536000"}),
        busy,
        only_lasting=True,
        asks_for_s=3_600.0,
    )
    for status in (500, 502, 503, 504):
        yield _faulty(f"HTTP {status}", lambda status=status: Instead(status, {}), {S: Tells.LOST, **_NOT_NOW})
    yield _faulty("HTTP 504 after", lambda: html_page(504, processed=True), {S: Tells.LOST_TAKEN, **_NOT_NOW})


def _contents() -> Iterator[Misfortune]:
    nothing = {S: Tells.WITHOUT_RESULT, **_NOT_NOW}
    yield _faulty("a page instead", lambda: html_page(200, processed=True), nothing)
    yield _faulty("a page under the real type", lambda: OtherBody(HTML_PAGE.encode()), nothing)
    yield _faulty("nothing at all", lambda: OtherBody(b""), nothing)
    yield _faulty(
        "half of the JSON", HalfBody, {S: Tells.WITHOUT_RESULT, **_all(Tells.NOT_NOW, QUESTIONS)}, fits=_is_json
    )
    yield _faulty("an empty object", lambda: OtherBody(b"{}", JSON["Content-Type"]), nothing, fits=_is_no_result)
    yield _faulty(
        "nulls everywhere",
        lambda: Rewrite(with_nulls),
        {S: Tells.WITHOUT_RESULT, **_all(Tells.NOT_NOW, QUESTIONS)},
        fits=_is_json,
    )
    yield _faulty(
        "numbers as texts", lambda: Rewrite(with_numbers_as_texts), _all(Tells.FINE, (S, *QUESTIONS)), fits=_is_json
    )
    yield _faulty("unknown fields", lambda: Rewrite(with_surprises), _all(Tells.FINE, (S, *QUESTIONS)), fits=_is_json)
    anywhere = _all(Tells.FINE, (S, B, *QUESTIONS, R))
    yield Misfortune("slow drip", _planned(lambda scene: Drip(2_000, scene.seconds(0.5))), anywhere)
    yield Misfortune(
        "slower than any patience",
        _planned(lambda scene: Drip(size_bytes=1, every_s=25.0 if scene.phase is R else 100.0)),
        {S: Tells.LOST_TAKEN, B: Tells.LOST_TAKEN, **_NOT_NOW},
        fits=lambda way, phase: phase is not A and (phase is not S or way.is_json),
        is_patient=True,
    )
    yield Misfortune(
        "a pause before the first byte", _planned(lambda scene: PauseAfter(0, scene.seconds(20.0))), anywhere
    )
    yield _faulty("minutes before the first sound", lambda: PauseAfter(0, 200.0), {B: Tells.FINE}, is_patient=True)
    for name, announced in (("endless", None), ("huge, as announced", HUGE_BYTES)):
        yield _faulty(
            name,
            lambda announced=announced: Endless(b" ", announced),
            {S: Tells.LOST_TAKEN, **_all(Tells.NOT_NOW, QUESTIONS)},
            fits=_is_json,
        )
        yield _faulty(
            f"{name} audio", lambda announced=announced: Endless(NOISE, announced), _all(Tells.NOT_AUDIO, (B, R))
        )


def _audio() -> Iterator[Misfortune]:
    arriving = (B, R)
    yield _faulty("garbage as audio", lambda: OtherBody(NOISE, "audio/wav"), _all(Tells.NOT_AUDIO, arriving))
    yield _faulty("a head without a body", lambda: OtherBody(_wav()[:44]), _all(Tells.NOT_AUDIO, arriving))
    yield _faulty("a wrong type", lambda: WithHeaders({"Content-Type": "text/plain"}), _all(Tells.FINE, arriving))
    yield _faulty(
        "a type that says nothing",
        lambda: WithHeaders({"Content-Type": "application/octet-stream"}),
        _all(Tells.FINE, arriving),
    )
    yield _faulty("another container", lambda: OtherBody(_flac()), _all(Tells.FINE, arriving))
    yield _faulty(
        "audio cut short, and whole by HTTP", lambda: OtherBody(_flac()[:-2_000]), _all(Tells.NOT_AUDIO, arriving)
    )


def _redirects() -> Iterator[Misfortune]:
    away = {S: Tells.LOST, **_NOT_NOW}
    for status in (301, 303, 307):
        yield Misfortune(
            f"redirect {status} away",
            _planned(lambda scene, status=status: redirect(scene.elsewhere.url + "/steal", status)),
            {phase: told for phase, told in away.items() if phase is not R},
        )
    yield Misfortune("redirect to another host", _planned(lambda scene: redirect(scene.moved())), {R: Tells.FINE})
    yield Misfortune("redirect in steps", _planned(lambda scene: redirect(scene.moved(hops=4))), {R: Tells.FINE})
    yield Misfortune(
        "redirect without an end", _planned(lambda scene: redirect(scene.moved(hops=7))), {R: Tells.NOT_NOW}
    )
    yield Misfortune("redirect to itself", _planned(lambda scene: scene.in_circles()), {R: Tells.NOT_NOW})
    yield _faulty("redirect to a file", lambda: redirect("file:///etc/passwd"), _NOT_NOW | {S: Tells.LOST})
    yield _faulty("redirect to plain http", lambda: redirect("http://198.51.101.7/x.wav"), {R: Tells.NOT_NOW})
    yield _faulty("redirect nowhere", lambda: Instead(302, b""), _NOT_NOW | {S: Tells.LOST})
    for number, target in enumerate(LINK_LOCAL, start=1):
        yield _faulty(f"redirect to a link-local address, {number}", lambda to=target: redirect(to), {R: Tells.NOT_NOW})
    for number, target in enumerate(PRIVATE, start=1):
        yield _faulty(f"redirect to a private address, {number}", lambda to=target: redirect(to), {R: Tells.NOT_NOW})


def _jobs() -> Iterator[Misfortune]:
    once: dict[str, Any] = {"can_last": False}
    yield Misfortune("one fails of several", _behaving("fail_one"), {P: Tells.FAILS_ONE}, fits=_has("fail_one"), **once)
    yield Misfortune("the job fails", _behaving("fail_all"), {P: Tells.FAILS}, fits=_has("fail_all"), **once)
    for way_oddity in ("everything twice", "last come first", "an unknown word for running", "progress"):
        yield Misfortune(
            way_oddity,
            lambda scene, name=way_oddity: scene.way.subject.oddities[name](scene.bench.server),
            {P: Tells.FINE},
            fits=lambda way, _, name=way_oddity: name in way.subject.oddities,
            **once,
        )
    for name, link in (("a link-local address", LINK_LOCAL[0]), ("a private address", PRIVATE[0])):
        yield _faulty(
            f"links to {name}",
            lambda link=link: Rewrite(with_links(link)),
            {P: Tells.BAD_LINK, F: Tells.BAD_LINK},
            fits=_gives_links,
        )
    yield _faulty("unknown words", lambda: Rewrite(with_unknown_words), {P: Tells.NOT_NOW})
    yield _faulty("finished without a file", lambda: Rewrite(without_files), {P: Tells.NOT_NOW})
    yield Misfortune("a job without an end", _endless_job, {P: Tells.NOT_NOW}, only_lasting=True, is_patient=True)
    yield Misfortune("links end, and are renewed", _links_end(renewed=True), {R: Tells.FINE}, fits=_is_renewed, **once)
    yield Misfortune(
        "links end for good", _links_end(renewed=False), {R: Tells.GONE}, fits=_has_link, only_lasting=True
    )


def _is_no_result(way: Way, phase: Phase) -> bool:
    """Where `{}` is no answer in disguise."""
    return phase is not R


def _is_renewed(way: Way, phase: Phase) -> bool:
    return way.subject.renew_links is not None


def _has(attribute: str) -> Fits:
    return lambda way, _: getattr(way.subject, attribute) is not None


def _behaving(attribute: str) -> Begin:
    return lambda scene: getattr(scene.way.subject, attribute)(scene.bench.server)


def _endless_job(scene: Scene) -> None:
    scene.bench.server.pace = PollDriven(before=1_000_000)  # type: ignore[union-attr]


def _links_end(*, renewed: bool) -> Begin:
    def begin(scene: Scene) -> None:
        if renewed:
            assert scene.way.subject.renew_links is not None
            scene.way.subject.renew_links(scene.bench.server)
        scene.let_links_end(for_good=not renewed)

    return begin


def _gives_links(way: Way, _: Phase) -> bool:
    return way.has_links


def _wav() -> bytes:
    return Sound("wav", 8_000, 1, 0.3).encoded()


def _flac() -> bytes:
    return Sound("flac", 16_000, 1, 0.5).encoded()


MISFORTUNES = (*_connections(), *_statuses(), *_contents(), *_audio(), *_redirects(), *_jobs())
