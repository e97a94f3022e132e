"""The tables of sheets: which rows became which tasks, and which takes are wanted where."""

from __future__ import annotations

_ROWS = (
    # With row numbers, by which a damaged library is read around its broken pages: a row that is lost is paid again.
    """
    CREATE TABLE sheet_rows (
        sheet TEXT NOT NULL,
        row_id TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        click_id TEXT NOT NULL,
        added_at TEXT NOT NULL,
        PRIMARY KEY (sheet, row_id, fingerprint)
    )
    """,
    "CREATE INDEX sheet_rows_by_fingerprint ON sheet_rows (row_id, fingerprint)",
)

_DELIVERIES = (
    """
    CREATE TABLE deliveries (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        sheet TEXT NOT NULL,
        row_id TEXT NOT NULL,
        folder TEXT NOT NULL,
        click_id TEXT NOT NULL,
        stem TEXT NOT NULL,
        place INTEGER NOT NULL,
        UNIQUE (sheet, row_id, folder)
    )
    """,
    "CREATE INDEX deliveries_by_click ON deliveries (click_id)",
    "CREATE INDEX deliveries_by_folder ON deliveries (folder)",
    """
    CREATE TABLE undelivered (
        delivery INTEGER NOT NULL REFERENCES deliveries (number) ON DELETE CASCADE,
        take TEXT NOT NULL,
        PRIMARY KEY (delivery, take)
    )
    """,
    """
    CREATE TABLE delivered (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        folder TEXT NOT NULL,
        name TEXT NOT NULL,
        take TEXT NOT NULL,
        click_id TEXT NOT NULL,
        sheet TEXT NOT NULL,
        row_id TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        is_written INTEGER NOT NULL,
        UNIQUE (folder, name, take)
    )
    """,
    "CREATE INDEX delivered_by_take ON delivered (take)",
    "CREATE INDEX delivered_by_row ON delivered (folder, row_id)",
    # Whoever stores a take owes it to the folders that want it, whichever process that is.
    """
    CREATE TRIGGER take_owed_when_added AFTER INSERT ON takes WHEN new.state = 'stored' BEGIN
        INSERT OR IGNORE INTO undelivered SELECT deliveries.number, new.id FROM deliveries
        JOIN tasks ON tasks.click_id = deliveries.click_id WHERE tasks.number = new.task;
    END
    """,
    """
    CREATE TRIGGER take_owed_when_stored AFTER UPDATE OF state ON takes
    WHEN new.state = 'stored' AND old.state <> 'stored' BEGIN
        INSERT OR IGNORE INTO undelivered SELECT deliveries.number, new.id FROM deliveries
        JOIN tasks ON tasks.click_id = deliveries.click_id WHERE tasks.number = new.task;
    END
    """,
)

SHEET_SCHEMA: tuple[str, ...] = (*_ROWS, *_DELIVERIES)
