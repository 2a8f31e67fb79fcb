"""A TLS server and a client over a pair of sockets, with OpenSSL's own verification at both ends."""

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def shake_hands(
    ca: Path,
    server: tuple[Path, Path],
    client: tuple[Path, Path] | None,
    *,
    reached_as: str,
    revoked: Path | None = None,
) -> str:
    """Who the server finds the client to be.

    Raises:
        ssl.SSLError: one of them does not believe the other.
    """
    near, far = socket.socketpair()
    with near, far, ThreadPoolExecutor(1) as pool:
        serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        serving.load_cert_chain(*server)
        serving.load_verify_locations(ca)
        serving.verify_mode = ssl.CERT_REQUIRED
        if revoked is not None:
            serving.load_verify_locations(revoked)
            serving.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
        dialling = ssl.create_default_context(cafile=str(ca))
        if client is not None:
            dialling.load_cert_chain(*client)
        answered = pool.submit(_serve, serving, far)
        try:
            with dialling.wrap_socket(near, server_hostname=reached_as) as line:
                line.sendall(b"x")
        finally:
            near.close()
        return answered.result(60)


def _serve(context: ssl.SSLContext, sock: socket.socket) -> str:
    with context.wrap_socket(sock, server_side=True) as line:
        line.recv(1)
        found = line.getpeercert()
    assert found
    return dict(pair[0] for pair in found["subject"])["commonName"]
