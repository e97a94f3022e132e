"""What a provider needs for talking to its service, in one place to import from."""

from __future__ import annotations

from app.providers.bodies import FileContent, json_request
from app.providers.network import Network
from app.providers.reply import OpenReply, Reply
from app.providers.service_client import ServiceClient

__all__ = ["FileContent", "Network", "OpenReply", "Reply", "ServiceClient", "json_request"]
