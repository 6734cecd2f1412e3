"""Every sentence of the screens. "|" marks phrases, where a line may break.

Plain words, one fact each, nobody is blamed. The consent questions are the
ministry's own (leaflet 「顔認証付きカードリーダー」).
"""

from ui_eink.strings_en import EN
from ui_eink.strings_ja import JA
from ui_eink.strings_ja_easy import JA_EASY
from ui_eink.strings_ko import KO
from ui_eink.strings_pt import PT
from ui_eink.strings_vi import VI
from ui_eink.strings_zh import ZH
from ui_eink.views import Lang
from ui_eink.words import ItemWords, Words

WORDS: dict[Lang, Words] = {
    Lang.JA: JA,
    Lang.JA_EASY: JA_EASY,
    Lang.EN: EN,
    Lang.ZH: ZH,
    Lang.KO: KO,
    Lang.PT: PT,
    Lang.VI: VI,
}

LANGUAGES: dict[Lang, str] = {
    Lang.JA: "日本語",
    Lang.JA_EASY: "やさしい|日本語《にほんご》",
    Lang.EN: "English",
    Lang.ZH: "中文",
    Lang.KO: "한국어",
    Lang.PT: "Português",
    Lang.VI: "Tiếng Việt",
}
"""By their own names, in the order of the keys 1 to 7."""

LANGUAGE_KEY = "Language / ことば"
"""On every screen: it is for the one who cannot read the rest."""


def patient_line(code: str, lang: Lang) -> str | None:
    """What a patient reads of a code, where the catalogue has no such language.

    None: the catalogue's own line holds (Japanese and English).
    """
    words = WORDS[lang]
    if not words.problems:
        return None
    return words.problems.get(code, words.problem_other)


__all__ = ["LANGUAGES", "LANGUAGE_KEY", "WORDS", "ItemWords", "Words", "patient_line"]
