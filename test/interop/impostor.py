#!/usr/bin/python3 -B
"""An authority or a server that answers wrong, and the alert that protocol.md sections 6 and 7 give for it.

Each connection is one case at one step, in the order of --list: the steps before go as they should, then one frame is
wrong. Whoever connects has to come once for each. It prints a line per connection and ends after the last one.
"""

from __future__ import annotations

import argparse
import socket
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from attacks import Attempt, Case, sample
from attacks.answers import CASES, STEPS
from hl1.classic import K_BOOT, Registrant
from hl1.fields import now_ms
from hl1.frame import Closed, Connection, PeerAlert, ProtocolError
from hl1.message import Draft, Office
from hl1.program import EXIT_INTERNAL, SUITES, address, emit, identity, one_of, outcome, parser
from hl1.x509 import Issuer, new_key


def arguments() -> argparse.Namespace:
    made = parser("Answers servers or clients of HL/1 wrongly. Exit status 0 when every alert is the expected one.")
    made.add_argument("case", nargs="?", choices=sorted(CASES), metavar="CASE", help="only this one")
    made.add_argument("--role", choices=("authority", "server"), required=True)
    made.add_argument("--list", action="store_true", help="print the cases with the expected alerts, in order")
    made.add_argument("--slow", action="store_true", help="also those that wait for an idle limit")
    made.add_argument("--one-of", type=one_of, default=1, metavar="N", help="one case in N of each alert at each step")
    made.add_argument("--listen", type=address, default="127.0.0.1:0", metavar="HOST:PORT", help="port 0: a free one")
    made.add_argument("--trust-anchor-out", metavar="PEM", help="where the authority's certificate is written")
    made.add_argument("--step", type=int, choices=STEPS, help="only at this step")
    made.add_argument("--id-ca", type=identity, default="ID-CA")
    options = made.parse_args()
    if not options.list and options.trust_anchor_out is None:
        made.error("give --trust-anchor-out")
    return options


def chosen(options: argparse.Namespace) -> list[tuple[str, Case, int]]:
    """The cases to try, each with its step."""
    steps = {"authority": (2,), "server": (4, 6, 8)}[options.role]
    every = [
        (name, case, step)
        for name, case in CASES.items()
        if options.case in (None, name) and (options.slow or not case.slow or options.case)
        for step in case.expected(options.suite)
        if step in steps and options.step in (None, step)
    ]
    return sample(every, options.one_of, lambda each: (each[2], each[1].expected(options.suite)[each[2]]))


class Stage:
    """What an impostor has on all of its connections: a real authority's office, and a server that it has certified."""

    def __init__(self, options: argparse.Namespace):
        self.name = options.suite
        self.suite: ModuleType = SUITES[options.suite]
        self.office = Office(Issuer.create(options.id_ca, 2048), max_age=options.max_age, new_key=cache(new_key))
        # Registering in `classic` brings what either suite needs.
        self.registration = registered(Registrant(self.office.issuer.anchor, "ID-Server"), SUITES["classic"], self.office)

    @cache
    def elsewhere(self, step: int) -> bytes:
        """A frame of a session that goes well, between two parties of our own."""
        if step == 2:
            registrant = self.suite.Registrant(self.office.issuer.anchor, "ID-Server")
            return passed(registrant, self.suite.Authority(self.office), 1)
        client = self.suite.Client(self.office.issuer.anchor, "ID-Client", "ID-Server", "127.0.0.1", ("127.0.0.1", 9), K_BOOT)
        server = self.suite.Server(self.registration, k_boot=K_BOOT)
        return [passed(client, server, before) for before in range(3, step, 2)][-1]


def passed(asking, answering, step: int) -> bytes:
    """A pair of steps between two roles, without a connection; returns the answer."""
    for sender, receiver, each in ((asking, answering, step), (answering, asking, step + 1)):
        frame = sender.draft(each, now_ms()).frame()
        sender.sent(frame)
        receiver.accept(each, frame, now_ms())
    return frame


def registered(registrant, suite: ModuleType, office: Office) -> dict[str, object]:
    passed(registrant, suite.Authority(office), 1)
    return registrant.registration


class Walk:
    """One connection that goes as it should, step by step."""

    def __init__(self, stage: Stage, connection: Connection, step: int):
        self.connection, self.frames = connection, {}
        self.role = stage.suite.Authority(stage.office) if step == 2 else stage.suite.Server(stage.registration, k_boot=K_BOOT)

    def receive(self, step: int) -> Draft:
        """Takes what is asked; returns the draft of the answer."""
        self.frames[step] = self.connection.receive(step)
        self.role.accept(step, self.frames[step], now_ms())
        return self.role.draft(step + 1, now_ms())

    def answer(self, draft: Draft) -> None:
        frame = draft.frame()
        self.connection.send(frame)
        self.role.sent(frame)
        self.frames[draft.step] = frame

    def reach(self, step: int) -> Draft:
        """Goes on to the answer of this step, and returns its draft."""
        draft = self.receive(1 if step == 2 else 3)
        while draft.step < step:
            self.answer(draft)
            draft = self.receive(draft.step + 1)
        return draft


def deceive(stage: Stage, connection: Connection, case: Case, step: int) -> dict[str, object]:
    """Spoils one answer; returns what came of it."""
    walk = Walk(stage, connection, step)
    draft = walk.reach(step)

    def exchange() -> Draft:
        """The right answer, and the next request."""
        walk.answer(draft)
        return walk.receive(7)

    attempt = Attempt(
        stage.suite, walk.role, connection, draft, walk.frames, stage.elsewhere, exchange, office=stage.office
    )
    connection.send(case.wrong(attempt))
    if step == 2 and not case.slow:
        # The authority closes after step 2 (section 1).
        connection.sock.shutdown(socket.SHUT_WR)
    result: dict[str, object] = {"alert": None, "message": None, "accepted": False}
    try:
        # The next request, or the end of a registration; a client that has had what it wants just closes.
        connection.receive(step + 1 if step < 8 else 7)
        result["accepted"] = True
        if case.expected(stage.name)[step]:
            connection.receive(7)
    except PeerAlert as alert:
        result |= {"alert": {"code": alert.code, "step": alert.step}, "message": alert.message}
    except Closed as closed:
        result["accepted"] = result["accepted"] or closed.clean
    except ProtocolError as error:
        print(f"step {step}: no alert, but {error}", file=sys.stderr)
    return result


def run(options: argparse.Namespace) -> int:
    stage, cases = Stage(options), chosen(options)
    Path(options.trust_anchor_out).write_text(stage.office.issuer.anchor.pem)
    wrong, texts = [], set()
    with socket.create_server(options.listen) as listener:
        emit(listening=listener.getsockname()[1], cases=len(cases))
        for name, case, step in cases:
            sock, _ = listener.accept()
            expected = case.alert(options.suite, step)
            with Connection(sock, suites=frozenset((stage.suite.SUITE,)), idle=options.idle) as connection:
                try:
                    result = deceive(stage, connection, case, step)
                except (PeerAlert, Closed, ProtocolError) as error:
                    # It went wrong before anything was: the case has not been tried.
                    result = {"alert": None, "message": f"{type(error).__name__}: {error}", "accepted": False}
            ok = result["accepted"] if expected is None else result["alert"] == expected
            emit(case=name, at=step, **result, expected=expected, as_expected=ok)
            if not ok:
                wrong.append(f"{name} at {step}")
            if result["alert"] and result["alert"]["code"] == "decrypt_failed":
                texts.add(result["message"])
    emit(ok=bool(cases) and not wrong and len(texts) <= 1, cases=len(cases), wrong=wrong, one_text=len(texts) <= 1)
    return 0 if cases and not wrong and len(texts) <= 1 else EXIT_INTERNAL


def show_list(options: argparse.Namespace) -> int:
    for name, case, step in chosen(options):
        emit(case=name, at=step, expected=case.alert(options.suite, step), slow=case.slow)
    return 0


if __name__ == "__main__":
    parsed = arguments()
    sys.exit(show_list(parsed) if parsed.list else outcome(lambda: run(parsed)))
