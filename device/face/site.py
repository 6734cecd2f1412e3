"""A site's own calibration record, beside the records that a pack brings.

It holds statistics of consenting volunteers and nothing of their faces. It belongs to
one model: with another version or other weights it is not used.
"""

from typing import Literal

from device.face.calibration import Calibration, Value
from device.face.pack import Pack, Sha256


class SiteRecord(Value):
    schema_version: Literal[1] = 1
    space: str
    """Pack and version whose distances were measured."""
    embedding_sha256: Sha256
    calibration: Calibration


def site_record(pack: Pack, calibration: Calibration) -> SiteRecord:
    return SiteRecord(
        space=pack.space,
        embedding_sha256=pack.embedding.sha256,
        calibration=calibration,
    )


def with_site(pack: Pack, site: SiteRecord) -> Pack:
    """The pack with the site's record after its own; as it was for another model.

    Raises pydantic.ValidationError when a record of the pack has the same name.
    """
    if (site.space, site.embedding_sha256) != (pack.space, pack.embedding.sha256):
        return pack
    records = (*pack.embedder.calibrations, site.calibration)
    embedder = pack.embedder.model_copy(update={"calibrations": records})
    return Pack.model_validate(pack.model_copy(update={"embedder": embedder}).__dict__)
