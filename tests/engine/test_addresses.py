"""Where services are reached, and what a key belongs to."""

from __future__ import annotations

import pytest

from app.domain.service import Service
from app.engine.addresses import Addresses, origin_of

ACME = Service("acme", "Acme", "effects", base_url="https://api.example.com/v1")


def test_a_service_is_reached_at_its_own_address_until_another_is_chosen() -> None:
    addresses = Addresses([ACME])
    assert addresses.of("acme") == "https://api.example.com/v1"

    addresses.choose({"acme": "http://127.0.0.1:8080/v1"})

    assert addresses.of("acme") == "http://127.0.0.1:8080/v1"
    assert addresses.own("acme") == "https://api.example.com/v1"

    addresses.choose({})

    assert addresses.of("acme") == "https://api.example.com/v1"


def test_a_service_without_an_address_has_none() -> None:
    addresses = Addresses([Service("local", "Built-in generator", "effects")])

    assert addresses.of("local") == addresses.of("nobody") == ""


@pytest.mark.parametrize(
    ("base_url", "origin"),
    [
        ("https://api.example.com/v1", "https://api.example.com"),
        ("HTTPS://API.Example.COM", "https://api.example.com"),
        ("https://api.example.com:443/v1", "https://api.example.com"),
        ("http://localhost:80", "http://localhost"),
        ("http://localhost:443", "http://localhost:443"),
        ("https://api.example.com:8443/", "https://api.example.com:8443"),
        ("http://[::1]:8080/v1", "http://[::1]:8080"),
        ("http://[::1]", "http://[::1]"),
        ("", ""),
        ("local:", ""),
    ],
)
def test_an_origin_is_scheme_host_and_the_port_in_effect(base_url: str, origin: str) -> None:
    assert origin_of(base_url) == origin


@pytest.mark.parametrize(
    "other",
    [
        "http://api.example.com",
        "https://api.example.com:444",
        "https://api.example.com.",
        "https://api.example.com.evil.example",
        "https://evil.example/api.example.com",
        "https://example.com",
    ],
)
def test_what_differs_in_scheme_host_or_port_is_another_origin(other: str) -> None:
    assert origin_of(other) != origin_of("https://api.example.com")
