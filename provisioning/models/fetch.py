"""Get a publisher's file, from a local folder or its address; nothing unchecked."""

from hashlib import sha256, sha384
from pathlib import Path

from device.face.pack import Source
from provisioning.models.download import (
    FetchError,
    Patience,
    Say,
    Wanted,
    download,
)


def local_folder(base: Path, pack_id: str, sources: tuple[Source, ...]) -> Path | None:
    """Where `base` holds the pack: base/PACK, base/packs/PACK, or base itself."""
    for folder in (base / pack_id, base / "packs" / pack_id, base):
        if all((folder / each.name).is_file() for each in sources):
            return folder
    return None


def from_folder(folder: Path, source: Source) -> bytes:
    path = folder / source.name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FetchError(f"{path} cannot be read") from error
    return checked(content, source)


def from_publisher(
    source: Source, parts: Path, say: Say, patience: Patience | None = None
) -> bytes:
    """The file, begun or whole in folder `parts`.

    Raises FetchError when the address is silent, breaks off, or gives another file
    than the pinned one, which is then not kept.
    """
    part = part_file(parts, source.sha256, source.name)
    wanted = Wanted(source.name, source.url, source.bytes, source.bytes)
    download(wanted, part, source.sha256, say, patience or Patience())
    return checked(part.read_bytes(), source)


def part_file(parts: Path, digest: str, name: str) -> Path:
    """Named by the hash: what was begun of one file never continues as another."""
    return parts / f"{digest[:16]}-{name}.part"


def checked(content: bytes, source: Source) -> bytes:
    """The content if length, SHA-256 and the publisher's SHA-384 agree."""
    if len(content) != source.bytes:
        raise FetchError(
            f"{source.name}: {len(content)} bytes instead of {source.bytes}"
        )
    if sha256(content).hexdigest() != source.sha256:
        raise FetchError(f"{source.name}: SHA-256 differs from the pinned one")
    if sha384(content).hexdigest() != source.sha384:
        raise FetchError(f"{source.name}: SHA-384 differs from the publisher's")
    return content
