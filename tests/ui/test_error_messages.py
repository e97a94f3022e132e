from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import pytest

from app.domain import errors
from app.domain.errors import AppError, PlaybackError, Problem
from app.domain.take import Failure
from app.ui.error_messages import error_text, failure_text


def tree(kind: type[AppError]) -> Iterator[type[AppError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from tree(child)


# Other modules may refine an error for themselves; these are the ones that everybody knows.
ALL = sorted({kind for kind in tree(AppError) if kind.__module__ == errors.__name__}, key=lambda kind: kind.__name__)


def made(kind: type[AppError]) -> AppError:
    """An error of a kind, with what its constructor asks for."""
    if issubclass(kind, errors.RequestInvalid):
        return kind([Problem("seed", "Use a whole number.")])
    if issubclass(kind, errors.SheetInvalid):
        return kind([errors.RowProblem(2, "EP3_002", "duration", "Use a number of seconds.")])
    wanted = [
        name
        for name, parameter in inspect.signature(kind.__init__).parameters.items()
        if parameter.default is parameter.empty
        and name != "self"
        and parameter.kind is not parameter.VAR_POSITIONAL
        and parameter.kind is not parameter.VAR_KEYWORD
    ]
    return kind("something of the service") if "message" in wanted or not wanted else kind(*(["x"] * len(wanted)))


EVERY_ERROR = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)


@EVERY_ERROR
def test_every_error_has_words_of_its_own(kind: type[AppError]):
    words = error_text(made(kind), service="Runware")

    assert words.sentence.endswith((".", "?"))
    others = {error_text(made(other), service="Runware").sentence for other in ALL if other is not kind}
    says_itself = str(made(kind)).casefold().rstrip(".") in words.sentence.casefold()
    assert words.sentence not in others or says_itself


@EVERY_ERROR
def test_every_error_says_what_to_do(kind: type[AppError]):
    words = error_text(made(kind), service="Runware")

    assert words.next_step or kind is errors.TaskNotFound
    assert words.next_step == "" or words.next_step.endswith(".")
    assert words.text.startswith(words.sentence)


@EVERY_ERROR
def test_the_words_are_calm(kind: type[AppError]):
    words = error_text(made(kind))
    every = " ".join(filter(None, (words.sentence, words.next_step, words.action)))

    assert not re.search(r"!|\boops\b|\bOK\b|\bvendor\b|\bAPI\b|\bendpoint\b|\bprovider\b|\bwe\b", every, re.IGNORECASE)
    assert words.sentence[0].isupper()
    assert "{" not in every


@pytest.mark.parametrize("kind", [kind for kind in ALL if issubclass(kind, errors.ProviderError)])
def test_what_a_service_wrote_stands_only_under_details(kind: type[AppError]):
    words = error_text(made(kind), service="Runware")

    assert "something of the service" not in words.text
    assert words.details == "something of the service"


def test_a_service_is_named_if_it_is_known():
    refused = errors.CredentialsRejected("401")

    assert error_text(refused, service="Runware").sentence == "Runware refused the key. Nothing was sent or charged."
    assert error_text(refused).sentence == "The service refused the key. Nothing was sent or charged."


@pytest.mark.parametrize(("wait_s", "step"), [(12.0, "Trying again in 0:12."), (75, "Trying again in 1:15.")])
def test_a_busy_service_says_when(wait_s: float, step: str):
    assert error_text(errors.RateLimited("429", retry_after_s=wait_s)).next_step == step


def test_a_busy_service_that_does_not_say_is_tried_anyway():
    assert error_text(errors.RateLimited("429")).next_step == "Trying again by itself."


def test_the_culprit_is_named():
    rejected = errors.RequestRejected("bad", field="sample_rate")

    assert error_text(rejected).next_step == "Change sample rate and generate again."
    assert "theme" in error_text(errors.SettingsError("Use dark or light.", key="theme")).next_step


def test_a_refinement_is_worded_like_its_kind():
    class Refined(errors.QuotaExhausted):
        pass

    assert error_text(Refined("x"), service="Runware").action == "Add credit"


def test_the_advice_of_the_player_is_not_given_twice():
    gone = PlaybackError("Speakers is gone. Choose another output device or play again.")

    assert error_text(gone).text == "Speakers is gone. Choose another output device or play again."
    assert error_text(PlaybackError("")).text == "No output device. Plug one in or choose another."


def test_a_locked_keychain_is_not_told_twice_what_to_do():
    locked = errors.KeychainError("The keychain is locked. Unlock it and try again.")

    assert error_text(locked).text == "The keychain is locked. Unlock it and try again."
    assert error_text(errors.KeychainError("")).next_step == "Use a key until you quit."


def test_a_key_for_another_address_is_not_called_missing():
    words = error_text(errors.KeyUnconfirmed("x"), service="Runware")

    assert words.sentence == "The key for Runware was given for another address. Nothing was sent."
    assert words.action == "Open services"


def test_a_kept_failure_says_what_to_do_and_keeps_the_words_and_the_code_of_the_service():
    kept = Failure("quota_exhausted", "Insufficient credits: balance is 0.0012 USD.", code="insufficientCredits")

    words = failure_text(kept, service="Runware")

    assert words.text == "Runware has no credit left. Nothing was made. Add credit there, then retry."
    assert words.details == "Insufficient credits: balance is 0.0012 USD. (insufficientCredits)"


def test_a_kept_refusal_names_the_field():
    kept = Failure("request_rejected", "too long", field="prompt")

    assert failure_text(kept).text.endswith("Change prompt and generate again.")
    assert failure_text(kept).details == "Too long."


@EVERY_ERROR
def test_every_kind_that_is_kept_has_words(kind: type[AppError]):
    words = failure_text(Failure(kind.kind, "something of the service"))

    assert words.sentence.endswith((".", "?"))
    assert "something of the service" in f"{words.sentence} {words.details}".casefold()


def test_a_task_that_gave_up_on_a_busy_service_promises_no_further_try():
    assert "by itself" not in failure_text(Failure("rate_limited", "Too many requests.")).text


def test_a_disk_that_says_itself_what_to_do_is_not_given_advice_twice():
    assert error_text(errors.StorageError("The disk is full. Free some space, then try again.")).next_step == ""
    assert error_text(errors.StorageError("The disk failed.")).next_step.startswith("Check the disk")
