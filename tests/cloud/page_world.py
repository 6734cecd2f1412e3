"""A cloud with a patient's page: a visit on the wire, its link, what is behind it."""

import asyncio
import http.client
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web

from cloud.access.certificate import CardAuthorities
from cloud.adapters.memory_consents import MemoryConsents
from cloud.adapters.sql.audit import SqlAudit
from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.consents import SqlConsents, write_consents
from cloud.adapters.sql.database import Database
from cloud.audit.model import Entry, Row
from cloud.audit.service import AuditStore
from cloud.consent.gate import ConsentClosedError
from cloud.consent.keys import DataKey
from cloud.consent.link import Links
from cloud.consent.model import Consent, Pressed
from cloud.consent.service import Consents, Vault
from cloud.facilities.model import Policy
from cloud.facilities.service import Facilities
from cloud.main import Stores, committing, listener, sql_stores
from cloud.page.render import Renderer
from cloud.page.service import Page
from cloud.page.walk import Walk
from cloud.registry.model import Person, PersonId
from cloud.web.patience import Patience
from cloud.web.patient import PatientServices, application
from protocol.codes import CareKind, Decision
from protocol.ids import FacilityCode, RequestId
from protocol.messages import (
    ConsentDecision,
    ConsentReceipt,
    ConsentRequest,
    PatientLink,
    VerificationAnswer,
)
from tests.cloud.world import (
    AUDIT_SECRET,
    FACILITY,
    Card,
    World,
    authority,
    card,
    person,
)

ADDRESS = "http://127.0.0.1:8444"
SECRET = bytes(range(32))
ELSEWHERE = FacilityCode("1340000012")
VAULT = Vault(lambda who, item: f"{who} {item}".encode().ljust(32), bytes(range(64)))
YES, NO, SILENT = Decision.GRANTED, Decision.REFUSED, Decision.UNANSWERED
ALL_YES = {"diagnosis_and_drugs": YES, "operation": YES, "checkup": YES}


def randomness(start: int = 1) -> Callable[[int], bytes]:
    """Different each time, the same each run."""
    numbers = count(start)
    return lambda size: (next(numbers) * 0x9E3779B97F4A7C15 % (1 << 8 * size)).to_bytes(
        size
    )


@dataclass
class Desk:
    """One world with a page, and patients who press things."""

    stores: Stores
    keep: Callable[[Sequence[Entry]], None]
    """Commits rows of the audit log."""
    card: Card = field(default_factory=card)
    random: Callable[[int], bytes] = field(default_factory=randomness)
    links: Links = field(init=False)
    world: World = field(init=False)
    page: Page = field(init=False)
    consents: Consents = field(init=False)
    sent: ConsentRequest = field(init=False)

    def __post_init__(self) -> None:
        self.world = World(self.stores)
        self.consents = Consents(self.stores.consents, VAULT)
        self.links = Links(ADDRESS, SECRET, self.random, self.stores.page.taken)
        self.world.listener = listener(
            self.stores,
            self.world.line,
            keys=self.world.keys,
            authorities=CardAuthorities([authority()]),
            policy=self.world.policy,
            vault=VAULT,
            links=self.links,
            clock=lambda: self.world.now,
            random=lambda size: self.random(size),
        )
        self.page = Page(
            self.stores.page,
            self.stores.consents,
            self.consents,
            self.stores.audit,
            self.stores.registry,
            lambda row: self.keep([row]),
            SECRET,
            self.random,
        )
        self.knows(self.card)

    @property
    def now(self) -> int:
        return self.world.now

    def later(self, ms: int) -> int:
        self.world.now += ms
        return self.world.now

    def knows(self, one: Card, who: Person | None = None) -> None:
        self.world.knows(who or person(), one)

    def person(self, one: Card | None = None) -> PersonId:
        found = self.stores.registry.linked((one or self.card).link)
        assert found is not None
        return found.id

    def receipt(
        self, pressed: dict[str, Decision], *, by: Card | None = None, **more: object
    ) -> ConsentReceipt:
        """A whole visit at the reader: card, questions, answers."""
        asked = self.world.verification(by or self.card, **more)
        answer = self.world.ask(asked)
        assert isinstance(answer, VerificationAnswer)
        decisions = tuple(
            ConsentDecision(item=item, decision=decision)
            for item, decision in pressed.items()
        )
        self.sent = ConsentRequest.model_validate(
            {
                **self.world.asked(),
                "verification": answer.request_id,
                "decisions": decisions,
            }
        )
        return self.again()

    def again(self) -> ConsentReceipt:
        """The last consent request, in a new envelope."""
        found = self.world.ask(self.sent)
        assert isinstance(found, ConsentReceipt)
        return found

    def visit(
        self,
        pressed: dict[str, Decision] | None = None,
        *,
        by: Card | None = None,
        care: CareKind = CareKind.OUTPATIENT,
    ) -> tuple[str, str]:
        """Token and word, as the patient takes them along."""
        found = self.receipt(pressed or ALL_YES, by=by, care=care).patient_page
        assert found is not None
        return opened(found)

    def elsewhere(self, pressed: dict[str, Decision], who: PersonId) -> None:
        """Answers at another facility."""
        made = self.consents.settle(
            tuple(Pressed(item, decision) for item, decision in pressed.items()),
            facility=ELSEWHERE,
            person=who,
            request=RequestId(f"elsewhere-{self.now}"),
            care=CareKind.HOME_VISIT,
            pressed_at=self.now,
            decided_at=self.now,
        )
        ledger_writes(self.stores, made, self.consents.keys(made))

    def reads(self, item: str, facility: FacilityCode = FACILITY) -> bool:
        """Whether a reader of records gets the key now."""
        gate = self.consents.gate(
            facility=facility,
            person=self.person(),
            item=item,
            visit=None,
            now_ms=lambda: self.now,
        )
        try:
            gate.key()
        except ConsentClosedError:
            return False
        return True

    def log(self) -> list[Row]:
        return list(self.audit.of_person(self.person()))

    @property
    def audit(self) -> AuditStore:
        return self.stores.audit


def opened(link: PatientLink) -> tuple[str, str]:
    return link.url.rpartition("/")[2], link.word


def ledger_writes(
    stores: Stores, made: Sequence[Consent], keys: Sequence[DataKey]
) -> None:
    """Consents and keys into the store, as a ledger commits them."""
    store = stores.consents
    if isinstance(store, MemoryConsents):
        store.keep(made, keys)
        return
    assert isinstance(store, SqlConsents)
    with store._database.transaction():
        write_consents(store._database, made, keys)


def keeping(stores: Stores) -> Callable[[Sequence[Entry]], None]:
    """How rows of the log are committed on these stores."""
    audit = stores.audit
    if not isinstance(audit, SqlAudit):
        return audit.append

    def keep(rows: Sequence[Entry]) -> None:
        with audit._database.transaction():
            audit.append(rows)

    return keep


def other_word(word: str) -> str:
    return f"{(int(word) + 1) % 1_000_000:06}"


# -- a running page ------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Site:
    """A page that is served, and the desk behind it. One clock for both."""

    desk: Desk
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def link(self, token: str) -> str:
        return f"{self.url}/R/{token}"


@contextmanager
def served(
    file: Path, *, secure: bool = False, idle_s: float = 30.0, body_s: float = 10.0
) -> Iterator[Site]:
    """The page over a SQLite file that has the schema, on a thread and connection."""
    with closing(connect(file)) as database:
        stores = sql_stores(database, AUDIT_SECRET)
        desk = Desk(stores, keeping(stores))
        run = ThreadPoolExecutor(1)
        opened_there: list[Database] = []

        def made() -> Walk:
            own = connect(file)
            opened_there.append(own)
            theirs = sql_stores(own, AUDIT_SECRET)
            page = Page(
                theirs.page,
                theirs.consents,
                Consents(theirs.consents),
                theirs.audit,
                theirs.registry,
                committing(own, theirs.audit),
                SECRET,
                randomness(5000),
            )
            facilities = Facilities(theirs.facilities, Policy())
            return Walk(page, facilities.consent_items)

        walk = run.submit(made).result()
        services = PatientServices(
            walk, lambda: desk.now, run, secure, Renderer(), body_s
        )
        patience = Patience(idle_s)
        app = application(services, patience.working)
        with _listening(app, patience) as port:
            yield Site(desk, port)
        run.submit(opened_there[0].close).result()
        run.shutdown()


@contextmanager
def _listening(app: web.Application, patience: Patience) -> Iterator[int]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    runner = web.AppRunner(app, access_log=None)

    async def begin() -> asyncio.Server:
        await runner.setup()
        assert runner.server is not None
        return await loop.create_server(patience.around(runner.server), "127.0.0.1", 0)

    try:
        server = asyncio.run_coroutine_threadsafe(begin(), loop).result()
        yield server.sockets[0].getsockname()[1]
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@dataclass
class Phone:
    """A browser without script: keeps cookies, follows nothing by itself."""

    site: Site
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | bytes | None = None,
        **headers: str,
    ) -> "Answer":
        line = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=10)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
        raw = form if isinstance(form, bytes) else None
        if isinstance(form, Mapping):
            raw = urlencode(form).encode()
        if raw is not None:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        try:
            line.request(method, path, raw, sent)
            got = line.getresponse()
            body = got.read().decode()
        finally:
            line.close()
        for name, value in got.getheaders():
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                kept = rest.partition(";")[0].strip('"')
                self.cookies[key] = kept
                if not kept:
                    del self.cookies[key]
        return Answer(got.status, dict(got.getheaders()), body)

    def enter(self, token: str, word: str) -> "Answer":
        shown = self.ask("GET", f"/R/{token}")
        form = {"link": token, "mark": shown.mark, "word": word}
        return self.ask("POST", "/word", form)

    def get(self, path: str, **headers: str) -> "Answer":
        return self.ask("GET", path, None, **headers)


@dataclass(frozen=True)
class Answer:
    """What came, whatever its status."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def mark(self) -> str:
        found = re.search(r'name="mark" value="([0-9a-f]{64})"', self.body)
        return found[1] if found else ""

    @property
    def code(self) -> str:
        found = re.search(r'class="code">\S+ (P\d{3})<', self.body)
        return found[1] if found else ""
