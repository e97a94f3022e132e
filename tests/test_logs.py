"""The log: one small file without secrets."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.redaction import Secrets
from app.logs import log_unhandled, start_logging
from tests.fakes.logging_as_before import logging_as_before

KEY = "sk-invented.key(4711)"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    with logging_as_before():
        yield


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


class Raw(logging.Handler):
    """A handler that looks at everything in a record, as one of a library might."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.seen = ""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.seen += f"{record.__dict__!r} {record.getMessage()} {error!r} {logging.Formatter().format(record)}"


class Unprintable:
    def __str__(self) -> str:
        raise RuntimeError(KEY)

    def __repr__(self) -> str:
        return KEY


def _log_a_message(logger: logging.Logger) -> None:
    logger.error("refused: %s", f"Bearer {KEY}")


def _log_an_argument_by_name(logger: logging.Logger) -> None:
    logger.error("refused %(status)s", {"status": 401, "key": KEY})


def _log_an_exception(logger: logging.Logger) -> None:
    try:
        try:
            raise KeyError(f"Authorization: Bearer {KEY}")  # noqa: TRY301 - what a library would do
        except KeyError as error:
            raise ValueError("it broke") from error
    except ValueError:
        logger.exception("it broke")


def _log_what_cannot_be_put_together(logger: logging.Logger) -> None:
    logger.error("two %s %s", KEY)


def _log_what_cannot_be_printed(logger: logging.Logger) -> None:
    logger.error("%s", Unprintable())


WAYS = [
    _log_a_message,
    _log_an_argument_by_name,
    _log_an_exception,
    _log_what_cannot_be_put_together,
    _log_what_cannot_be_printed,
]


@pytest.mark.parametrize("log", WAYS, ids=lambda log: log.__name__)
@pytest.mark.parametrize("name", ["app.somewhere", "a_library.of.others"])
def test_no_handler_ever_sees_a_secret_whoever_adds_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], log: Callable[[logging.Logger], None], name: str
) -> None:
    start_logging(tmp_path / "cuesmith.log", Secrets([KEY]))
    late, stream, own = Raw(), io.StringIO(), Raw()
    logging.getLogger().addHandler(late)
    logging.getLogger().addHandler(logging.StreamHandler(stream))
    logging.getLogger(name).addHandler(own)

    log(logging.getLogger(name))

    logging.getLogger(name).removeHandler(own)
    said = [late.seen, own.seen, stream.getvalue(), (tmp_path / "cuesmith.log").read_text(), *capsys.readouterr()]
    assert all(said[:4])
    assert not [each for each in said if KEY in each]


def test_a_log_without_handlers_shows_no_secret_either(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(tmp_path / "cuesmith.log", Secrets([KEY]))
    lonely = logging.getLogger("lonely")
    lonely.propagate = False  # so that `logging.lastResort` writes

    lonely.warning("with %s", KEY)

    lonely.propagate = True
    assert capsys.readouterr().err == "with •••\n"


def test_the_text_of_a_warning_goes_to_the_log_without_secrets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        start_logging(tmp_path / "cuesmith.log", Secrets([KEY]))
        warnings.warn(f"a header with {KEY}", UserWarning, stacklevel=1)
        logging.captureWarnings(False)

    assert "a header with •••" in (tmp_path / "cuesmith.log").read_text()
    assert capsys.readouterr().err == ""


async def test_what_the_event_loop_reports_has_no_secret(tmp_path: Path) -> None:
    start_logging(tmp_path / "cuesmith.log", Secrets([KEY]))

    asyncio.get_running_loop().call_exception_handler({"message": f"with {KEY}", "exception": ValueError(KEY)})

    text = (tmp_path / "cuesmith.log").read_text()
    assert "with •••" in text
    assert KEY not in text


class Unruly:
    def __del__(self) -> None:
        raise ValueError(KEY)


def _raise_in_a_thread() -> None:
    def work() -> None:
        raise ValueError(KEY)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def _raise_in_a_callback() -> None:
    try:
        raise ValueError(KEY)  # noqa: TRY301
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)


@pytest.mark.parametrize("fail", [_raise_in_a_thread, _raise_in_a_callback, Unruly], ids=lambda fail: fail.__name__)
def test_what_nobody_caught_is_shown_and_logged_without_secrets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fail: Callable[[], object]
) -> None:
    secrets = Secrets([KEY])
    log_unhandled(start_logging(tmp_path / "cuesmith.log", secrets), secrets)

    fail()

    for text in (capsys.readouterr().err, (tmp_path / "cuesmith.log").read_text()):
        assert "ValueError: •••" in text
        assert KEY not in text
