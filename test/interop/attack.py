#!/usr/bin/python3 -B
"""Deliberately wrong input to the listeners, and the alert that protocol.md sections 6 and 7 give for it.

Each case is tried at every step that it makes sense for: the steps before go as they should, then one frame is wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass, replace
from typing import Callable

from hl1.classic import K_BOOT, WEAK_KEYS, Draft
from hl1.fields import now_ms, to_base64
from hl1.frame import Closed, Connection, PeerAlert, ProtocolError, build
from hl1.program import EXIT_INTERNAL, SUITES, address, anchor, des_key, emit, identity, outcome, parser

DAY_MS = 86_400_000
UNKNOWN_VERSION, UNKNOWN_SUITE, UNKNOWN_TYPE = 2, 9, 0x20
LENGTH_LIMITS = {1: 16_384, 3: 16_384, 5: 16_384, 7: 1_048_640}
OUT_OF_ORDER = {1: 3, 3: 5, 5: 7, 7: 3}
KEY_MEMBERS = {1: "k_tmp1", 5: "k_tmp2"}
ID_MEMBERS = {1: "id_s", 3: "id_s", 5: "id_c"}
DROPPED_MEMBERS = {1: "id_s", 3: "id_c", 5: "ip_c", 7: "req"}
ALL_STEPS = (1, 3, 5, 7)

Wrong = Callable[[Draft, float], bytes]
"""Makes the bytes to send from the draft as it should be and the seconds left of the session."""


@dataclass(frozen=True)
class Case:
    """What is sent, and the expected code for each step it can be sent at."""

    expected: dict[int, str]
    wrong: Wrong
    slow: bool = False

    def alert(self, step: int) -> dict[str, object]:
        """The expected alert: its step is the type sent when that is a step, else the step awaited (section 6)."""
        sent = OUT_OF_ORDER[step] if self.wrong is out_of_order else step
        return {"code": self.expected[step], "step": sent}


def edited(edit: Callable[[Draft], dict[str, object]]) -> Wrong:
    """A frame whose plaintext is well encrypted and has other members; None leaves a member out."""

    def wrong(draft: Draft, left: float) -> bytes:
        changed = {**draft.members, **edit(draft)}
        members = {name: value for name, value in changed.items() if value is not None}
        return build(draft.step, replace(draft, members=members).body())

    return wrong


def keyed(key: bytes) -> Wrong:
    return edited(lambda draft: {KEY_MEMBERS[draft.step]: to_base64(key)})


def dated(offset: int) -> Wrong:
    return edited(lambda draft: {f"ts{draft.step}": now_ms() + offset})


def tampered(draft: Draft, left: float) -> bytes:
    """Flips a bit of the ciphertext's first block: DES garbles the start of the JSON, OAEP fails."""
    body = bytearray(draft.body())
    body[8] ^= 0x10
    return build(draft.step, bytes(body))


def out_of_order(draft: Draft, left: float) -> bytes:
    return build(OUT_OF_ORDER[draft.step], draft.body())


def too_large(draft: Draft, left: float) -> bytes:
    """The 8 bytes of a header whose length is one over the limit, and nothing after it."""
    return header_only(draft.step, LENGTH_LIMITS[draft.step] + 1)


def header_only(kind: int, length: int) -> bytes:
    return length.to_bytes(4, "big") + build(kind, b"")[4:]


def expired(draft: Draft, left: float) -> bytes:
    """A good request that arrives just after the session's end (section 5)."""
    time.sleep(left + 0.2)
    return build(draft.step, draft.body())


def at(steps: tuple[int, ...], code: str) -> dict[int, str]:
    return dict.fromkeys(steps, code)


CASES = {
    "bad-version": Case(
        at(ALL_STEPS, "unsupported_version"), lambda draft, left: build(draft.step, draft.body(), version=UNKNOWN_VERSION)
    ),
    "bad-suite": Case(
        at(ALL_STEPS, "unsupported_suite"), lambda draft, left: build(draft.step, draft.body(), suite=UNKNOWN_SUITE)
    ),
    "wrong-type": Case(at(ALL_STEPS, "unexpected_message"), lambda draft, left: build(UNKNOWN_TYPE, draft.body())),
    "wrong-type-too-large": Case(
        at(ALL_STEPS, "unexpected_message"), lambda draft, left: header_only(UNKNOWN_TYPE, LENGTH_LIMITS[7] + 1)
    ),
    "out-of-order": Case(at(ALL_STEPS, "unexpected_message"), out_of_order),
    "too-large": Case(at(ALL_STEPS, "frame_too_large"), too_large),
    "stale": Case(at(ALL_STEPS, "stale_timestamp"), dated(-DAY_MS)),
    "future": Case(at(ALL_STEPS, "future_timestamp"), dated(DAY_MS)),
    "tampered": Case(at(ALL_STEPS, "decrypt_failed"), tampered),
    "truncated": Case(at(ALL_STEPS, "decrypt_failed"), lambda draft, left: build(draft.step, draft.body()[:-1])),
    "empty": Case(at(ALL_STEPS, "decrypt_failed"), lambda draft, left: build(draft.step, b"")),
    "not-json": Case(at(ALL_STEPS, "decrypt_failed"), lambda draft, left: build(draft.step, draft.seal(b"not JSON"))),
    "missing-member": Case(at(ALL_STEPS, "malformed"), edited(lambda draft: {DROPPED_MEMBERS[draft.step]: None})),
    "mistyped-member": Case(at(ALL_STEPS, "malformed"), edited(lambda draft: {f"ts{draft.step}": str(now_ms())})),
    "wrong-id": Case(
        # At step 1 the authority knows no identity beforehand: there the wrong one is one outside the pattern.
        {1: "malformed", **at((3, 5), "unknown_identity")},
        edited(lambda draft: {ID_MEMBERS[draft.step]: "No Identity" if draft.step == 1 else "ID-Nobody"}),
    ),
    "bad-id": Case(at((3, 5), "malformed"), edited(lambda draft: {ID_MEMBERS[draft.step]: "No Identity"})),
    "wrong-id-stale": Case(
        at((3, 5), "unknown_identity"),
        edited(lambda draft: {ID_MEMBERS[draft.step]: "ID-Nobody", f"ts{draft.step}": now_ms() - DAY_MS}),
    ),
    "weak-des-key": Case(at((1, 5), "malformed"), keyed(WEAK_KEYS[0])),
    "semi-weak-des-key": Case(at((1, 5), "malformed"), keyed(WEAK_KEYS[4])),
    "weak-des-key-parity": Case(at((1, 5), "malformed"), keyed(bytes(8))),
    "short-des-key": Case(at((1, 5), "malformed"), keyed(b"\x2a" * 7)),
    "expired": Case({7: "session_expired"}, expired, slow=True),
    "silent": Case(at((1, 3, 5), "timeout"), lambda draft, left: b"", slow=True),
}


def arguments() -> argparse.Namespace:
    made = parser("Sends wrong input to the listeners of HL/1. Exit status 0 when every alert is the expected one.")
    made.add_argument("case", nargs="?", choices=sorted(CASES), metavar="CASE")
    made.add_argument("--list", action="store_true", help="print the cases with the expected alerts")
    made.add_argument("--all", action="store_true", help="run all cases at all steps")
    made.add_argument("--slow", action="store_true", help="with --all: also those that wait for a lifetime or idle limit")
    made.add_argument("--authority", type=address, metavar="HOST:PORT")
    made.add_argument("--server", type=address, metavar="HOST:PORT")
    made.add_argument("--step", type=int, choices=ALL_STEPS, help="only at this step; CASE alone: the first that it has")
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


def attack(options: argparse.Namespace, name: str, step: int) -> dict[str, object]:
    """Runs one case at one step and prints what came of it."""
    listener = "authority" if step == 1 else "server"
    suite = SUITES[options.suite]
    result = {"case": name, "listener": listener, "at": step, "alert": None, "closed": False}
    expected, message = CASES[name].alert(step), None
    with Connection.connect(getattr(options, listener), suite=suite.SUITE, idle=options.idle) as connection:
        draft, left = walk(connection, options, step)
        connection.send_raw(CASES[name].wrong(draft, left))
        try:
            # Twice our idle limit: the listener's own may be as long as ours.
            connection.receive(step + 1, idle=2 * options.idle)
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
    ok = result["alert"] == expected and result["closed"]
    result |= {"message": message, "expected": expected, "as_expected": ok}
    emit(**result)
    return result


def walk(connection: Connection, options: argparse.Namespace, step: int) -> tuple[Draft, float]:
    """Goes as it should up to the step; returns the draft to spoil and the seconds left of the session."""
    suite = SUITES[options.suite]
    if step == 1:
        return suite.Registrant(options.trust_anchor, options.id_s, max_age=options.max_age).draft(now_ms()), 0
    client = suite.Client(
        options.trust_anchor, options.id_c, options.id_s, options.server[0], connection.sock.getsockname(),
        options.k_boot, options.max_age,
    )
    for before in range(3, step, 2):
        connection.send(before, client.draft(before, now_ms()).body())
        client.accept(before + 1, connection.receive(before + 1), now_ms())
    return client.draft(step, now_ms(), *(["time"] if step == 7 else [])), max(0, client.ends - now_ms()) / 1000


def steps(options: argparse.Namespace, name: str) -> list[int]:
    """Where a case can be tried with the listeners and the step asked for."""
    reachable = [1] * (options.authority is not None) + [3, 5, 7] * (options.server is not None)
    return [step for step in CASES[name].expected if step in reachable and options.step in (None, step)]


def run(options: argparse.Namespace) -> int:
    if options.all:
        chosen = [name for name, case in CASES.items() if options.slow or not case.slow]
        results = [attack(options, name, step) for name in chosen for step in steps(options, name)]
    else:
        results = [attack(options, options.case, step) for step in steps(options, options.case)[:1]]
    if not results:
        print("no case to try at this listener and step, see --list", file=sys.stderr)
    # Section 6: one text for everything that goes wrong while a ciphertext is opened.
    unopened = [each for each in results if each["alert"] and each["alert"]["code"] == "decrypt_failed"]
    texts = {(each["listener"], each["message"]) for each in unopened}
    one_text = len(texts) == len({listener for listener, _ in texts})
    wrong = [f"{each['case']} at {each['at']}" for each in results if not each["as_expected"]]
    if options.all:
        emit(ok=bool(results) and not wrong and one_text, cases=len(results), wrong=wrong, one_text=one_text)
    return 0 if results and not wrong and one_text else EXIT_INTERNAL


def show_list() -> int:
    for name, case in CASES.items():
        for step in case.expected:
            listener = "authority" if step == 1 else "server"
            emit(case=name, listener=listener, at=step, expected=case.alert(step), slow=case.slow)
    return 0


if __name__ == "__main__":
    parsed = arguments()
    sys.exit(show_list() if parsed.list else outcome(lambda: run(parsed)))
