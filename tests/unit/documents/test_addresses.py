"""Which addresses count as public."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from services.engine.documents.addresses import AllowedHosts, is_public, literal_address


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "93.184.215.14",
        "2606:4700::6810:84e5",
        "64:ff9b::808:808",
        "2002:808:808::1",
        "::ffff:8.8.8.8",
    ],
)
def test_ordinary_hosts_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "192.0.2.1",
        "198.18.0.1",
        "203.0.113.9",
        "192.88.99.1",
        "100.100.100.200",
        "::",
        "::127.0.0.1",
        "64:ff9b:1::a00:1",
        "2001::1",
        "2001:db8::1",
        "fd00:ec2::254",
        "fe80::1%eth0",
        "100::1",
        "5f00::1",
    ],
)
def test_special_purpose_addresses_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


def test_a_name_is_no_literal_address() -> None:
    assert literal_address("example.com") is None
    assert literal_address("10.example") is None


@pytest.mark.parametrize(
    ("entry", "host", "port", "allowed"),
    [
        ("gateway", "gateway", 8080, True),
        ("gateway", "GATEWAY.", 8080, True),
        ("gateway:8080", "gateway", 8080, True),
        ("gateway:8080", "gateway", 8081, False),
        ("gateway", "gateway.evil.example", 80, False),
        ("[::1]:8080", "::1", 8080, True),
        ("::1", "::1", 99, True),
    ],
)
def test_an_allowed_host_is_named_with_or_without_its_port(
    entry: str, host: str, port: int, allowed: bool
) -> None:
    assert AllowedHosts(frozenset({entry})).allows(host, port) is allowed
