"""Frames, alerts and the connection that carries them (protocol.md sections 1 and 6)."""

from __future__ import annotations

import json
import socket
import struct
import time
from dataclasses import dataclass

VERSION = 1
ALERT = 0x7F
SUITE_CLASSIC, SUITE_MODERN = 1, 2
HEADER_BYTES = 8
IDLE_SECONDS = 30.0
CLOSING_SECONDS = 1.0

CODES = frozenset(
    "malformed unsupported_version unsupported_suite unexpected_message frame_too_large timeout busy decrypt_failed "
    "stale_timestamp future_timestamp unknown_identity bad_certificate replayed session_expired internal_error".split()
)


class ProtocolError(Exception):
    """A check of ours failed: the peer is sent this as an alert (section 6)."""

    def __init__(self, code: str, step: int, message: str):
        assert code in CODES, code
        super().__init__(message)
        self.code, self.step, self.message = code, step, message


class PeerAlert(Exception):
    """The peer sent an alert: nothing is answered (section 6)."""

    def __init__(self, code: str, step: int, message: str):
        super().__init__(f"the peer's alert: {code} at step {step}: {message}")
        self.code, self.step, self.message = code, step, message


class Closed(Exception):
    """The peer closed; `clean` when that was between two frames."""

    def __init__(self, step: int, clean: bool):
        super().__init__(f"the peer closed {'before' if clean else 'within'} step {step}")
        self.step, self.clean = step, clean


def limit(kind: int) -> int:
    """The largest `length` a frame of this type may give (section 1)."""
    return 1_048_640 if kind in (7, 8) else 16_384


def build(kind: int, body: bytes, *, suite: int = SUITE_CLASSIC, version: int = VERSION) -> bytes:
    """A whole frame, length field included (section 1)."""
    return struct.pack(">IBBBB", len(body) + 4, version, kind, suite, 0) + body


@dataclass(frozen=True)
class Header:
    """The first 8 bytes of a frame."""

    length: int
    version: int
    kind: int
    suite: int
    flags: int

    @classmethod
    def parse(cls, data: bytes) -> Header:
        return cls(*struct.unpack(">IBBBB", data))

    def check(self, awaited: int, suites: frozenset[int]) -> None:
        """Version, suite, type and length, in the order of section 7; an alert is taken in any suite.

        The step of the error is the frame's type where that is a step, else the step that was awaited.
        """
        step = self.kind if 1 <= self.kind <= 8 else awaited
        if self.version != VERSION:
            raise ProtocolError("unsupported_version", step, f"version {self.version} came, {VERSION} is spoken here")
        if self.kind != ALERT and self.suite not in suites:
            raise ProtocolError("unsupported_suite", step, f"suite {self.suite} came, expected one of {sorted(suites)}")
        if self.kind not in (awaited, ALERT):
            raise ProtocolError("unexpected_message", step, f"type {self.kind} came, expected step {awaited}")
        if self.length > limit(self.kind):
            raise ProtocolError("frame_too_large", step, f"length {self.length} is over the limit {limit(self.kind)}")
        if self.flags != 0:
            raise ProtocolError("malformed", step, f"flags {self.flags} came, expected 0")


class Connection:
    """One TCP connection that sends and receives whole frames.

    Used as a context: a `ProtocolError` that leaves it is sent to the peer as an alert before the connection closes.
    """

    def __init__(self, sock: socket.socket, *, suites: frozenset[int], idle: float = IDLE_SECONDS):
        self.sock, self.suites, self.idle = sock, suites, idle
        self.awaited = 1
        self._broken = False

    @classmethod
    def connect(cls, address: tuple[str, int], *, suite: int, idle: float = IDLE_SECONDS) -> Connection:
        """Connects over IPv4 (section 1); the suite is that of every frame of the connection."""
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.settimeout(idle)
        try:
            sock.connect(address)
        except OSError:
            sock.close()
            raise
        return cls(sock, suites=frozenset((suite,)), idle=idle)

    def send(self, data: bytes) -> None:
        """Sends a frame, or any bytes as they are. A peer that has closed may have left an alert: the next `receive` tells."""
        self.sock.settimeout(self.idle)
        try:
            self.sock.sendall(data)
        except OSError:
            self._broken = True

    def receive(self, step: int, *, idle: float | None = None) -> bytes:
        """The whole frame of the awaited step, or the error that section 7 gives for what came instead.

        The first frame that passes fixes the suite. `idle` replaces the idle limit for this one frame.
        """
        self.awaited = step
        deadline = time.monotonic() + (self.idle if idle is None else idle)
        start = self._read(4, deadline, first=True)
        length = int.from_bytes(start, "big")
        if length < 4:
            raise ProtocolError("malformed", step, f"length {length} leaves no room for a header")
        rest = self._read(4, deadline)
        header = Header.parse(start + rest)
        header.check(step, self.suites)
        body = self._read(length - 4, deadline)
        if header.kind == ALERT:
            raise self._alert(body)
        self.suites = frozenset((header.suite,))
        return start + rest + body

    def expect_end(self, step: int) -> None:
        """Waits for the peer to close, as the authority does after step 2 (section 1)."""
        try:
            self._read(1, time.monotonic() + self.idle, first=True)
        except Closed:
            return
        raise ProtocolError("unexpected_message", step, f"the peer went on talking after step {step}")

    def finish_sending(self) -> None:
        """Closes our direction, then gives the peer a moment to close or to send the alert of a check that failed."""
        try:
            self.sock.shutdown(socket.SHUT_WR)
            self.receive(self.awaited, idle=CLOSING_SECONDS)
        except (Closed, ProtocolError, OSError):
            return

    def _suite(self) -> int:
        return SUITE_CLASSIC if len(self.suites) > 1 else next(iter(self.suites))

    def _alert(self, body: bytes) -> Exception:
        """Section 6; an alert that can't be read counts as a close, for nobody answers an alert."""
        try:
            alert = json.loads(body.decode("utf-8"))
            code, step, message = alert["code"], alert["step"], alert["message"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return Closed(self.awaited, clean=False)
        if not (isinstance(code, str) and type(step) is int and isinstance(message, str)):
            return Closed(self.awaited, clean=False)
        return PeerAlert(code, step, message)

    def _read(self, count: int, deadline: float, *, first: bool = False) -> bytes:
        """Exactly `count` bytes before the deadline; `first` when no byte of the frame has come yet."""
        data = bytearray()
        while len(data) < count:
            left = deadline - time.monotonic()
            try:
                if left <= 0:
                    raise TimeoutError
                self.sock.settimeout(left)
                chunk = self.sock.recv(min(count - len(data), 65_536))
            except TimeoutError:
                raise ProtocolError("timeout", self.awaited, "nothing more came within the idle limit") from None
            except OSError:
                chunk = b""
                self._broken = True
            if not chunk:
                raise Closed(self.awaited, clean=first and not data and not self._broken)
            data += chunk
        return bytes(data)

    def _send_alert(self, error: ProtocolError) -> None:
        """Sends the alert, then reads away what is under way, so that closing doesn't reset the connection."""
        body = json.dumps({"code": error.code, "step": error.step, "message": error.message}).encode()
        self.send(build(ALERT, body, suite=self._suite()))
        try:
            self.sock.shutdown(socket.SHUT_WR)
            deadline = time.monotonic() + CLOSING_SECONDS
            while (left := deadline - time.monotonic()) > 0:
                self.sock.settimeout(left)
                if not self.sock.recv(65_536):
                    break
        except OSError:
            return

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, kind, error, trace) -> None:
        if isinstance(error, ProtocolError):
            self._send_alert(error)
        elif isinstance(error, Exception) and not isinstance(error, (PeerAlert, Closed)):
            self._send_alert(ProtocolError("internal_error", self.awaited, "an unforeseen error, the connection ends"))
        self.sock.close()
