"""What the first paint can do without: imported inside the functions that use it, and right after the paint.

Such an import stands inside a function, marked `late`, and its module here: the first click on something waits no
longer than any other.
"""

from __future__ import annotations

import asyncio
from importlib import import_module

LATE_PARTS = (
    "app.ui.mention_highlighter",
    "app.ui.row_menu",
    "app.ui.main_menu",
    "app.ui.dialog",
    "app.ui.price_question",
    "app.ui.decision_dialog",
    "app.ui.project_dialog",
    "app.ui.quit_question",
    "app.ui.stop_question",
    "app.ui.message_list",
    "app.ui.export_dialog",
    "app.ui.blind_cover",
    "app.ui.preview_menu",
    "app.ui.selection_dialog",
    "app.ui.services_dialog",
    "app.ui.spending_dialog",
    "app.ui.preferences_dialog",
    "app.ui.transcribe_dialog",
    "app.ui.batch_dialog",
    "app.ui.other_model_dialog",
    "app.ui.shortcut_sheet",
    "app.ui.about_dialog",
    "app.ui.report_dialog",
)


async def load_late_parts() -> None:
    """Import them one by one; in between the window can do what people want of it."""
    for name in LATE_PARTS:
        import_module(name)
        await asyncio.sleep(0)
