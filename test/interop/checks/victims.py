"""A server and a client for impostors: our own roles, with a key that is made but once."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hl1 import modern, x509
from hl1.classic import K_BOOT
from hl1.fields import now_ms
from hl1.frame import Connection

REQUESTS = 2


@cache
def own_key() -> RSAPrivateKey:
    return x509.new_key(2048)


def register(suite: ModuleType, where: tuple[str, int], anchor: x509.Anchor) -> None:
    """Steps 1 and 2, and that the authority closes."""
    with Connection.connect(where, suite=suite.SUITE) as connection:
        own = {"key": own_key()} if suite is modern else {}
        exchange(connection, suite.Registrant(anchor, "ID-Server", **own), 1)
        connection.expect_end(2)


def converse(suite: ModuleType, where: tuple[str, int], anchor: x509.Anchor) -> None:
    """Steps 3 to 6 and some requests."""
    with Connection.connect(where, suite=suite.SUITE) as connection:
        client = suite.Client(anchor, "ID-Client", "ID-Server", where[0], connection.sock.getsockname(), K_BOOT)
        for step in (3, 5, *(7,) * REQUESTS):
            exchange(connection, client, step)


def exchange(connection: Connection, role, step: int) -> None:
    frame = role.draft(step, now_ms()).frame()
    connection.send(frame)
    role.sent(frame)
    role.accept(step + 1, connection.receive(step + 1), now_ms())
