"""What to type next about a failure."""

from __future__ import annotations

from app.domain.task import Task

_KEY = "Give {provider} a key: cuesmith keys set {provider}. Then: cuesmith retry {task}"
_NEXT = {
    "credentials_missing": _KEY,
    "credentials_rejected": "Set another key: cuesmith keys set {provider}. Then: cuesmith retry {task}",
    "key_unconfirmed": "If it may be sent there: cuesmith keys confirm {provider}. Then: cuesmith retry {task}",
    "keychain_error": "Unlock the keychain, or set the key in the environment. Then: cuesmith retry {task}",
    "quota_exhausted": "Add credit at the service. Then: cuesmith retry {task}",
    "rate_limited": "Try later: cuesmith retry {task}",
    "request_rejected": "Nothing was made. Change {field} and generate again.",
    "content_refused": "Nothing was made. Change the prompt and generate again.",
    "upload_gone": "Try again: cuesmith retry {task}",
    "service_unavailable": "Try later: cuesmith retry {task}",
    "unexpected_reply": "Try later: cuesmith retry {task}",
    "result_expired": "Ask the service for it once more: cuesmith retry {task}",
    "paid_but_not_retrievable": "Generating it anew may cost again.",
    "generation_failed": "Try again: cuesmith retry {task}",
}


def next_step(task: Task) -> str:
    """A sentence for a task that failed, wholly or in part; empty where there is nothing to do."""
    failure = task.failure
    if failure is None:
        return ""
    field = (failure.field or "the settings").replace("_", " ")
    return _NEXT.get(failure.kind, "").format(provider=task.request.provider, task=task.id, field=field)
