#!/usr/bin/python3 -B
"""C, the client: steps 3 to 8 with every check of protocol.md section 7."""

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from hl1.classic import K_BOOT
from hl1.fields import now_ms
from hl1.frame import Connection, ProtocolError
from hl1.program import EXIT_STATUS, SUITES, address, anchor, des_key, emit, identity, outcome, parser, tell_only


def arguments() -> argparse.Namespace:
    made = parser(f"The client of HL/1. {EXIT_STATUS}")
    made.add_argument("--server", type=address, required=True, metavar="HOST:PORT")
    made.add_argument("--trust-anchor", type=anchor, required=True, metavar="PEM", help="the authority's certificate")
    made.add_argument("--id-s", type=identity, default="ID-Server")
    made.add_argument("--id-c", type=identity, default="ID-Client")
    made.add_argument("--k-boot", type=des_key, default=K_BOOT, metavar="HEX")
    made.add_argument("--request", action="append", default=[], metavar="TEXT", help="may be repeated")
    made.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="how long to wait before each request")
    made.add_argument("--quiet", action="store_true", help="print only what a script waits for")
    made.add_argument(
        "--visits", action="store_true",
        help="read lines COUNT AT-ONCE from standard input, and make so many visits, so many of them at once",
    )
    made.add_argument("--try-expired", action="store_true", help="send requests after the session's end too")
    return made.parse_args()


def make_visits(options: argparse.Namespace) -> int:
    """Visits as often as each line of the input says; then tells how many were made."""
    for line in sys.stdin:
        count, at_once = map(int, line.split())
        with ThreadPoolExecutor(at_once) as threads:
            made = sum(threads.map(lambda _: run(options) == 0, range(count)))
        emit(visits=made)
    return 0


def run(options: argparse.Namespace) -> int:
    suite = SUITES[options.suite]
    responses = []
    with Connection.connect(options.server, suite=suite.SUITE, idle=options.idle) as connection:
        client = suite.Client(
            options.trust_anchor, options.id_c, options.id_s, options.server[0], connection.sock.getsockname(),
            options.k_boot, options.max_age,
        )
        exchange(connection, client, 3)
        exchange(connection, client, 5)
        for request in options.request:
            time.sleep(options.wait)
            if now_ms() > client.ends and not options.try_expired:
                break
            responses.append(exchange(connection, client, 7, request)["data"])
    if len(responses) < len(options.request):
        # Raised outside of the connection: nothing was received that an alert could answer (section 5).
        raise ProtocolError("session_expired", 7, "the session is over, the request was not sent")
    emit(ok=True, lifetime=client.lifetime, responses=responses)
    return 0


def exchange(connection: Connection, client, step: int, *request: str) -> dict:
    """Sends a step and accepts the one that answers it."""
    draft = client.draft(step, now_ms(), *request)
    frame = draft.frame()
    connection.send(frame)
    client.sent(frame)
    emit(step=step, direction="sent", **draft.members)
    members = client.accept(step + 1, connection.receive(step + 1), now_ms())
    emit(step=step + 1, direction="received", **members)
    return members


if __name__ == "__main__":
    parsed = arguments()
    if parsed.quiet:
        tell_only("visits", "closed", "alert", "failed")
    sys.exit(outcome(lambda: (make_visits if parsed.visits else run)(parsed)))
