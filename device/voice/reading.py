"""Japanese where MeCab's dictionary reads otherwise than we mean. Pure."""

from typing import Final

READ: Final = {
    "健診": "けんしん",
    "受療証": "じゅりょうしょう",
    "疾病の証": "疾病のしょう",
    "お一人": "おひとり",
    "一人": "ひとり",
    "むずかしい方": "むずかしいかた",
    "お急ぎの方": "お急ぎのかた",
    "病気の方": "病気のかた",
    "ほかの方": "ほかのかた",
    "係の方": "係のかた",
    "少しはなれて": "少し離れて",
    "右上": "みぎうえ",
    "右下": "みぎした",
    "左上": "ひだりうえ",
    "4けた": "よんけた",
    "14けた": "じゅうよんけた",
}
"""Each was heard or read wrong once; a reading that is found wrong comes here."""


def meant(text: str) -> str:
    for written, read in sorted(READ.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(written, read)
    return text
