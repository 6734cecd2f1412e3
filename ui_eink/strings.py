"""Every sentence of the screens. "|" marks phrases, where a line may break.

Plain words, one fact each, nobody is blamed. The consent questions are the
ministry's own (leaflet 「顔認証付きカードリーダー」).
"""

from ui_eink.strings_en import EN
from ui_eink.strings_ja import JA
from ui_eink.views import Lang
from ui_eink.words import ItemWords, Words

WORDS: dict[Lang, Words] = {Lang.JA: JA, Lang.EN: EN}

LANGUAGE_KEY = "Language / 日本語"
"""In both languages on every screen: it is for the one who cannot read the rest."""

__all__ = ["LANGUAGE_KEY", "WORDS", "ItemWords", "Words"]
