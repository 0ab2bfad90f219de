#!/usr/bin/python3 -B
"""Somebody on the wire, through a relay: a session that goes as it should but for one deed, and what the server says to it."""

from __future__ import annotations

import argparse
import sys

from client import exchange
from hl1.classic import K_BOOT
from hl1.fields import now_ms
from hl1.frame import Connection
from hl1.program import EXIT_STATUS, SUITES, address, anchor, emit, identity, outcome, parser

DEEDS = ("replay-7", "flip-5")


def arguments() -> argparse.Namespace:
    made = parser(f"One deed on the wire of HL/1. {EXIT_STATUS}")
    made.add_argument("deed", choices=DEEDS)
    made.add_argument("--server", type=address, required=True, metavar="HOST:PORT", help="the relay")
    made.add_argument("--trust-anchor", type=anchor, required=True, metavar="PEM", help="the authority's certificate")
    made.add_argument("--id-s", type=identity, default="ID-Server")
    made.add_argument("--id-c", type=identity, default="ID-Client")
    return made.parse_args()


def run(options: argparse.Namespace) -> int:
    suite = SUITES[options.suite]
    with Connection.connect(options.server, suite=suite.SUITE, idle=options.idle) as connection:
        client = suite.Client(
            options.trust_anchor, options.id_c, options.id_s, options.server[0], connection.sock.getsockname(),
            K_BOOT, options.max_age,
        )
        exchange(connection, client, 3)
        frame = client.draft(5, now_ms()).frame()
        # The last byte is under the tag, or in the one RSA block: nothing of it opens any more.
        connection.send(frame[:-1] + bytes([frame[-1] ^ 1]) if options.deed == "flip-5" else frame)
        client.sent(frame)
        client.accept(6, connection.receive(6), now_ms())
        request = client.draft(7, now_ms(), "time").frame()
        connection.send(request)
        client.sent(request)
        connection.receive(8)
        connection.send(request)
        connection.receive(8)
        emit(served=2)
    return 0


if __name__ == "__main__":
    parsed = arguments()
    sys.exit(outcome(lambda: run(parsed)))
