"""Free ports are different, really free, and recognised as taken once a server has them."""

from __future__ import annotations

import socket

from deploy.local.ports import LOOPBACK, free_port, free_ports, is_free


def test_ports_are_different_and_can_be_listened_on() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    for port in ports:
        with socket.create_server((LOOPBACK, port)):
            pass


def test_a_port_with_a_server_is_not_free() -> None:
    port = free_port()
    assert is_free(port)
    with socket.create_server((LOOPBACK, port)):
        assert not is_free(port)
