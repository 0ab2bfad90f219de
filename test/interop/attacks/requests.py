"""What is wrong with steps 1, 3, 5 and 7: input to the listeners of the authority and the server."""

from __future__ import annotations

import struct
import time
from typing import Callable

from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID
from Cryptodome.PublicKey import RSA

from hl1 import classic, modern, sealing, x509
from hl1.fields import to_base64

from . import (
    ACCEPTED, OTHER_SUITE, Attempt, Case, Wrong, both, edited, frame_cases, member_cases, retyped, silent,
    spoilt, with_member,
)

STEPS = (1, 3, 5, 7)
ORDER = {1: 3, 3: 5, 5: 7, 7: 3}
IDS = {1: "id_s", 3: "id_s", 5: "id_c"}
KEYS = {1: "k_tmp1", 5: "k_tmp2"}
DROPPED = {1: "id_s", 3: "id_s", 5: "ip_c", 7: "req"}
EXPIRY_MARGIN = 0.2
NESTING = 400


def other_suite(attempt: Attempt) -> bytes:
    """A good frame under the number of the other suite."""
    return attempt.build(attempt.draft.body(), suite=OTHER_SUITE[attempt.suite.SUITE])


def expired(attempt: Attempt) -> bytes:
    """A good request that arrives just after the session's end (section 5)."""
    time.sleep(attempt.left + EXPIRY_MARGIN)
    return attempt.draft.frame()


def tampered_with_a_bad_id(attempt: Attempt) -> bytes:
    """Two things wrong with step 1: all of it is opened before any of it is read (section 7)."""
    frame = bytearray(attempt.draft.edited(id_s="No Identity").frame())
    frame[-1] ^= 0x10
    return bytes(frame)


def own_name(attempt: Attempt) -> dict[str, object]:
    """Asked for in other capitals, which make no other name (RFC 5280 section 7.1)."""
    return {"id_s": attempt.role.anchor.identity.swapcase()}


def nested(text: bytes) -> bytes:
    """An unknown member that is deep."""
    return text[:-1] + b',"x":' + NESTING * b"[" + NESTING * b"]" + b"}"


# Sent once more: the frame itself, or a part of it.


def again(attempt: Attempt) -> bytes:
    """The frame of another connection; of step 7 the one that this connection has just had answered."""
    if attempt.step == 7:
        attempt.exchange()
        return attempt.frames[7]
    return attempt.elsewhere(attempt.step)


def nonce_again(attempt: Attempt) -> bytes:
    """Another request with the nonce of one that was granted: all of it sealed anew."""
    attempt.elsewhere(1)
    return attempt.draft.frame()


def skipping(attempt: Attempt) -> bytes:
    """The request that should come after this one."""
    if attempt.suite is modern:
        attempt.role.numbers = {**attempt.role.numbers, 7: 1}
    return attempt.draft.frame()


def numbered(number: int) -> Wrong:
    """A request that is well sealed under this number."""

    def wrong(attempt: Attempt) -> bytes:
        attempt.role.numbers = {**attempt.role.numbers, 7: number}
        return attempt.draft.frame()

    return wrong


def renumbered(attempt: Attempt) -> bytes:
    """The number changed on the way."""
    return attempt.build(struct.pack(">Q", 1) + attempt.draft.body()[8:])


def reflected(attempt: Attempt) -> bytes:
    """The server's own last frame: of step 4 as step 5, of step 8 as step 7."""
    if attempt.step == 7:
        attempt.exchange()
    return retyped(attempt.step - 1 if attempt.step == 5 else 8)(attempt)


def other_direction(attempt: Attempt) -> bytes:
    """A request under the key of the responses."""
    keys = attempt.role.keys
    attempt.role.keys = {**keys, sealing.TO_SERVER: keys[sealing.TO_CLIENT]}
    return attempt.draft.frame()


# Bound to the wrong thing.


def other_transcript(attempt: Attempt) -> bytes:
    """Sealed as if other frames had gone before."""
    attempt.role.th = attempt.role.th7 = bytes(32)
    return attempt.draft.frame()


def another_rsa_key(attempt: Attempt) -> bytes:
    """Encrypted for someone else, in `modern`'s step 5 within a seal that is right."""
    stranger, suite = x509.new_key(2048), attempt.suite
    if suite is classic:
        key = RSA.import_key(x509.public_pem(stranger.public_key()))
        return attempt.build(classic.oaep_seal(key, attempt.draft.plaintexts()[0]))
    if attempt.step == 5:
        attempt.role.pk_s = stranger.public_key()
        return attempt.draft.frame()
    first, second = attempt.draft.plaintexts()
    encrypted = stranger.public_key().encrypt(first, sealing.oaep())
    return attempt.build(sealing.seal(attempt.role.k_tmp1, 1, attempt.role.th, second, struct.pack(">H", 256) + encrypted))


def inner(ciphertext: bytes) -> Wrong:
    """Step 5 of `modern` with these bytes under a good seal in place of the RSA ciphertext."""

    def wrong(attempt: Attempt) -> bytes:
        role = attempt.role
        return attempt.build(sealing.seal(role.keys[sealing.HANDSHAKE], 5, role.th, ciphertext))

    return wrong


def rsa_length(length: int) -> Wrong:
    """Step 1 of `modern` with another length in front of the RSA ciphertext."""
    return lambda attempt: attempt.build(struct.pack(">H", length) + attempt.draft.body()[2:])


# Requests for a certificate.


def asking(
    make: Callable[[str, RSAPrivateKey], str], code: str | None = "bad_certificate", **members: object
) -> Case:
    """Step 1 of `modern` with another request; `make` gets the right name and key."""
    wrong = edited(lambda attempt: {"csr_s": make(attempt.role.id_s, attempt.role.key), **members})
    return Case(wrong, modern={1: code})


def request(name: pyca.Name, key, *extensions: pyca.ExtensionType, algorithm=hashes.SHA256()) -> str:
    builder = pyca.CertificateSigningRequestBuilder().subject_name(name)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=True)
    return pem(builder.sign(key, algorithm))


def pem(made: pyca.CertificateSigningRequest) -> str:
    return made.public_bytes(serialization.Encoding.PEM).decode("ascii")


def named(*names: str, form: _ASN1Type = _ASN1Type.UTF8String) -> pyca.Name:
    return pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, name, form) for name in names])


def of_an_organisation(name: str) -> pyca.Name:
    return pyca.Name([pyca.NameAttribute(NameOID.ORGANIZATION_NAME, "Lab"), *named(name)])


def without_possession(id_s: str, key) -> str:
    """The request of one key, signed with another: whoever asks doesn't have the key."""
    made = pyca.load_pem_x509_csr(x509.request(id_s, key).encode())
    signature = x509.new_key(2048).sign(made.tbs_certrequest_bytes, padding.PKCS1v15(), hashes.SHA256())
    return pem(pyca.load_der_x509_csr(made.public_bytes(serialization.Encoding.DER).replace(made.signature, signature)))


def longer(text: str) -> str:
    """A byte behind the request, within the PEM."""
    der = pyca.load_pem_x509_csr(text.encode()).public_bytes(serialization.Encoding.DER) + b"\0"
    label, body = "CERTIFICATE REQUEST", to_base64(der)
    lines = "".join(body[start:start + 64] + "\n" for start in range(0, len(body), 64))
    return f"-----BEGIN {label}-----\n{lines}-----END {label}-----\n"


def renamed_after_signing(id_s: str, key) -> str:
    """The right name put into a request that was signed with another."""
    made = x509.request(id_s[:-1] + "~", key)
    der = pyca.load_pem_x509_csr(made.encode()).public_bytes(serialization.Encoding.DER)
    return pem(pyca.load_der_x509_csr(der.replace((id_s[:-1] + "~").encode(), id_s.encode())))


REQUESTS = {
    "csr-without-possession": asking(without_possession),
    "csr-renamed-after-signing": asking(renamed_after_signing),
    "csr-in-another-name": asking(lambda id_s, key: x509.request("ID-Other", key)),
    "csr-in-two-names": asking(lambda id_s, key: request(named(id_s, "ID-Other"), key)),
    "csr-in-two-names-last-right": asking(lambda id_s, key: request(named("ID-Other", id_s), key)),
    "csr-without-a-name": asking(lambda id_s, key: request(named(), key)),
    "csr-small-key": asking(lambda id_s, key: x509.request(id_s, x509.new_key(1024))),
    "csr-just-too-small-key": asking(lambda id_s, key: x509.request(id_s, x509.new_key(2047))),
    "csr-ec-key": asking(lambda id_s, key: request(named(id_s), ec.generate_private_key(ec.SECP256R1()))),
    "csr-no-der": asking(
        lambda id_s, key: "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"
    ),
    "csr-no-pem": Case(with_member({1: "csr_s"}, "request"), modern={1: "malformed"}),
    "csr-missing": Case(with_member({1: "csr_s"}, None), modern={1: "malformed"}),
    "csr-of-another-label": Case(
        with_member({1: "csr_s"}, lambda right: right.replace("CERTIFICATE REQUEST", "CERTIFICATE")), modern={1: "malformed"}
    ),
    "csr-signed-with-sha-512": asking(lambda id_s, key: request(named(id_s), key, algorithm=hashes.SHA512())),
    "csr-with-more-behind-it": asking(lambda id_s, key: longer(x509.request(id_s, key))),
    # What is asked for beyond name and key is not what is granted.
    "csr-that-asks-for-more": asking(
        lambda id_s, key: request(named(id_s), key, pyca.BasicConstraints(ca=True, path_length=None)), ACCEPTED
    ),
    "csr-of-an-organisation": asking(lambda id_s, key: request(of_an_organisation(id_s), key), ACCEPTED),
    "csr-with-a-printable-name": asking(
        lambda id_s, key: request(named(id_s, form=_ASN1Type.PrintableString), key), ACCEPTED
    ),
    "csr-in-another-name-stale": asking(lambda id_s, key: x509.request("ID-Other", key), ts1=0),
}

# Shares.

SHARE = sealing.share_of(sealing.new_share())
P = 2**256 - 2**224 + 2**192 + 2**96 - 1


def sharing(share: bytes) -> Case:
    return Case(with_member({3: "share_c"}, to_base64(share)), modern={3: "malformed"})


def one_off(share: bytes) -> bytes:
    return share[:-1] + bytes([share[-1] ^ 1])


BAD_SHARES = {
    "share-off-the-curve": one_off(SHARE),
    "share-zero": b"\x04" + bytes(64),
    "share-over-the-field": b"\x04" + P.to_bytes(32, "big") * 2,
    "share-hybrid": bytes([6 + SHARE[-1] % 2]) + SHARE[1:],
    "share-hybrid-other": bytes([7 - SHARE[-1] % 2]) + SHARE[1:],
    "share-compressed": bytes([2 + SHARE[-1] % 2]) + SHARE[1:33],
    "share-compressed-padded": bytes([2 + SHARE[-1] % 2]) + SHARE[1:],
    "share-at-infinity": b"\0",
    "share-short": SHARE[:-1],
    "share-long": SHARE + b"\0",
    "share-raw": SHARE[1:],
}

CASES = {
    **frame_cases(STEPS, ORDER, clear=(3,)),
    **member_cases(STEPS, IDS, KEYS, DROPPED),
    "tampered-with-a-bad-id": Case(tampered_with_a_bad_id, modern={1: "decrypt_failed"}),
    "nested-deeply": both(spoilt(nested), (3, 7), ACCEPTED),
    "half-a-surrogate-pair": both(with_member({7: "req"}, "echo \ud834"), (7,), ACCEPTED),
    "other-suite": both(other_suite, (5, 7), "unsupported_suite"),
    # The first frame chooses: it is then opened as what it says it is.
    "first-frame-of-the-other-suite": Case(
        other_suite, {1: "decrypt_failed", 3: "malformed"}, {1: "decrypt_failed", 3: "decrypt_failed"}
    ),
    "wrong-id": Case(
        # The authority knows no identity beforehand: `modern` has the request to compare it with.
        with_member(IDS, "ID-Nobody"),
        {3: "unknown_identity", 5: "unknown_identity"},
        {1: "bad_certificate", 3: "unknown_identity"},
    ),
    "wrong-id-stale": Case(
        edited(lambda attempt: {IDS[attempt.step]: "ID-Nobody", f"ts{attempt.step}": 0}),
        {3: "unknown_identity", 5: "unknown_identity"},
        {1: "bad_certificate", 3: "unknown_identity"},
    ),
    "own-name-of-the-authority": both(edited(own_name), (1,), "unknown_identity"),
    "own-name-of-the-authority-stale": both(edited(lambda attempt: {**own_name(attempt), "ts1": 0}), (1,), "unknown_identity"),
    "short-nonce": Case(
        edited(lambda attempt: {"nonce_s" if attempt.step == 1 else "nonce_c": to_base64(bytes(31))}),
        modern={1: "malformed", 3: "malformed"},
    ),
    "replayed": Case(
        again,
        dict.fromkeys(STEPS, ACCEPTED),
        # Step 3 is a beginning like any other: whoever replays it learns nothing that it could go on with.
        {1: "replayed", 3: ACCEPTED, 5: "decrypt_failed", 7: "replayed"},
    ),
    "replayed-from-another-session": both(lambda attempt: attempt.elsewhere(7), (7,), "decrypt_failed"),
    "replayed-nonce": Case(nonce_again, modern={1: "replayed"}),
    "reordered": Case(skipping, {7: ACCEPTED}, {7: "replayed"}),
    "last-number": Case(numbered(2**64 - 1), modern={7: "replayed"}),
    "number-changed": Case(renumbered, modern={7: "decrypt_failed"}),
    "reflected": Case(
        # What the server has sealed under K_sess opens under K_sess: only the names of the members differ.
        reflected,
        {5: "decrypt_failed", 7: "malformed"},
        {5: "decrypt_failed", 7: "decrypt_failed"},
    ),
    "other-direction": Case(other_direction, modern={7: "decrypt_failed"}),
    "other-transcript": Case(other_transcript, modern={1: "decrypt_failed", 5: "decrypt_failed", 7: "decrypt_failed"}),
    "another-rsa-key": both(another_rsa_key, (1, 5), "decrypt_failed"),
    "rsa-inside-empty": Case(inner(b""), modern={5: "decrypt_failed"}),
    "rsa-inside-random": Case(inner(bytes(range(256))), modern={5: "decrypt_failed"}),
    "rsa-length-zero": Case(rsa_length(0), modern={1: "decrypt_failed"}),
    "rsa-length-one-less": Case(rsa_length(255), modern={1: "decrypt_failed"}),
    "rsa-length-past-the-end": Case(rsa_length(0xFFFF), modern={1: "decrypt_failed"}),
    **REQUESTS,
    **{name: sharing(share) for name, share in BAD_SHARES.items()},
    "share-off-the-curve-for-another-server": Case(
        edited(lambda attempt: {"share_c": to_base64(one_off(SHARE)), "id_s": "ID-Nobody"}), modern={3: "malformed"}
    ),
    "expired": both(expired, (7,), "session_expired", slow=True),
    "silent": both(silent, (1, 3, 5), "timeout", slow=True),
}
