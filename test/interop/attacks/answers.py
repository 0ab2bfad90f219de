"""What is wrong with steps 2, 4, 6 and 8: what an authority or a server answers to a server or a client."""

from __future__ import annotations

import struct
from typing import Callable

from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from Cryptodome.PublicKey import RSA

from hl1 import classic, sealing, x509
from hl1.fields import from_base64, to_base64

from . import (
    ACCEPTED, Attempt, Case, Wrong, both, edited, frame_cases, member_cases, retyped, silent, with_member,
)
from .certificates import NO_CERTIFICATE, NOT_PEM, WRONG, Make, other_key
from .requests import BAD_SHARES

STEPS = (2, 4, 6, 8)
ORDER = {2: 4, 4: 6, 6: 8, 8: 4}
IDS = {2: "id_s", 6: "id_c"}
KEYS = {6: "k_sess"}
DROPPED = {2: "x509_s", 4: "x509_s", 6: "lifetime_sess", 8: "data"}
X509 = {2: "x509_s", 4: "x509_s"}


def issuer_of(attempt: Attempt) -> x509.Issuer:
    return attempt.office.issuer


def certified(make: Make) -> Case:
    def edit(attempt: Attempt) -> dict[str, object]:
        key = pyca.load_pem_x509_certificate(attempt.draft.members["x509_s"].encode()).public_key()
        return {"x509_s": make(issuer_of(attempt), key)}

    return both(edited(edit), (2, 4), "bad_certificate")


def signed(id_s: str, by_another: bool = False) -> Case:
    """`cert_s` over another text, or by another key."""

    def edit(attempt: Attempt) -> dict[str, object]:
        key = other_key() if by_another else issuer_of(attempt).key
        sk, anchor = RSA.import_key(x509.private_pem(key)), issuer_of(attempt).anchor
        return {"cert_s": to_base64(classic.sign_cert_s(sk, id_s, anchor.identity, attempt.draft.members["pk_s"]))}

    return Case(edited(edit), dict.fromkeys((2, 4), "bad_certificate"))


def proven(sign: Callable[[Attempt, bytes], bytes]) -> Case:
    """Step 4 of `modern` with another proof; `sign` gets what should be signed."""

    def edit(attempt: Attempt) -> dict[str, object]:
        share, nonce = sealing.share_of(attempt.role.share), from_base64(attempt.draft.members["nonce_s"])
        return {"proof": to_base64(sign(attempt, sealing.proof_text(attempt.role.th, share, nonce)))}

    return Case(edited(edit), modern={4: "bad_certificate"})


def pss(salt: int) -> padding.PSS:
    return padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=salt)


def sharing(share: bytes) -> Case:
    """Step 4 of `modern` that begins with another share."""
    return Case(
        lambda attempt: attempt.build(share + attempt.draft.body()[sealing.SHARE_BYTES:]), modern={4: "decrypt_failed"}
    )


def again(attempt: Attempt) -> bytes:
    """The frame of another session; of step 8 the one that this session has just had."""
    if attempt.step == 8:
        attempt.exchange()
        return attempt.frames[8]
    return attempt.elsewhere(attempt.step)


def twice(attempt: Attempt) -> bytes:
    return attempt.draft.frame() * 2


def numbered(number: int) -> Wrong:
    def wrong(attempt: Attempt) -> bytes:
        attempt.role.numbers = {**attempt.role.numbers, 8: number}
        return attempt.draft.frame()

    return wrong


def renumbered(attempt: Attempt) -> bytes:
    return attempt.build(struct.pack(">Q", 1) + attempt.draft.body()[8:])


def other_direction(attempt: Attempt) -> bytes:
    keys = attempt.role.keys
    attempt.role.keys = {**keys, sealing.TO_CLIENT: keys[sealing.TO_SERVER]}
    return attempt.draft.frame()


def other_transcript(attempt: Attempt) -> bytes:
    attempt.role.th = attempt.role.th7 = bytes(32)
    return attempt.draft.frame()


def lasting(lifetime: object) -> Case:
    return both(with_member({6: "lifetime_sess"}, lifetime), (6,), "malformed")


CASES = {
    **frame_cases(STEPS, ORDER, clear=()),
    **member_cases(STEPS, IDS, KEYS, DROPPED),
    "wrong-id": both(with_member(IDS, "ID-Nobody"), (2, 6), "unknown_identity"),
    "wrong-id-stale": both(
        edited(lambda attempt: {IDS[attempt.step]: "ID-Nobody", f"ts{attempt.step}": 0}), (2, 6), "unknown_identity"
    ),
    **{f"x509-{name}": certified(make) for name, make in WRONG.items()},
    **{f"x509-{name}": both(with_member(X509, change), (2, 4), "malformed") for name, change in NOT_PEM.items()},
    "x509-stale": both(
        edited(lambda attempt: {"x509_s": NO_CERTIFICATE, f"ts{attempt.step}": 0}), (2, 4), "bad_certificate"
    ),
    "cert-for-another-server": signed("ID-Other"),
    "cert-of-another-authority": signed("ID-Server", by_another=True),
    "cert-loose": Case(with_member({2: "cert_s", 4: "cert_s"}, "AB=="), dict.fromkeys((2, 4), "malformed")),
    "pk-of-another-key": Case(
        edited(lambda attempt: {"pk_s": x509.public_pem(other_key().public_key())}), dict.fromkeys((2, 4), "bad_certificate")
    ),
    "sk-of-another-key": Case(edited(lambda attempt: {"sk_s": x509.private_pem(other_key())}), {2: "bad_certificate"}),
    "sk-no-key": Case(
        with_member({2: "sk_s"}, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), {2: "bad_certificate"}
    ),
    **{f"sk-{name}": Case(with_member({2: "sk_s"}, change), {2: "malformed"}) for name, change in NOT_PEM.items()},
    **{f"pk-{name}": Case(with_member({2: "pk_s", 4: "pk_s"}, change), dict.fromkeys((2, 4), "malformed"))
       for name, change in NOT_PEM.items()},
    "nonce-of-another-request": Case(with_member({2: "nonce_s"}, to_base64(bytes(32))), modern={2: "replayed"}),
    "nonce-of-another-request-stale": Case(
        edited(lambda attempt: {"nonce_s": to_base64(bytes(32)), "ts2": 0}), modern={2: "replayed"}
    ),
    "short-nonce": Case(
        with_member({2: "nonce_s", 4: "nonce_s"}, to_base64(bytes(31))), modern={2: "malformed", 4: "malformed"}
    ),
    "proof-by-another-key": proven(lambda attempt, text: other_key().sign(text, sealing.pss(), hashes.SHA256())),
    "proof-of-another-handshake": proven(
        lambda attempt, text: attempt.role.sk_s.sign(text[:18] + bytes(32) + text[50:], sealing.pss(), hashes.SHA256())
    ),
    "proof-without-context": proven(lambda attempt, text: attempt.role.sk_s.sign(text[18:], sealing.pss(), hashes.SHA256())),
    "proof-short-salt": proven(lambda attempt, text: attempt.role.sk_s.sign(text, pss(20), hashes.SHA256())),
    "proof-no-salt": proven(lambda attempt, text: attempt.role.sk_s.sign(text, pss(0), hashes.SHA256())),
    "proof-sha-512": proven(lambda attempt, text: attempt.role.sk_s.sign(text, sealing.pss(), hashes.SHA512())),
    "proof-pkcs1": proven(lambda attempt, text: attempt.role.sk_s.sign(text, padding.PKCS1v15(), hashes.SHA256())),
    "proof-empty": proven(lambda attempt, text: b""),
    "proof-of-another-nonce": Case(with_member({4: "nonce_s"}, to_base64(bytes(32))), modern={4: "bad_certificate"}),
    **{name: sharing(share) for name, share in BAD_SHARES.items()},
    "share-of-another-key": sharing(sealing.share_of(sealing.new_share())),
    "lifetime-0": lasting(0),
    "lifetime-negative": lasting(-1),
    "lifetime-86401": lasting(86_401),
    "lifetime-86400": both(with_member({6: "lifetime_sess"}, 86_400), (6,), ACCEPTED),
    "lifetime-true": lasting(True),
    "lifetime-as-text": lasting("60"),
    "lifetime-fraction": lasting(60.5),
    "replayed": Case(
        # Anyone can have a step 4 of `classic`, and repeat it as long as it is fresh: it proves nothing.
        again,
        {2: "decrypt_failed", 4: ACCEPTED, 6: "decrypt_failed", 8: ACCEPTED},
        {2: "decrypt_failed", 4: "decrypt_failed", 6: "decrypt_failed", 8: "replayed"},
    ),
    "replayed-from-another-session": both(lambda attempt: attempt.elsewhere(8), (8,), "decrypt_failed"),
    "twice": both(twice, (4, 6), "unexpected_message"),
    "next-number": Case(numbered(1), modern={8: "replayed"}),
    "last-number": Case(numbered(2**64 - 1), modern={8: "replayed"}),
    "number-changed": Case(renumbered, modern={8: "decrypt_failed"}),
    "reflected": Case(
        # What the client has sealed under K_boot or K_sess opens under it: only the names of the members differ.
        lambda attempt: retyped(attempt.step - 1)(attempt),
        {4: "malformed", 6: "decrypt_failed", 8: "malformed"},
        dict.fromkeys(STEPS, "decrypt_failed"),
    ),
    "other-direction": Case(other_direction, modern={8: "decrypt_failed"}),
    "other-transcript": Case(other_transcript, modern={2: "decrypt_failed", 6: "decrypt_failed", 8: "decrypt_failed"}),
    "silent": both(silent, STEPS, "timeout", slow=True),
}
"""Those of step 8 named `replayed` need a second request."""
