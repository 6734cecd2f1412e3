"""Where a bound device keeps who it is: a key (0600) and a file of what is public."""

import json
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from device.adapters.keystore_file import open_signer
from device.counter import Bound
from device.ports import PartError
from device.uplink.channel import Identity
from protocol.catalogue import Code
from protocol.ids import FacilityCode, ReaderId, reader_id
from protocol.keys import CloudPublic, SoftwareSigner, spki
from protocol.numbers import facility_code

KEY, FACTS = "device.key", "device.json"


class CounterFolder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def bound(self) -> bool:
        return (self._folder / FACTS).exists()

    def new_key(self) -> tuple[bytes, SoftwareSigner]:
        """A key of its own for every activation; PartError D702 if it cannot be kept.

        A key that was made and never bound is replaced: it is nobody's.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._write(KEY, pem)
        return spki(key.public_key()), SoftwareSigner(key)

    def keep(
        self, reader: ReaderId, facility: FacilityCode, url: str, cloud: CloudPublic
    ) -> None:
        facts = {
            "reader": reader,
            "facility": facility,
            "url": url,
            "cloud": cloud.to_dict(),
        }
        self._write(FACTS, json.dumps(facts, indent=1).encode())

    def open(self) -> tuple[Bound, str]:
        """Who this device is, and the address it asks. PartError D702."""
        path = self._folder / FACTS
        if not path.exists():
            detail = (
                f"{self._folder}: not activated; shikaku-reader eligibility activate"
            )
            raise PartError(Code.CONFIG_WRONG, detail)
        try:
            facts = json.loads(path.read_bytes())
            name, url = reader_id(facts["reader"]), str(facts["url"])
            facility = facility_code(facts["facility"])
            cloud = CloudPublic.from_dict(facts["cloud"])
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise PartError(Code.CONFIG_WRONG, f"{path}: not readable") from error
        signer = open_signer(self._folder / KEY)
        return Bound(Identity(name, signer, cloud), facility), url

    def _write(self, name: str, content: bytes) -> None:
        """Whole or not at all, and for its owner only from its first byte on."""
        path = self._folder / name
        part = path.with_name(f".{name}.part")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(part, flags, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
        except OSError as error:
            detail = f"{path}: {error.strerror}"
            raise PartError(Code.CONFIG_WRONG, detail) from error
