"""The configuration files of one desk, as a person would write them."""

from pathlib import Path

from provisioning.broker import ACCESS_LIST, Broker, configuration
from provisioning.demo.desk import FACILITY, READER, Desk
from provisioning.demo.keys import Keys
from provisioning.demo.models import Face


def broker_file(desk: Desk, keys: Keys, user: str) -> Path:
    access_list = desk.path("broker", "access.list")
    access_list.write_text(ACCESS_LIST)
    access_list.chmod(0o600)
    broker = Broker(
        desk.broker_port,
        keys.fleet_ca,
        keys.broker_certificate,
        keys.broker_key,
        access_list,
        user,
    )
    path = desk.path("broker", "mosquitto.conf")
    path.write_text(configuration(broker))
    return path


def cloud_file(desk: Desk, keys: Keys) -> Path:
    path = desk.path("cloud.toml")
    path.write_text(f"""\
# Demo: accepts the fictitious terminal proof, which a real cloud refuses.
[cloud]
home = "{desk.folder("cloud")}"
[broker]
host = "127.0.0.1"
port = {desk.broker_port}
ca = "{keys.fleet_ca}"
certificate = "{keys.cloud_certificate}"
key = "{keys.cloud_key}"
[keys]
signing = "{keys.cloud_signing}"
agreement = "{keys.cloud_agreement}"
[trust]
jpki_cas = ["{keys.card_ca}"]
[policy]
fictitious_terminal = true
[web]
port = {desk.web_port}
[api]
port = {desk.api_port}
certificate = "{keys.api_certificate}"
key = "{keys.api_key}"
clients = "{keys.facility_ca}"
[page]
address = "http://127.0.0.1:{desk.page_port}"
port = {desk.page_port}
""")
    return path


def reader_file(
    desk: Desk, keys: Keys, face: Face, *, hasty: bool, voice: Path | None = None
) -> Path:
    """`hasty`: a scripted patient who has left for good is not waited for so long."""
    accepted = ", ".join(f'"{name}"' for name in face.accept_indicative)
    path = desk.path("reader.toml")
    path.write_text(f"""\
[reader]
id = "{READER}"
facility_code = "{FACILITY}"
home = "{desk.folder("reader")}"
simulated = true
storage_key = "{keys.storage_key}"
[broker]
host = "127.0.0.1"
port = {desk.line_port}
ca = "{keys.fleet_ca}"
certificate = "{keys.reader_certificate}"
key = "{keys.reader_key}"
rest_s = 5.0
[cloud]
signing_key = "{keys.cloud_signing_public}"
agreement_key = "{keys.cloud_agreement_public}"
[card]
device = "udp:127.0.0.1:{desk.card_port}"
issuer_keys = ["{keys.photo_issuer_public}"]
number_b = "simulated"
terminal = "{keys.terminal_key}"
[face]
mode = "{face.mode}"
models = "{face.models}"
pack = "{face.pack}"
accept_indicative = [{accepted}]
limit_s = {20.0 if hasty else 12.0}
[facility]
folder = "{desk.facility_folder}"
[front]
port = {desk.front_port}
screens = "{desk.folder("screens")}"
tray = "{desk.tray_socket}"
{f'voice = "{voice}"' if voice else ""}
line = "{desk.line_socket}"
{_haste() if hasty else ""}""")
    return path


def _haste() -> str:
    return """\
[session]
alarm_after_s = 2.0
resume_window_s = 5.0
countdown_step_s = 2.0
gone_pace_s = 1.0
page_wait_s = 1.0
[session.waits_s]
"take card" = 3.0
"thank you" = 1.0
"""
