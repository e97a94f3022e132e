"""Which proxy the computer is set up to use: HTTP_PROXY and its like, or the settings of Windows and macOS."""

from __future__ import annotations

from app.domain.base_url import is_loopback
from app.providers.troubles import NeverLeft


def proxy_for(scheme: str, host: str) -> str | None:
    """The address of the proxy for a host; None: it is reached directly. May ask the system, so not for the loop.

    Raises:
        NeverLeft: There is one that can't be used. Going past it is not ours to decide.
    """
    if is_loopback(host):
        return None
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy or proxy_bypass(host):
        return None
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    if not proxy.lower().startswith(("http://", "https://")):
        raise NeverLeft("this computer’s proxy is of a kind that Cuesmith can’t use (only http and https proxies are)")
    return proxy
