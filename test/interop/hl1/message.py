"""What the roles of both suites have in common: a message before it is sent, what a CA has, and how an opening fails."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Callable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import rsa

from . import x509
from .fields import MAX_AGE, encode
from .frame import ProtocolError, build

REMEMBERED_MAX, REMEMBERED_MS = 10_000, 7_200_000


@dataclass(frozen=True)
class Draft:
    """A message before it is encrypted.

    `seal` makes the body of the plaintexts: one, or two where `second` names the members that go into the second.
    """

    step: int
    suite: int
    members: dict[str, object]
    seal: Callable[..., bytes]
    second: frozenset[str] = frozenset()

    def plaintexts(self) -> list[bytes]:
        first = {name: value for name, value in self.members.items() if name not in self.second}
        second = {name: value for name, value in self.members.items() if name in self.second}
        return [encode(first), encode(second)] if self.second else [encode(first)]

    def body(self) -> bytes:
        return self.seal(*self.plaintexts())

    def frame(self) -> bytes:
        """The whole frame; encrypted anew each time."""
        return build(self.step, self.body(), suite=self.suite)

    def edited(self, **members: object) -> Draft:
        """The same with other members; None leaves a member out."""
        changed = {**self.members, **members}
        return replace(self, members={name: value for name, value in changed.items() if value is not None})


class Memory:
    """What the CA must not accept twice (section 7, step 1): longer than anybody's age limit could take it as fresh."""

    def __init__(self) -> None:
        self._lock, self._until = Lock(), dict[bytes, int]()

    def check(self, nonce: bytes, now: int) -> None:
        with self._lock:
            self._refuse(nonce, now)

    def add(self, nonce: bytes, now: int) -> None:
        """Remembers it; what is full is `busy` rather than forgetful."""
        with self._lock:
            self._refuse(nonce, now)
            self._until = {each: end for each, end in self._until.items() if end >= now}
            if len(self._until) >= REMEMBERED_MAX:
                raise ProtocolError("busy", 1, "too many requests are remembered, try again later")
            self._until[nonce] = now + REMEMBERED_MS

    def _refuse(self, nonce: bytes, now: int) -> None:
        if self._until.get(nonce, -1) >= now:
            raise ProtocolError("replayed", 1, "this request has been here before")


class Names:
    """The CA's policy for names (section 7): of any but its own, anyone may have each, or only the first who asks."""

    def __init__(self, own: str, policy: str = "anyone") -> None:
        self._own, self._policy = own.lower(), policy
        self._lock, self._given = Lock(), set[str]()

    def check(self, name: str) -> None:
        """Capitals make no other name (RFC 5280 section 7.1)."""
        if name.lower() == self._own:
            raise ProtocolError("unknown_identity", 1, f"{name} is the name of this authority")
        if self._policy == "first" and name.lower() in self._given:
            raise ProtocolError("unknown_identity", 1, f"{name} belongs to the first who has asked for it")

    def give(self, name: str) -> None:
        """Of two who ask at once one gets it."""
        with self._lock:
            self.check(name)
            self._given.add(name.lower())


@dataclass(frozen=True)
class Office:
    """What a CA has on all of its connections; `new_key` makes the server's key pair where it is the CA that makes it."""

    issuer: x509.Issuer
    bits: int = 2048
    new_key: Callable[[int], rsa.RSAPrivateKey] = x509.new_key
    max_age: int = MAX_AGE
    memory: Memory = field(default_factory=Memory)
    policy: str = "anyone"
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", Names(self.issuer.anchor.identity, self.policy))


@contextmanager
def opening(step: int) -> Iterator[None]:
    """Whatever goes wrong while a ciphertext is opened is one code with one text (section 6)."""
    try:
        yield
    except (ValueError, InvalidTag):
        raise ProtocolError("decrypt_failed", step, "the message couldn't be opened") from None


def check_identity(step: int, name: str, found: object, expected: str) -> None:
    if found != expected:
        raise ProtocolError("unknown_identity", step, f"{name} is {found}, expected {expected}")


def check_x509(step: int, pem: str, anchor: x509.Anchor, id_s: str, host: str, now: int) -> rsa.RSAPublicKey:
    """`x509_s` verifies (section 7); returns the key in it."""
    try:
        return x509.verify(pem, anchor, id_s, host, now)
    except x509.CertificateError as error:
        raise ProtocolError("bad_certificate", step, f"x509_s doesn't verify: {error}") from None
