"""Add a model pack from one archive, pinned by its hash: all or nothing."""

import re
from pathlib import Path

from device.adapters.face_tflite import read_pack
from device.adapters.model_folder import SHIPPED
from device.face.pack import MANIFEST, Pack
from device.ports import PartError
from provisioning.models.archive import BYTES_MOST, ArchiveError, unpack
from provisioning.models.download import (
    FetchError,
    Patience,
    Say,
    Wanted,
    download,
    file_sha256,
)
from provisioning.models.fetch import part_file
from provisioning.models.known import known_packs
from provisioning.models.store import PackStore, verify


class AddError(Exception):
    """One line that says why the pack was not added; nothing was left behind."""


def add(
    origin: str, digest: str, home: Path, say: Say, patience: Patience | None = None
) -> Path:
    """Add the pack in archive `origin` (file or http(s) address); its folder.

    `digest` is the archive's SHA-256 as the pack's publisher states it. Raises
    AddError. A download that was interrupted goes on where it stopped.
    """
    if not re.fullmatch(r"[0-9a-fA-F]{64}", digest):
        raise AddError("--sha256 is 64 hexadecimal digits: take it from the publisher")
    store = PackStore(home)
    try:
        archive = _archive(origin, digest.lower(), store, say, patience)
        return _add(archive, store, say)
    except (FetchError, ArchiveError, PartError) as error:
        raise AddError(f"not added: {error}") from error
    except OSError as error:
        raise AddError(f"not added: {error.strerror or 'disk error'}") from error


def _archive(
    origin: str, digest: str, store: PackStore, say: Say, patience: Patience | None
) -> Path:
    """The archive in a file, its hash checked."""
    if "://" not in origin:
        path = Path(origin)
        if not path.is_file():
            raise FetchError(f"{origin} is not a file; give a file or an address")
        if file_sha256(path) != digest:
            raise FetchError(
                f"{path.name}: SHA-256 differs from --sha256; fetch it again"
            )
        return path
    part = part_file(store.parts, digest, "pack")
    wanted = Wanted("pack", origin, BYTES_MOST)
    download(wanted, part, digest, say, patience or Patience())
    return part


def _add(archive: Path, store: PackStore, say: Say) -> Path:
    with store.staging() as staged:
        unpack(archive, staged)
        pack = read_pack(staged)
        _nothing_else(staged, pack)
        if pack.id == SHIPPED or pack.id in known_packs():
            raise FetchError(f"the name {pack.id} belongs to a known pack")
        verify(staged)
        say(f"{pack.id}: self-test passed")
        if pack.id in store.names():
            say(f"{pack.id}: replaces the one that was installed")
        folder = store.put(staged, pack.id)
    if archive.parent == store.parts:
        archive.unlink()
    return folder


def _nothing_else(staged: Path, pack: Pack) -> None:
    named = {MANIFEST, *(each.name for each in (*pack.files, *pack.licences))}
    others = sorted(each.name for each in staged.iterdir() if each.name not in named)
    if others:
        raise FetchError(f"the manifest does not name {others[0]}")
