"""The log: one small file without secrets."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.logs import Secrets, start_logging


@pytest.fixture(autouse=True)
def _loggers_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = tuple(root.handlers), root.level
    yield
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_nothing_is_made_before_the_first_line(tmp_path: Path) -> None:
    start_logging(tmp_path / "logs" / "cuesmith.log", Secrets())

    assert list(tmp_path.iterdir()) == []


def test_a_secret_never_reaches_the_file(tmp_path: Path) -> None:
    secrets = Secrets(["sk-first-key"])
    file = tmp_path / "logs" / "cuesmith.log"
    logger = start_logging(file, secrets)
    secrets.hide("sk-first-key-and-more")

    logger.info("with %s", "sk-first-key-and-more")
    try:
        raise ValueError("refused: sk-first-key")  # noqa: TRY301 - what a library would do
    except ValueError:
        logger.exception("it broke")

    text = file.read_text(encoding="utf-8")
    assert "sk-first" not in text
    assert "-and-more" not in text
    assert "it broke" in text
    assert "refused: •••" in text


def test_a_disk_that_takes_no_log_disturbs_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    logger = start_logging(tmp_path / "logs" / "cuesmith.log", Secrets())

    logger.error("nobody reads this")

    assert capsys.readouterr().err == ""
