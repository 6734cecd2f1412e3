"""B150 on: files of receipt computers (protocol/oqs). Staff meet these at the desk."""

from collections.abc import Mapping
from typing import Final

from protocol.entries.entry import Entry, Retry, entry

_DESK: Final = (
    "受付で確認します。受付にお声がけください。",
    "We will check at the desk. Please come to the desk.",
)

LINES: Final[Mapping[str, Entry]] = {
    "B150": entry(
        _DESK,
        (
            "ファイルの名前が連携の決まりと合いません。",
            "The file's name is not one of the exchange.",
        ),
        (
            "種別を表す接頭辞、req、拡張子、使える文字、長さ、パスのいずれかが合わない。",
            "Prefix, req, extension, characters or length do not fit, or it has path "
            "parts (shikaku-cloud oqs kinds).",
        ),
        (
            "レセコンのファイル名の設定を確かめる。",
            "Check how the receipt computer names its files.",
        ),
        Retry.NEVER,
    ),
    "B151": entry(
        _DESK,
        (
            "ファイルが途中で切れているか、壊れています。",
            "The file is cut off or damaged.",
        ),
        (
            "整形式のXMLではない。場所は行と桁で示す。書きかけのこともある。",
            "Not well-formed XML at the line and column named; maybe half written.",
        ),
        ("レセコンから送り直す。", "Send it again from the receipt computer."),
        Retry.NEVER,
    ),
    "B152": entry(
        _DESK,
        ("ファイルが大きすぎます。", "The file is too large."),
        (
            "この種別の上限を超えた。展開後の大きさも数える。読むのをそこでやめた。",
            "Over the limit of its kind, also when unpacked; reading stopped there.",
        ),
        ("対象者を分けて送る。", "Send the persons in several files."),
        Retry.NEVER,
    ),
    "B153": entry(
        _DESK,
        (
            "圧縮ファイルの中身が決まりと合いません。",
            "The ZIP file is not packed as agreed.",
        ),
        (
            "ZIPには同じ名前のxmlが一つだけ入る。暗号化、複数、パスは受けない。",
            "A ZIP holds one xml of the same name: no second file, path or password.",
        ),
        ("圧縮せずに送る。", "Send it without compression."),
        Retry.NEVER,
    ),
    "B154": entry(
        _DESK,
        (
            "ファイルに使えない宣言が含まれています。",
            "The file holds a declaration that is not accepted.",
        ),
        (
            "DOCTYPEがある。実体の展開と外部参照は行わない。",
            "It has a DOCTYPE; entities and outside references are never followed.",
        ),
        ("DOCTYPEを除いて送る。", "Send it without a DOCTYPE."),
        Retry.NEVER,
    ),
    "B155": entry(
        _DESK,
        (
            "同じ項目が二度書かれたファイルです。どちらが正しいか分かりません。",
            "An item stands twice in the file; which is right cannot be known.",
        ),
        (
            "繰り返しが許されない要素が重複している。場所を参照。",
            "An element that may stand once is repeated; see the place.",
        ),
        ("重複した項目を除いて送る。", "Remove the repeated item and send it again."),
        Retry.NEVER,
    ),
    "B156": entry(
        _DESK,
        (
            "ファイルの文字コードが宣言と合いません。",
            "The file's character code is not the one it declares.",
        ),
        (
            "XML宣言、CharacterCodeIdentifier（0はUTF-8、1はSJIS）、中身が一致しない。",
            "XML declaration, CharacterCodeIdentifier (0 UTF-8, 1 Shift_JIS) and bytes "
            "must agree.",
        ),
        (
            "レセコンの文字コードの設定を確かめる。",
            "Check the receipt computer's setting of the character code.",
        ),
        Retry.NEVER,
    ),
    "B157": entry(
        _DESK,
        (
            "Shift_JISで表せない文字が含まれています。",
            "A character cannot be written in Shift_JIS.",
        ),
        (
            "cp932にない文字。黙って置き換えることはしない。場所を参照。",
            "A character outside cp932 is never replaced silently; see the place.",
        ),
        ("UTF-8で問い合わせる。", "Ask with a UTF-8 file."),
        Retry.NEVER,
    ),
    "B158": entry(
        _DESK,
        (
            "ファイルの項目が足りないか、値が決まりと合いません。",
            "An item of the file is missing or not as agreed.",
        ),
        (
            "要素がない、日付や番号の形でない、または余分である。場所を参照。",
            "An element is missing, extra, or no date or number; see the place.",
        ),
        ("その項目を直して送る。", "Correct the item and send it again."),
        Retry.NEVER,
    ),
    "B159": entry(
        _DESK,
        (
            "ファイルの医療機関コードが、この医療機関のものではありません。",
            "The file names another facility than this one.",
        ),
        (
            "MedicalInstitutionCodeが接続の証明書の医療機関と違う。",
            "MedicalInstitutionCode is not the facility of the certificate.",
        ),
        (
            "レセコンの医療機関コードの設定を確かめる。",
            "Check the facility code set in the receipt computer.",
        ),
        Retry.AFTER_REPAIR,
    ),
    "B160": entry(
        _DESK,
        (
            "返事を待っています。ファイルは残っていて、失われません。",
            "The answer has not come yet; the file is kept and nothing is lost.",
        ),
        (
            "クラウドに届かないか、答えがまだない。間をあけて送り直している。",
            "The cloud cannot be reached or does not answer; it is sent again with "
            "growing pauses.",
        ),
        ("しばらく待つ。", "Wait a little."),
        Retry.BY_ITSELF,
    ),
}
