"""Members of plaintexts, their types, and freshness (protocol.md sections 2 and 3)."""

from __future__ import annotations

import base64
import binascii
import json
import re
import time
from typing import Callable, Mapping

from .frame import ProtocolError

Check = Callable[[object], None]
"""Raises `ValueError` with what was expected when the value isn't of the type."""

MAX_AGE = 10
LIFETIME = 60
LIFETIME_MAX = 86_400
"""Seconds: how old a message may be, how long a session lives, and how long it may (sections 2, 5, 7)."""

INTEGER_MAX = 2**53 - 1
"""What every JSON reader has exactly (RFC 7493 section 2.2)."""

IDENTITY = re.compile(r"[A-Za-z0-9._-]{1,48}")


def now_ms() -> int:
    """Milliseconds since the Unix epoch."""
    return time.time_ns() // 1_000_000


def to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def from_base64(text: object) -> bytes:
    """Standard base64 with padding, in its one canonical form."""
    try:
        data = base64.b64decode(text, validate=True) if isinstance(text, str) else None
    except (binascii.Error, ValueError):
        data = None
    if data is None or to_base64(data) != text:
        raise ValueError("standard base64 with padding")
    return data


def encode(members: Mapping[str, object]) -> bytes:
    """A plaintext: a JSON object in UTF-8. Half a surrogate pair has no UTF-8 and goes as JSON's own escape."""
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def decode(plaintext: bytes) -> dict[str, object]:
    """The JSON object in a plaintext; `ValueError` for anything else.

    A number is what its value is, however it was written: JSON knows no integers.
    """
    try:
        value = json.loads(
            plaintext.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_number, parse_int=_number
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _number(text: str) -> int | float:
    """As JSON readers with one kind of number have it: a double, exact up to INTEGER_MAX."""
    value = float(text)
    return int(value) if value.is_integer() else value


def is_text(value: object) -> None:
    if not isinstance(value, str):
        raise ValueError("a string")


def is_integer(value: object) -> None:
    if type(value) is not int or abs(value) > INTEGER_MAX:
        raise ValueError("an integer that JSON carries exactly")


def is_identity(value: object) -> None:
    if not isinstance(value, str) or not IDENTITY.fullmatch(value):
        raise ValueError("an identity: 1 to 48 of A-Z a-z 0-9 . _ -")


def is_bytes(value: object) -> None:
    from_base64(value)


def is_bytes_of(count: int) -> Check:
    """Exactly `count` bytes."""

    def check(value: object) -> None:
        if (found := len(from_base64(value))) != count:
            raise ValueError(f"{count} bytes, it has {found}")

    return check


def is_pem(label: str) -> Check:
    """PEM text of one block with this label and `\\n` line ends; what is inside is judged where it is used."""
    block = re.compile(rf"-----BEGIN {label}-----\n(?:[A-Za-z0-9+/=]+\n)+-----END {label}-----\n?")

    def check(value: object) -> None:
        if not isinstance(value, str) or not block.fullmatch(value):
            raise ValueError(f"PEM of a {label}")

    return check


def read_members(step: int, value: Mapping[str, object], types: Mapping[str, Check]) -> dict[str, object]:
    """The members that the step has, each of its type; others are left out (section 2)."""
    for name, check in types.items():
        if name not in value:
            raise ProtocolError("malformed", step, f"the member {name} is missing")
        try:
            check(value[name])
        except ValueError as error:
            raise ProtocolError("malformed", step, f"the member {name} is not {error}") from None
    return {name: value[name] for name in types}


def check_fresh(step: int, timestamp: int, now: int, max_age: int) -> None:
    """Section 2: equality is fresh. `timestamp` and `now` in milliseconds, `max_age` in seconds."""
    age = now - timestamp
    if age > max_age * 1000:
        raise ProtocolError("stale_timestamp", step, f"ts{step} is {age} ms old, the limit is {max_age} s")
    if -age > max_age * 1000:
        raise ProtocolError("future_timestamp", step, f"ts{step} is {-age} ms ahead, the limit is {max_age} s")
