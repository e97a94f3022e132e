"""What there is to choose from: providers, models, voices."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from typing import Any

from app.cli.commands import Commands
from app.cli.context import Context, tell_notices
from app.cli.exit_codes import ExitCode
from app.cli.model_json import model_json
from app.domain.errors import Problem, RequestInvalid
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import number, one_of
from app.domain.provider import ListedModel, ModelLister
from app.domain.voice import Voice
from app.engine.services import Services

_OPTIONS = {"provider": "--provider"}


def add_to(commands: Commands) -> None:
    """Put the commands into the parser."""
    parser = commands.add("providers", "list the services", _providers)
    parser.add_argument("--json", action="store_true", help="print a JSON array")
    parser = commands.add("models", "list the models and what they accept", _models, _OPTIONS)
    parser.add_argument("--provider", metavar="ID", help="only this service's")
    parser.add_argument("--live", action="store_true", help="ask the service for its own list (with --provider)")
    parser.add_argument("--json", action="store_true", help="print a JSON array")
    parser = commands.add("voices", "list the voices of a service", _voices, _OPTIONS)
    parser.add_argument("--provider", metavar="ID", required=True)
    parser.add_argument("--json", action="store_true", help="print a JSON array")


def _providers(options: Namespace, context: Context) -> int:
    services = context.services()
    tell_notices(context.console, services.notices)
    rows = [
        (provider.id, provider.base_url, services.catalogue.of_provider(provider.id))
        for provider in services.providers.values()
    ]
    if options.json:
        context.console.say_json(
            [{"id": name, "base_url": base_url, "models": [m.id for m in models]} for name, base_url, models in rows]
        )
    else:
        context.console.say_table(
            ("ID", "BASE URL", "MODELS"),
            [(name, base_url, ", ".join(m.id for m in models)) for name, base_url, models in rows],
        )
    return ExitCode.DONE


def _models(options: Namespace, context: Context) -> int:
    if options.live:
        return _live_models(options, context)
    services = context.services()
    tell_notices(context.console, services.notices)
    catalogue = services.catalogue
    models = catalogue.models
    if options.provider is not None:
        models = catalogue.of_provider(options.provider)
        if not models:
            catalogue.spec(options.provider, "")  # says which providers there are
    if options.json:
        context.console.say_json([model_json(model) for model in models])
    else:
        context.console.say_table(
            ("PROVIDER", "MODEL", "KIND", "TAKES", "LENGTH", "PRICE", "WHAT IT IS"), map(_model_row, models)
        )
    return ExitCode.DONE


def _live_models(options: Namespace, context: Context) -> int:
    async def run() -> tuple[ListedModel, ...]:
        services = context.services()
        try:
            able = {name: each for name, each in services.providers.items() if isinstance(each, ModelLister)}
            if options.provider not in able:
                message = f"Only {one_of(able)} can be asked for a list; name it with --provider."
                raise RequestInvalid([Problem("provider", message)])
            return await able[options.provider].models()
        finally:
            await services.close()

    models = asyncio.run(run())
    if options.json:
        context.console.say_json([{"id": model.id, "label": model.label} for model in models])
    else:
        context.console.say_table(("MODEL", "NAME"), [(model.id, model.label) for model in models])
    return ExitCode.DONE


def _voices(options: Namespace, context: Context) -> int:
    async def run() -> tuple[Voice, ...]:
        services = context.services()
        tell_notices(context.console, services.notices)
        try:
            return await _voices_of(services, options.provider)
        finally:
            await services.close()

    voices = asyncio.run(run())
    if options.json:
        context.console.say_json([_voice_json(voice) for voice in voices])
    elif voices:
        context.console.say_table(
            ("ID", "LANGUAGES", "GENDER", "NAME"),
            [(voice.id, ", ".join(voice.languages), voice.gender, voice.name) for voice in voices],
        )
    else:
        context.console.tell(f"cuesmith: {options.provider} has no voices.")
    return ExitCode.DONE


async def _voices_of(services: Services, provider: str) -> tuple[Voice, ...]:
    """What the service lists, and what is known of its models, each voice once."""
    listed = await services.voices.voices(provider)
    known = (voice for spec in services.catalogue.of_provider(provider) for voice in spec.voices)
    return tuple({voice.id: voice for voice in (*listed, *known)}.values())


def _model_row(model: ModelSpec) -> tuple[str, ...]:
    length = model.duration
    return (
        model.provider,
        model.id,
        ", ".join(kind.value for kind in model.kinds),
        f"1 to {model.max_takes}" if model.max_takes > 1 else "1",
        "" if length is None else f"{number(length.minimum)} to {number(length.maximum)} s",
        _price(model),
        model.summary or model.label,
    )


def _price(model: ModelSpec) -> str:
    return "unknown" if model.price is None else model.price.in_words


def _voice_json(voice: Voice) -> dict[str, Any]:
    return {
        "id": voice.id,
        "name": voice.name,
        "provider": voice.provider,
        "languages": list(voice.languages),
        "gender": voice.gender,
        "traits": voice.traits,
    }
