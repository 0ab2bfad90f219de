"""X.509 certificates: made as section 2 says, verified as section 7 says."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Iterable

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, SignatureAlgorithmOID

VALIDITY = timedelta(days=365)
BACKDATE = timedelta(minutes=1)

Extensions = Iterable[tuple[x509.ExtensionType, bool]]
"""Each with whether it is critical."""


class CertificateError(Exception):
    """A certificate that doesn't verify: the message says which check failed."""


@dataclass(frozen=True)
class Anchor:
    """The CA's certificate as S and C hold it: its subject is ID_CA, its key is PK_CA."""

    certificate: x509.Certificate

    @classmethod
    def load(cls, pem: bytes) -> Anchor:
        certificate = x509.load_pem_x509_certificate(pem)
        if not isinstance(certificate.public_key(), rsa.RSAPublicKey):
            raise ValueError("the trust anchor's key is not RSA")
        if not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            raise ValueError("the trust anchor is not a certificate authority")
        return cls(certificate)

    @property
    def identity(self) -> str:
        return common_name(self.certificate)

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")

    @property
    def public_pem(self) -> str:
        return public_pem(self.certificate.public_key())


@dataclass(frozen=True)
class Issuer:
    """What only the CA holds: its own certificate and SK_CA."""

    anchor: Anchor
    key: rsa.RSAPrivateKey

    @classmethod
    def create(cls, id_ca: str, bits: int) -> Issuer:
        """A new key and its self-signed certificate (section 2)."""
        key = new_key(bits)
        usage = key_usage(key_cert_sign=True, crl_sign=True)
        extensions = (
            (x509.BasicConstraints(ca=True, path_length=0), True),
            (usage, True),
            (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        )
        return cls(Anchor(sign(id_ca, key.public_key(), id_ca, key, extensions)), key)

    def issue(self, id_s: str, key: rsa.RSAPublicKey) -> str:
        """`x509_s` for the server's key, as PEM (section 2)."""
        certificate = sign(id_s, key, self.anchor.identity, self.key, server_extensions(key, self.key.public_key()))
        return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def server_extensions(key: rsa.RSAPublicKey, issuer_key: rsa.RSAPublicKey) -> list[tuple[x509.ExtensionType, bool]]:
    """The extensions of `x509_s` (section 2)."""
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]
    return [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (key_usage(digital_signature=True, key_encipherment=True), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.SubjectAlternativeName(names), False),
        (x509.SubjectKeyIdentifier.from_public_key(key), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), False),
    ]


def sign(
    subject: str,
    key: rsa.RSAPublicKey,
    issuer: str,
    issuer_key: rsa.RSAPrivateKey,
    extensions: Extensions,
    *,
    starts: datetime | None = None,
    ends: datetime | None = None,
) -> x509.Certificate:
    """A certificate version 3 with sha256WithRSAEncryption; from a minute ago for a year unless told."""
    now = datetime.now(timezone.utc).replace(microsecond=0)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key)
        .serial_number(_serial())
        .not_valid_before(starts or now - BACKDATE)
        .not_valid_after(ends or now + VALIDITY)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256())


def request(id_s: str, key: rsa.RSAPrivateKey) -> str:
    """A PKCS#10 request for the name, signed with the key that it holds, as PEM."""
    made = x509.CertificateSigningRequestBuilder().subject_name(_name(id_s)).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode("ascii")


def key_usage(**used: bool) -> x509.KeyUsage:
    """A key usage of just the named bits."""
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign "
        "encipher_only decipher_only"
    )
    return x509.KeyUsage(**{name: used.get(name, False) for name in names.split()})


def verify(pem: str, anchor: Anchor, id_s: str, host: str, now: int) -> rsa.RSAPublicKey:
    """`x509_s` verifies, all of section 7; returns the key in it. `now` in milliseconds.

    `host` is the address that C connects to: an IPv4 address or a name.
    """
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode("ascii"))
        _check_signature(certificate, anchor)
        _check_dates(certificate, now)
        if common_name(certificate) != id_s:
            raise CertificateError(f"the subject is {common_name(certificate)}, expected {id_s}")
        _check_extensions(certificate.extensions, host)
        key = certificate.public_key()
    except InvalidSignature:
        raise CertificateError("the trust anchor didn't sign it") from None
    except x509.ExtensionNotFound as error:
        raise CertificateError(f"an extension is missing: {error}") from None
    except (ValueError, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise CertificateError(f"it can't be read: {error}") from None
    if not isinstance(key, rsa.RSAPublicKey):
        raise CertificateError("its key is not RSA")
    return key


def _check_signature(certificate: x509.Certificate, anchor: Anchor) -> None:
    if certificate.version is not x509.Version.v3:
        raise CertificateError("it is not version 3")
    if certificate.signature_algorithm_oid != SignatureAlgorithmOID.RSA_WITH_SHA256:
        raise CertificateError("it is not signed with sha256WithRSAEncryption")
    if certificate.issuer != anchor.certificate.subject:
        raise CertificateError("its issuer is not the trust anchor's subject")
    anchor.certificate.public_key().verify(
        certificate.signature, certificate.tbs_certificate_bytes, padding.PKCS1v15(), hashes.SHA256()
    )


def _check_dates(certificate: x509.Certificate, now: int) -> None:
    moment = datetime(1970, 1, 1) + timedelta(milliseconds=now)
    starts, ends = certificate.not_valid_before, certificate.not_valid_after
    if not starts <= moment <= ends:
        raise CertificateError(f"its dates, {starts} to {ends}, don't contain now, {moment}")


def _check_extensions(extensions: x509.Extensions, host: str) -> None:
    """`basicConstraints`, the two key usages and `subjectAltName`; no other critical extension is understood."""
    understood = (x509.BasicConstraints, x509.KeyUsage, x509.ExtendedKeyUsage, x509.SubjectAlternativeName)
    for extension in extensions:
        if extension.critical and not isinstance(extension.value, understood):
            raise CertificateError(f"a critical extension is not understood: {extension.oid.dotted_string}")
    if extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
        raise CertificateError("it is a certificate of an authority (CA:TRUE)")
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    if not (usage.digital_signature and usage.key_encipherment) or usage.key_cert_sign or usage.crl_sign:
        raise CertificateError("its key usage is not digitalSignature + keyEncipherment")
    if ExtendedKeyUsageOID.SERVER_AUTH not in extensions.get_extension_for_class(x509.ExtendedKeyUsage).value:
        raise CertificateError("its extended key usage is not serverAuth")
    if not _names(extensions.get_extension_for_class(x509.SubjectAlternativeName).value, host):
        raise CertificateError(f"its subjectAltName doesn't name {host}")


def _names(names: x509.SubjectAlternativeName, host: str) -> bool:
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError:
        return host.lower() in (name.lower() for name in names.get_values_for_type(x509.DNSName))
    return address in names.get_values_for_type(x509.IPAddress)


def common_name(certificate: x509.Certificate | x509.CertificateSigningRequest) -> str:
    """The one CN of the subject; `ValueError` when there isn't exactly one."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if len(names) != 1:
        raise ValueError(f"the subject has {len(names)} common names, expected one")
    return names[0].value


def new_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def public_pem(key: rsa.RSAPublicKey) -> str:
    """SubjectPublicKeyInfo as PEM."""
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(encoding, form).decode("ascii")


def private_pem(key: rsa.RSAPrivateKey) -> str:
    """PKCS#8 as PEM, not encrypted."""
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption()).decode("ascii")


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _serial() -> int:
    """Random and positive, and 16 bytes when encoded: the first is 01 to 7f."""
    serial = 0
    while not 120 < serial.bit_length() < 128:
        serial = secrets.randbits(127)
    return serial
