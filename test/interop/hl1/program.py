"""What the programs share: arguments, one JSON object per line, exit statuses."""

from __future__ import annotations

import argparse
import ipaddress
import json
import socket
import sys
import threading
import traceback
from pathlib import Path
from types import ModuleType
from typing import Callable

from . import classic, modern
from .fields import LIFETIME_MAX, MAX_AGE, is_identity
from .frame import IDLE_SECONDS, Closed, Connection, PeerAlert, ProtocolError
from .x509 import Anchor

SUITES = {"classic": classic, "modern": modern}
BY_NUMBER = {suite.SUITE: suite for suite in SUITES.values()}

EXIT_INTERNAL, EXIT_ALERT, EXIT_CHECK, EXIT_TRANSPORT = 1, 3, 4, 5
EXIT_STATUS = "Exit status: 0 all checks passed, 3 alert from the peer, 4 own check failed, 5 transport."

_output = threading.Lock()
_told = None


def emit(**line: object) -> None:
    """Prints one JSON object on a line of its own, unless `tell_only` has left it out."""
    if _told is not None and not _told & line.keys():
        return
    with _output:
        print(json.dumps(line), flush=True)


def tell_only(*names: str) -> None:
    """From now on prints only lines that have one of these members: for runs whose time is measured."""
    global _told
    _told = set(names)


def outcome(work: Callable[[], int], **tags: object) -> int:
    """Runs `work` and reports how it ended: its own status, or that of the error it ended with."""
    try:
        return work()
    except PeerAlert as error:
        emit(**tags, alert={"code": error.code, "step": error.step, "message": error.message})
        return _complain(error, EXIT_ALERT)
    except ProtocolError as error:
        emit(**tags, failed={"code": error.code, "step": error.step, "message": error.message})
        return _complain(f"step {error.step}: {error}", EXIT_CHECK)
    except Closed as error:
        emit(**tags, closed={"step": error.step, "message": str(error)})
        return _complain(error, EXIT_TRANSPORT)
    except OSError as error:
        emit(**tags, closed={"message": str(error)})
        return _complain(error, EXIT_TRANSPORT)
    except KeyboardInterrupt:
        return 130
    except Exception:
        traceback.print_exc()
        return EXIT_INTERNAL


def _complain(error: object, status: int) -> int:
    print(error, file=sys.stderr)
    return status


def listen(
    options: argparse.Namespace, serve: Callable[[Connection, int], int], suites: frozenset[int] = frozenset(BY_NUMBER)
) -> int:
    """Serves each connection in a thread of its own until stopped; with `--once` just one, whose status it returns.

    `suites` are those that a connection's first frame may choose from.
    """

    def handle(sock: socket.socket, number: int) -> int:
        def work() -> int:
            with Connection(sock, suites=suites, idle=options.idle) as connection:
                return serve(connection, number)

        return outcome(work, connection=number)

    def accept_all() -> int:
        with socket.create_server(options.listen) as listener:
            emit(listening=listener.getsockname()[1])
            number = 1
            while True:
                sock, _ = listener.accept()
                if options.once:
                    return handle(sock, number)
                threading.Thread(target=handle, args=(sock, number), daemon=True).start()
                number += 1

    return outcome(accept_all)


def suite_of(frame: bytes) -> ModuleType:
    """The suite that a connection's first frame has chosen."""
    return BY_NUMBER[frame[6]]


def parser(description: str, *, suite: bool = True) -> argparse.ArgumentParser:
    """A parser with what every role has: age limit and idle limit, and the suite unless it is the peer that chooses."""
    made = argparse.ArgumentParser(description=description)
    if suite:
        made.add_argument("--suite", choices=sorted(SUITES), default="classic")
    made.add_argument("--max-age", type=int, default=MAX_AGE, metavar="SECONDS", help="how old a message may be")
    made.add_argument("--idle", type=float, default=IDLE_SECONDS, metavar="SECONDS", help="how long a peer may be silent")
    return made


def address(text: str) -> tuple[str, int]:
    """HOST:PORT on the IPv4 loopback interface (section 1)."""
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or int(port) > 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not HOST:PORT")
    try:
        loopback = host == "localhost" or ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise argparse.ArgumentTypeError(f"{host} is not an IPv4 loopback address")
    return host, int(port)


def identity(text: str) -> str:
    try:
        is_identity(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not {error}") from None
    return text


def anchor(path: str) -> Anchor:
    try:
        return Anchor.load(Path(path).read_bytes())
    except Exception as error:
        raise argparse.ArgumentTypeError(f"{path} holds no trust anchor: {error}") from None


def des_key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 8 or classic.is_weak(key):
        raise argparse.ArgumentTypeError("a DES key is 8 bytes in hex, and none of the weak ones")
    return key


def one_of(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("one in how many is a whole number, 1 for all")
    return int(text)


def lifetime(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= LIFETIME_MAX:
        raise argparse.ArgumentTypeError(f"a lifetime is 1 to {LIFETIME_MAX} seconds")
    return int(text)
