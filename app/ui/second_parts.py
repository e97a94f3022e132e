"""What works behind the window’s first picture: loaded right after it was painted, in pieces of some milliseconds.

The order is that of what needs what, so that no piece brings many others along.
"""

from __future__ import annotations

SECOND_PARTS = (
    "asyncio.base_events",
    "app.audio.containers",
    "app.audio.input_facts",
    "app.engine.batch_plan",
    "app.storage.ledger",
    "app.storage.task_store",
    "app.engine.spending",
    "app.engine.gate",
    "app.storage.take_files",
    "app.engine.gear",
    "app.engine.collecting",
    "app.engine.held_task",
    "app.engine.holding",
    "app.engine.stopping",
    "app.engine.task_queue",
    "app.engine.batch_planner",
    "app.engine.delivering",
    "app.engine.batches",
    "app.engine.export_plan",
    "app.engine.exporter",
    "app.engine.handing_over",
    "app.storage.keychain",
    "app.engine.keys",
    "app.engine.ledger_view",
    "app.engine.library",
    "app.engine.services",
    "app.providers.network",
    "app.building",
    "app.ui.event_loop",
    "app.ui.service_keys",
    "app.ui.decision_flow",
    "app.ui.deeds",
    "app.ui.window_services",
    "app.ui.library_controller",
    "app.ui.drag_flow",
    "app.ui.clip_trimming",
    "app.ui.services_flow",
    "app.ui.spending_flow",
    "app.ui.transcribe_flow",
    "app.ui.application",
)
