"""Install a model pack: find, check, convert, self-test, and only then put in place."""

import os
from hashlib import sha256
from pathlib import Path

from device.face.pack import MANIFEST, Pack
from device.ports import PartError
from provisioning.models.download import FetchError, Say
from provisioning.models.fetch import (
    from_folder,
    from_publisher,
    local_folder,
    part_file,
)
from provisioning.models.ir import IRError
from provisioning.models.ir2tflite import CONVERTER, convert
from provisioning.models.known import CATALOGUE, known_packs
from provisioning.models.store import PackStore, verify

SOURCE_VARIABLE = "SHIKAKU_MODELS"


class InstallError(Exception):
    """One line that says why the pack is not installed; nothing was left behind."""


def install(
    name: str,
    home: Path,
    source: Path | None,
    say: Say,
    catalogue: Path = CATALOGUE,
) -> Path:
    """Install pack `name` under `home`; returns its folder. Raises InstallError.

    The publisher's files come from `source`, else from the folder named by
    SHIKAKU_MODELS if it holds them, else from the publisher. A pack that is already
    there and sound is left alone. A download that was interrupted goes on where it
    stopped.
    """
    pack = known_packs(catalogue).get(name)
    if pack is None or pack.upstream is None:
        raise InstallError(f"no pack is called {name}; see: models list")
    store = PackStore(home)
    if _already(store, pack):
        say(f"{name}: already installed and sound")
        return store.folder(name)
    try:
        return _install(pack, store, source, say, catalogue)
    except (FetchError, IRError) as error:
        raise InstallError(f"{name} not installed: {error}") from error
    except PartError as error:
        raise InstallError(f"{name} not installed: {error}") from error
    except OSError as error:
        reason = error.strerror or "disk error"
        raise InstallError(f"{name} not installed: {reason}") from error


def _already(store: PackStore, pack: Pack) -> bool:
    if pack.id not in store.names():
        return False
    try:
        return verify(store.folder(pack.id)) == pack
    except PartError:
        return False


def _install(
    pack: Pack, store: PackStore, source: Path | None, say: Say, catalogue: Path
) -> Path:
    xml, weights = _sources(pack, source, store.parts, say)
    say(f"{pack.id}: converting ({CONVERTER})")
    content = convert(xml, weights)
    if sha256(content).hexdigest() != pack.embedding.sha256:
        raise FetchError(f"{pack.embedding.name}: the conversion gave other bytes")
    with store.staging() as staged:
        (staged / pack.embedding.name).write_bytes(content)
        for licence in pack.licences:
            (staged / licence.name).write_bytes((catalogue / licence.name).read_bytes())
        (staged / MANIFEST).write_text(pack.model_dump_json(indent=2) + "\n", "utf-8")
        verify(staged)
        say(f"{pack.id}: self-test passed")
        folder = store.put(staged, pack.id)
    for each in pack.upstream.files if pack.upstream else ():
        part_file(store.parts, each.sha256, each.name).unlink(missing_ok=True)
    return folder


def _sources(
    pack: Pack, source: Path | None, parts: Path, say: Say
) -> tuple[bytes, bytes]:
    """The network's structure and weights, checked."""
    if pack.upstream is None or len(pack.upstream.files) != 2:
        raise FetchError("the catalogue names no source")
    files = pack.upstream.files
    folder = _local(pack, source)
    if folder is None:
        first, second = (from_publisher(each, parts, say) for each in files)
    else:
        say(f"{pack.id}: from {folder}")
        first, second = (from_folder(folder, each) for each in files)
    return first, second


def _local(pack: Pack, source: Path | None) -> Path | None:
    files = pack.upstream.files if pack.upstream else ()
    if source is not None:
        folder = local_folder(source, pack.id, files)
        if folder is None:
            raise FetchError(f"{source} does not hold its files")
        return folder
    named = os.environ.get(SOURCE_VARIABLE)
    return local_folder(Path(named), pack.id, files) if named else None
