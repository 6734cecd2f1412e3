"""What a load asks the database, and what it writes: each compiled once."""

from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, text, update

from cloud.adapters.sql import tables_registry as kept
from cloud.adapters.sql.statement import Among, Statement, insert_new, upsert
from cloud.adapters.sql.tables import certificates, insurances, persons
from cloud.registry.model import LinkKind
from cloud.registry.standing import Details

AT_ONCE = 500
"""Values of one question: more would be another statement for every number of them."""
CACHE_KIB = 256 * 1024
LOCK = 0x7368696B616B75
"""PostgreSQL's name of the lock that loads take: one batch at a time."""

NAMES = [f"v{place}" for place in range(AT_ONCE)]
_VALUES: list[Any] = [bindparam(name) for name in NAMES]
PERSONS = Statement(
    select(
        persons.c.reference,
        persons.c.id,
        persons.c.hold,
        persons.c.name,
        persons.c.name_kana,
        persons.c.sex,
        persons.c.birth_date,
        persons.c.address,
        persons.c.post_number,
    ).where(persons.c.reference.in_(_VALUES))
)
LINKS = Statement(
    select(certificates.c.value, certificates.c.person_id).where(
        certificates.c.value.in_(_VALUES),
        certificates.c.kind == LinkKind.CERTIFICATE.value,
    )
)
_COVER = (
    insurances.c.person_id,
    insurances.c.valid_from,
    insurances.c.valid_until,
    insurances.c.card_classification,
    insurances.c.insurer_number,
    insurances.c.relationship,
    insurances.c.symbol,
    insurances.c.number,
    insurances.c.branch,
    insurances.c.insured_name,
    insurances.c.loss_reason,
    insurances.c.copayment_ratio,
    insurances.c.copayment_limit,
    insurances.c.benefits,
)
COVERS = Statement(
    select(*_COVER)
    .where(Among(insurances.c.person_id, "persons"))
    .order_by(insurances.c.person_id, insurances.c.position)
)
OPEN_HOLDS = Statement(
    select(kept.holds.c.person_id, kept.holds.c.insurer_key, kept.holds.c.kind).where(
        Among(kept.holds.c.person_id, "persons"), kept.holds.c.ended.is_(None)
    )
)


SAME_NUMBER = Statement(select(*_COVER).where(Among(insurances.c.lookup, "lookups")))
LAST_PERSON = Statement(select(func.max(persons.c.id)))
NEXT_PERSONS = Statement(
    text(
        "SELECT nextval(pg_get_serial_sequence('persons', 'id'))"
        " FROM generate_series(1, :count)"
    )
)
TAKE_LOCK = Statement(text("SELECT pg_advisory_xact_lock(:name)"))

PERSON_COLUMNS = [column.name for column in persons.columns]
COVER_COLUMNS = [column.name for column in insurances.columns]
NEW_PERSON = Statement(insert(persons))
CHANGED_PERSON = Statement(
    update(persons)
    .where(persons.c.id == bindparam("person"))
    .values({name: bindparam(f"new_{name}") for name in (*Details._fields, "hold")})
)
PUT_COVER = upsert(insurances)
NEW_COVER = Statement(insert(insurances))
NEW_LINK = insert_new(certificates)
OPEN_HOLD = Statement(
    insert(kept.holds).values(
        {
            name: bindparam(name)
            for name in ("person_id", "insurer_key", "kind", "since", "how")
        }
    )
)
CLOSE_HOLD = Statement(
    update(kept.holds)
    .where(
        kept.holds.c.person_id == bindparam("person"),
        kept.holds.c.insurer_key == bindparam("insurer"),
        kept.holds.c.ended.is_(None),
    )
    .values(ended=bindparam("at"), how="corrected")
)
INSURERS = Statement(select(kept.insurers.c.key, kept.insurers.c.name))
BEGIN = insert_new(kept.loads)
LOAD = Statement(
    select(
        kept.loads.c.finished,
        kept.loads.c.position,
        kept.loads.c.line,
        *(kept.loads.c[f"n_{name}"] for name in kept.COUNTS),
    ).where(kept.loads.c.digest == bindparam("load"))
)
ADVANCE = Statement(
    update(kept.loads)
    .where(
        kept.loads.c.digest == bindparam("load"),
        or_(
            kept.loads.c.line == bindparam("first"), kept.loads.c.finished.is_not(None)
        ),
    )
    .values(
        {
            "position": bindparam("offset"),
            "line": bindparam("last"),
            **{
                f"n_{name}": kept.loads.c[f"n_{name}"] + bindparam(f"more_{name}")
                for name in kept.COUNTS
            },
        }
    )
)
FINISH = Statement(
    update(kept.loads)
    .where(kept.loads.c.digest == bindparam("load"))
    .values(finished=bindparam("at"))
)
DROP_FAULTS = Statement(
    delete(kept.load_faults).where(
        kept.load_faults.c.digest == bindparam("load"),
        kept.load_faults.c.line > bindparam("after"),
        kept.load_faults.c.line <= bindparam("until"),
    )
)
NEW_FAULT = Statement(insert(kept.load_faults))
FAULTS = Statement(
    select(
        kept.load_faults.c.line,
        kept.load_faults.c.field,
        kept.load_faults.c.code,
        kept.load_faults.c.detail,
    )
    .where(kept.load_faults.c.digest == bindparam("load"))
    .order_by(kept.load_faults.c.line, kept.load_faults.c.place)
)
REFUSED_AMONG = Statement(
    select(func.count(kept.load_faults.c.line.distinct())).where(
        kept.load_faults.c.digest == bindparam("load"),
        kept.load_faults.c.line > bindparam("after"),
        kept.load_faults.c.line <= bindparam("until"),
    )
)
REFUSED = Statement(
    select(kept.load_faults.c.line)
    .distinct()
    .where(kept.load_faults.c.digest == bindparam("load"))
)
