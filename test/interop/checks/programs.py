"""The programs: all roles against each other over loopback, under attack, and attacking."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Callable, Iterator

from hl1 import classic, x509
from hl1.fields import from_base64, now_ms
from hl1.frame import Closed, Connection, PeerAlert, ProtocolError
from hl1.message import Office
from hl1.program import SUITES

from . import Report, victims

HERE = Path(__file__).parent.parent
PROGRAM_SECONDS = 180
PATIENCE = "6"
"""The idle limit where a check waits for it: seconds, enough for an authority under load to make a key."""


def program(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-B", str(HERE / name), *arguments]


def run(name: str, *arguments: str) -> tuple[int, list[dict]]:
    """Runs a program to its end; returns its exit status and lines."""
    done = subprocess.run(
        program(name, *arguments), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=PROGRAM_SECONDS
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


@contextmanager
def listening(name: str, *arguments: str) -> Iterator[str]:
    """Runs a listener on a free port for as long as the context lasts; gives its HOST:PORT."""
    command = program(name, "--listen", "127.0.0.1:0", *arguments)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        line = {}
        for text in process.stdout:
            line = json.loads(text)
            if "listening" in line:
                break
        else:
            raise RuntimeError(f"{name} ended before it listened, its last words: {line}")
        # What it goes on to print is read away, so that it never waits for us.
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield f"127.0.0.1:{line['listening']}"
    finally:
        process.terminate()
        process.wait()


def check_programs(report: Report, folder: Path, suites: list[str], *, one_of: int) -> None:
    """All roles against each other in each of the suites, and the ways it can go wrong, of attacks one in `one_of`."""
    own, foreign = str(folder / "ca.pem"), str(folder / "foreign.pem")
    with listening("authority.py", "--trust-anchor-out", own) as authority, \
            listening("authority.py", "--trust-anchor-out", foreign) as stranger:
        server = ("--authority", authority, "--trust-anchor", own)
        for suite in suites:
            status, lines = run("server.py", "--suite", suite, *server)
            report.equal(f"{suite}: server.py registers", (status, lines[-1].get("registered")), (0, True))
            lines = run("server.py", "--suite", suite, *server, "--id-s", "id-ca")
            alerted(report, f"{suite}: the authority certifies nobody in its own name", *lines, "unknown_identity", 1)
            lines = run("server.py", "--suite", suite, "--authority", stranger, "--trust-anchor", own)
            alerted(report, f"{suite}: the authority refuses what is for another", *lines, "decrypt_failed", 1)
        with listening("server.py", *server) as address:
            for suite in suites:
                check_client(report, suite, address, own, foreign)
                check_attacks(report, suite, authority, address, own, one_of)
        with listening("server.py", *server, "--lifetime", "1", "--idle", PATIENCE) as address:
            for suite in suites:
                check_lifetime(report, suite, address, own)
        with listening("server.py", "--suite", "modern", *server) as address:
            status, lines = run("client.py", "--suite", "modern", "--server", address, "--trust-anchor", own)
            report.equal("who registered in modern serves modern", (status, lines[-1].get("ok")), (0, True))
            lines = run("client.py", "--suite", "classic", "--server", address, "--trust-anchor", own)
            alerted(report, "who registered in modern has no cert_s for classic", *lines, "unsupported_suite", 3)
    for suite in suites:
        check_names(report, folder, suite)
        for role, fall in (("authority", victims.register), ("server", victims.converse)):
            check_impostor(report, folder, suite, role, fall, one_of)
    for extra, code in ((b"more", "unexpected_message"), (b"", "timeout")):
        with unending_authority(own, extra) as address:
            lines = run("server.py", "--authority", address, "--trust-anchor", own, "--idle", PATIENCE)
            failed(report, f"server.py finds an authority that doesn't close: {code}", *lines, code, 2)
    with silent_listener() as address:
        status, lines = run("attack.py", "--server", address, "--trust-anchor", own, "bad-version")
        found = (status, lines[-1]["alert"], lines[-1]["closed"])
        report.equal("attack.py finds a listener that sends no alert", found, (1, None, True))


def check_names(report: Report, folder: Path, suite: str) -> None:
    """Where the first keeps a name, nobody else gets it, in whatever capitals."""
    anchor = str(folder / "names.pem")
    with listening("authority.py", "--trust-anchor-out", anchor, "--names", "first") as authority:
        server = ("server.py", "--suite", suite, "--authority", authority, "--trust-anchor", anchor, "--id-s")
        status, lines = run(*server, "ID-Server")
        report.equal(f"{suite}: the first gets the name", (status, lines[-1].get("registered")), (0, True))
        for name in ("ID-Server", "id-server"):
            alerted(report, f"{suite}: the name {name} is taken", *run(*server, name), "unknown_identity", 1)
        status, lines = run(*server, "ID-Other")
        report.equal(f"{suite}: another name is free", (status, lines[-1].get("registered")), (0, True))


def check_client(report: Report, suite: str, address: str, own: str, foreign: str) -> None:
    text = "grüß dich " * 4000
    requests = ["time", "whoami", "echo " + text, "bytes 524288", "bytes 524289", "dance"]
    asked = [part for request in requests for part in ("--request", request)]
    status, lines = run("client.py", "--suite", suite, "--server", address, "--trust-anchor", own, *asked)
    passed = (status, lines[-1].get("ok"), lines[-1].get("lifetime"))
    report.equal(f"{suite}: client.py passes all checks", passed, (0, True, 60))
    if status != 0:
        return
    _, whoami, echo, random, too_many, unknown = lines[-1]["responses"]
    report.check(f"{suite}: whoami names the client", whoami.startswith("ID-Client at 127.0.0.1:"), whoami)
    report.check(f"{suite}: echo gives a long text of other letters back", echo == text, len(echo))
    report.equal(f"{suite}: bytes gives as many as asked", len(from_base64(random)), 524_288)
    report.check(f"{suite}: what is unknown gets the list of requests", too_many == unknown and "whoami" in unknown, unknown)
    steps = [line["step"] for line in lines if "step" in line]
    report.equal(f"{suite}: client.py prints each step", steps, [3, 4, 5, 6] + [7, 8] * len(requests))
    client = ("--suite", suite, "--server", address, "--trust-anchor")
    alerted(report, f"{suite}: another ID_S", *run("client.py", *client, own, "--id-s", "ID-Other"), "unknown_identity", 3)
    failed(report, f"{suite}: another authority", *run("client.py", *client, foreign), "bad_certificate", 4)
    if suite == "classic":
        other = run("client.py", *client, own, "--k-boot", "133457799bbcdff2")
        alerted(report, "classic: another K_boot", *other, "decrypt_failed", 3)


def check_attacks(report: Report, suite: str, authority: str, server: str, own: str, one_of: int) -> None:
    listeners = ("--authority", authority, "--server", server)
    part = ("--all", "--one-of", str(one_of))
    status, lines = run("attack.py", "--suite", suite, *listeners, "--trust-anchor", own, *part)
    report.equal(f"{suite}: attack.py --all: every alert as expected", (status, lines[-1].get("wrong")), (0, []))
    report.check(f"{suite}: attack.py --all: one text for decrypt_failed", lines[-1].get("one_text") is True)


def check_impostor(report: Report, folder: Path, suite: str, role: str, fall: Callable[..., None], one_of: int) -> None:
    """Our own server or client falls for nothing that an impostor can do."""
    anchor, arguments = folder / f"{suite}-{role}.pem", ("--role", role, "--suite", suite, "--one-of", str(one_of))
    command = program("impostor.py", *arguments, "--trust-anchor-out", str(anchor))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        begins = json.loads(process.stdout.readline())
        where = ("127.0.0.1", begins["listening"])
        trusted = x509.Anchor.load(anchor.read_bytes())
        for _ in range(begins["cases"]):
            with suppress(ProtocolError, PeerAlert, Closed):
                fall(SUITES[suite], where, trusted)
        last = json.loads(process.stdout.readlines()[-1])
    found = (process.returncode, last.get("wrong"), last.get("cases"))
    report.equal(f"{suite}: impostor.py as {role}: every alert as expected", found, (0, [], begins["cases"]))


def check_lifetime(report: Report, suite: str, address: str, own: str) -> None:
    """A session of one second, and a listener that is not patient for long."""
    late = ("--suite", suite, "--server", address, "--trust-anchor", own, "--request", "time", "--wait", "1.2")
    failed(report, f"{suite}: client.py refuses after the end", *run("client.py", *late), "session_expired", 7)
    forced = run("client.py", *late, "--try-expired")
    alerted(report, f"{suite}: server.py refuses after the end", *forced, "session_expired", 7)
    slow = (("expired", 7), ("silent", 3), ("silent", 5))
    attack = ("attack.py", "--suite", suite, "--server", address, "--trust-anchor", own)
    with ThreadPoolExecutor() as pool:
        runs = list(pool.map(lambda case: run(*attack, case[0], "--step", str(case[1])), slow))
    for (name, step), (status, lines) in zip(slow, runs):
        report.check(f"{suite}: attack.py {name} at step {step}", status == 0, lines)


@contextmanager
def serving(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """Hands one connection to `serve` in a thread; gives the HOST:PORT."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=lambda: serve(listener.accept()[0]), daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def silent_listener() -> Iterator[str]:
    """A listener that reads one frame and closes without a word."""

    def serve(sock: socket.socket) -> None:
        with sock:
            sock.recv(65_536)

    with serving(serve) as address:
        yield address


@contextmanager
def unending_authority(anchor_out: str, extra: bytes) -> Iterator[str]:
    """An authority that answers step 1, then sends `extra` and leaves closing to the server."""
    issuer = x509.Issuer.create("ID-CA", 2048)
    Path(anchor_out).write_text(issuer.anchor.pem)

    def serve(sock: socket.socket) -> None:
        authority = classic.Authority(Office(issuer))
        with suppress(PeerAlert, Closed), Connection(sock, suites=frozenset((classic.SUITE,))) as connection:
            authority.accept(1, connection.receive(1), now_ms())
            connection.send(authority.draft(2, now_ms()).frame())
            connection.send(extra)
            connection.receive(1)

    with serving(serve) as address:
        yield address


def alerted(report: Report, name: str, status: int, lines: list[dict], code: str, step: int) -> None:
    alert = lines[-1].get("alert", {})
    report.equal(name, (status, alert.get("code"), alert.get("step")), (3, code, step))


def failed(report: Report, name: str, status: int, lines: list[dict], code: str, step: int) -> None:
    failure = lines[-1].get("failed", {})
    report.equal(name, (status, failure.get("code"), failure.get("step")), (4, code, step))
