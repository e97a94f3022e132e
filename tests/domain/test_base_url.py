"""Keys and prompts travel encrypted, or stay on this computer."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.base_url import base_url, is_loopback


@pytest.mark.parametrize(
    "text",
    [
        "https://api.example.com",
        "https://api.example.com:8443/v1",
        "https://10.0.0.7/v1",
        "https://[2001:db8::1]/v1",
        "http://localhost:8880/v1",
        "http://LOCALHOST",
        "http://127.0.0.1:1",
        "http://127.9.8.7/v1",
        "http://[::1]:8000",
        "https://my_server.local",
    ],
)
def test_an_address_that_keeps_secrets_is_taken(text):
    assert base_url(text) == text
    assert base_url(text + "/") == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("http://api.example.com", "https://"),
        ("http://10.0.0.7", "https://"),
        ("http://0.0.0.0", "https://"),
        ("http://127.0.0.1.example.com", "https://"),
        ("http://localhost.example.com", "https://"),
        ("http://[::ffff:127.0.0.1]", "https://"),
        ("http://[::2]", "https://"),
        ("http://2130706433", "can’t be reached"),
        ("http://0x7f.0.0.1", "can’t be reached"),
        ("http://127.1", "can’t be reached"),
        ("http://localhost@example.com", "user name"),
        ("https://key:secret@example.com", "user name"),
        ("http://example.com\\@localhost", "backslashes"),
        ("http://example.com#@localhost", "path"),
        ("https://example.com?key=1", "path"),
        ("https://exa mple.com", "spaces"),
        ("https://example.com\n.localhost", "spaces"),
        ("https://exämple.com", "ASCII"),
        ("https://", "look like"),
        ("example.com", "look like"),
        ("ftp://example.com", "look like"),
        ("file:///etc/passwd", "look like"),
        ("javascript:alert(1)", "look like"),
        ("", "look like"),
        ("https://example.com:99999", "not an address"),
        ("https://example.com:port", "not an address"),
        ("https://example.com:0", "can’t be reached"),
        ("https://[1:2", "not an address"),
        ("https://-", "can’t be reached"),
        ("https://a%2fb.com", "can’t be reached"),
    ],
)
def test_any_other_is_refused_in_a_sentence(text, reason):
    with pytest.raises(ValueError, match=reason):
        base_url(text)


@pytest.mark.parametrize("host", ["localhost", "LocalHost", "127.0.0.1", "127.255.255.255", "::1", "0:0:0:0:0:0:0:1"])
def test_this_computer_is_known(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "127.0.0", "128.0.0.1", "::", "::1%eth0", "localhost.", "127.0.0.01", "1::1"])
def test_no_other_is_taken_for_it(host):
    assert not is_loopback(host)


@given(
    some.text(max_size=40).map(lambda text: f"http://{text}")
    | some.text(some.sampled_from("localhost127.0[]:@/\\?#%hxtp1 \t"), max_size=40).map(lambda text: f"http://{text}")
)
def test_what_passes_over_http_leads_to_this_computer_for_the_client_too(text):
    try:
        accepted = base_url(text)
    except ValueError:
        return

    assert is_loopback(urlsplit(accepted).hostname)
    assert is_loopback(httpx.URL(accepted).host)


@pytest.mark.parametrize(
    "host",
    [
        *("127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.0.0.1.", "0x", "1.2.3", "256.0.0.1"),
        *("evil.example.1", "evil.0x1"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_number_that_only_some_read_as_an_ip_address_is_no_host(scheme: str, host: str) -> None:
    with pytest.raises(ValueError, match="can’t be reached under this address"):
        base_url(f"{scheme}://{host}/v1")


@pytest.mark.parametrize(
    "address",
    [
        *("http://localhost.evil.example", "http://localhost.", "http://127.0.0.1.evil.example", "http://0.0.0.0"),
        *("http://127.0.0.1@evil.example", "http://evil.example\\@127.0.0.1", "http://evil.example#@127.0.0.1"),
        *("http://lоcalhost", "http://ⓛocalhost", "http://localhost%2eevil.example", "http://%6cocalhost"),
        *(
            "http://[::ffff:127.0.0.1]",
            "http://[::]",
            "http://[::1%25lo]",
            "http://[fe80::1]",
            "http://169.254.169.254",
        ),
    ],
)
def test_plain_http_is_for_the_parsed_host_of_this_computer_alone(address: str) -> None:
    with pytest.raises(ValueError):
        base_url(address)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "127.0.0.1", "127.255.255.254", "[::1]", "[0:0:0:0:0:0:0:1]"]
)
def test_plain_http_to_this_computer_is_taken_however_it_is_spelt(host: str) -> None:
    assert base_url(f"HTTP://{host}:8880/v1").lower() == f"http://{host}:8880/v1".lower()
