"""A receipt computer and the cloud that answers its files, over any stores."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cloud.access.asking import Asking
from cloud.access.inquire import Inquiries
from cloud.access.linking import Linking
from cloud.access.reading import Reading
from cloud.audit import model as audit
from cloud.consent.service import Consents
from cloud.eligibility.reference import References
from cloud.main import Stores, bulk_worker, circumstances_of
from cloud.oqs.answer import Answer, Answering
from cloud.oqs.holders import Holders
from cloud.oqs.numbers import Numbers
from cloud.oqs.once import Once
from cloud.records.service import Records
from cloud.registry.model import Insurance, Person
from cloud.registry.service import Record, Registry
from protocol.catalogue import Code
from protocol.ids import FacilityCode
from protocol.oqs.document import Document, Element, leaves, parse, written
from protocol.oqs.text import Encoding
from tests.cloud.bulk_world import SECRET, Room
from tests.cloud.records_world import Shelf
from tests.cloud.world import FACILITY, cloud_keys, insurance, person, request_id

SEARCH = "QualificationConfirmSearchInfo"
LIMIT = 1 << 26


def asked(**changes: str) -> Element:
    """Who is asked for: the fictitious person of `world.insurance`."""
    values = {
        "InsurerNumber": "99130015",
        "InsuredCardSymbol": "",
        "InsuredIdentificationNumber": "1",
        "Birthdate": "19700102",
        **changes,
    }
    return Element(SEARCH, "", leaves(*values.items()))


def file(
    *body: Element,
    encoding: Encoding = Encoding.UTF8,
    facility: str = FACILITY,
    **header: str,
) -> bytes:
    values = {
        "QualificationConfirmationDate": "",
        "MedicalInstitutionCode": facility,
        "ArbitraryFileIdentifier": "file-7",
        **header,
    }
    return written(leaves(*values.items()), body, encoding)


def records_file(
    *, facility: str = FACILITY, encoding: Encoding = Encoding.UTF8, **body: str
) -> bytes:
    header = {
        "InsurerNumber": "99130015",
        "InsuredPersonIdentificationNumber": "1",
    }
    parts = leaves(*{"FileCategory": "2", "MedicalTreatmentFlag": "1", **body}.items())
    return file(*parts, encoding=encoding, facility=facility, **header)


@dataclass
class ReceiptComputer:
    """Writes request files, and reads what comes back as its own programs do."""

    stores: Stores
    folder: Path
    facility: FacilityCode = FACILITY
    shelf: Shelf = field(init=False)
    room: Room = field(init=False)
    entries: list[audit.Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.shelf = Shelf(self.stores)
        self.room = Room(self.stores, self.folder, self.log)
        self.signer = cloud_keys().signer

    def log(self, *entries: audit.Entry) -> None:
        self.entries += entries

    @property
    def desk(self) -> Answering:
        registry = Registry(self.stores.registry)
        inquiries = Inquiries(registry, self.stores.eligibility)
        consents: Consents = self.shelf.consents
        links = References(self.stores.references)
        return Answering(
            Asking(
                inquiries,
                self.stores.eligibility,
                self.log,
                self.signer,
                circumstances_of(self.stores),
                links.reference_number,
            ),
            Reading(
                consents,
                Records(self.stores.records),
                self.log,
                lambda: self.shelf.now,
                circumstances_of(self.stores),
            ),
            lambda report: b"%PDF of " + str(len(report.drugs)).encode(),
            request_id,
            self.room.bulk,
            Numbers(
                Linking(inquiries, links, self.stores.ledger, self.log),
                Holders(registry),
                SECRET,
                self.folder / "numbers",
                self.room.random,
            ),
            Once(self.folder / "once"),
        )

    def knows(self, reference: bytes, *held: Insurance, **changes: object) -> Person:
        who = person(insurances=held or (insurance(),), **changes)  # type: ignore[arg-type]
        self.stores.registry.put([Record(reference, who)])
        return who

    def sends(
        self,
        content: bytes,
        name: str = "OQSsiquc01req_0001.xml",
        *,
        closed: Code | None = None,
        key: str = "",
    ) -> Answer:
        path = self.folder / "sent"
        path.write_bytes(content)
        return self.desk.answer(
            self.facility, name, path, closed=closed, now_ms=self.shelf.now, key=key
        )

    def reads(self, answer: Answer) -> Document:
        content = answer.content
        if isinstance(content, Path):
            content = content.read_bytes()
        return parse(content, limit=LIMIT)

    def runs_bulk(self) -> None:
        worker = bulk_worker(self.stores, SECRET, self.room.signer, self.room.random)
        last = worker.turn(None, self.shelf.now)
        while last is not None:
            last = worker.turn(last.reception, self.shelf.now)


def texts(elements: Iterable[Element]) -> list[str]:
    return [one.text for one in elements]


Make = Callable[..., bytes]
