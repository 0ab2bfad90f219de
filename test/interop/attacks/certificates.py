"""Certificates with one deviation each, and certificate and key members that are no such thing."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Callable

from cryptography import x509 as pyca
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from hl1 import x509

Make = Callable[[x509.Issuer, rsa.RSAPublicKey], str]
"""Makes `x509_s` for a key that is certified as it should be otherwise."""

ID_S = "ID-Server"
NO_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


@cache
def other_key() -> rsa.RSAPrivateKey:
    """Somebody else's."""
    return x509.new_key(2048)


def certificate(
    issuer: x509.Issuer,
    key: rsa.RSAPublicKey,
    *replaced: pyca.ExtensionType,
    subject: str = ID_S,
    issuer_name: str | None = None,
    signing: rsa.RSAPrivateKey | None = None,
    starts: datetime | None = None,
    ends: datetime | None = None,
    without: type | None = None,
    bare: bool = False,
) -> str:
    """`x509_s` with one deviation; `replaced` extensions take the place of those of their type, or come on top."""
    swap = {type(extension): extension for extension in replaced}
    usual = [] if bare else x509.server_extensions(key, issuer.key.public_key())
    extensions = [
        (swap.pop(type(extension), extension), critical) for extension, critical in usual if type(extension) is not without
    ]
    extensions += [(extension, True) for extension in swap.values()]
    starts = starts or (ends and ends - timedelta(days=1))
    signed_by = signing or issuer.key
    made = x509.sign(
        subject, key, issuer_name or issuer.anchor.identity, signed_by, extensions, starts=starts, ends=ends
    )
    return made.public_bytes(serialization.Encoding.PEM).decode("ascii")


def now() -> datetime:
    return datetime.now(timezone.utc)


def deviating(*replaced: pyca.ExtensionType, **deviation: object) -> Make:
    return lambda issuer, key: certificate(issuer, key, *replaced, **deviation)


WRONG: dict[str, Make] = {
    "signed-by-another-key": lambda issuer, key: certificate(issuer, key, signing=other_key()),
    "self-signed": lambda issuer, key: certificate(issuer, other_key().public_key(), issuer_name=ID_S, signing=other_key()),
    "of-another-issuer": deviating(issuer_name="ID-Other"),
    "for-another-server": deviating(subject="ID-Other"),
    "out-of-date": lambda issuer, key: certificate(issuer, key, ends=now() - timedelta(seconds=2)),
    "not-yet-valid": lambda issuer, key: certificate(issuer, key, starts=now() + timedelta(minutes=5)),
    "of-an-authority": deviating(pyca.BasicConstraints(True, None)),
    "for-signatures-alone": deviating(x509.key_usage(digital_signature=True)),
    "that-may-sign-others": deviating(x509.key_usage(digital_signature=True, key_encipherment=True, key_cert_sign=True)),
    "for-clients": deviating(pyca.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])),
    "for-another-address": deviating(pyca.SubjectAlternativeName([pyca.DNSName("localhost")])),
    "without-basic-constraints": deviating(without=pyca.BasicConstraints),
    "without-key-usage": deviating(without=pyca.KeyUsage),
    "without-extended-key-usage": deviating(without=pyca.ExtendedKeyUsage),
    "without-alternative-names": deviating(without=pyca.SubjectAlternativeName),
    "without-extensions": deviating(bare=True),
    "with-an-unknown-critical-extension": deviating(
        pyca.UnrecognizedExtension(pyca.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    ),
    "for-another-key": lambda issuer, key: certificate(issuer, other_key().public_key()),
    "for-an-ec-key": lambda issuer, key: certificate(issuer, ec.generate_private_key(ec.SECP256R1()).public_key()),
    "no-certificate": lambda issuer, key: NO_CERTIFICATE,
    "with-a-changed-signature": lambda issuer, key: changed(certificate(issuer, key)),
}
"""`bad_certificate`, each of them, at steps 2 and 4."""


def changed(pem: str) -> str:
    """The last bit of the signature flipped."""
    der = bytearray(pyca.load_pem_x509_certificate(pem.encode()).public_bytes(serialization.Encoding.DER))
    der[-1] ^= 1
    return pyca.load_der_x509_certificate(bytes(der)).public_bytes(serialization.Encoding.PEM).decode("ascii")


NOT_PEM: dict[str, Callable[[str], str]] = {
    "no-pem": lambda pem: "none",
    "empty": lambda pem: "",
    "of-another-label": lambda pem: pem.replace("BEGIN ", "BEGIN X").replace("END ", "END X"),
    "with-crlf": lambda pem: pem.replace("\n", "\r\n"),
    "with-text-before": lambda pem: "Subject: server\n" + pem,
    "with-text-after": lambda pem: pem + "more\n",
    "twice": lambda pem: pem + pem,
    "of-other-letters": lambda pem: pem.replace("-----\n", "-----\n*", 1),
}
"""`malformed`: the member isn't of its type, PEM text with `\\n` line ends (section 2)."""
