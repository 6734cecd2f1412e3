"""Mosquitto's configuration: mutual TLS, and a list that binds a reader to its name.

The access list says what protocol/README.md section 2 says: the certificate's common
name is the user name, and %u in a pattern is that name.
"""

from dataclasses import dataclass
from pathlib import Path

from protocol.topics import ROOT

CLOUD = "cloud"
"""The common name of the cloud's own client certificate; never a reader's name."""

ACCESS_LIST = f"""\
# A reader touches its own subtree only. Written by provisioning/broker.py.
pattern write {ROOT}/%u/request
pattern write {ROOT}/%u/presence
pattern read {ROOT}/%u/answer

user {CLOUD}
topic read {ROOT}/+/request
topic write {ROOT}/+/answer
topic read {ROOT}/+/presence
"""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where a broker listens and what it identifies itself with."""

    port: int
    ca: Path
    certificate: Path
    key: Path
    access_list: Path
    user: str
    """The account it runs under: with another one it could not read its key."""
    host: str = "127.0.0.1"


def configuration(broker: Broker) -> str:
    """mosquitto.conf (5) for Mosquitto 2."""
    return f"""\
# Written by provisioning/broker.py.
user {broker.user}
listener {broker.port} {broker.host}
cafile {broker.ca}
certfile {broker.certificate}
keyfile {broker.key}
tls_version tlsv1.2
require_certificate true
use_identity_as_username true
allow_anonymous false
allow_zero_length_clientid false
acl_file {broker.access_list}
max_packet_size 65536
max_inflight_messages 1000
max_queued_messages 10000
set_tcp_nodelay true
persistence false
log_dest stdout
log_type error
log_type warning
log_type notice
connection_messages true
"""
