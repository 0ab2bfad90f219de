#!/usr/bin/python3 -B
"""S, the application server: registers with the authority (steps 1, 2), then serves clients (steps 3 to 8)."""

import argparse
import re
import secrets
import sys
from datetime import datetime, timezone

from hl1.classic import K_BOOT
from hl1.fields import LIFETIME, now_ms, to_base64
from hl1.frame import Closed, Connection
from hl1.program import (
    BY_NUMBER, EXIT_STATUS, SUITES, address, anchor, des_key, emit, identity, lifetime, listen, outcome, parser, suite_of,
    tell_only,
)

BYTES_MAX = 512 * 1024


def arguments() -> argparse.Namespace:
    made = parser(f"The application server of HL/1. {EXIT_STATUS}")
    made.add_argument("--authority", type=address, required=True, metavar="HOST:PORT")
    made.add_argument("--trust-anchor", type=anchor, required=True, metavar="PEM", help="the authority's certificate")
    made.add_argument("--id-s", type=identity, default="ID-Server")
    made.add_argument("--listen", type=address, metavar="HOST:PORT", help="serve clients here; port 0: a free one")
    made.add_argument("--lifetime", type=lifetime, default=LIFETIME, metavar="SECONDS", help="of a session")
    made.add_argument("--k-boot", type=des_key, default=K_BOOT, metavar="HEX")
    made.add_argument("--once", action="store_true", help="exit after one served connection")
    made.add_argument("--quiet", action="store_true", help="print only what a script waits for")
    return made.parse_args()


def register(options: argparse.Namespace) -> dict:
    """Steps 1 and 2, and that the authority closes after them; returns what serving needs."""
    suite = SUITES[options.suite]
    with Connection.connect(options.authority, suite=suite.SUITE, idle=options.idle) as connection:
        host = options.listen[0] if options.listen else "127.0.0.1"
        registrant = suite.Registrant(options.trust_anchor, options.id_s, host, options.max_age)
        draft = registrant.draft(1, now_ms())
        frame = draft.frame()
        connection.send(frame)
        registrant.sent(frame)
        emit(step=1, direction="sent", **draft.members)
        members = registrant.accept(2, connection.receive(2), now_ms())
        emit(step=2, direction="received", **members)
        connection.expect_end(2)
    emit(registered=True, id_s=options.id_s, id_ca=options.trust_anchor.identity)
    return registrant.registration


def serve(connection: Connection, number: int, registration: dict, options: argparse.Namespace) -> int:
    """Steps 3 to 6, then pairs 7, 8 until the client closes or the session ends."""
    hello = connection.receive(3)
    server = suite_of(hello).Server(registration, options.lifetime, options.k_boot, options.max_age)
    ip, port = connection.sock.getpeername()

    def accept(step: int, frame: bytes) -> dict:
        members = server.accept(step, frame, now_ms())
        emit(connection=number, step=step, direction="received", **members)
        return members

    def send(step: int, *data: str) -> None:
        draft = server.draft(step, now_ms(), *data)
        frame = draft.frame()
        connection.send(frame)
        server.sent(frame)
        emit(connection=number, step=step, direction="sent", **draft.members)

    accept(3, hello)
    send(4)
    claim = accept(5, connection.receive(5))
    emit(connection=number, address_matches=(claim["ip_c"], claim["port_c"]) == (ip, port))
    send(6)
    while True:
        # Between requests nobody is expected to speak: the idle limit runs from the session's end.
        left = max(0, server.ends - now_ms()) / 1000
        try:
            request = accept(7, connection.receive(7, idle=left + options.idle))["req"]
        except Closed as closed:
            if not closed.clean:
                raise
            emit(connection=number, ended=True)
            return 0
        who = f"{server.id_c} at {ip}:{port}, session age {(now_ms() - server.started) / 1000:.3f} s"
        send(8, answer(request, who))


def answer(request: str, who: str) -> str:
    """What the server says to a request; `who` is the answer to `whoami`."""
    if request == "time":
        return datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    if request == "whoami":
        return who
    if request.startswith("echo "):
        return request.removeprefix("echo ")
    wanted = re.fullmatch(r"bytes ([0-9]{1,6})", request)
    if wanted and int(wanted[1]) <= BYTES_MAX:
        return to_base64(secrets.token_bytes(int(wanted[1])))
    return f"Requests are: time, whoami, echo TEXT, bytes N (N up to {BYTES_MAX})."


def run(options: argparse.Namespace) -> int:
    registration = register(options)
    if options.listen is None:
        return 0
    # What a suite can't do without may come from registering in another one alone: it is then not offered.
    suites = frozenset(number for number, suite in BY_NUMBER.items() if suite.NEEDED <= registration.keys())
    return listen(options, lambda connection, number: serve(connection, number, registration, options), suites)


if __name__ == "__main__":
    parsed = arguments()
    if parsed.quiet:
        tell_only("listening", "failed")
    sys.exit(outcome(lambda: run(parsed)))
