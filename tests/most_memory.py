"""How much memory this process had at once."""

from __future__ import annotations

import sys
from pathlib import Path


def most_megabytes() -> float:
    """Megabytes of 1,048,576 bytes.

    On Linux not what `ru_maxrss` says, which begins with what the parent had at the fork.
    """
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / (1 << 10)
    import resource  # which Windows has not

    unit = 1 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / (1 << 20)
