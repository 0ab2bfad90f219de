"""Asks a server for each recipe for wrong certificates, by Python's `ssl`, and says what came of it.

Standard input has a line for each: id, host, port, file of trust anchors, file of revocation lists or nothing, with tabs
between. Standard output gets a line for each: id, `accepted`, `refused` or `undecided`, and why.
"""

import ipaddress
import socket
import ssl
import sys

TIME_LIMIT_S = 10


def is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def ask(host: str, port: int, anchors: str, lists: str) -> tuple[str, str]:
    context = ssl.create_default_context(cafile=anchors)
    if lists:
        context.load_verify_locations(cafile=lists)
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN
    try:
        with socket.create_connection(("127.0.0.1", port), TIME_LIMIT_S) as connection:
            with context.wrap_socket(connection, server_hostname=host) as secured:
                secured.sendall(b"GET / HTTP/1.1\r\nHost: " + host.encode() + b"\r\n\r\n")
                answer = secured.recv(1024)
                return ("accepted", secured.version() or "") if answer else ("undecided", "no answer")
    except TimeoutError as error:
        return "undecided", str(error)
    except ssl.SSLError as error:
        return "refused", str(error)
    except OSError as error:
        return "undecided", str(error)


def main() -> None:
    for line in sys.stdin:
        recipe, host, port, anchors, lists = line.rstrip("\n").split("\t")
        outcome, said = ask(host, int(port), anchors, lists)
        print(recipe, outcome, " ".join(said.split()), sep="\t", flush=True)


if __name__ == "__main__":
    main()
