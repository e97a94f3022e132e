"""The first schema. Steps after it live in `migrations.py`; this text never changes once released.

Money is TEXT (decimal digits), times are TEXT (ISO 8601, UTC, microseconds), truth is 0 or 1. A task's row
number is given once and never again. The columns `length_s` to `binned_takes` repeat what the takes and
receipts say, so that the list can be sorted by an index; `task_writing.refresh_list_columns` keeps them true.
"""

from __future__ import annotations

_TASKS = (
    """
    CREATE TABLE tasks (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        click_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        state TEXT NOT NULL,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        deleted_at TEXT,
        length_s REAL,
        loudness_lufs REAL,
        cost_order REAL,
        favourites INTEGER NOT NULL DEFAULT 0,
        binned_takes INTEGER NOT NULL DEFAULT 0,
        project TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT '',
        estimate_expected TEXT,
        estimate_most TEXT,
        estimate_basis TEXT NOT NULL DEFAULT '',
        failure_kind TEXT,
        failure_message TEXT,
        failure_field TEXT,
        failure_code TEXT,
        accepts_unknown_price INTEGER NOT NULL DEFAULT 0,
        transcript_file TEXT,
        prompt TEXT NOT NULL,
        request TEXT NOT NULL,
        prompt_order TEXT GENERATED ALWAYS AS (lower(substr(trim(prompt), 1, 80))) VIRTUAL
    )
    """,
    "CREATE INDEX tasks_by_bin ON tasks (deleted_at)",
    "CREATE INDEX tasks_by_state ON tasks (state)",
    "CREATE INDEX tasks_by_click ON tasks (click_id)",
    "CREATE INDEX tasks_by_prompt ON tasks (prompt_order)",
    "CREATE INDEX tasks_by_model ON tasks (model)",
    "CREATE INDEX tasks_by_length ON tasks (length_s)",
    "CREATE INDEX tasks_by_loudness ON tasks (loudness_lufs)",
    "CREATE INDEX tasks_by_cost ON tasks (cost_order)",
    "CREATE INDEX tasks_by_project ON tasks (project) WHERE project <> ''",
    "CREATE INDEX tasks_with_favourites ON tasks (favourites) WHERE favourites > 0",
    "CREATE INDEX tasks_with_binned_takes ON tasks (binned_takes) WHERE binned_takes > 0",
)

_ATTEMPTS = (
    """
    CREATE TABLE attempts (
        id TEXT NOT NULL PRIMARY KEY,
        task INTEGER NOT NULL REFERENCES tasks (number) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        base_url TEXT NOT NULL,
        created_at TEXT NOT NULL,
        sent_at TEXT,
        is_accepted INTEGER NOT NULL DEFAULT 0,
        job_id TEXT,
        is_final INTEGER NOT NULL DEFAULT 0,
        wire_method TEXT NOT NULL,
        wire_path TEXT NOT NULL,
        wire_headers TEXT NOT NULL,
        wire_body BLOB NOT NULL,
        wire_files TEXT NOT NULL DEFAULT '[]',
        UNIQUE (task, number)
    )
    """,
    """
    CREATE TABLE receipts (
        attempt TEXT NOT NULL PRIMARY KEY REFERENCES attempts (id) ON DELETE CASCADE,
        task INTEGER NOT NULL REFERENCES tasks (number) ON DELETE CASCADE,
        provider TEXT NOT NULL,
        project TEXT NOT NULL DEFAULT '',
        expected TEXT,
        most TEXT,
        basis TEXT NOT NULL DEFAULT '',
        reserved TEXT,
        billed TEXT,
        is_settled INTEGER NOT NULL DEFAULT 0,
        reserved_at TEXT NOT NULL,
        settled_at TEXT
    )
    """,
    "CREATE INDEX receipts_by_time ON receipts (reserved_at)",
    "CREATE INDEX receipts_by_task ON receipts (task)",
    """
    CREATE TABLE ceilings (
        click_id TEXT NOT NULL PRIMARY KEY,
        amount TEXT NOT NULL
    ) WITHOUT ROWID
    """,
)

_TAKES = (
    """
    CREATE TABLE takes (
        number_in_library INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        task INTEGER NOT NULL REFERENCES tasks (number) ON DELETE CASCADE,
        attempt TEXT NOT NULL REFERENCES attempts (id),
        number INTEGER NOT NULL,
        result_id TEXT NOT NULL,
        state TEXT NOT NULL,
        link TEXT,
        expires_at TEXT,
        file TEXT,
        format TEXT,
        sample_rate_hz INTEGER,
        channels INTEGER,
        frames INTEGER,
        bit_depth TEXT,
        seed TEXT,
        cost TEXT,
        remark TEXT NOT NULL DEFAULT '',
        failure_kind TEXT,
        failure_message TEXT,
        failure_field TEXT,
        failure_code TEXT,
        rating INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5),
        is_favourite INTEGER NOT NULL DEFAULT 0,
        note TEXT NOT NULL DEFAULT '',
        loudness_lufs REAL,
        true_peak_dbtp REAL,
        measured_at TEXT,
        updated_at TEXT NOT NULL,
        deleted_at TEXT,
        UNIQUE (task, number)
    )
    """,
    "CREATE INDEX takes_by_attempt ON takes (attempt)",
    "CREATE INDEX takes_unmeasured ON takes (number_in_library) WHERE state = 'stored' AND measured_at IS NULL",
)

_BESIDES = (
    """
    CREATE TABLE tags (
        task INTEGER NOT NULL REFERENCES tasks (number) ON DELETE CASCADE,
        tag TEXT NOT NULL,
        PRIMARY KEY (task, tag)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE wishes (
        task INTEGER NOT NULL PRIMARY KEY REFERENCES tasks (number) ON DELETE CASCADE,
        wish TEXT NOT NULL,
        wished_at TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE heard (
        task INTEGER NOT NULL REFERENCES tasks (number) ON DELETE CASCADE,
        part INTEGER NOT NULL,
        text TEXT NOT NULL,
        segments TEXT NOT NULL,
        language TEXT NOT NULL DEFAULT '',
        duration_s REAL,
        answer TEXT NOT NULL,
        PRIMARY KEY (task, part)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE uploads (
        base_url TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        handle TEXT NOT NULL,
        uploaded_at TEXT NOT NULL,
        PRIMARY KEY (base_url, sha256)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE inputs (
        task INTEGER NOT NULL REFERENCES tasks (number) ON DELETE CASCADE,
        sha256 TEXT NOT NULL,
        PRIMARY KEY (task, sha256)
    ) WITHOUT ROWID
    """,
)

_NOTES_OF_TASK = """
    spaced(
        (SELECT note FROM tasks WHERE number = {number}) || ' '
        || coalesce((SELECT group_concat(note, ' ') FROM takes WHERE task = {number} AND note <> ''), '')
    )
"""
_TAGS_OF_TASK = "spaced(coalesce((SELECT group_concat(tag, ' ') FROM tags WHERE task = {number}), ''))"


def _keeps_notes(name: str, when: str, number: str) -> str:
    notes = _NOTES_OF_TASK.format(number=number)
    update = f"UPDATE search SET notes = {notes} WHERE rowid = {number};"  # noqa: S608 - our own words only
    return f"CREATE TRIGGER {name} {when} BEGIN {update} END"


def _keeps_tags(name: str, when: str, number: str) -> str:
    tags = _TAGS_OF_TASK.format(number=number)
    update = f"UPDATE search SET tags = {tags} WHERE rowid = {number};"  # noqa: S608 - our own words only
    return f"CREATE TRIGGER {name} {when} BEGIN {update} END"


# `spaced` is our own SQL function (search_text.py): it parts scripts that are written without spaces.
_SEARCH = (
    """
    CREATE VIRTUAL TABLE search USING fts5 (
        prompt, model, provider, notes, tags, project,
        tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3'
    )
    """,
    """
    CREATE TRIGGER search_task_added AFTER INSERT ON tasks BEGIN
        INSERT INTO search (rowid, prompt, model, provider, notes, tags, project)
        VALUES (
            new.number, spaced(new.prompt), new.model, new.provider, spaced(new.note), '', spaced(new.project)
        );
    END
    """,
    """
    CREATE TRIGGER search_task_filed AFTER UPDATE OF project ON tasks WHEN new.project <> old.project BEGIN
        UPDATE search SET project = spaced(new.project) WHERE rowid = new.number;
    END
    """,
    """
    CREATE TRIGGER search_task_removed AFTER DELETE ON tasks BEGIN
        DELETE FROM search WHERE rowid = old.number;
    END
    """,
    _keeps_notes("search_task_noted", "AFTER UPDATE OF note ON tasks WHEN new.note <> old.note", "new.number"),
    _keeps_notes("search_take_noted", "AFTER UPDATE OF note ON takes WHEN new.note <> old.note", "new.task"),
    _keeps_notes("search_take_added", "AFTER INSERT ON takes WHEN new.note <> ''", "new.task"),
    _keeps_tags("search_tag_added", "AFTER INSERT ON tags", "new.task"),
    _keeps_tags("search_tag_removed", "AFTER DELETE ON tags", "old.task"),
)

FIRST_SCHEMA: tuple[str, ...] = (*_TASKS, *_ATTEMPTS, *_TAKES, *_BESIDES, *_SEARCH)
