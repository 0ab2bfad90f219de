#!/usr/bin/python3 -B
"""Checks these peers: against a recorded session, against each other over loopback, and under attack.

    selftest.py PATH/classic.json

Prints a line per check; exit status 0 only if all hold.
"""

from __future__ import annotations

import argparse
import base64
import json
import socket
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Callable, Iterator

from cryptography import x509 as pyca
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID
from Cryptodome.PublicKey import RSA

from hl1 import classic, x509
from hl1.fields import decode, encode, now_ms, to_base64
from hl1.frame import HEADER_BYTES, Closed, Connection, Header, PeerAlert, ProtocolError
from hl1.program import emit

HERE = Path(__file__).parent
PROGRAM_SECONDS = 180
PATIENCE = "6"
"""The idle limit where a check waits for it: seconds, enough for an authority under load to make a key."""


@dataclass
class Report:
    """Prints each check and remembers those that failed."""

    count: int = 0
    failed: list[str] = field(default_factory=list)

    def check(self, name: str, holds: bool, detail: object = None) -> None:
        self.count += 1
        if not holds:
            self.failed.append(name)
        emit(check=name, ok=holds, **({} if holds else {"detail": str(detail)}))

    def equal(self, name: str, found: object, expected: object) -> None:
        self.check(name, found == expected, f"found {found!r}, expected {expected!r}")

    def refuses(self, name: str, code: str, step: int, work: Callable[[], object]) -> None:
        """Holds when `work` fails with just this code and step."""
        try:
            work()
            found = None
        except ProtocolError as error:
            found = (error.code, error.step)
        self.equal(name, found, (code, step))


# The recorded session.


@dataclass
class Recording:
    """A vectors file: frames in order of sending, and what is inside of them."""

    data: dict
    frames: list[tuple[int, bytes]] = field(init=False)
    plaintexts: dict[bytes, dict] = field(init=False)

    def __post_init__(self) -> None:
        self.frames = [(each["step"], bytes.fromhex(each["frame"])) for each in self.data["frames"]]
        self.plaintexts = {bytes.fromhex(each["ciphertext"]): each for each in self.data["opened"]}

    def first(self, step: int) -> bytes:
        """The body of the first frame of a step."""
        return next(frame[HEADER_BYTES:] for number, frame in self.frames if number == step)

    def members(self, step: int) -> dict:
        return self.plaintexts[self.first(step)]["plaintext"]

    def time(self, step: int) -> int:
        return self.members(step)[f"ts{step}"]

    def issuer(self) -> x509.Issuer:
        key = serialization.load_pem_private_key(self.data["sk_ca"].encode(), None)
        return x509.Issuer(x509.Anchor.load(self.data["ca_certificate"].encode()), key)


def check_recording(report: Report, recording: Recording) -> None:
    """Every frame decoded, every ciphertext opened, and every role's checks at the recorded time."""
    for index, (step, frame) in enumerate(recording.frames):
        name = f"recorded frame {index + 1}, step {step}"
        header = Header.parse(frame[:HEADER_BYTES])
        header.check(step, frozenset((classic.SUITE,)))
        report.equal(f"{name}: header", (header.length, header.kind), (len(frame) - 4, step))
        opened = recording.plaintexts[frame[HEADER_BYTES:]]
        if "rsa" in opened:
            plaintext = classic.oaep_open(RSA.import_key(recording.data[opened["rsa"]]), frame[HEADER_BYTES:])
        else:
            plaintext = classic.des_open(bytes.fromhex(opened["key"]), frame[HEADER_BYTES:])
        report.equal(f"{name}: plaintext", decode(plaintext), opened["plaintext"])
    report.equal("every recorded ciphertext is in a frame", len(recording.plaintexts), len(recording.frames))
    report.equal("recorded K_boot is the constant", bytes.fromhex(recording.data["k_boot"]), classic.K_BOOT)
    issued, anchor = recording.members(2), recording.issuer().anchor
    signed = classic.sign_cert_s(
        RSA.import_key(recording.data["sk_ca"]), recording.data["id_s"], recording.data["id_ca"], issued["pk_s"]
    )
    report.equal("recorded cert_s is rebuilt to the byte", to_base64(signed), issued["cert_s"])
    key = x509.verify(issued["x509_s"], anchor, recording.data["id_s"], "127.0.0.1", recording.time(2))
    report.equal("recorded x509_s verifies and holds pk_s", x509.public_pem(key), issued["pk_s"])
    replay_recording(report, recording)


def replay_recording(report: Report, recording: Recording) -> None:
    """Plays the recorded bodies to our roles; then with the clock off, where equality is fresh (section 2)."""
    anchor, id_s, id_c = recording.issuer().anchor, recording.data["id_s"], recording.data["id_c"]
    registrant = classic.Registrant(anchor, id_s, k_tmp1=key_of(recording.members(1)["k_tmp1"]))
    server = classic.Server(recording.members(2), recording.members(6)["lifetime_sess"], id_c=id_c)
    server.started, server.k_sess = recording.time(6), key_of(recording.members(6)["k_sess"])
    address = (recording.members(5)["ip_c"], recording.members(5)["port_c"])
    client = classic.Client(anchor, id_c, id_s, "127.0.0.1", address, k_tmp2=key_of(recording.members(5)["k_tmp2"]))
    client.k_sess = server.k_sess
    accepts = {
        1: classic.Authority(recording.issuer()).accept,
        2: registrant.accept,
        **{step: lambda body, now, step=step: server.accept(step, body, now) for step in (3, 5, 7)},
        **{step: lambda body, now, step=step: client.accept(step, body, now) for step in (4, 6, 8)},
    }
    limit = classic.MAX_AGE * 1000
    for step, accept in accepts.items():
        body, time = recording.first(step), recording.time(step)
        for offset in (0, limit, -limit):
            members = accept(body, time + offset)
            report.equal(f"step {step} accepted {offset} ms after", members, recording.members(step))
        report.refuses(f"step {step} is stale", "stale_timestamp", step, lambda: accept(body, time + limit + 1))
        report.refuses(f"step {step} is of the future", "future_timestamp", step, lambda: accept(body, time - limit - 1))
    late = server.ends + 1
    report.refuses("step 7 is late", "session_expired", 7, lambda: server.accept(7, recording.first(7), late))


def key_of(text: str) -> bytes:
    return base64.b64decode(text)


# What C and S must refuse, made with an authority of our own.


def check_refusals(report: Report) -> None:
    """Each check of section 7 on certificates and members, with just that one thing wrong."""
    issuer, stranger = x509.Issuer.create("ID-CA", 2048), x509.Issuer.create("ID-CA", 2048)
    renamed = x509.Issuer(issuer.anchor, stranger.key)
    key, other = x509.new_key(2048), x509.new_key(2048)
    good = registration(issuer, "ID-Server", key)
    now = datetime.now(timezone.utc)
    wrong = {
        "cert_s for another server": {"cert_s": registration(issuer, "ID-Other", key)["cert_s"]},
        "cert_s of another authority": {"cert_s": registration(renamed, "ID-Server", key)["cert_s"]},
        "pk_s and cert_s with another x509_s": {"x509_s": registration(issuer, "ID-Server", other)["x509_s"]},
        "x509_s signed by another key": {"x509_s": certificate(issuer, key, signing=stranger.key)},
        "x509_s with another issuer": {"x509_s": certificate(issuer, key, issuer_name="ID-Other")},
        "x509_s for another server": {"x509_s": certificate(issuer, key, subject="ID-Other")},
        "x509_s out of date": {"x509_s": certificate(issuer, key, ends=now - timedelta(seconds=2))},
        "x509_s not yet valid": {"x509_s": certificate(issuer, key, starts=now + timedelta(minutes=5))},
        "x509_s of an authority": {"x509_s": certificate(issuer, key, pyca.BasicConstraints(True, None))},
        "x509_s with another key usage": {"x509_s": certificate(issuer, key, x509.key_usage(digital_signature=True))},
        "x509_s for clients": {
            "x509_s": certificate(issuer, key, pyca.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]))
        },
        "x509_s for another address": {
            "x509_s": certificate(issuer, key, pyca.SubjectAlternativeName([pyca.DNSName("localhost")]))
        },
        "x509_s that may sign others": {
            "x509_s": certificate(
                issuer, key, x509.key_usage(digital_signature=True, key_encipherment=True, key_cert_sign=True)
            )
        },
        "x509_s with an unknown critical extension": {
            "x509_s": certificate(issuer, key, pyca.UnrecognizedExtension(pyca.ObjectIdentifier("1.2.3.4"), b"\x05\x00"))
        },
        "x509_s without extensions": {"x509_s": certificate(issuer, key, bare=True)},
        "x509_s that is no certificate": {"x509_s": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
    }
    address = ("127.0.0.1", 40_000)

    def step2(changes: dict) -> None:
        registrant = classic.Registrant(issuer.anchor, "ID-Server")
        members = {**good, **changes, "ts2": now_ms()}
        registrant.accept(classic.des_seal(registrant.k_tmp1, encode(members)), now_ms())

    def step4(changes: dict, host: str = "127.0.0.1") -> None:
        client = classic.Client(issuer.anchor, "ID-Client", "ID-Server", host, address)
        client.accept(4, classic.Server({**good, **changes}).draft(4, now_ms()).body(), now_ms())

    def step6(changes: dict) -> None:
        client = classic.Client(issuer.anchor, "ID-Client", "ID-Server", "127.0.0.1", address)
        members = {"k_sess": to_base64(classic.new_des_key()), "lifetime_sess": 60, "id_c": "ID-Client", "ts6": now_ms()}
        client.accept(6, classic.des_seal(client.k_tmp2, encode({**members, **changes})), now_ms())

    for work in (step2, step4, step6):
        work({"unknown_member": 1})
    report.check("steps 2, 4 and 6 accept good input with a member unknown to us", True)
    step4({}, "localhost")
    report.check("x509_s names localhost", True)
    for name, changes in wrong.items():
        report.refuses(f"step 2: {name}", "bad_certificate", 2, lambda: step2(changes))
        report.refuses(f"step 4: {name}", "bad_certificate", 4, lambda: step4(changes))
    report.refuses("step 4: x509_s doesn't name 127.0.0.2", "bad_certificate", 4, lambda: step4({}, "127.0.0.2"))
    report.refuses("step 2: sk_s of another key", "bad_certificate", 2, lambda: step2({"sk_s": x509.private_pem(other)}))
    report.refuses("step 2: id_s of another server", "unknown_identity", 2, lambda: step2({"id_s": "ID-Other"}))
    report.refuses("step 6: id_c of another client", "unknown_identity", 6, lambda: step6({"id_c": "ID-Other"}))
    for text in (b"[]", b'{"ts3":NaN}', b"\xff", b""):
        body = classic.des_seal(classic.K_BOOT, text)
        report.refuses(
            f"step 3: {text!r} is no object", "decrypt_failed", 3, lambda: classic.Server(good).accept(3, body, now_ms())
        )
    for lifetime in (0, -1, 86_401, True, 60.0, "60"):
        report.refuses(f"step 6: lifetime {lifetime!r}", "malformed", 6, lambda: step6({"lifetime_sess": lifetime}))
    for key_text in ("AQEBAQEBAQE=", "AAAAAAAAAAA=", "KioqKioqKg==", "no base64"):
        report.refuses(f"step 6: k_sess {key_text}", "malformed", 6, lambda: step6({"k_sess": key_text}))


def registration(issuer: x509.Issuer, id_s: str, key) -> dict:
    """The members of step 2 for a key of our choice."""
    pk_s, sk_ca = x509.public_pem(key.public_key()), RSA.import_key(x509.private_pem(issuer.key))
    return {
        "pk_s": pk_s,
        "sk_s": x509.private_pem(key),
        "cert_s": to_base64(classic.sign_cert_s(sk_ca, id_s, issuer.anchor.identity, pk_s)),
        "x509_s": issuer.issue(id_s, key.public_key()),
        "id_s": id_s,
    }


def certificate(
    issuer: x509.Issuer,
    key,
    *replaced: pyca.ExtensionType,
    subject: str = "ID-Server",
    issuer_name: str = "ID-CA",
    signing=None,
    starts: datetime | None = None,
    ends: datetime | None = None,
    bare: bool = False,
) -> str:
    """`x509_s` with one deviation; `replaced` extensions take the place of those of their type, or come on top."""
    swap = {type(extension): extension for extension in replaced}
    usual = [] if bare else x509.server_extensions(key.public_key(), issuer.key.public_key())
    extensions = [(swap.pop(type(extension), extension), critical) for extension, critical in usual]
    extensions += [(extension, True) for extension in swap.values()]
    starts = starts or (ends and ends - timedelta(days=1))
    made = x509.sign(subject, key.public_key(), issuer_name, signing or issuer.key, extensions, starts=starts, ends=ends)
    return made.public_bytes(serialization.Encoding.PEM).decode("ascii")


# The programs, over loopback.


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


def check_programs(report: Report, folder: Path) -> None:
    """All roles against each other, and the ways it can go wrong."""
    own, foreign = str(folder / "ca.pem"), str(folder / "foreign.pem")
    with listening("authority.py", "--trust-anchor-out", own) as authority, \
            listening("authority.py", "--trust-anchor-out", foreign) as stranger:
        server = ("--authority", authority, "--trust-anchor", own)
        status, lines = run("server.py", *server)
        report.equal("server.py registers", (status, lines[-1].get("registered")), (0, True))
        status, lines = run("server.py", "--authority", stranger, "--trust-anchor", own)
        alerted(report, "the authority refuses what is for another", status, lines, "decrypt_failed", 1)
        with listening("server.py", *server) as address:
            check_client(report, address, own, foreign)
            check_attacks(report, authority, address, own)
        with listening("server.py", *server, "--lifetime", "1", "--idle", PATIENCE) as address:
            check_lifetime(report, address, own)
    for extra, code in ((b"more", "unexpected_message"), (b"", "timeout")):
        with unending_authority(own, extra) as address:
            lines = run("server.py", "--authority", address, "--trust-anchor", own, "--idle", PATIENCE)
            failed(report, f"server.py finds an authority that doesn't close: {code}", *lines, code, 2)
    with silent_listener() as address:
        status, lines = run("attack.py", "--server", address, "--trust-anchor", own, "bad-version")
        found = (status, lines[-1]["alert"], lines[-1]["closed"])
        report.equal("attack.py finds a listener that sends no alert", found, (1, None, True))


def check_client(report: Report, address: str, own: str, foreign: str) -> None:
    text = "grüß dich " * 4000
    requests = ["time", "whoami", "echo " + text, "bytes 524288", "bytes 524289", "dance"]
    asked = [part for request in requests for part in ("--request", request)]
    status, lines = run("client.py", "--server", address, "--trust-anchor", own, *asked)
    report.equal("client.py passes all checks", (status, lines[-1].get("ok"), lines[-1].get("lifetime")), (0, True, 60))
    if status != 0:
        return
    _, whoami, echo, random, too_many, unknown = lines[-1]["responses"]
    report.check("whoami names the client", whoami.startswith("ID-Client at 127.0.0.1:"), whoami)
    report.check("echo gives a long text of other letters back", echo == text, len(echo))
    report.equal("bytes gives as many as asked", len(key_of(random)), 524_288)
    report.check("what is unknown gets the list of requests", too_many == unknown and "whoami" in unknown, unknown)
    steps = [line["step"] for line in lines if "step" in line]
    report.equal("client.py prints each step", steps, [3, 4, 5, 6] + [7, 8] * len(requests))
    client = ("--server", address, "--trust-anchor")
    alerted(report, "another ID_S", *run("client.py", *client, own, "--id-s", "ID-Other"), "unknown_identity", 3)
    alerted(report, "another K_boot", *run("client.py", *client, own, "--k-boot", "133457799bbcdff2"), "decrypt_failed", 3)
    failed(report, "another authority", *run("client.py", *client, foreign), "bad_certificate", 4)


def check_attacks(report: Report, authority: str, server: str, own: str) -> None:
    status, lines = run("attack.py", "--authority", authority, "--server", server, "--trust-anchor", own, "--all")
    report.equal("attack.py --all: every alert as expected", (status, lines[-1].get("wrong")), (0, []))
    report.check("attack.py --all: one text for decrypt_failed", lines[-1].get("one_text") is True)


def check_lifetime(report: Report, address: str, own: str) -> None:
    """A session of one second, and a listener that is not patient for long."""
    late = ("--server", address, "--trust-anchor", own, "--request", "time", "--wait", "1.2")
    failed(report, "client.py refuses after the end", *run("client.py", *late), "session_expired", 7)
    alerted(report, "server.py refuses after the end", *run("client.py", *late, "--try-expired"), "session_expired", 7)
    slow = (("expired", 7), ("silent", 3), ("silent", 5))
    attack = ("attack.py", "--server", address, "--trust-anchor", own)
    with ThreadPoolExecutor() as pool:
        runs = list(pool.map(lambda case: run(*attack, case[0], "--step", str(case[1])), slow))
    for (name, step), (status, lines) in zip(slow, runs):
        report.check(f"attack.py {name} at step {step}", status == 0, lines)


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
        authority = classic.Authority(issuer)
        with suppress(PeerAlert, Closed), Connection(sock, suites=frozenset((classic.SUITE,))) as connection:
            authority.accept(connection.receive(1), now_ms())
            connection.send(2, authority.draft(now_ms()).body())
            connection.send_raw(extra)
            connection.receive(1)

    with serving(serve) as address:
        yield address


def alerted(report: Report, name: str, status: int, lines: list[dict], code: str, step: int) -> None:
    alert = lines[-1].get("alert", {})
    report.equal(name, (status, alert.get("code"), alert.get("step")), (3, code, step))


def failed(report: Report, name: str, status: int, lines: list[dict], code: str, step: int) -> None:
    failure = lines[-1].get("failed", {})
    report.equal(name, (status, failure.get("code"), failure.get("step")), (4, code, step))


def main() -> int:
    made = argparse.ArgumentParser(description="Checks the Python peers of HL/1.")
    made.add_argument("vectors", type=Path, help="the recorded session, classic.json")
    recording = Recording(json.loads(made.parse_args().vectors.read_text()))
    report = Report()
    check_recording(report, recording)
    check_refusals(report)
    with tempfile.TemporaryDirectory() as folder:
        check_programs(report, Path(folder))
    emit(ok=not report.failed, checks=report.count, failed=report.failed)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
