"""Suite `classic` (protocol.md section 3): its primitives, and the four roles as state without sockets.

A role drafts what it sends and accepts what it receives, step by step; `accept` makes the checks of section 7 in
their order. Times are milliseconds since the epoch and passed in, so a recorded session can be checked too.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import cache
from typing import Callable

from Cryptodome.Cipher import DES, PKCS1_OAEP
from Cryptodome.Hash import SHA1, SHA256
from Cryptodome.PublicKey import RSA
from Cryptodome.Signature import pkcs1_15
from Cryptodome.Util.Padding import pad, unpad

from . import x509
from .fields import (
    LIFETIME, LIFETIME_MAX, MAX_AGE, check_fresh, decode, from_base64, is_bytes, is_identity, is_integer, is_pem, is_text,
    read_members, to_base64,
)
from .frame import HEADER_BYTES, SUITE_CLASSIC, ProtocolError
from .message import Draft, Office, check_identity, check_x509, opening

SUITE = SUITE_CLASSIC
K_BOOT = bytes.fromhex("4c41422d4b455921")
NEEDED = frozenset(("pk_s", "cert_s"))
"""What a server must have from its registration, over what every suite brings, to serve this suite."""

WEAK_KEYS = tuple(
    bytes.fromhex(key)
    for key in (
        # FIPS 74: the four weak keys, then the six pairs of semi-weak ones.
        "0101010101010101 fefefefefefefefe e0e0e0e0f1f1f1f1 1f1f1f1f0e0e0e0e "
        "011f011f010e010e 1f011f010e010e01 01e001e001f101f1 e001e001f101f101 01fe01fe01fe01fe fe01fe01fe01fe01 "
        "1fe01fe00ef10ef1 e01fe01ff10ef10e 1ffe1ffe0efe0efe fe1ffe1ffe0efe0e e0fee0fef1fef1fe fee0fee0fef1fef1"
    ).split()
)


def is_weak(key: bytes) -> bool:
    """Whether DES runs with a weak or semi-weak key: it never looks at the lowest bit of a byte, so neither do we."""
    return bytes(byte | 1 for byte in key) in {bytes(byte | 1 for byte in weak) for weak in WEAK_KEYS}


def new_des_key() -> bytes:
    while is_weak(key := secrets.token_bytes(8)):
        pass
    return key


def is_des_key(value: object) -> None:
    key = from_base64(value)
    if len(key) != 8:
        raise ValueError(f"a DES key of 8 bytes, it has {len(key)}")
    if is_weak(key):
        raise ValueError("a DES key to use, it is a weak or semi-weak one")


MEMBERS = {
    1: {"k_tmp1": is_des_key, "id_s": is_identity, "ts1": is_integer},
    2: {
        "pk_s": is_pem("PUBLIC KEY"), "sk_s": is_pem("PRIVATE KEY"), "cert_s": is_bytes, "x509_s": is_pem("CERTIFICATE"),
        "id_s": is_identity, "ts2": is_integer,
    },
    3: {"id_c": is_identity, "id_s": is_identity, "ts3": is_integer},
    4: {"pk_s": is_pem("PUBLIC KEY"), "cert_s": is_bytes, "x509_s": is_pem("CERTIFICATE"), "ts4": is_integer},
    5: {"k_tmp2": is_des_key, "id_c": is_identity, "ip_c": is_text, "port_c": is_integer, "ts5": is_integer},
    6: {"k_sess": is_des_key, "lifetime_sess": is_integer, "id_c": is_identity, "ts6": is_integer},
    7: {"req": is_text, "ts7": is_integer},
    8: {"data": is_text, "ts8": is_integer},
}
"""The members of each step's plaintext and their types (section 3)."""


def des_seal(key: bytes, plaintext: bytes) -> bytes:
    """IV, then DES-CBC with PKCS#7 padding."""
    iv = secrets.token_bytes(8)
    return iv + DES.new(key, DES.MODE_CBC, iv).encrypt(pad(plaintext, 8))


def des_open(key: bytes, body: bytes) -> bytes:
    if len(body) < 16 or len(body) % 8:
        raise ValueError("not an IV and whole blocks")
    return unpad(DES.new(key, DES.MODE_CBC, body[:8]).decrypt(body[8:]), 8)


def oaep_seal(key: RSA.RsaKey, plaintext: bytes) -> bytes:
    """RSAES-OAEP with SHA-1, MGF1-SHA-1 and an empty label."""
    return PKCS1_OAEP.new(key, hashAlgo=SHA1).encrypt(plaintext)


def oaep_open(key: RSA.RsaKey, body: bytes) -> bytes:
    return PKCS1_OAEP.new(key, hashAlgo=SHA1).decrypt(body)


def open_step(step: int, opener: Callable[[bytes], bytes], frame: bytes) -> dict[str, object]:
    """Opens a body and reads its members."""
    with opening(step):
        value = decode(opener(frame[HEADER_BYTES:]))
    return read_members(step, value, MEMBERS[step])


def cert_s_text(id_s: str, id_ca: str, pk_s: str) -> bytes:
    """What `cert_s` signs (section 2)."""
    return f"{id_s}\n{id_ca}\n{pk_s}".encode("utf-8")


def sign_cert_s(key: RSA.RsaKey, id_s: str, id_ca: str, pk_s: str) -> bytes:
    return pkcs1_15.new(key).sign(SHA256.new(cert_s_text(id_s, id_ca, pk_s)))


def check_certificates(step: int, members: dict, anchor: x509.Anchor, id_s: str, host: str, now: int) -> RSA.RsaKey:
    """`cert_s` verifies, `pk_s` is the key in `x509_s`, `x509_s` verifies (section 7, steps 2 and 4); returns PK_S.

    ID_CA is the common name of the trust anchor.
    """
    pk_s = members["pk_s"]
    text = SHA256.new(cert_s_text(id_s, anchor.identity, pk_s))
    try:
        pkcs1_15.new(RSA.import_key(anchor.public_pem)).verify(text, from_base64(members["cert_s"]))
    except ValueError:
        raise ProtocolError("bad_certificate", step, "cert_s is no signature of the CA over ID_S, ID_CA, PK_S") from None
    key = import_key(step, "pk_s", pk_s)
    certified = check_x509(step, members["x509_s"], anchor, id_s, host, now).public_numbers()
    if (certified.n, certified.e) != (key.n, key.e):
        raise ProtocolError("bad_certificate", step, "pk_s is not the key in x509_s")
    return key


@cache
def rsa_key(pem: str) -> RSA.RsaKey:
    return RSA.import_key(pem)


def import_key(step: int, name: str, pem: str) -> RSA.RsaKey:
    try:
        return rsa_key(pem)
    except (ValueError, IndexError, TypeError):
        raise ProtocolError("bad_certificate", step, f"{name} holds no RSA key") from None


class Role:
    """One side of one connection. `accept` takes a frame whose header has been checked."""

    def draft_of(self, step: int, members: dict[str, object], seal: Callable[[bytes], bytes]) -> Draft:
        return Draft(step, SUITE, members, seal)

    def sent(self, frame: bytes) -> None:
        """Nothing in this suite depends on what was sent before."""


@dataclass
class Authority(Role):
    """CA on one connection: accepts step 1, drafts step 2."""

    office: Office
    id_s: str = ""
    k_tmp1: bytes = b""

    def accept(self, step: int, frame: bytes, now: int) -> dict[str, object]:
        key = rsa_key(x509.private_pem(self.office.issuer.key))
        members = open_step(1, lambda data: oaep_open(key, data), frame)
        self.office.names.check(members["id_s"])
        check_fresh(1, members["ts1"], now, self.office.max_age)
        self.office.names.give(members["id_s"])
        self.k_tmp1, self.id_s = from_base64(members["k_tmp1"]), members["id_s"]
        return members

    def draft(self, step: int, now: int) -> Draft:
        """Makes the server's key pair, as in the seed, and both certificates."""
        issuer, key = self.office.issuer, self.office.new_key(self.office.bits)
        sk_ca, pk_s = rsa_key(x509.private_pem(issuer.key)), x509.public_pem(key.public_key())
        members = {
            "pk_s": pk_s,
            "sk_s": x509.private_pem(key),
            "cert_s": to_base64(sign_cert_s(sk_ca, self.id_s, issuer.anchor.identity, pk_s)),
            "x509_s": issuer.issue(self.id_s, key.public_key()),
            "id_s": self.id_s,
            "ts2": now,
        }
        return self.draft_of(2, members, lambda data: des_seal(self.k_tmp1, data))


@dataclass
class Registrant(Role):
    """S with the authority: drafts step 1, accepts step 2. `host` is the address that C will connect to."""

    anchor: x509.Anchor
    id_s: str
    host: str = "127.0.0.1"
    max_age: int = MAX_AGE
    k_tmp1: bytes = field(default_factory=new_des_key)
    registration: dict[str, object] = field(default_factory=dict)

    def draft(self, step: int, now: int) -> Draft:
        key = RSA.import_key(self.anchor.public_pem)
        members = {"k_tmp1": to_base64(self.k_tmp1), "id_s": self.id_s, "ts1": now}
        return self.draft_of(1, members, lambda data: oaep_seal(key, data))

    def accept(self, step: int, frame: bytes, now: int) -> dict[str, object]:
        members = open_step(2, lambda data: des_open(self.k_tmp1, data), frame)
        check_identity(2, "id_s", members["id_s"], self.id_s)
        secret, public = import_key(2, "sk_s", members["sk_s"]), import_key(2, "pk_s", members["pk_s"])
        if not secret.has_private() or (secret.n, secret.e) != (public.n, public.e):
            raise ProtocolError("bad_certificate", 2, "sk_s doesn't belong to pk_s")
        check_certificates(2, members, self.anchor, self.id_s, self.host, now)
        check_fresh(2, members["ts2"], now, self.max_age)
        self.registration = members
        return members


@dataclass
class Server(Role):
    """S on one connection with a client: accepts 3, 5, 7 and drafts 4, 6, 8. `registration` is what a `Registrant` got."""

    registration: dict[str, object]
    lifetime: int = LIFETIME
    k_boot: bytes = K_BOOT
    max_age: int = MAX_AGE
    id_c: str = ""
    k_tmp2: bytes = b""
    k_sess: bytes = b""
    started: int = 0

    @property
    def ends(self) -> int:
        """When the session ends, in milliseconds (section 5)."""
        return self.started + self.lifetime * 1000

    def accept(self, step: int, frame: bytes, now: int) -> dict[str, object]:
        if step == 7 and now > self.ends:
            self.k_sess = b""
            raise ProtocolError("session_expired", 7, f"the session ended {now - self.ends} ms ago")
        members = open_step(step, self._opener(step), frame)
        if step == 3:
            check_identity(3, "id_s", members["id_s"], self.registration["id_s"])
        elif step == 5:
            check_identity(5, "id_c", members["id_c"], self.id_c)
        check_fresh(step, members[f"ts{step}"], now, self.max_age)
        if step == 3:
            self.id_c = members["id_c"]
        elif step == 5:
            self.k_tmp2 = from_base64(members["k_tmp2"])
        return members

    def draft(self, step: int, now: int, data: str = "") -> Draft:
        """`data` is the answer that step 8 carries."""
        if step == 4:
            certificates = {name: self.registration[name] for name in ("pk_s", "cert_s", "x509_s")}
            return self.draft_of(4, {**certificates, "ts4": now}, lambda text: des_seal(self.k_boot, text))
        if step == 6:
            self.k_sess, self.started = new_des_key(), now
            members = {"k_sess": to_base64(self.k_sess), "lifetime_sess": self.lifetime, "id_c": self.id_c, "ts6": now}
            return self.draft_of(6, members, lambda text: des_seal(self.k_tmp2, text))
        return self.draft_of(8, {"data": data, "ts8": now}, lambda text: des_seal(self.k_sess, text))

    def _opener(self, step: int) -> Callable[[bytes], bytes]:
        if step == 5:
            key = rsa_key(self.registration["sk_s"])
            return lambda body: oaep_open(key, body)
        return lambda body: des_open(self.k_boot if step == 3 else self.k_sess, body)


@dataclass
class Client(Role):
    """C: drafts 3, 5, 7 and accepts 4, 6, 8.

    `host` is the server's address as it was asked for, `address` our own end of the connection.
    """

    anchor: x509.Anchor
    id_c: str
    id_s: str
    host: str
    address: tuple[str, int]
    k_boot: bytes = K_BOOT
    max_age: int = MAX_AGE
    pk_s: RSA.RsaKey | None = None
    k_tmp2: bytes = field(default_factory=new_des_key)
    k_sess: bytes = b""
    lifetime: int = 0
    ends: int = 0

    def draft(self, step: int, now: int, req: str = "") -> Draft:
        """`req` is the request that step 7 carries."""
        if step == 3:
            members = {"id_c": self.id_c, "id_s": self.id_s, "ts3": now}
            return self.draft_of(3, members, lambda text: des_seal(self.k_boot, text))
        if step == 5:
            ip_c, port_c = self.address
            members = {"k_tmp2": to_base64(self.k_tmp2), "id_c": self.id_c, "ip_c": ip_c, "port_c": port_c, "ts5": now}
            return self.draft_of(5, members, lambda text: oaep_seal(self.pk_s, text))
        return self.draft_of(7, {"req": req, "ts7": now}, lambda text: des_seal(self.k_sess, text))

    def accept(self, step: int, frame: bytes, now: int) -> dict[str, object]:
        key = {4: self.k_boot, 6: self.k_tmp2, 8: self.k_sess}[step]
        members = open_step(step, lambda data: des_open(key, data), frame)
        if step == 4:
            pk_s = check_certificates(4, members, self.anchor, self.id_s, self.host, now)
        elif step == 6:
            check_identity(6, "id_c", members["id_c"], self.id_c)
            if not 1 <= members["lifetime_sess"] <= LIFETIME_MAX:
                raise ProtocolError("malformed", 6, f"lifetime_sess is not 1 to {LIFETIME_MAX}")
        check_fresh(step, members[f"ts{step}"], now, self.max_age)
        if step == 4:
            self.pk_s = pk_s
        elif step == 6:
            self.k_sess, self.lifetime = from_base64(members["k_sess"]), members["lifetime_sess"]
            self.ends = members["ts6"] + self.lifetime * 1000
        return members
