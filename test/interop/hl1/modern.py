"""Suite `modern` (protocol.md section 4): the members of its steps, and the four roles as state without sockets.

The roles are used as those of `classic` are, and keep the transcript hash besides: a frame that is accepted goes into
it by itself, one that is sent is named with `sent`.
"""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass, field
from typing import Callable

from cryptography import x509 as pyca
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import SignatureAlgorithmOID

from . import x509
from .fields import (
    LIFETIME, LIFETIME_MAX, MAX_AGE, check_fresh, decode, from_base64, is_bytes, is_bytes_of, is_identity, is_integer,
    is_pem, is_text, read_members, to_base64,
)
from .frame import HEADER_BYTES, SUITE_MODERN, ProtocolError
from .message import Draft, Office, check_identity, check_x509, opening
from .sealing import (
    BITS_MIN, HANDSHAKE, KEY_BYTES, NONCE_BYTES, SHARE_BYTES, START, TEMPORARY, TO_CLIENT, TO_SERVER, hkdf,
    import_share, new_share, next_hash, oaep, private_key, proof_text, pss, seal, seal_numbered, share_of, unseal,
    unseal_numbered,
)

SUITE = SUITE_MODERN
NEEDED: frozenset[str] = frozenset()
"""What a server must have from its registration, over what every suite brings, to serve this suite."""


def is_share(value: object) -> None:
    import_share(from_base64(value))


MEMBERS = {
    1: {
        "k_tmp1": is_bytes_of(KEY_BYTES), "id_s": is_identity, "ts1": is_integer,
        "csr_s": is_pem("CERTIFICATE REQUEST"), "nonce_s": is_bytes_of(NONCE_BYTES),
    },
    2: {"x509_s": is_pem("CERTIFICATE"), "id_s": is_identity, "nonce_s": is_bytes_of(NONCE_BYTES), "ts2": is_integer},
    3: {"id_s": is_identity, "ts3": is_integer, "nonce_c": is_bytes_of(NONCE_BYTES), "share_c": is_share},
    4: {"x509_s": is_pem("CERTIFICATE"), "ts4": is_integer, "nonce_s": is_bytes_of(NONCE_BYTES), "proof": is_bytes},
    5: {
        "k_tmp2": is_bytes_of(KEY_BYTES), "id_c": is_identity, "ip_c": is_text, "port_c": is_integer, "ts5": is_integer,
    },
    6: {"k_sess": is_bytes_of(KEY_BYTES), "lifetime_sess": is_integer, "id_c": is_identity, "ts6": is_integer},
    7: {"req": is_text, "ts7": is_integer},
    8: {"data": is_text, "ts8": is_integer},
}
"""The members of each step's plaintext and their types (section 4)."""
SECOND = frozenset(("csr_s", "nonce_s"))
"""The members of step 1 that are in its second plaintext."""


def check_request(pem: str, id_s: str) -> rsa.RSAPublicKey:
    """The certificate request: its own signature, its subject, its key (section 7, step 1); returns PK_S."""
    try:
        request = pyca.load_pem_x509_csr(pem.encode("ascii"))
        key = request.public_key()
        if not isinstance(key, rsa.RSAPublicKey) or key.key_size < BITS_MIN:
            raise x509.CertificateError(f"its key is not RSA of at least {BITS_MIN} bits")
        if request.signature_algorithm_oid != SignatureAlgorithmOID.RSA_WITH_SHA256 or not request.is_signature_valid:
            raise x509.CertificateError("its signature is not by the key in it")
        if x509.common_name(request) != id_s:
            raise x509.CertificateError(f"its subject is {x509.common_name(request)}, expected {id_s}")
    except x509.CertificateError as error:
        raise ProtocolError("bad_certificate", 1, f"csr_s doesn't verify: {error}") from None
    except Exception as error:
        # The library has no one class for what it can't parse or doesn't know.
        raise ProtocolError("bad_certificate", 1, f"csr_s can't be read: {error}") from None
    return key


@dataclass
class Role:
    """One side of one connection: what both sides keep of it. `accept` takes a frame whose header has been checked."""

    th: bytes = field(default=START, init=False)
    z: bytes = field(default=b"", init=False)
    keys: dict[bytes, bytes] = field(default_factory=dict, init=False)
    th7: bytes = field(default=b"", init=False)
    numbers: dict[int, int] = field(default_factory=lambda: {7: 0, 8: 0}, init=False)

    def draft_of(self, step: int, members: dict[str, object], sealing: Callable[..., bytes]) -> Draft:
        return Draft(step, SUITE, members, sealing, SECOND if step == 1 else frozenset())

    def sent(self, frame: bytes) -> None:
        """A frame was sent: the next one is bound to it."""
        self.th = next_hash(self.th, frame)
        if (step := frame[5]) in self.numbers:
            self.numbers = {**self.numbers, step: self.numbers[step] + 1}

    def accepted(self, frame: bytes) -> None:
        Role.sent(self, frame)

    def derive(self, info: bytes, ikm: bytes = b"") -> bytes:
        """The key with this info: of `ikm` then Z, salted with the transcript so far."""
        key = hkdf(ikm + self.z, self.th, info)
        self.keys = {**self.keys, info: key}
        return key

    def start_session(self, k_sess: bytes) -> None:
        """The keys of both directions, once step 6 is in the transcript."""
        self.th7 = self.th
        self.derive(TO_SERVER, k_sess)
        self.derive(TO_CLIENT, k_sess)

    def numbered(self, step: int, info: bytes, plaintext: bytes) -> bytes:
        return seal_numbered(self.keys[info], step, self.th7, self.numbers[step], plaintext)

    def open_numbered(self, step: int, info: bytes, frame: bytes) -> dict[str, object]:
        """Opens step 7 or 8, reads its members, and checks its number (section 7)."""
        with opening(step):
            number, plaintext = unseal_numbered(self.keys[info], self.th7, frame)
            value = decode(plaintext)
        members = read_members(step, value, MEMBERS[step])
        if number != self.numbers[step]:
            raise ProtocolError("replayed", step, f"sequence number {number} came, expected {self.numbers[step]}")
        return members


@dataclass
class Authority(Role):
    """CA on one connection: accepts step 1, drafts step 2."""

    office: Office
    id_s: str = ""
    k_tmp1: bytes = b""
    nonce_s: str = ""
    pk_s: rsa.RSAPublicKey | None = None

    def accept(self, step: int, frame: bytes, now: int) -> dict[str, object]:
        body = frame[HEADER_BYTES:]
        with opening(1):
            rsa_bytes = int.from_bytes(body[:2], "big")
            first = decode(self.office.issuer.key.decrypt(body[2:2 + rsa_bytes], oaep()))
        # Opening comes before the members, but without a good key there is none of the rest.
        k_tmp1 = from_base64(read_members(1, first, {"k_tmp1": MEMBERS[1]["k_tmp1"]})["k_tmp1"])
        with opening(1):
            second = decode(unseal(k_tmp1, self.th, frame, HEADER_BYTES + 2 + rsa_bytes))
        members = {
            **read_members(1, first, {name: MEMBERS[1][name] for name in MEMBERS[1] if name not in SECOND}),
            **read_members(1, second, {name: MEMBERS[1][name] for name in SECOND}),
        }
        self.office.names.check(members["id_s"])
        pk_s = check_request(members["csr_s"], members["id_s"])
        nonce, age = from_base64(members["nonce_s"]), self.office.max_age
        self.office.memory.check(nonce, now)
        check_fresh(1, members["ts1"], now, age)
        self.office.memory.add(nonce, now)
        self.office.names.give(members["id_s"])
        self.k_tmp1, self.id_s, self.nonce_s, self.pk_s = k_tmp1, members["id_s"], members["nonce_s"], pk_s
        self.accepted(frame)
        return members

    def draft(self, step: int, now: int) -> Draft:
        """Certifies the key that the server has made."""
        x509_s = self.office.issuer.issue(self.id_s, self.pk_s)
        members = {"x509_s": x509_s, "id_s": self.id_s, "nonce_s": self.nonce_s, "ts2": now}
        return self.draft_of(2, members, lambda data: seal(self.k_tmp1, 2, self.th, data))


@dataclass
class Registrant(Role):
    """S with the authority: drafts step 1, accepts step 2. `host` is the address that C will connect to."""

    anchor: x509.Anchor
    id_s: str
    host: str = "127.0.0.1"
    max_age: int = MAX_AGE
    key: rsa.RSAPrivateKey = field(default_factory=lambda: x509.new_key(BITS_MIN))
    k_tmp1: bytes = field(default_factory=lambda: secrets.token_bytes(KEY_BYTES))
    nonce_s: bytes = field(default_factory=lambda: secrets.token_bytes(NONCE_BYTES))
    registration: dict[str, object] = field(default_factory=dict)

    def draft(self, step: int, now: int) -> Draft:
        members = {
            "k_tmp1": to_base64(self.k_tmp1),
            "id_s": self.id_s,
            "ts1": now,
            "csr_s": x509.request(self.id_s, self.key),
            "nonce_s": to_base64(self.nonce_s),
        }
        return self.draft_of(1, members, self._seal)

    def _seal(self, first: bytes, second: bytes) -> bytes:
        encrypted = self.anchor.certificate.public_key().encrypt(first, oaep())
        return seal(self.k_tmp1, 1, self.th, second, struct.pack(">H", len(encrypted)) + encrypted)

    def accept(self, step: int, frame: bytes, now: int) -> dict[str, object]:
        with opening(2):
            value = decode(unseal(self.k_tmp1, self.th, frame))
        members = read_members(2, value, MEMBERS[2])
        check_identity(2, "id_s", members["id_s"], self.id_s)
        certified = check_x509(2, members["x509_s"], self.anchor, self.id_s, self.host, now)
        if certified.public_numbers() != self.key.public_key().public_numbers():
            raise ProtocolError("bad_certificate", 2, "x509_s holds another key than ours")
        if from_base64(members["nonce_s"]) != self.nonce_s:
            raise ProtocolError("replayed", 2, "the nonce is not ours: this answers another request")
        check_fresh(2, members["ts2"], now, self.max_age)
        self.registration = {**members, "sk_s": x509.private_pem(self.key)}
        self.accepted(frame)
        return members


@dataclass
class Server(Role):
    """S on one connection with a client: accepts 3, 5, 7 and drafts 4, 6, 8. `registration` is what a `Registrant` got.

    `k_boot` is for `classic` alone.
    """

    registration: dict[str, object]
    lifetime: int = LIFETIME
    k_boot: bytes = b""
    max_age: int = MAX_AGE
    share: ec.EllipticCurvePrivateKey = field(default_factory=new_share)
    share_c: bytes = b""
    id_c: str = ""
    k_tmp2: bytes = b""
    k_sess: bytes = b""
    started: int = 0

    @property
    def ends(self) -> int:
        """When the session ends, in milliseconds (section 5)."""
        return self.started + self.lifetime * 1000

    @property
    def sk_s(self) -> rsa.RSAPrivateKey:
        return private_key(self.registration["sk_s"])

    def accept(self, step: int, frame: bytes, now: int) -> dict[str, object]:
        if step == 7 and now > self.ends:
            self.k_sess, self.keys = b"", {}
            raise ProtocolError("session_expired", 7, f"the session ended {now - self.ends} ms ago")
        members = {3: self._open_hello, 5: self._open_key, 7: self._open_request}[step](frame)
        if step == 3:
            check_identity(3, "id_s", members["id_s"], self.registration["id_s"])
        check_fresh(step, members[f"ts{step}"], now, self.max_age)
        self.accepted(frame)
        if step == 3:
            self.share_c = from_base64(members["share_c"])
            self.z = self.share.exchange(ec.ECDH(), import_share(self.share_c))
        elif step == 5:
            self.k_tmp2, self.id_c = from_base64(members["k_tmp2"]), members["id_c"]
        return members

    def _open_hello(self, frame: bytes) -> dict[str, object]:
        """Step 3 is in clear: nothing there is opened, so what is no JSON object is malformed."""
        try:
            value = decode(frame[HEADER_BYTES:])
        except ValueError:
            raise ProtocolError("malformed", 3, "the body is no JSON object") from None
        return read_members(3, value, MEMBERS[3])

    def _open_key(self, frame: bytes) -> dict[str, object]:
        with opening(5):
            value = decode(self.sk_s.decrypt(unseal(self.keys[HANDSHAKE], self.th, frame), oaep()))
        return read_members(5, value, MEMBERS[5])

    def _open_request(self, frame: bytes) -> dict[str, object]:
        return self.open_numbered(7, TO_SERVER, frame)

    def draft(self, step: int, now: int, data: str = "") -> Draft:
        """`data` is the answer that step 8 carries."""
        if step == 4:
            share, nonce = share_of(self.share), secrets.token_bytes(NONCE_BYTES)
            proof = self.sk_s.sign(proof_text(self.th, share, nonce), pss(), hashes.SHA256())
            members = {
                "x509_s": self.registration["x509_s"], "ts4": now, "nonce_s": to_base64(nonce), "proof": to_base64(proof),
            }
            key = self.derive(HANDSHAKE)
            return self.draft_of(4, members, lambda text: seal(key, 4, self.th, text, share))
        if step == 6:
            self.k_sess, self.started = secrets.token_bytes(KEY_BYTES), now
            members = {"k_sess": to_base64(self.k_sess), "lifetime_sess": self.lifetime, "id_c": self.id_c, "ts6": now}
            key = self.derive(TEMPORARY, self.k_tmp2)
            return self.draft_of(6, members, lambda text: seal(key, 6, self.th, text))
        return self.draft_of(8, {"data": data, "ts8": now}, lambda text: self.numbered(8, TO_CLIENT, text))

    def sent(self, frame: bytes) -> None:
        Role.sent(self, frame)
        if frame[5] == 6:
            self.start_session(self.k_sess)


@dataclass
class Client(Role):
    """C: drafts 3, 5, 7 and accepts 4, 6, 8.

    `host` is the server's address as it was asked for, `address` our own end of the connection; `k_boot` is for
    `classic` alone.
    """

    anchor: x509.Anchor
    id_c: str
    id_s: str
    host: str
    address: tuple[str, int]
    k_boot: bytes = b""
    max_age: int = MAX_AGE
    share: ec.EllipticCurvePrivateKey = field(default_factory=new_share)
    nonce_c: bytes = field(default_factory=lambda: secrets.token_bytes(NONCE_BYTES))
    pk_s: rsa.RSAPublicKey | None = None
    k_tmp2: bytes = field(default_factory=lambda: secrets.token_bytes(KEY_BYTES))
    k_sess: bytes = b""
    lifetime: int = 0
    ends: int = 0

    def draft(self, step: int, now: int, req: str = "") -> Draft:
        """`req` is the request that step 7 carries."""
        if step == 3:
            share = to_base64(share_of(self.share))
            members = {"id_s": self.id_s, "ts3": now, "nonce_c": to_base64(self.nonce_c), "share_c": share}
            return self.draft_of(3, members, lambda text: text)
        if step == 5:
            ip_c, port_c = self.address
            members = {"k_tmp2": to_base64(self.k_tmp2), "id_c": self.id_c, "ip_c": ip_c, "port_c": port_c, "ts5": now}
            return self.draft_of(
                5, members, lambda text: seal(self.keys[HANDSHAKE], 5, self.th, self.pk_s.encrypt(text, oaep()))
            )
        return self.draft_of(7, {"req": req, "ts7": now}, lambda text: self.numbered(7, TO_SERVER, text))

    def accept(self, step: int, frame: bytes, now: int) -> dict[str, object]:
        members = {4: self._open_proof, 6: self._open_session, 8: self._open_response}[step](frame, now)
        check_fresh(step, members[f"ts{step}"], now, self.max_age)
        self.accepted(frame)
        if step == 6:
            self.k_sess, self.lifetime = from_base64(members["k_sess"]), members["lifetime_sess"]
            self.ends = members["ts6"] + self.lifetime * 1000
            self.start_session(self.k_sess)
        return members

    def _open_proof(self, frame: bytes, now: int) -> dict[str, object]:
        """The share of S is needed to open the rest: a bad one is one more way in which opening fails."""
        end = HEADER_BYTES + SHARE_BYTES
        share_s = frame[HEADER_BYTES:end]
        with opening(4):
            self.z = self.share.exchange(ec.ECDH(), import_share(share_s))
            value = decode(unseal(self.derive(HANDSHAKE), self.th, frame, end))
        members = read_members(4, value, MEMBERS[4])
        pk_s = check_x509(4, members["x509_s"], self.anchor, self.id_s, self.host, now)
        signed = proof_text(self.th, share_s, from_base64(members["nonce_s"]))
        try:
            pk_s.verify(from_base64(members["proof"]), signed, pss(), hashes.SHA256())
        except InvalidSignature:
            raise ProtocolError("bad_certificate", 4, "proof is no signature by the key in x509_s over this exchange") from None
        self.pk_s = pk_s
        return members

    def _open_session(self, frame: bytes, now: int) -> dict[str, object]:
        with opening(6):
            value = decode(unseal(self.derive(TEMPORARY, self.k_tmp2), self.th, frame))
        members = read_members(6, value, MEMBERS[6])
        check_identity(6, "id_c", members["id_c"], self.id_c)
        if not 1 <= members["lifetime_sess"] <= LIFETIME_MAX:
            raise ProtocolError("malformed", 6, f"lifetime_sess is not 1 to {LIFETIME_MAX}")
        return members

    def _open_response(self, frame: bytes, now: int) -> dict[str, object]:
        return self.open_numbered(8, TO_CLIENT, frame)
