"""Numbers, money and time as people read them."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

from app.domain.audio import AudioFormat, AudioInfo

MINUS = "−"
NOT_MEASURED = "–"
UNKNOWN = "unknown"


def length(seconds: float, places: int = 1) -> str:
    """Length of a sound, or a time in it: `0:08.4`, `1:02:08.4`; with three places `0:08.412`."""
    whole, part = divmod(max(0, round(seconds * 10**places)), 10**places)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest:02d}.{part:0{places}d}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"


def elapsed(seconds: float) -> str:
    """Time that something has been going on: `0:41`, `1:02:41`."""
    whole = max(0, int(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def size(count: int) -> str:
    """Bytes: `0 kB`, `24 kB`, `1.3 MB`."""
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{count // 1_000} kB"


def level(value: float) -> str:
    """A level or loudness with one decimal and a real minus: `−18.1`."""
    text = f"{abs(value):.1f}"
    return f"{MINUS}{text}" if value < 0 and text != "0.0" else text


def billed(amount: Decimal | None) -> str:
    """What something cost: `$0.068`, `free`, `unknown`."""
    if amount is None:
        return UNKNOWN
    if amount == 0:
        return "free"
    digits = Decimal("0.001") if amount < 1 else Decimal("0.01")
    return f"${amount.quantize(_told(amount, digits), ROUND_HALF_UP):,f}"


def rounded(amount: Decimal) -> str:
    """A limit as people set it: `$40`, `$2.50`."""
    return f"${amount:,.0f}" if amount == amount.to_integral_value() else f"${amount:,.2f}"


def estimated(amount: Decimal | None) -> str:
    """What something should cost, in a sentence: `about $0.07`, `free`, `price unknown`."""
    if amount is None:
        return "price unknown"
    if amount == 0:
        return "free"
    return f"about ${_cents(amount)}"


def at_most(amount: Decimal) -> str:
    """The most that something can cost, never rounded down: `$0.95`."""
    return f"${amount.quantize(Decimal('0.01') if amount >= Decimal('0.01') else Decimal('0.0001'), ROUND_UP)}"


def estimated_short(amount: Decimal | None) -> str:
    """What something should cost, in a column: `≈ $0.07`, `free`, `unknown`."""
    if amount is None:
        return UNKNOWN
    return "free" if amount == 0 else f"≈ ${_cents(amount)}"


def _cents(amount: Decimal) -> Decimal:
    digits = Decimal("0.01") if amount >= Decimal("0.005") else Decimal("0.0001")
    return amount.quantize(_told(amount, digits), ROUND_HALF_UP)


def _told(amount: Decimal, digits: Decimal) -> Decimal:
    """As many digits as wanted, or so many that what is not nothing isn't shown as 0."""
    return digits if amount >= digits else Decimal(1).scaleb(amount.adjusted())


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in the shortest form: `now`, `4 min`, `2 h`, `3 d`, then a date."""
    seconds = (now - then).total_seconds()
    if seconds < 60:
        return "now"
    if seconds < 3600:
        return f"{int(seconds // 60)} min"
    if seconds < 86400:
        return f"{int(seconds // 3600)} h"
    if seconds < 7 * 86400:
        return f"{int(seconds // 86400)} d"
    local = then.astimezone()
    return f"{local.day} {local:%b}" if local.year == now.astimezone().year else f"{local:%b %Y}"


def day(iso: str) -> str:
    """A date as people write it: `18 Nov 2026`; what is no ISO date stays as it is."""
    try:
        date = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{date.day} {date:%b %Y}"


def rate(sample_rate_hz: int) -> str:
    """`48 kHz`, `44.1 kHz`."""
    return f"{sample_rate_hz / 1000:g} kHz"


def exact_rate(sample_rate_hz: int) -> str:
    """`48,000 Hz`, as in choosers."""
    return f"{sample_rate_hz:,} Hz"


def channels(count: int) -> str:
    return {1: "mono", 2: "stereo"}.get(count, f"{count} channels")


def format_name(audio_format: AudioFormat) -> str:
    """`WAV`, `MP3`; Opus is a name and not an abbreviation."""
    return "Opus" if audio_format is AudioFormat.OPUS else audio_format.value.upper()


def audio_line(info: AudioInfo) -> str:
    """`WAV · 48 kHz · stereo`."""
    return " · ".join((format_name(info.format), rate(info.sample_rate_hz), channels(info.channels)))


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """`1 take`, `3 takes`, `2 entries`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
