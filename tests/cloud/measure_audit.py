"""What the audit log costs: python -m tests.cloud.measure_audit --rows 1000000

Writes fictitious rows into a SQLite file of its own as the ledger would, in batches,
then verifies all of them. Prints CPU per row and seconds; keeps the file if told to.
"""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric import ec

from cloud.adapters.sql.audit import SqlAudit
from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.registry import SqlRegistry
from cloud.adapters.sql.schema import migrate
from cloud.audit.model import Entry, Kind, detail
from cloud.audit.service import Verifier
from cloud.registry.model import PersonId
from cloud.registry.service import Record
from protocol.ids import FacilityCode
from protocol.keys import SoftwareSigner
from tests.cloud.world import person

SECRET = hashlib.sha256(b"a secret of nobody").digest()
AT = 1_780_000_000_000
ANCHOR_EVERY = 100_000
KEY = ec.generate_private_key(ec.SECP256R1())
SIGNER = SoftwareSigner(KEY)


def entries(count: int, facilities: int, people: int) -> Iterator[Entry]:
    draw = Random(1)  # noqa: S311
    said = detail(outcome="accepted", method="face", care="1", by="reader-one")
    for number in range(count):
        yield Entry(
            FacilityCode(f"13{draw.randrange(facilities):08}"),
            AT + number,
            Kind.VERIFICATION,
            PersonId(draw.randrange(people) + 1),
            said,
            draw.randbytes(32),
        )


def measured(database: Database, args: argparse.Namespace) -> dict[str, object]:
    records = (
        Record(number.to_bytes(4), person(insurances=()))
        for number in range(args.people)
    )
    SqlRegistry(database).put(records)
    audit = SqlAudit(database, SECRET)
    spent = written(audit, database, args)
    keys = {SIGNER.key_id: KEY.public_key()}
    begun, cpu = time.perf_counter(), time.process_time()
    found = list(Verifier(audit, keys, SECRET).verify())
    return {
        "rows": args.rows,
        "facilities": args.facilities,
        "batch": args.batch,
        "append_cpu_us_per_row": round(spent / args.rows * 1e6, 1),
        "verify_s": round(time.perf_counter() - begun, 2),
        "verify_cpu_s": round(time.process_time() - cpu, 2),
        "findings": len(found),
    }


def written(audit: SqlAudit, database: Database, args: argparse.Namespace) -> float:
    """CPU seconds of `append` alone, without the commit around it."""
    spent, done = 0.0, 0
    source = entries(args.rows, args.facilities, args.people)
    while batch := list(islice(source, args.batch)):
        with database.transaction():
            begun = time.process_time()
            audit.append(batch)
            spent += time.process_time() - begun
        before, done = done, done + len(batch)
        if done // ANCHOR_EVERY > before // ANCHOR_EVERY:
            audit.anchor(AT + done, SIGNER)
            sys.stderr.write(f"{done} of {args.rows} rows written\n")
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--facilities", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    with TemporaryDirectory(dir=args.folder) as folder:
        file = Path(folder) / "audit.sqlite3"
        with closing(connect(file)) as database:
            migrate(database)
            figures = measured(database, args)
        figures["file_mb"] = file.stat().st_size >> 20
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
