"""A recorded session: every frame decoded, every ciphertext opened, every key derived, and played to our own roles."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Iterator

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from Cryptodome.PublicKey import RSA

from hl1 import classic, modern, sealing, x509
from hl1.fields import MAX_AGE, decode, from_base64, to_base64
from hl1.frame import HEADER_BYTES, Header
from hl1.message import Office
from hl1.program import SUITES

from . import Report

SENDERS = {1: "registrant", 2: "authority", 3: "client", 4: "server", 5: "client", 6: "server", 7: "client", 8: "server"}
RECEIVERS = {1: "authority", 2: "registrant"} | {step: SENDERS[step - 1] for step in range(4, 9)} | {3: "server"}


@dataclass(frozen=True)
class Frame:
    """A recorded frame; `th` is the transcript hash before it, None where the suite has none."""

    step: int
    data: bytes
    th: bytes | None

    @property
    def body(self) -> bytes:
        return self.data[HEADER_BYTES:]


@dataclass
class Recording:
    """A vectors file: frames in order of sending, and what is inside of them."""

    data: dict
    frames: list[Frame] = field(init=False)
    members: list[dict] = field(init=False)
    """Of each frame, all of its plaintexts together; filled in as they are opened."""

    def __post_init__(self) -> None:
        self.frames = [
            Frame(each["step"], bytes.fromhex(each["frame"]), bytes.fromhex(each.get("hash_before", "")) or None)
            for each in self.data["frames"]
        ]
        self.members = [{} for _ in self.frames]

    @property
    def name(self) -> str:
        return self.data["suite"]

    def named(self) -> Iterator[tuple[str, int, Frame]]:
        """What to call each frame in the report, its index, and the frame."""
        for index, frame in enumerate(self.frames):
            yield f"{self.name}: recorded frame {index + 1}, step {frame.step}", index, frame

    def first(self, step: int) -> dict:
        """The members of the first frame of a step."""
        return next(self.members[index] for index, frame in enumerate(self.frames) if frame.step == step)

    def issuer(self) -> x509.Issuer:
        return x509.Issuer(x509.Anchor.load(self.data["ca_certificate"].encode()), self.private("sk_ca"))

    def private(self, name: str):
        return serialization.load_pem_private_key(self.data[name].encode(), None)


def check_recording(report: Report, recording: Recording) -> None:
    """Everything that the file says, and every role's checks at the recorded time."""
    for name, _, frame in recording.named():
        header = Header.parse(frame.data[:HEADER_BYTES])
        header.check(frame.step, frozenset((SUITES[recording.name].SUITE,)))
        report.equal(f"{name}: header", (header.length, header.kind), (len(frame.data) - 4, frame.step))
    if recording.name == "classic":
        open_classic(report, recording)
    else:
        check_hashes(report, recording)
        open_modern(report, recording)
    play(report, recording)


def open_classic(report: Report, recording: Recording) -> None:
    opened = {bytes.fromhex(each["ciphertext"]): each for each in recording.data["opened"]}
    for name, index, frame in recording.named():
        each = opened.pop(frame.body)
        if "rsa" in each:
            plaintext = classic.oaep_open(RSA.import_key(recording.data[each["rsa"]]), frame.body)
        else:
            plaintext = classic.des_open(bytes.fromhex(each["key"]), frame.body)
        recording.members[index] = each["plaintext"]
        report.equal(f"{name}: plaintext", decode(plaintext), each["plaintext"])
    report.equal("classic: every recorded ciphertext is in a frame", len(opened), 0)
    report.equal("classic: recorded K_boot is the constant", bytes.fromhex(recording.data["k_boot"]), classic.K_BOOT)
    issued, id_s = recording.first(2), recording.data["id_s"]
    signed = classic.sign_cert_s(RSA.import_key(recording.data["sk_ca"]), id_s, recording.data["id_ca"], issued["pk_s"])
    report.equal("classic: recorded cert_s is rebuilt to the byte", to_base64(signed), issued["cert_s"])
    key = x509.verify(issued["x509_s"], recording.issuer().anchor, id_s, "127.0.0.1", issued["ts2"])
    report.equal("classic: recorded x509_s verifies and holds pk_s", x509.public_pem(key), issued["pk_s"])


def check_hashes(report: Report, recording: Recording) -> None:
    """Section 4: the transcript hash, which starts anew on each connection."""
    for name, index, frame in recording.named():
        before = recording.frames[index - 1]
        begins = frame.step in (1, 3)
        th = sha256(b"HL/1").digest() if begins else sha256(before.th + before.data).digest()
        report.equal(f"{name}: transcript hash", th.hex(), frame.th.hex())


def open_modern(report: Report, recording: Recording) -> None:
    """Every derivation and every sealed body, each rebuilt from the frames before it and not from what the file says."""
    derivations = {each["info"]: each for each in recording.data["hkdf"]}
    opened = {bytes.fromhex(each["ciphertext"]): each for each in recording.data["opened"]}
    z = bytes.fromhex(derivations["HL/1 handshake"]["ikm"])
    report.equal("modern: recorded Z is the 32-byte x-coordinate", len(z), 32)

    def derive(info: bytes, ikm: bytes, frame: Frame) -> bytes:
        each = derivations.pop(info.decode())
        found = {"ikm": (ikm + z).hex(), "salt": frame.th.hex(), "info": info.decode()}
        found["out"] = sealing.hkdf(ikm + z, frame.th, info).hex()
        report.equal(f"modern: recorded derivation {info.decode()}", found, each)
        return bytes.fromhex(found["out"])

    def unseal(name: str, key: bytes, frame: Frame, start: int = 0) -> bytes:
        """The plaintext sealed in a body from `start` on, which the file must say too."""
        sealed = frame.body[start:]
        each, aad = opened.pop(sealed), frame.th + frame.data[:HEADER_BYTES]
        plaintext = AESGCM(key).decrypt(sealed[:12], sealed[12:], aad)
        report.equal(
            f"{name}: sealed body", (key.hex(), aad.hex(), plaintext.hex()), (each["key"], each["aad"], each["plaintext_hex"])
        )
        return plaintext

    def decrypt(name: str, sk: str, encrypted: bytes) -> dict:
        each = opened.pop(encrypted)
        members = decode(recording.private(sk).decrypt(encrypted, sealing.oaep()))
        report.equal(f"{name}: RSA-OAEP", (sk, members), (each["rsa"], each["plaintext"]))
        return members

    keys: dict[object, bytes] = {}
    numbers = {7: 0, 8: 0}
    for name, index, frame in recording.named():
        members = recording.members[index]
        if frame.step == 1:
            encrypted = frame.body[2:2 + int.from_bytes(frame.body[:2], "big")]
            members |= decrypt(name, "sk_ca", encrypted)
            keys[1] = keys[2] = from_base64(members["k_tmp1"])
            members |= decode(unseal(name, keys[1], frame, 2 + len(encrypted)))
        elif frame.step == 2:
            members |= decode(unseal(name, keys[2], frame))
        elif frame.step == 3:
            members |= decode(frame.body)
        elif frame.step == 4:
            keys[4] = keys[5] = derive(sealing.HANDSHAKE, b"", frame)
            members |= decode(unseal(name, keys[4], frame, sealing.SHARE_BYTES))
            signed = sealing.proof_text(frame.th, frame.body[:sealing.SHARE_BYTES], from_base64(members["nonce_s"]))
            recording.private("sk_s").public_key().verify(
                from_base64(members["proof"]), signed, sealing.pss(), hashes.SHA256()
            )
            report.check(f"{name}: proof", True)
        elif frame.step == 5:
            members |= decrypt(name, "sk_s", unseal(name, keys[5], frame))
        elif frame.step == 6:
            keys[6] = derive(sealing.TEMPORARY, from_base64(recording.first(5)["k_tmp2"]), frame)
            members |= decode(unseal(name, keys[6], frame))
        else:
            if 7 not in keys:
                keys["th7"], k_sess = frame.th, from_base64(recording.first(6)["k_sess"])
                keys[7], keys[8] = (derive(info, k_sess, frame) for info in (sealing.TO_SERVER, sealing.TO_CLIENT))
            number, plaintext = sealing.unseal_numbered(keys[frame.step], keys["th7"], frame.data)
            members |= decode(plaintext)
            report.equal(f"{name}: sequence number", number, numbers[frame.step])
            numbers[frame.step] += 1
    report.equal("modern: every recorded ciphertext is in a frame", len(opened), 0)
    report.equal("modern: every recorded derivation is used", list(derivations), [])


@dataclass(frozen=True)
class RecordedShare:
    """A share whose secret is known and whose private key isn't."""

    z: bytes
    point: bytes = sealing.share_of(sealing.new_share())

    def exchange(self, *_: object) -> bytes:
        return self.z

    def public_key(self) -> RecordedShare:
        return self

    def public_bytes(self, *_: object) -> bytes:
        return self.point


def roles_of(recording: Recording) -> dict[str, object]:
    """Our four roles with the secrets of the recording."""
    suite, anchor = SUITES[recording.name], recording.issuer().anchor
    id_s, id_c, said = recording.data["id_s"], recording.data["id_c"], recording.first(5)
    registration = {**recording.first(2), "sk_s": recording.data.get("sk_s") or recording.first(2)["sk_s"]}
    key_of = {name: from_base64(recording.first(step)[name]) for step, name in ((1, "k_tmp1"), (5, "k_tmp2"))}
    registering, share = {}, {}
    if recording.name == "modern":
        z = next(bytes.fromhex(each["ikm"]) for each in recording.data["hkdf"] if each["info"] == "HL/1 handshake")
        registering = {"key": recording.private("sk_s"), "nonce_s": from_base64(recording.first(1)["nonce_s"])}
        share = {"share": RecordedShare(z)}
    return {
        "authority": suite.Authority(Office(recording.issuer())),
        "registrant": suite.Registrant(anchor, id_s, k_tmp1=key_of["k_tmp1"], **registering),
        "server": suite.Server(registration, recording.first(6)["lifetime_sess"], classic.K_BOOT, **share),
        "client": suite.Client(
            anchor, id_c, id_s, "127.0.0.1", (said["ip_c"], said["port_c"]), classic.K_BOOT, k_tmp2=key_of["k_tmp2"], **share
        ),
    }


def play(report: Report, recording: Recording) -> None:
    """Plays the recorded frames to our roles in turn; then with the clock off, where equality is fresh (section 2)."""
    roles, limit = roles_of(recording), MAX_AGE * 1000
    for name, index, frame in recording.named():
        step, data, members = frame.step, frame.data, recording.members[index]
        time, sender = members[f"ts{step}"], roles[SENDERS[step]]
        if step in (4, 6):
            sender.draft(step, time)
        if step == 6:
            sender.k_sess, sender.started = from_base64(members["k_sess"]), time
        sender.sent(data)
        receiver = RECEIVERS[step]

        def accept(now: int, receiver: str = receiver, step: int = step, data: bytes = data) -> dict:
            """What a copy of the receiver says: it is as if nothing had been received before."""
            role = copy.copy(roles[receiver])
            if receiver == "authority":
                role.office = Office(role.office.issuer)
            return role.accept(step, data, now)

        for offset in (0, limit, -limit):
            report.equal(f"{name}: accepted {offset} ms after", accept(time + offset), members)
        report.refuses(f"{name}: stale", "stale_timestamp", step, lambda: accept(time + limit + 1))
        report.refuses(f"{name}: of the future", "future_timestamp", step, lambda: accept(time - limit - 1))
        if step == 7:
            late = roles["server"].ends + 1
            report.refuses(f"{name}: after the session's end", "session_expired", 7, lambda: accept(late))
        roles[receiver].accept(step, data, time)
        again = modern.Authority(roles["authority"].office) if step == 1 else roles[receiver]
        if recording.name == "modern" and step in (1, 7, 8):
            report.refuses(f"{name}: a second time", "replayed", step, lambda: again.accept(step, data, time))
