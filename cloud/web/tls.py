"""The TLS of the facilities' listener: version 1.3, everybody is asked who they are."""

import ssl
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ServerTls:
    certificate: Path
    """PEM, with the chain."""
    key: Path
    clients: Path
    """PEM: the authorities that facilities' certificates come from."""


def context(tls: ServerTls) -> ssl.SSLContext:
    """Raises OSError and ssl.SSLError.

    A client without a certificate gets in as nobody, so that it can be told why; one
    with a certificate of another authority ends at the handshake.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    made.load_cert_chain(tls.certificate, tls.key)
    made.load_verify_locations(tls.clients)
    made.verify_mode = ssl.CERT_OPTIONAL
    return made
