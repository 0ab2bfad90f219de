#!/usr/bin/python3 -B
"""Deliberately wrong input to the listeners, and the alert that protocol.md sections 6 and 7 give for it.

Each case is tried at every step that it makes sense for: the steps before go as they should, then one frame is wrong.
"""

from __future__ import annotations

import argparse
import sys
from functools import cache

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from attacks import Attempt, sample
from attacks.requests import CASES, STEPS
from hl1.classic import K_BOOT
from hl1.fields import now_ms
from hl1.frame import Closed, Connection, PeerAlert, ProtocolError
from hl1.message import Draft
from hl1.program import EXIT_INTERNAL, SUITES, address, anchor, des_key, emit, identity, one_of, outcome, parser
from hl1.x509 import new_key


def arguments() -> argparse.Namespace:
    made = parser("Sends wrong input to the listeners of HL/1. Exit status 0 when every alert is the expected one.")
    made.add_argument("case", nargs="?", choices=sorted(CASES), metavar="CASE")
    made.add_argument("--list", action="store_true", help="print the cases with the expected alerts")
    made.add_argument("--all", action="store_true", help="run all cases at all steps")
    made.add_argument("--slow", action="store_true", help="with --all: also those that wait for a lifetime or idle limit")
    made.add_argument("--one-of", type=one_of, default=1, metavar="N", help="with --all: one case in N of each alert at each step")
    made.add_argument("--authority", type=address, metavar="HOST:PORT")
    made.add_argument("--server", type=address, metavar="HOST:PORT", help="one that serves both suites")
    made.add_argument("--step", type=int, choices=STEPS, help="only at this step; CASE alone: the first that it has")
    made.add_argument("--trust-anchor", type=anchor, metavar="PEM", help="the authority's certificate")
    made.add_argument("--id-s", type=identity, default="ID-Server")
    made.add_argument("--id-c", type=identity, default="ID-Client")
    made.add_argument("--k-boot", type=des_key, default=K_BOOT, metavar="HEX")
    options = made.parse_args()
    if sum((options.list, options.all, options.case is not None)) != 1:
        made.error("give one of CASE, --all and --list")
    if not options.list and (options.trust_anchor is None or not (options.authority or options.server)):
        made.error("give --trust-anchor, and --authority or --server or both")
    return options


@cache
def own_key() -> RSAPrivateKey:
    """The key that every request of `modern` is for: making one takes longer than all the rest."""
    return new_key(2048)


class Walk:
    """One connection that goes as it should, step by step."""

    def __init__(self, options: argparse.Namespace, connection: Connection, step: int, **known: object):
        self.options, self.connection, self.frames = options, connection, {}
        suite = SUITES[options.suite]
        if step == 1:
            own = {"key": own_key()} if options.suite == "modern" else {}
            self.role = suite.Registrant(options.trust_anchor, options.id_s, max_age=options.max_age, **own, **known)
        else:
            self.role = suite.Client(
                options.trust_anchor, options.id_c, options.id_s, options.server[0], connection.sock.getsockname(),
                options.k_boot, options.max_age,
            )

    def draft(self, step: int) -> Draft:
        return self.role.draft(step, now_ms(), *(["time"] if step == 7 else []))

    def exchange(self, step: int) -> Draft:
        """A pair of steps; returns the draft of the one that comes next."""
        frame = self.draft(step).frame()
        self.connection.send(frame)
        self.role.sent(frame)
        answer = self.connection.receive(step + 1)
        self.role.accept(step + 1, answer, now_ms())
        self.frames |= {step: frame, step + 1: answer}
        return self.draft(min(step + 2, 7)) if step > 1 else None


def attack(options: argparse.Namespace, name: str, step: int) -> dict[str, object]:
    """Runs one case at one step and prints what came of it."""
    listener, suite = "authority" if step == 1 else "server", SUITES[options.suite]
    result = {"case": name, "listener": listener, "at": step, "alert": None, "accepted": False, "closed": False}
    expected, message = CASES[name].alert(options.suite, step), None
    with connect(options, listener) as connection:
        walk = Walk(options, connection, step)
        for before in range(3, step, 2):
            walk.exchange(before)
        connection.send(CASES[name].wrong(attempt(options, walk, step)))
        try:
            # Twice our idle limit: the listener's own may be as long as ours.
            connection.receive(step + 1, idle=2 * options.idle)
            result["accepted"] = True
        except PeerAlert as alert:
            result["alert"], message = {"code": alert.code, "step": alert.step}, alert.message
            try:
                connection.expect_end(step)
                result["closed"] = True
            except ProtocolError as error:
                print(f"{name} at step {step}: not closed after the alert: {error}", file=sys.stderr)
        except Closed:
            result["closed"] = True
        except ProtocolError as error:
            print(f"{name} at step {step}: no alert, but {error}", file=sys.stderr)
    ok = result["accepted"] if expected is None else result["alert"] == expected and result["closed"]
    result |= {"message": message, "expected": expected, "as_expected": ok}
    emit(**result)
    return result


def connect(options: argparse.Namespace, listener: str) -> Connection:
    return Connection.connect(getattr(options, listener), suite=SUITES[options.suite].SUITE, idle=options.idle)


def attempt(options: argparse.Namespace, walk: Walk, step: int) -> Attempt:
    """What a case needs to spoil the step that the walk has come to."""

    def elsewhere(wanted: int) -> bytes:
        """A frame that is accepted on another connection; of step 1 with our own nonce."""
        with connect(options, "authority" if wanted == 1 else "server") as connection:
            same = {"nonce_s": walk.role.nonce_s} if wanted == 1 and options.suite == "modern" else {}
            other = Walk(options, connection, wanted, **same)
            for each in (1,) if wanted == 1 else range(3, wanted + 1, 2):
                other.exchange(each)
        return other.frames[wanted]

    left = max(0, walk.role.ends - now_ms()) / 1000 if step == 7 else 0
    return Attempt(
        SUITES[options.suite], walk.role, walk.connection, walk.draft(step), walk.frames, elsewhere,
        lambda: walk.exchange(step), left,
    )


def steps(options: argparse.Namespace, name: str) -> list[int]:
    """Where a case can be tried with the suite, the listeners and the step asked for."""
    reachable = [1] * (options.authority is not None) + [3, 5, 7] * (options.server is not None)
    return [step for step in CASES[name].expected(options.suite) if step in reachable and options.step in (None, step)]


def run(options: argparse.Namespace) -> int:
    if options.all:
        names = [name for name, case in CASES.items() if options.slow or not case.slow]
        every = [(name, step) for name in names for step in steps(options, name)]
        chosen = sample(every, options.one_of, lambda each: (each[1], CASES[each[0]].expected(options.suite)[each[1]]))
        results = [attack(options, name, step) for name, step in chosen]
    else:
        results = [attack(options, options.case, step) for step in steps(options, options.case)[:1]]
    if not results:
        print("no case to try in this suite at this listener and step, see --list", file=sys.stderr)
    # Section 6: one text for everything that goes wrong while a ciphertext is opened.
    unopened = [each for each in results if each["alert"] and each["alert"]["code"] == "decrypt_failed"]
    texts = {(each["listener"], each["message"]) for each in unopened}
    one_text = len(texts) == len({listener for listener, _ in texts})
    wrong = [f"{each['case']} at {each['at']}" for each in results if not each["as_expected"]]
    if options.all:
        emit(ok=bool(results) and not wrong and one_text, cases=len(results), wrong=wrong, one_text=one_text)
    return 0 if results and not wrong and one_text else EXIT_INTERNAL


def show_list(options: argparse.Namespace) -> int:
    for name, case in CASES.items():
        for step in case.expected(options.suite):
            listener = "authority" if step == 1 else "server"
            emit(case=name, listener=listener, at=step, expected=case.alert(options.suite, step), slow=case.slow)
    return 0


if __name__ == "__main__":
    parsed = arguments()
    sys.exit(show_list(parsed) if parsed.list else outcome(lambda: run(parsed)))
