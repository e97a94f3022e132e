"""Modules of Python that are put off are there all the same, in every way to ask for them."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "use",
    ["import asyncio; asyncio.Lock", "from asyncio import Lock", "import asyncio.locks; asyncio.locks.Lock"],
)
def test_a_module_that_was_put_off_is_loaded_when_something_in_it_is_used(use: str) -> None:
    script = (
        "import sys\n"
        "from app import late_modules\n"
        "late_modules.put_off()\n"
        "import asyncio\n"
        "print('asyncio.locks' in sys.modules)\n"
        f"{use}\n"
        "print('asyncio.locks' in sys.modules, sys.modules['asyncio'].__file__ is not None)"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "False\nTrue True\n"


def test_two_threads_that_use_it_at_once_load_it_once() -> None:
    script = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from threading import Barrier\n"
        "from app import late_modules\n"
        "late_modules.put_off()\n"
        "import asyncio\n"
        "barrier = Barrier(8)\n"
        "def use(_number):\n"
        "    barrier.wait()\n"
        "    return asyncio.Lock\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    print(len(set(pool.map(use, range(8)))))"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "1\n"
