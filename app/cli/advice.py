"""What to type next about a failure."""

from __future__ import annotations

from app.domain.errors import KeychainError
from app.domain.task import Task
from app.engine.keys import Keys, KeySource

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
    "spending_ceiling_reached": "Change spending.day_usd or spending.month_usd with cuesmith config set, none for no "
    "limit. Then: cuesmith retry {task}",
}
_OF_ENVIRONMENT = {
    "credentials_missing": "Set {variable} in the environment. Then: cuesmith retry {task}",
    "credentials_rejected": "Set another key in {variable}. Then: cuesmith retry {task}",
}


async def next_step(task: Task, keys: Keys) -> str:
    """A sentence for a task that failed, wholly or in part; empty where there is nothing to do."""
    failure = task.failure
    if failure is None:
        return ""
    field = (failure.field or "the settings").replace("_", " ")
    step, variable = _NEXT.get(failure.kind, ""), ""
    if failure.kind in _OF_ENVIRONMENT:
        variable = await variable_in_charge(keys, task.request.provider)
        step = _OF_ENVIRONMENT[failure.kind] if variable else step
    return step.format(provider=task.request.provider, task=task.id, field=field, variable=variable)


async def variable_in_charge(keys: Keys, provider: str) -> str:
    """The environment variable of a service, where a key in the keychain would not be used or can’t be kept.

    Empty where `cuesmith keys set` helps.
    """
    service = next((each for each in keys.services if each.id == provider), None)
    if service is None:
        return ""
    try:
        await keys.keychain_name()
        info = await keys.info(provider)
    except KeychainError:
        return str(service.key_variable)
    is_outside = info is not None and info.source is KeySource.ENVIRONMENT
    return str(service.key_variable) if is_outside else ""
