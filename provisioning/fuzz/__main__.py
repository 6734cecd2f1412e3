"""`python -m provisioning.fuzz --inputs 1000000 --seed 1`. Exit 1 on any fault."""

import warnings
from typing import Annotated

import typer
from cryptography.utils import CryptographyDeprecationWarning

from provisioning.fuzz.campaign import LIMIT_MIB, LIMIT_S, campaign
from provisioning.fuzz.targets import targets

_SHOWN = 5


def main(
    inputs: Annotated[int, typer.Option(min=1, help="How many.")] = 1_000_000,
    seed: Annotated[int, typer.Option(help="The same seed, the same injuries.")] = 1,
) -> None:
    """Broken APDUs, TLV files and answers for everything that reads a card.

    Only our own errors may come of it, none may take 10 ms, memory must not grow.

    Example: python -m provisioning.fuzz --inputs 1000000 --seed 1
    """
    # A serial number that is not positive is only warned of; the key is used or not.
    warnings.simplefilter("ignore", CryptographyDeprecationWarning)
    outcome = campaign(targets(), inputs, seed)
    for name, count in sorted(outcome.per_target.items()):
        typer.echo(f"{name:14}{count:10}")
    typer.echo(
        f"{outcome.inputs} inputs, seed {seed}, {outcome.seconds:.1f} s: "
        f"{outcome.refused} refused with an error of ours, "
        f"slowest {outcome.slowest_s * 1000:.2f} ms in {outcome.slowest} "
        f"(limit {LIMIT_S * 1000:.0f}), "
        f"{outcome.grown_mib:.1f} MiB more (limit {LIMIT_MIB}), "
        f"{len(outcome.faults)} faults"
    )
    for fault in outcome.faults[:_SHOWN]:
        typer.echo(fault[:400], err=True)
    if not outcome.good:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
