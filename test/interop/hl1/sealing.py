"""The primitives of suite `modern` (protocol.md section 4): transcript hash, sealing, derivations, shares, the proof's text."""

from __future__ import annotations

import secrets
import struct
from functools import cache
from hashlib import sha256

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .frame import HEADER_BYTES, SUITE_MODERN, build

KEY_BYTES = NONCE_BYTES = SALT_BYTES = 32
SHARE_BYTES, SEAL_NONCE_BYTES = 65, 12
BITS_MIN = 2048
CURVE = ec.SECP256R1()

HANDSHAKE, TEMPORARY = b"HL/1 handshake", b"HL/1 temporary"
TO_SERVER, TO_CLIENT = b"HL/1 client to server", b"HL/1 server to client"
PROOF = b"HL/1 server proof\0"

START = sha256(b"HL/1").digest()
"""The transcript hash before the first frame of a connection."""


def next_hash(th: bytes, frame: bytes) -> bytes:
    return sha256(th + frame).digest()


def import_share(share: bytes) -> ec.EllipticCurvePublicKey:
    """The point of a share; `ValueError` for any form but the uncompressed one, and for what is no point of the curve."""
    if len(share) != SHARE_BYTES or share[0] != 4:
        raise ValueError(f"an uncompressed point of {SHARE_BYTES} bytes")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, share)
    except ValueError:
        raise ValueError("a point of P-256") from None


def header(step: int, body_bytes: int) -> bytes:
    """The first 8 bytes of the frame with a body of this length."""
    return build(step, bytes(body_bytes), suite=SUITE_MODERN)[:HEADER_BYTES]


def seal(key: bytes, step: int, th: bytes, plaintext: bytes, before: bytes = b"") -> bytes:
    """The body that ends in `seal(key, plaintext)`; `before` is what stands in front of it, in clear."""
    nonce = secrets.token_bytes(SEAL_NONCE_BYTES)
    body_bytes = len(before) + SEAL_NONCE_BYTES + len(plaintext) + 16
    return before + nonce + AESGCM(key).encrypt(nonce, plaintext, th + header(step, body_bytes))


def unseal(key: bytes, th: bytes, frame: bytes, start: int = HEADER_BYTES) -> bytes:
    """What is sealed from `start` to the end of the frame."""
    sealed = frame[start:]
    return AESGCM(key).decrypt(sealed[:SEAL_NONCE_BYTES], sealed[SEAL_NONCE_BYTES:], th + frame[:HEADER_BYTES])


def seal_numbered(key: bytes, step: int, th: bytes, number: int, plaintext: bytes) -> bytes:
    """The body of steps 7 and 8: the sequence number, then AES-256-GCM with the number as nonce."""
    counted = struct.pack(">Q", number)
    return counted + AESGCM(key).encrypt(bytes(4) + counted, plaintext, th + header(step, len(plaintext) + 24))


def unseal_numbered(key: bytes, th: bytes, frame: bytes) -> tuple[int, bytes]:
    """The sequence number and the plaintext of steps 7 and 8."""
    counted, sealed = frame[HEADER_BYTES:HEADER_BYTES + 8], frame[HEADER_BYTES + 8:]
    if len(counted) != 8:
        raise ValueError("no sequence number")
    return int.from_bytes(counted, "big"), AESGCM(key).decrypt(bytes(4) + counted, sealed, th + frame[:HEADER_BYTES])


def oaep() -> padding.OAEP:
    """RSAES-OAEP with SHA-256, MGF1-SHA-256 and an empty label."""
    return padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


def pss() -> padding.PSS:
    return padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=SALT_BYTES)


def hkdf(ikm: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt, info).derive(ikm)


@cache
def private_key(pem: str) -> rsa.RSAPrivateKey:
    """Read but once: the library proves each time that the primes are primes."""
    return serialization.load_pem_private_key(pem.encode("ascii"), None)


def new_share() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(CURVE)


def share_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def proof_text(th4: bytes, share_s: bytes, nonce_s: bytes) -> bytes:
    """What `proof` signs (section 4)."""
    return PROOF + th4 + share_s + nonce_s
