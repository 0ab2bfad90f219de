"""Wrong frames, in either direction, and the alert that protocol.md sections 6 and 7 give for each.

A case takes a message as it should be and makes the bytes to send instead of it. What is wrong is one thing alone, and
all that the receiver looks at before it is right.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import ModuleType
from typing import Callable, TypeVar

from hl1.classic import WEAK_KEYS
from hl1.fields import from_base64, now_ms, to_base64
from hl1.frame import Connection, build, limit
from hl1.message import Draft, Office

DAY_MS = 86_400_000
UNKNOWN_VERSION, UNKNOWN_SUITE, UNKNOWN_TYPE = 2, 9, 0x20
OTHER_SUITE = {1: 2, 2: 1}
ACCEPTED = None
"""In the place of a code: the receiver takes the frame and goes on."""


@dataclass
class Attempt:
    """Where something wrong is about to be sent.

    `frames` are the last ones of each step on this connection, sent or received; `elsewhere` gives a good frame of a
    step from another connection with the same peer; `exchange` completes a pair of steps as it should be; `left` are the
    seconds that the session still has, `office` is the authority's where an answer is spoilt.
    """

    suite: ModuleType
    role: object
    connection: Connection
    draft: Draft
    frames: dict[int, bytes]
    elsewhere: Callable[[int], bytes]
    exchange: Callable[[], Draft]
    left: float = 0
    office: Office | None = None

    @property
    def step(self) -> int:
        return self.draft.step

    def build(self, body: bytes, kind: int | None = None, **header: int) -> bytes:
        return build(self.step if kind is None else kind, body, **{"suite": self.suite.SUITE, **header})

    def sealed(self, *plaintexts: bytes) -> bytes:
        """Well sealed, whatever is inside."""
        return self.build(self.draft.seal(*plaintexts))


Wrong = Callable[[Attempt], bytes]


@dataclass(frozen=True)
class Case:
    """What is sent, and in each suite the expected code for each step that it can be sent at.

    `kinds` are the types that are sent in place of the step, where that is a step too; `slow` cases wait for a lifetime
    or an idle limit.
    """

    wrong: Wrong
    classic: dict[int, str | None] = field(default_factory=dict)
    modern: dict[int, str | None] = field(default_factory=dict)
    kinds: dict[int, int] = field(default_factory=dict)
    slow: bool = False

    def expected(self, suite: str) -> dict[int, str | None]:
        return {"classic": self.classic, "modern": self.modern}[suite]

    def alert(self, suite: str, step: int) -> dict[str, object] | None:
        """The expected alert: its step is the type sent when that is a step, else the step awaited (section 6)."""
        code = self.expected(suite)[step]
        return code and {"code": code, "step": self.kinds.get(step, step)}


Tried = TypeVar("Tried")


def sample(cases: list[Tried], one_of: int, kind: Callable[[Tried], object]) -> list[Tried]:
    """Every so many-th case of each kind, beginning with its first, in the order they had."""
    seen: dict[object, int] = {}
    chosen = []
    for case in cases:
        before = seen.get(kind(case), 0)
        seen[kind(case)] = before + 1
        if before % one_of == 0:
            chosen.append(case)
    return chosen


def both(wrong: Wrong, steps: tuple[int, ...], code: str | None, **more: object) -> Case:
    """The same code in both suites."""
    return Case(wrong, dict.fromkeys(steps, code), dict.fromkeys(steps, code), **more)


# What can be wrong with any frame.


def out_of_order(order: dict[int, int], code: str = "unexpected_message") -> Case:
    """The type of another step."""
    return both(lambda attempt: attempt.build(attempt.draft.body(), order[attempt.step]), tuple(order), code, kinds=order)


def header_only(kind: int, length: int, suite: int) -> bytes:
    """The 8 bytes of a header, and nothing after them: the answer may not wait for the body."""
    return length.to_bytes(4, "big") + build(kind, b"", suite=suite)[4:]


def too_large(attempt: Attempt) -> bytes:
    return header_only(attempt.step, limit(attempt.step) + 1, attempt.suite.SUITE)


def too_large_of_a_wrong_type(attempt: Attempt) -> bytes:
    return header_only(UNKNOWN_TYPE, limit(8) + 1, attempt.suite.SUITE)


def too_short(attempt: Attempt) -> bytes:
    """A length that leaves no room for the header."""
    return header_only(attempt.step, 3, attempt.suite.SUITE)


def flagged(attempt: Attempt) -> bytes:
    frame = bytearray(attempt.draft.frame())
    frame[7] = 1
    return bytes(frame)


def tampered(attempt: Attempt) -> bytes:
    """Flips one bit of the body.

    `modern`: in its last byte, of the tag or of a brace. `classic`: in the first block of the ciphertext, where DES
    garbles the start of the JSON and OAEP fails.
    """
    body = bytearray(attempt.draft.body())
    body[8 if attempt.suite.SUITE == 1 else -1] ^= 0x10
    return attempt.build(bytes(body))


def truncated(attempt: Attempt) -> bytes:
    return attempt.build(attempt.draft.body()[:-1])


def extended(attempt: Attempt) -> bytes:
    return attempt.build(attempt.draft.body() + b"x")


def retyped(step: int) -> Wrong:
    """The peer's own frame of another step, sent back to it under the type that it waits for."""
    return lambda attempt: attempt.build(attempt.frames[step][8:])


def silent(attempt: Attempt) -> bytes:
    return b""


def frame_cases(steps: tuple[int, ...], order: dict[int, int], clear: tuple[int, ...]) -> dict[str, Case]:
    """What every receiver refuses at every step; `clear` are the steps that `modern` sends in clear."""

    def unopened(wrong: Wrong) -> Case:
        """Opening fails; where nothing is encrypted there is nothing to open, and what isn't JSON is malformed."""
        modern = {step: "malformed" if step in clear else "decrypt_failed" for step in steps}
        return Case(wrong, dict.fromkeys(steps, "decrypt_failed"), modern)

    return {
        "bad-version": both(
            lambda attempt: attempt.build(attempt.draft.body(), version=UNKNOWN_VERSION), steps, "unsupported_version"
        ),
        "bad-suite": both(
            lambda attempt: attempt.build(attempt.draft.body(), suite=UNKNOWN_SUITE), steps, "unsupported_suite"
        ),
        "wrong-type": both(lambda attempt: attempt.build(attempt.draft.body(), UNKNOWN_TYPE), steps, "unexpected_message"),
        "wrong-type-too-large": both(too_large_of_a_wrong_type, steps, "unexpected_message"),
        "bad-version-too-large": both(
            lambda attempt: too_large(attempt)[:4] + b"\x02" + too_large(attempt)[5:], steps, "unsupported_version"
        ),
        "out-of-order": out_of_order(order),
        "too-large": both(too_large, steps, "frame_too_large"),
        "too-short": both(too_short, steps, "malformed"),
        "flags": both(flagged, steps, "malformed"),
        "tampered": unopened(tampered),
        "truncated": unopened(truncated),
        "extended": unopened(extended),
        "empty": unopened(lambda attempt: attempt.build(b"")),
        "one-byte": unopened(lambda attempt: attempt.build(b"{")),
        "not-json": unopened(spoilt(lambda text: b"not JSON")),
        "not-an-object": unopened(spoilt(lambda text: b"[" + text + b"]")),
        "not-utf-8": unopened(spoilt(lambda text: text[:-1] + b',"x":"\xff"}')),
        "byte-order-mark": unopened(spoilt(lambda text: b"\xef\xbb\xbf" + text)),
        "trailing-text": unopened(spoilt(lambda text: text + b"{}")),
    }


# What can be wrong inside of a frame that is well sealed.


def spoilt(change: Callable[[bytes], bytes]) -> Wrong:
    """Every plaintext of the message changed as text."""
    return lambda attempt: attempt.sealed(*map(change, attempt.draft.plaintexts()))


def edited(edit: Callable[[Attempt], dict[str, object]]) -> Wrong:
    """Other members; None leaves one out."""
    return lambda attempt: attempt.draft.edited(**edit(attempt)).frame()


def with_member(names: dict[int, str], value: object) -> Wrong:
    """One member of each step with another value, or what a function makes of the right one."""

    def edit(attempt: Attempt) -> dict[str, object]:
        name = names[attempt.step]
        return {name: value(attempt.draft.members[name]) if callable(value) else value}

    return edited(edit)


def dated(offset: int, **members: object) -> Wrong:
    return edited(lambda attempt: {f"ts{attempt.step}": now_ms() + offset, **members})


def timed(write: Callable[[int], str]) -> Wrong:
    """The timestamp written in another way, as JSON text."""

    def change(attempt: Attempt) -> bytes:
        name, now = f"ts{attempt.step}", now_ms()
        right, other = f'"{name}":{now}'.encode(), f'"{name}":{write(now)}'.encode()
        return attempt.sealed(*(text.replace(right, other) for text in attempt.draft.edited(**{name: now}).plaintexts()))

    return change


def twice(names: dict[int, str], wrong_last: bool) -> Wrong:
    """A member that is there twice, once with a value of another type."""

    def change(attempt: Attempt) -> bytes:
        name = names[attempt.step]
        extra = b'"' + name.encode() + b'":null'

        def doubled(text: bytes) -> bytes:
            return text[:-1] + b"," + extra + b"}" if wrong_last else b"{" + extra + b"," + text[1:]

        texts = attempt.draft.plaintexts()
        return attempt.sealed(*(doubled(text) if name in json.loads(text) else text for text in texts))

    return change


def loose_base64(text: str) -> str:
    """The same bytes in base64 that isn't canonical: a bit set that no byte has."""
    stem, padding = text.rstrip("="), "=" * (len(text) - len(text.rstrip("=")))
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return stem[:-1] + alphabet[alphabet.index(stem[-1]) | 1] + padding


def base64url(text: str) -> str:
    """As many bytes in the other alphabet."""
    return to_base64(b"\xfb\xff" * (len(from_base64(text)) // 2)).replace("+", "-").replace("/", "_")


def member_cases(
    steps: tuple[int, ...], ids: dict[int, str], keys: dict[int, str], dropped: dict[int, str]
) -> dict[str, Case]:
    """What every receiver says to members that are wrong; `ids` and `keys` name members by step, `dropped` any one."""
    stamps = {step: f"ts{step}" for step in steps}

    def keyed(value: object) -> Case:
        return both(with_member(keys, value), tuple(keys), "malformed")

    def weak(key: bytes) -> Case:
        return Case(with_member(keys, to_base64(key)), dict.fromkeys(keys, "malformed"))

    def named(value: object) -> Case:
        return both(with_member(ids, value), tuple(ids), "malformed")

    def stamped(write: Callable[[int], str], code: str | None = "malformed") -> Case:
        return both(timed(write), steps, code)

    return {
        "stale": both(dated(-DAY_MS), steps, "stale_timestamp"),
        "future": both(dated(DAY_MS), steps, "future_timestamp"),
        "missing-member": both(with_member(dropped, None), steps, "malformed"),
        "missing-timestamp": both(with_member(stamps, None), steps, "malformed"),
        "mistyped-member": both(with_member(dropped, ["5"]), steps, "malformed"),
        "timestamp-as-text": both(with_member(stamps, str), steps, "malformed"),
        "timestamp-true": stamped(lambda now: "true"),
        "timestamp-null": stamped(lambda now: "null"),
        "timestamp-fraction": stamped(lambda now: f"{now}.5"),
        "timestamp-with-a-point": stamped(lambda now: f"{now}.0", ACCEPTED),
        "timestamp-with-an-exponent": stamped(lambda now: f"{now}E0", ACCEPTED),
        "timestamp-exact-no-more": stamped(lambda now: str(2**53)),
        "timestamp-of-forty-digits": stamped(lambda now: "1" + 39 * "0"),
        "timestamp-largest": stamped(lambda now: str(2**53 - 1), "future_timestamp"),
        "timestamp-negative": stamped(lambda now: "-1", "stale_timestamp"),
        "member-twice-last-right": both(twice(dropped, wrong_last=False), steps, ACCEPTED),
        "member-twice-last-wrong": both(twice(dropped, wrong_last=True), steps, "malformed"),
        "member-name-escaped": both(spoilt(lambda text: text.replace(b'"ts', b'"\\u0074s')), steps, ACCEPTED),
        "unknown-member": both(edited(lambda attempt: {"unknown_member": [{"ts1": 0}, 1.5, True]}), steps, ACCEPTED),
        "id-outside-the-pattern": named("No Identity"),
        "id-empty": named(""),
        "id-too-long": named("x" * 49),
        "id-line-feed": named(lambda right: right + "\n"),
        "id-other-letters": named("ID-Sérver"),
        "short-key": keyed(lambda right: to_base64(from_base64(right)[1:])),
        "long-key": keyed(lambda right: to_base64(from_base64(right) + b"x")),
        "key-loose-base64": keyed(loose_base64),
        "key-unpadded": keyed(lambda right: right.rstrip("=")),
        "key-with-a-line-feed": keyed(lambda right: right + "\n"),
        "key-base64url": keyed(base64url),
        "weak-des-key": weak(WEAK_KEYS[0]),
        "semi-weak-des-key": weak(WEAK_KEYS[4]),
        "weak-des-key-parity": weak(bytes(8)),
    }
