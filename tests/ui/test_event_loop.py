"""The joined loop runs in processes of their own: a test session has a loop already."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_START = """
import asyncio, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.ui import event_loop
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", _START + code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_timers_of_qt_and_tasks_of_asyncio_share_a_loop():
    done = run("""
app = QApplication([])

async def main():
    rang = asyncio.Event()
    QTimer.singleShot(10, rang.set)
    await rang.wait()
    print(await asyncio.to_thread(lambda: "threads too"))
    return 3

sys.exit(event_loop.run(main()))
""")

    assert (done.returncode, done.stdout.strip()) == (3, "threads too"), done.stderr


def test_tasks_that_never_rest_let_the_events_of_qt_through():
    done = run("""
app = QApplication([])

async def main():
    rang = []
    QTimer.singleShot(10, lambda: rang.append(True))
    while not rang:
        await asyncio.sleep(0)
    print("rang")
    return 0

sys.exit(event_loop.run(main()))
""")

    assert (done.returncode, done.stdout.strip()) == (0, "rang"), done.stderr


def test_what_other_threads_call_arrives_whole_and_in_their_order():
    done = run("""
app = QApplication([])

async def main():
    loop, came = asyncio.get_running_loop(), {name: [] for name in range(4)}

    def call(name):
        for number in range(500):
            loop.call_soon_threadsafe(came[name].append, number)

    await asyncio.gather(*(asyncio.to_thread(call, name) for name in came))
    while any(len(numbers) < 500 for numbers in came.values()):
        await asyncio.sleep(0.001)
    print(all(numbers == list(range(500)) for numbers in came.values()))
    return 0

sys.exit(event_loop.run(main()))
""")

    assert (done.returncode, done.stdout.strip()) == (0, "True"), done.stderr


def test_what_was_called_off_before_its_turn_does_not_run():
    done = run("""
app = QApplication([])

async def main():
    asyncio.get_running_loop().call_soon(print, "too late").cancel()
    await asyncio.sleep(0)
    return 0

sys.exit(event_loop.run(main()))
""")

    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def test_what_is_left_is_cancelled_and_awaited():
    done = run("""
app = QApplication([])

async def lingering():
    try:
        await asyncio.Event().wait()
    finally:
        print("tidied")

async def main():
    task = asyncio.create_task(lingering())
    await asyncio.sleep(0)
    return 0

sys.exit(event_loop.run(main()))
""")

    assert (done.returncode, done.stdout.strip()) == (0, "tidied"), done.stderr


def test_a_bug_in_main_comes_out():
    done = run("""
app = QApplication([])

async def main():
    raise ZeroDivisionError

try:
    event_loop.run(main())
except ZeroDivisionError:
    print("came out")
""")

    assert done.stdout.strip() == "came out", done.stderr


def test_without_an_application_there_is_no_loop():
    done = run("""
async def main():
    return 0

try:
    event_loop.run(main())
except RuntimeError as problem:
    print(problem)
""")

    assert done.stdout.strip() == "the loop needs a QApplication", done.stderr


def test_one_module_alone_knows_the_library():
    sources = (Path(__file__).parents[2] / "app").rglob("*.py")

    assert [path.name for path in sources if "import qasync" in path.read_text(encoding="utf-8")] == ["event_loop.py"]
