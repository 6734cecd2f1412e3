"""What can be wrong with a line of a load file: a code, and a sentence to act on.

L2nn the line itself, L3nn one value, L4nn what the registry already holds. A code is
stable for ever. None of the sentences quotes the line.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple


class FaultCode(StrEnum):
    COLUMNS = "L201"
    QUOTES = "L202"
    ENCODING = "L203"
    CONTROL = "L204"
    TOO_LONG = "L205"
    MISSING = "L301"
    NO_SUCH_VALUE = "L302"
    NO_DATE = "L303"
    DATE_ORDER = "L304"
    INDIVIDUAL_NUMBER = "L305"
    REFERENCE = "L306"
    NUMBER_SHAPE = "L311"
    CHECK_DIGIT = "L312"
    MIXED_WIDTH = "L313"
    BRANCH = "L314"
    ELDERLY_NUMBER = "L315"
    UNKNOWN_INSURER = "L316"
    OTHER_INSURER = "L317"
    RATIO = "L318"
    POST_NUMBER = "L319"
    CERTIFICATE = "L320"
    INCOMPLETE = "L321"
    NOT_REGISTERED = "L401"
    DIFFERS = "L402"
    NUMBER_TAKEN = "L403"
    CERTIFICATE_TAKEN = "L404"


class Fault(NamedTuple):
    """`detail` says where in the value; it is never the value."""

    column: str
    code: FaultCode
    detail: str = ""


_TEXTS: Final[Mapping[FaultCode, tuple[str, str]]] = {
    FaultCode.COLUMNS: (
        "項目の数が見出し行と違います。",
        "The line has not as many columns as the header.",
    ),
    FaultCode.QUOTES: (
        "引用符が閉じていません。項目の中で改行しないでください。",
        "A quotation mark is not closed; a value must stay on its line.",
    ),
    FaultCode.ENCODING: (
        "指定の文字コードで読めない文字があります。",
        "A character is not of the encoding that was named.",
    ),
    FaultCode.CONTROL: (
        "制御文字が含まれています。",
        "The line holds a control character.",
    ),
    FaultCode.TOO_LONG: ("長すぎます。", "It is too long."),
    FaultCode.MISSING: ("必須の項目です。", "This value is needed."),
    FaultCode.NO_SUCH_VALUE: (
        "コード表にない値です。",
        "It is not a value of the code list.",
    ),
    FaultCode.NO_DATE: (
        "日付ではありません。YYYY-MM-DDかYYYYMMDDで書いてください。",
        "It is no date; write YYYY-MM-DD or YYYYMMDD.",
    ),
    FaultCode.DATE_ORDER: (
        "日付の前後が逆か、未来の日付です。",
        "The date is before the one it follows, or in the future.",
    ),
    FaultCode.INDIVIDUAL_NUMBER: (
        "個人番号は受け付けません。住民の参照番号を書いてください。",
        "An individual number is never taken; give the resident reference.",
    ),
    FaultCode.REFERENCE: (
        "住民の参照番号の形ではありません（英数字とハイフン、8～64字）。",
        "A resident reference is 8 to 64 letters, digits and hyphens.",
    ),
    FaultCode.NUMBER_SHAPE: (
        "番号の桁数か文字が違います。",
        "The number has a wrong length or character.",
    ),
    FaultCode.CHECK_DIGIT: (
        "検証番号が合いません。",
        "The check digit does not fit.",
    ),
    FaultCode.MIXED_WIDTH: (
        "全角と半角が混ざっています。どちらかにそろえてください。",
        "Full width and half width are mixed; use one of them.",
    ),
    FaultCode.BRANCH: (
        "枝番は2桁の数字です。ないときは空けてください。",
        "A branch number is two digits; leave it empty if there is none.",
    ),
    FaultCode.ELDERLY_NUMBER: (
        "後期高齢者の被保険者番号は8桁の数字です。",
        "The number of a late-stage elderly person is eight digits.",
    ),
    FaultCode.UNKNOWN_INSURER: (
        "登録されていない保険者です。",
        "The insurer is not known; add it with registry insurer.",
    ),
    FaultCode.OTHER_INSURER: (
        "この保険者のファイルではありません。",
        "The line is of another insurer than the file.",
    ),
    FaultCode.RATIO: (
        "負担割合は3桁です（030は3割）。",
        "A copayment ratio is three digits: 030 is 30 percent.",
    ),
    FaultCode.POST_NUMBER: (
        "郵便番号は7桁です。",
        "A postal code is seven digits.",
    ),
    FaultCode.CERTIFICATE: (
        "証明書のSHA-256は64桁の16進数です。",
        "The SHA-256 of a certificate is 64 hexadecimal digits.",
    ),
    FaultCode.INCOMPLETE: (
        "組になる項目が足りません。",
        "A value that belongs to this one is missing.",
    ),
    FaultCode.NOT_REGISTERED: (
        "この資格は登録されていません。",
        "This insurance is not registered; nothing to change or end.",
    ),
    FaultCode.DIFFERS: (
        "すでに別の内容で登録されています。変更はchangeで送ってください。",
        "It is registered with other values; send a change.",
    ),
    FaultCode.NUMBER_TAKEN: (
        "同じ記号・番号・枝番が別の方に登録されています。",
        "This symbol, number and branch belong to another person.",
    ),
    FaultCode.CERTIFICATE_TAKEN: (
        "この証明書は別の方のものです。",
        "This certificate is linked to another person.",
    ),
}


def sentences(fault: Fault) -> tuple[str, str]:
    """Japanese and English; the detail, which is English, ends the second."""
    japanese, english = _TEXTS[fault.code]
    return japanese, f"{english} ({fault.detail})" if fault.detail else english
