"""Sums that SQLite makes are as exact as ours."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as some

from app.storage.ledger import spent_between
from app.storage.money_sql import amount_of, fits, units
from app.storage.sql_values import money_text, time_text
from tests.storage.making import TODAY

AMOUNTS = some.sampled_from([0, 2, 9, 10, 12]).flatmap(
    lambda places: some.decimals(min_value=0, max_value=3_000, places=places)
)
RECEIPTS = some.tuples(some.none() | AMOUNTS, some.none() | AMOUNTS, some.booleans())


@given(some.lists(RECEIPTS, max_size=12))
@example([(Decimal("0.1"), None, False)] * 3)
@example([(Decimal("0.30"), Decimal("0.1"), False), (Decimal("1E-12"), Decimal("5E-10"), True), (None, None, True)])
def test_what_was_billed_and_what_is_held_is_exact(receipts) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("CREATE TABLE receipts (attempt, reserved TEXT, billed TEXT, is_settled, reserved_at)")
        for number, (reserved, billed, is_settled) in enumerate(receipts):
            row = (str(number), money_text(reserved), money_text(billed), is_settled, time_text(TODAY.day_start))
            connection.execute("INSERT INTO receipts VALUES (?, ?, ?, ?, ?)", row)

        spent = spent_between(connection, TODAY.day_start, TODAY.day_end)

    zero = Decimal(0)
    assert spent.billed == sum((billed or zero for _, billed, _ in receipts), zero)
    open_ones = ((reserved or zero, billed or zero) for reserved, billed, is_settled in receipts if not is_settled)
    assert spent.held == sum((max(reserved - billed, zero) for reserved, billed in open_ones), zero)


def test_no_sum_is_too_large_however_much_a_service_says_that_it_billed() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("CREATE TABLE receipts (attempt, reserved TEXT, billed TEXT, is_settled, reserved_at)")
        rows = [(str(number), None, "999999.99", True, time_text(TODAY.day_start)) for number in range(10_000)]
        connection.executemany("INSERT INTO receipts VALUES (?, ?, ?, ?, ?)", rows)

        spent = spent_between(connection, TODAY.day_start, TODAY.day_end)

    assert spent.billed == 10_000 * Decimal("999999.99")


@given(AMOUNTS)
def test_an_amount_that_fits_comes_back_as_it_was(amount: Decimal) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        select = f"SELECT {units('a')} AS units, {fits('a')} AS fits FROM (SELECT ? AS a)"
        found, is_fitting = connection.execute(select, (money_text(amount),)).fetchone()

    is_short = -int(amount.as_tuple().exponent) <= 9
    assert bool(is_fitting) == (is_short and amount < 1_000)
    if is_fitting:
        assert amount_of(found) == amount
