"""A facility that asks in FHIR, over any stores; its calls without a network."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from cloud.access.asking import Asking
from cloud.access.inquire import Inquiries
from cloud.access.reading import Reading
from cloud.audit.model import Entry as Row
from cloud.changes.sealing import SECRET_BYTES
from cloud.changes.service import Changes
from cloud.fhir import systems
from cloud.fhir.handle import SECRET_BYTES as HANDLE_BYTES
from cloud.fhir.resource import checked
from cloud.fhir.service import Fhir
from cloud.main import circumstances_of
from cloud.records.service import Records
from cloud.registry.benefits import Benefits, CopaymentLimit, Period, PublicExpense
from cloud.registry.model import Insurance
from cloud.registry.service import Registry
from cloud.web import reading as reader
from cloud.web.caller import Caller, Role, Staff
from cloud.web.route import Call, Nothing, Problem, Reply, Route
from cloud.web.routes import fhir
from protocol.catalogue import Code
from protocol.ids import FacilityCode, RequestId
from tests.cloud.records_world import EVERYTHING, Shelf
from tests.cloud.test_audit_chain import SIGNER
from tests.cloud.world import FACILITY, TODAY, insurance, person

BASE = "https://cloud.test/fhir"
MEMBER = f"{systems.MEMBER_ID}|99130015:記１２:0034567:01"
BORN = "1970-01-02"
_numbers = count(1)

HELD = insurance(
    symbol="記12",
    number="0034567",
    branch="1",
    insured_name="試験　太郎",
    copayment_limit="A03",
    benefits=Benefits(
        limits=(CopaymentLimit(Period(TODAY), "01", "A03"),),
        public=(PublicExpense(Period(TODAY), "54990018", "1234567", 5_000),),
    ),
)


def parsed(content: bytes) -> Any:
    """JSON of a resource, held to be one by the models."""
    found = json.loads(content, parse_float=Decimal)
    checked(found)
    return found


@dataclass
class Clinic:
    """One facility's way to the FHIR routes."""

    shelf: Shelf
    folder: Path
    facility: FacilityCode = FACILITY
    rows: list[Row] = field(default_factory=list)
    routes: tuple[Route, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.routes = fhir.routes(self.fhir(), "1.0", "2026-06-15", lambda _: BASE)

    def fhir(self) -> Fhir:
        stores = self.shelf.stores
        registry = Registry(stores.registry)
        asking = Asking(
            Inquiries(registry, stores.eligibility),
            stores.eligibility,
            self.rows.append,
            SIGNER,
            circumstances_of(stores),
            seen=Changes(stores.changes, bytes(range(SECRET_BYTES))),
        )
        reading = Reading(
            self.shelf.consents,
            Records(stores.records),
            self.rows.append,
            lambda: self.shelf.now,
            circumstances_of(stores),
        )
        return Fhir(
            asking,
            registry,
            stores.consents,
            reading,
            bytes(range(HANDLE_BYTES)),
            lambda _: RequestId(f"00000000-0000-7000-8000-{next(_numbers):012}"),
        )

    # -- calls ---------------------------------------------------------------------
    def get(self, url: str, **headers: str) -> Reply:
        """`url` from BASE on, or all of it."""
        parts = urlsplit(url.removeprefix(BASE))
        return self._call("GET", parts.path, dict(parse_qsl(parts.query)), headers)

    def form(self, path: str, values: Mapping[str, str]) -> Reply:
        return self._call("POST", path, {}, {}, urlencode(values).encode())

    def post(self, path: str, content: bytes) -> Reply:
        return self._call("POST", path, {}, {}, content)

    def searched(self, identifier: str = MEMBER, born: str = BORN) -> Any:
        asked = {"identifier": identifier, "beneficiary.birthdate": born}
        return body(self.form("/Coverage/_search", asked))

    def coverage(self) -> Any:
        """The insurance of who is known."""
        return self.searched()["entry"][0]["resource"]

    def patient(self) -> str:
        """The id by which this facility knows them."""
        return str(self.coverage()["beneficiary"]["reference"]).removeprefix("Patient/")

    def _call(
        self,
        method: str,
        path: str,
        query: dict[str, str],
        headers: Mapping[str, str],
        sent: bytes | None = None,
    ) -> Reply:
        route, found = self._route(method, path)
        upload = None
        if sent is not None:
            upload = self.folder / f"upload-{next(_numbers)}"
            upload.write_bytes(sent)
        staff = Staff("dr-1", Role.CLINICIAN)
        call = Call(
            Caller(self.facility, staff=staff),
            found,
            reader.query(route, query.items()),
            Nothing(),
            self.shelf.now,
            {name.replace("_", "-").lower(): text for name, text in headers.items()},
            upload,
        )
        return route.handler(call)

    def _route(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """As the server's router finds it: what has no names in it comes first."""
        of_method = [one for one in self.routes if one.method == method]
        for route in sorted(of_method, key=lambda one: "{" in one.path):
            form = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(route.path))
            if found := re.fullmatch(form, "/fhir" + path):
                return route, found.groupdict()
        raise Problem(404, Code.NOT_THERE)


def body(reply: Reply) -> Any:
    assert isinstance(reply.body, bytes)
    assert reply.media == "application/fhir+json"
    return parsed(reply.body)


def clinic(shelf: Shelf, folder: Path, *held: Insurance) -> Clinic:
    """Who is known has records and, as yet, pressed nothing."""
    shelf.entry = shelf.registers(b"one", person(insurances=held or (HELD,)))
    shelf.holds(*EVERYTHING)
    return Clinic(shelf, folder)
