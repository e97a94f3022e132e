"""Where jobs are worked on: a few threads, what is finished, and how far the rest is."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from app.domain.errors import AppError, ResultGone
from app.providers.local.making import Encoder, Made, make
from app.providers.local.orders import Order
from app.providers.local.watch import Cancelled

_MOST_JOBS = 2_000


@dataclass(slots=True)
class Work:
    """One job under way or done. Only its own fields are shared between threads, each written whole.

    Attributes:
        fractions: How far each take is.
        remarks: By take, once it is made.
        errors: By take, where it could not be made.
    """

    order: Order
    stop: threading.Event = field(default_factory=threading.Event)
    fractions: list[float] = field(default_factory=list)
    remarks: dict[int, str] = field(default_factory=dict)
    errors: dict[int, AppError] = field(default_factory=dict)
    futures: list[Future[None]] = field(default_factory=list)

    @property
    def fraction(self) -> float:
        return sum(self.fractions) / len(self.fractions)

    @property
    def is_done(self) -> bool:
        return all(future.done() for future in self.futures)

    def raise_bugs(self) -> None:
        """Errors that are nobody's fault but ours go on to whoever asks."""
        for future in self.futures:
            if future.done() and not future.cancelled() and (bug := future.exception()) is not None:
                raise bug


class Workshop:
    """Makes takes on threads of its own. All methods are quick and may be called from any thread.

    Args:
        workers: How many takes are made at the same time.
        kept_bytes: Finished files that are kept; what is not is made again when it is asked for.
    """

    def __init__(self, encode: Encoder, *, workers: int, kept_bytes: int) -> None:
        self._encode = encode
        self._kept_bytes = kept_bytes
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="local-generator")
        self._jobs: OrderedDict[str, Work] = OrderedDict()
        self._shelf: OrderedDict[tuple[str, int], Made] = OrderedDict()
        self._lock = threading.Lock()

    def start(self, job_id: str, order: Order) -> None:
        """Begin to make all takes of an order; a job that is known already goes on as it is."""
        with self._lock:
            if job_id in self._jobs:
                return
            work = Work(order, fractions=[0.0] * order.takes)
            self._jobs[job_id] = work
            self._forget_old_jobs()
            for number in range(order.takes):
                work.futures.append(self._executor.submit(self._make, job_id, work, number))

    def work(self, job_id: str) -> Work:
        """A job.

        Raises:
            ResultGone: It isn't known: another run of the app made it.
        """
        with self._lock:
            work = self._jobs.get(job_id)
        if work is None:
            raise ResultGone("This sound was made by an earlier run and isn’t kept. Generate it again, it is free.")
        return work

    def made(self, job_id: str, number: int) -> Future[Made]:
        """A finished take. One that isn't kept any more is made again.

        Raises:
            ResultGone: The job isn't known, or has no such take.
        """
        work = self.work(job_id)
        if not 0 <= number < work.order.takes:
            raise ResultGone(f"This job has no take {number + 1}.")
        with self._lock:
            kept = self._shelf.get((job_id, number))
        if kept is not None:
            future: Future[Made] = Future()
            future.set_result(kept)
            return future
        return self._executor.submit(self._make_again, work, number)

    def cancel(self, job_id: str) -> None:
        """Stop working on a job and forget it; an unknown one is fine."""
        with self._lock:
            work = self._jobs.pop(job_id, None)
        if work is not None:
            work.stop.set()
            for future in work.futures:
                future.cancel()

    def close(self) -> None:
        """Stop everything and wait until no thread is left."""
        with self._lock:
            for work in self._jobs.values():
                work.stop.set()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _make(self, job_id: str, work: Work, number: int) -> None:
        def reached(fraction: float) -> None:
            work.fractions[number] = fraction

        try:
            made = make(work.order, number, self._encode, reached, work.stop)
        except Cancelled:
            return
        except AppError as error:
            work.errors[number] = error
        else:
            self._keep(job_id, number, made)
            work.remarks[number] = made.remark
        work.fractions[number] = 1.0

    def _make_again(self, work: Work, number: int) -> Made:
        try:
            return make(work.order, number, self._encode, lambda _: None, work.stop)
        except Cancelled as exc:
            raise CancelledError from exc

    def _keep(self, job_id: str, number: int, made: Made) -> None:
        """Put a take on the shelf; the oldest ones fall off when it is full."""
        with self._lock:
            self._shelf[job_id, number] = made
            while sum(len(kept.data) for kept in self._shelf.values()) > self._kept_bytes:
                self._shelf.popitem(last=False)

    def _forget_old_jobs(self) -> None:
        for job_id in list(self._jobs):
            if len(self._jobs) <= _MOST_JOBS:
                return
            if self._jobs[job_id].is_done:
                del self._jobs[job_id]
