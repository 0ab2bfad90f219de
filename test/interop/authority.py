#!/usr/bin/python3 -B
"""CA, the certificate authority: steps 1 and 2 of protocol.md, with a key and certificate of its own."""

import argparse
import sys
from pathlib import Path

from hl1.fields import now_ms
from hl1.frame import Connection
from hl1.message import Office
from hl1.program import address, emit, identity, listen, parser, suite_of
from hl1.x509 import Issuer


def arguments() -> argparse.Namespace:
    made = parser("The certificate authority of HL/1, in both suites. Serves until it is stopped.", suite=False)
    made.add_argument("--listen", type=address, default="127.0.0.1:17401", metavar="HOST:PORT", help="port 0: a free one")
    made.add_argument("--trust-anchor-out", required=True, metavar="PEM", help="where the certificate is written")
    made.add_argument("--id-ca", type=identity, default="ID-CA")
    made.add_argument("--bits", type=int, choices=(2048, 3072, 4096), default=2048, help="size of the RSA keys")
    made.add_argument(
        "--names", choices=("anyone", "first"), default="anyone", help="who may register a name: anyone, or the first alone"
    )
    made.add_argument("--once", action="store_true", help="exit after one connection")
    return made.parse_args()


def serve(connection: Connection, number: int, office: Office) -> int:
    """One registration: accepts step 1, answers step 2, closes (section 1)."""
    request = connection.receive(1)
    authority = suite_of(request).Authority(office)
    members = authority.accept(1, request, now_ms())
    emit(connection=number, step=1, direction="received", **members)
    draft = authority.draft(2, now_ms())
    connection.send(draft.frame())
    emit(connection=number, step=2, direction="sent", **draft.members)
    connection.finish_sending()
    emit(connection=number, issued=True, id_s=authority.id_s)
    return 0


def main() -> int:
    options = arguments()
    issuer = Issuer.create(options.id_ca, options.bits)
    office = Office(issuer, options.bits, max_age=options.max_age, policy=options.names)
    Path(options.trust_anchor_out).write_text(office.issuer.anchor.pem)
    return listen(options, lambda connection, number: serve(connection, number, office))


if __name__ == "__main__":
    sys.exit(main())
