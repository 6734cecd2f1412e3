"""Is this reader complete? One line and one verdict for each part.

Looks and does not disturb: a running reader keeps its broker session meanwhile.
"""

import shutil
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from device.adapters.face_tflite import FaceModels, read_pack
from device.adapters.keystore_file import (
    open_cloud_keys,
    open_issuer_keys,
    open_signer,
    open_storage_key,
)
from device.adapters.model_folder import SHIPPED, pack_folder
from device.adapters.model_trial import tried
from device.adapters.mqtt import CONNECT_TIMEOUT_S, BrokerAddress, tls_context
from device.adapters.outbox_sqlite import SqliteOutbox
from device.adapters.site_file import with_site_record
from device.adapters.tesseract import engine
from device.bridge.folder import FolderDesk
from device.card_slot import configured_slot
from device.config import Config
from device.face.decision import ModeError, rule, ruling
from device.ports import Clock, PartError
from device.selftest_front import Check, FrontTest
from protocol.catalogue import Code
from protocol.keys import key_id

EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""Before this the clock has lost its battery, not its time zone."""
FREE_BYTES = 100 * 1024 * 1024
RENEW = timedelta(days=14)
REFUSAL_S = 0.7
"""How long a broker that refuses our certificate may take to say so (TLS 1.3)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    part: str
    good: bool
    detail: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class SelfTest:
    config: Config
    clock: Clock

    async def run(self) -> list[Verdict]:
        """Every part, whatever the others say."""
        return [await _verdict(part, check) for part, check in self._checks()]

    def _checks(self) -> Iterator[tuple[str, Check]]:
        yield "clock", self.check_clock
        yield "disk", self.check_disk
        yield "keys", self.check_keys
        yield "certificate", self.check_certificate
        yield "models", self.check_models
        yield "face", self.check_face
        yield "card", self.check_card
        yield "number b", self.check_number_b
        yield "broker", self.check_broker
        yield "facility", self.check_facility
        yield "outbox", self.check_outbox
        yield from FrontTest(self.config, self.clock).checks()

    async def check_clock(self) -> str:
        now = self.clock.now()
        if now < EARLIEST:
            raise PartError(Code.SELFTEST_FAILED, f"the clock says {now:%Y-%m-%d}")
        return f"{now:%Y-%m-%d %H:%M:%S} UTC"

    async def check_disk(self) -> str:
        home = self.config.reader.home
        if not home.is_dir():
            raise PartError(Code.CONFIG_WRONG, f"reader.home {home} is no folder")
        free = shutil.disk_usage(home).free
        if free < FREE_BYTES:
            raise PartError(Code.DISK_FULL, f"{free >> 20} MiB free at {home}")
        return f"{free >> 20} MiB free at {home}"

    async def check_keys(self) -> str:
        config = self.config
        signer = open_signer(config.broker.key)
        public = _certificate(config.broker.certificate).public_key()
        if not isinstance(public, EllipticCurvePublicKey) or (
            key_id(public) != signer.key_id
        ):
            raise PartError(
                Code.CONFIG_WRONG, "broker.certificate is not of broker.key"
            )
        open_cloud_keys(config.cloud.signing_key, config.cloud.agreement_key)
        issuers = open_issuer_keys(config.card.issuer_keys)
        stored = "made at the first start"
        if config.storage_key.exists():
            open_storage_key(config.storage_key)
            stored = "storage key"
        identity = signer.key_id.hex()[:8]
        return f"identity {identity}, {stored}, {len(issuers)} card issuer(s)"

    async def check_certificate(self) -> str:
        certificate = _certificate(self.config.broker.certificate)
        now, end = self.clock.now(), certificate.not_valid_after_utc
        if now < certificate.not_valid_before_utc or now >= end:
            raise PartError(Code.CERTIFICATE_EXPIRED, f"ours: valid until {end:%F}")
        soon = ", renew it now" if end - now < RENEW else ""
        return f"valid until {end:%F}{soon}"

    async def check_models(self) -> str:
        folder = pack_folder(self.config.face.pack, self.config.face.models)
        if self.config.face.pack != SHIPPED:
            tried(folder)
        models = FaceModels.open(folder)
        files = read_pack(folder).files
        hashes = ", ".join(f"{file.name} {file.sha256[:8]}" for file in files)
        return f"{models.name}: {hashes}"

    async def check_face(self) -> str:
        """What the face may do here, and what it cannot stop."""
        at = self.config.face
        folder = pack_folder(at.pack, at.models)
        pack = with_site_record(read_pack(folder), folder)
        how = rule(mirror=at.mirror)
        accepted, rate = at.accept_indicative, at.false_match_rate
        try:
            record = ruling(pack, at.mode, accepted, rate, how).calibration
        except ModeError as error:
            raise PartError(Code.CONFIG_WRONG, f"face.mode: {error}") from error
        no = at.liveness == "none"
        live = "NONE, a photograph passes" if no else at.liveness
        word = "decides" if at.mode == "auto" else "assists, PIN or staff confirm"
        return f"{at.mode}: the face {word}; record {record.name}; liveness: {live}"

    async def check_card(self) -> str:
        async with configured_slot(self.config) as slot:
            return slot.name

    async def check_number_b(self) -> str:
        """Who reads what is printed on the card; the camera's engine is asked."""
        plug = self.config.card.number_b
        return f"{plug}, {engine()}" if plug == "camera" else plug

    async def check_broker(self) -> str:
        at = self.config.broker
        address = BrokerAddress(at.host, at.port, at.ca, at.certificate, at.key)
        return tls_greeting(address)

    async def check_facility(self) -> str:
        at = self.config.facility
        FolderDesk(at.folder, self.config.reader.facility_code, at.encoding).check()
        return str(at.folder)

    async def check_outbox(self) -> str:
        path = self.config.outbox
        if not path.exists():
            return "none yet, made at the first start"
        with SqliteOutbox(path) as outbox:
            return f"{len(outbox.pending())} request(s) wait"


async def _verdict(part: str, check: Check) -> Verdict:
    try:
        return Verdict(part, good=True, detail=await check())
    except PartError as error:
        detail = str(error).removeprefix(error.code).strip()
        return Verdict(part, good=False, detail=detail, code=error.code)


def tls_greeting(broker: BrokerAddress) -> str:
    """Shake hands and leave without a word of MQTT. PartError N301 says why not."""
    context = tls_context(broker)
    where = f"{broker.host}:{broker.port}"
    try:
        with (
            socket.create_connection(
                (broker.host, broker.port), CONNECT_TIMEOUT_S
            ) as plain,
            context.wrap_socket(plain, server_hostname=broker.host) as secure,
        ):
            _wait_for_refusal(secure)
            return f"{where}, {secure.version()}"
    except OSError as error:
        reason = getattr(error, "verify_message", "") or getattr(error, "reason", "")
        detail = f"{where}: {reason or error.strerror or error}"
        raise PartError(Code.BROKER_UNREACHABLE, detail) from error


def _wait_for_refusal(secure: ssl.SSLSocket) -> None:
    """In TLS 1.3 the server judges our certificate after the handshake."""
    secure.settimeout(REFUSAL_S)
    try:
        if secure.recv(1) == b"":
            raise ConnectionResetError(0, "the broker closed the connection")
    except TimeoutError:
        # It waits for us to speak: it accepted the certificate.
        return


def _certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except OSError as error:
        raise PartError(Code.CONFIG_WRONG, f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise PartError(Code.CONFIG_WRONG, f"{path}: not a certificate") from error
