"""The figures of a campaign, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.campaigns.kills.verdict import Findings

STATES = ("no row yet", "queued", "submitting", "running", "uncertain", "finished", "failed", "cancelled")


def table(hits: Counter[tuple[str, str]]) -> Iterator[str]:
    """How many tasks of each way were in which state when the process that had them was killed."""
    names = sorted({name for name, _ in hits})
    width = max([len("state at the kill"), *map(len, names)])
    yield "  ".join([f"{'state at the kill':<{width}}", *(f"{state:>10}" for state in STATES)])
    for name in names:
        counts = (hits[name, state] for state in STATES)
        yield "  ".join([f"{name:<{width}}", *(f"{count or '·':>10}" for count in counts)])
    sums = (sum(count for (_, each), count in hits.items() if each == state) for state in STATES)
    yield "  ".join([f"{'together':<{width}}", *(f"{count:>10}" for count in sums)])


def moments(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.most_common())


def summary(kills: int, findings: Findings) -> Iterator[str]:
    yield f"{'kills':<34}{kills:>5}"
    for heading, found in findings.headings.items():
        yield f"{heading:<34}{len(found):>5}"
    yield f"{'(paid, uncertain, and told so)':<34}{findings.told:>5}"


def details(findings: Findings) -> Iterator[str]:
    for heading, found in findings.headings.items():
        if found:
            yield f"{heading}:"
            yield from (f"  {line}" for line in found)
