"""Which network addresses a client's URL may lead to, and a resolver that lets no other through."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from shared.errors import FetchError

IPAddress = IPv4Address | IPv6Address

# The IANA special-purpose registry (RFC 6890), written out because the standard library's view of it
# changes between releases, and the metadata address that Azure gives out of its public range.
FORBIDDEN_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
GLOBAL_V6 = IPv6Network("2000::/3")
FORBIDDEN_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16")))
# RFC 6052: an IPv4 address in the last 32 bits, reached through the network's translator.
NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: IPAddress) -> bool:
    """Whether `address` is an ordinary host of the public Internet, wherever an IPv4 address hides in it."""
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in FORBIDDEN_V4)
    if address.scope_id is not None:
        return False
    embedded = _embedded_v4(address)
    if embedded is not None:
        return is_public(embedded)
    if address not in GLOBAL_V6 or any(address in network for network in FORBIDDEN_V6):
        return False
    return address.is_global


def _embedded_v4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that traffic to `address` ends at: mapped, NAT64 or 6to4."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def literal_address(host: str) -> IPAddress | None:
    """The address that `host` spells, or None for a name.

    Takes every notation that the system's resolver takes, such as `127.1`, `0x7f000001` and `2130706433`.
    """
    bare = host.strip("[]")
    try:
        return ip_address(bare)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(bare))
    except (OSError, ValueError):
        return None


class AllowedHosts:
    """The hosts that may be private, because whoever runs the engine named them: `host` or `host:port`."""

    def __init__(self, entries: frozenset[str]) -> None:
        self._entries = frozenset(entry.strip().lower() for entry in entries)

    def allows(self, host: str, port: int) -> bool:
        """Whether `host` at `port` may be reached whatever its address is."""
        name = host.lower().rstrip(".").strip("[]")
        spelled = f"[{name}]" if ":" in name else name
        return not self._entries.isdisjoint({name, spelled, f"{spelled}:{port}"})


class GuardedResolver(AbstractResolver):
    """Resolves names to public addresses only; connections go to the very addresses it has checked.

    One answer that is not public refuses the whole name: nothing honest mixes the two.
    """

    def __init__(self, allowed: AllowedHosts, resolver: AbstractResolver | None = None) -> None:
        self._allowed = allowed
        self._resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of `host`; raises FetchError `urlNotAllowed` when one of them is not public."""
        answers = await self._resolver.resolve(host, port, family)
        if not self._allowed.allows(host, port):
            for answer in answers:
                if not is_public(ip_address(answer["host"])):
                    raise not_public()
        return answers

    async def close(self) -> None:
        await self._resolver.close()


def not_public() -> FetchError:
    """The refusal; it does not say which address was found, which is nobody's business outside."""
    return FetchError(
        "urlNotAllowed",
        "The document URL leads to a private or reserved network address, which is not allowed.",
    )
