"""The figures of a campaign, for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.campaigns.faults.verdict import Verdict

_HEADINGS = ("way", "phase", "cases", "charges", "seen", "lost", "double", "undecided", "wrong")


def table_of(verdicts: Sequence[Verdict]) -> str:
    """A row for each way and phase."""
    rows = [_HEADINGS]
    for way, phase in dict.fromkeys((verdict.case.way.name, verdict.case.phase) for verdict in verdicts):
        own = [each for each in verdicts if (each.case.way.name, each.case.phase) == (way, phase)]
        rows.append((way, phase.value, *map(str, _figures(own))))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def summary_of(verdicts: Sequence[Verdict], broken: int, seconds: float) -> str:
    """One line with everything."""
    cases, charges, seen, lost, doubled, undecided, wrong = _figures(verdicts)
    ways = len({verdict.case.way.name for verdict in verdicts})
    faults = len({verdict.case.misfortune.name for verdict in verdicts})
    return (
        f"{cases} cases of {faults} faults at {ways} ways to answer in {seconds:.0f} s: {charges} charges expected, "
        f"{seen} seen, {lost} paid results lost, {doubled} double charges, {wrong} wrong, {broken} not played; "
        f"{undecided} were left to the user."
    )


def _figures(verdicts: Iterable[Verdict]) -> tuple[int, ...]:
    own = list(verdicts)
    return (
        len(own),
        sum(each.charges_expected for each in own),
        sum(each.charges_seen for each in own),
        sum(each.lost for each in own),
        sum(each.doubled for each in own),
        sum(each.is_undecided for each in own),
        sum(bool(each.wrong) for each in own),
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(
        cell.ljust(width) if place < 2 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    ).rstrip()
