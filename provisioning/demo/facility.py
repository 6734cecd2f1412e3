"""What the receipt computer finds in the folder it watches."""

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree


@dataclass(frozen=True, slots=True)
class ResultFile:
    path: Path
    texts: dict[str, str]
    """Element name -> text, for elements that occur once."""

    def consent(self, stem: str) -> str:
        """The consent flag of <stem>ConsFlg (OQSCD016), "" when absent."""
        return self.texts.get(f"{stem}ConsFlg", "")


def arrived(folder: Path) -> list[Path]:
    """Result files, oldest name first; half-written ones have another name."""
    return sorted(folder.glob("OQSsiquc01res_face_*.xml"))


def read(path: Path) -> ResultFile:
    # Our own reader wrote it into a folder of our own.
    root = ElementTree.parse(path).getroot()  # noqa: S314
    texts: dict[str, str] = {}
    for element in root.iter():
        if element.text and element.text.strip():
            texts.setdefault(element.tag, element.text.strip())
    return ResultFile(path, texts)
