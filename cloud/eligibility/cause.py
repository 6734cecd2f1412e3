"""Why an insurance is not there or not valid, and what to do about it.

「該当なし」 alone makes patients pay in full and facilities distrust a system that
works: every answer that is not plainly valid names its cause, the next step for staff
and for the patient, and what would do instead of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from cloud.registry.model import Insurance


class Cause(StrEnum):
    CHECK_DIGIT = "check_digit"
    NUMBER_UNKNOWN = "number_unknown"
    CARD_UNKNOWN = "card_unknown"
    NO_INSURANCE = "no_insurance"
    SYMBOL_DIFFERS = "symbol_differs"
    BRANCH_DIFFERS = "branch_differs"
    BIRTH_DATE_DIFFERS = "birth_date_differs"
    SEVERAL_PERSONS = "several_persons"
    NAME_UNKNOWN = "name_unknown"
    SEVERAL_NAMESAKES = "several_namesakes"
    SEVERAL_INSURANCES = "several_insurances"
    NOT_BEGUN = "not_begun"
    LOST = "lost"
    LOST_TO_NEWER = "lost_to_newer"
    HOLD = "hold"
    NOT_REGISTERED = "not_registered"
    GRACE = "grace"
    CERTIFICATE_EXPIRED = "certificate_expired"


@dataclass(frozen=True, slots=True)
class Advice:
    """What is said; each line in Japanese and in English."""

    cause: tuple[str, str]
    staff: tuple[str, str]
    patient: tuple[str, str]
    rechecked: bool = False
    """Time alone may mend it: the cloud looks again by itself and tells."""


_OTHER_PROOF = (
    "資格情報のお知らせ、マイナポータルの画面、被保険者資格申立書のいずれかで受け付けて"
    "ください。",
    "Accept the insurer's notice (資格情報のお知らせ), the Mynaportal screen, or a"
    " signed statement (被保険者資格申立書).",
)
_DESK = (
    "資格の確認に時間がかかっています。受付でお話を伺います。",
    "Your insurance needs a moment longer to check. Please speak to the desk.",
)
_TYPED = (
    "入力を確かめます。少しお待ちください。",
    "We are checking what was typed. Please wait a moment.",
)

ADVICE: Mapping[Cause, Advice] = MappingProxyType(
    {
        Cause.CHECK_DIGIT: Advice(
            (
                "保険者番号の検証番号が合いません。",
                "The insurer number has a wrong check digit.",
            ),
            ("保険者番号を見直してください。", "Read the insurer number again."),
            _TYPED,
        ),
        Cause.NUMBER_UNKNOWN: Advice(
            (
                "この記号・番号の登録がありません。加入後の登録には、事業主5日、保険者5日まで"
                "かかります。",
                "Nobody is registered under this number. After joining, employer and"
                " insurer have five days each to register.",
            ),
            _OTHER_PROOF,
            _DESK,
            rechecked=True,
        ),
        Cause.CARD_UNKNOWN: Advice(
            (
                "このカードは、どの保険にも結び付いていません。",
                "This card is linked to no insurance yet.",
            ),
            _OTHER_PROOF,
            _DESK,
            rechecked=True,
        ),
        Cause.NO_INSURANCE: Advice(
            ("登録された保険がありません。", "No insurance is registered."),
            _OTHER_PROOF,
            _DESK,
            rechecked=True,
        ),
        Cause.SYMBOL_DIFFERS: Advice(
            (
                "番号は登録されていますが、記号が違います。",
                "The number is registered, with another symbol.",
            ),
            ("記号を見直してください。", "Read the symbol again."),
            _TYPED,
        ),
        Cause.BRANCH_DIFFERS: Advice(
            (
                "記号・番号は登録されていますが、枝番が違います。",
                "Symbol and number are registered, with another branch number.",
            ),
            (
                "枝番を見直してください。枝番がなければ空欄のまま（00ではなく）にします。",
                "Read the branch number again; without one leave it empty, not 00.",
            ),
            _TYPED,
        ),
        Cause.BIRTH_DATE_DIFFERS: Advice(
            (
                "記号・番号は登録されていますが、生年月日が違います。",
                "Symbol and number are registered, with another birth date.",
            ),
            ("生年月日を見直してください。", "Read the birth date again."),
            _TYPED,
        ),
        Cause.SEVERAL_PERSONS: Advice(
            (
                "この記号・番号に複数の方がいます。",
                "Several people share this symbol and number.",
            ),
            ("枝番を入力してください。", "Enter the branch number."),
            _TYPED,
        ),
        Cause.NAME_UNKNOWN: Advice(
            (
                "この読み、生年月日、性別の組み合わせの方は登録されていません。",
                "Nobody is registered with this reading, birth date and sex together.",
            ),
            (
                "読みと生年月日を本人かご家族に確かめ、なければ申立書で受け付けます。",
                "Check reading and birth date with the patient; else take a statement.",
            ),
            _TYPED,
        ),
        Cause.SEVERAL_NAMESAKES: Advice(
            (
                "この読み、生年月日、性別の方が複数います。",
                "Several people share this reading, birth date and sex.",
            ),
            (
                "住所を都道府県から入力してください。",
                "Enter the address, from the prefecture on.",
            ),
            _TYPED,
        ),
        Cause.SEVERAL_INSURANCES: Advice(
            (
                "有効な保険が二つ以上登録されています。",
                "Two or more valid insurances are registered.",
            ),
            (
                "使う保険を患者に確かめ、保険者に連絡してください。",
                "Ask the patient which one is theirs, and call the insurer.",
            ),
            _DESK,
            rechecked=True,
        ),
        Cause.NOT_BEGUN: Advice(
            ("保険はまだ始まっていません。", "The insurance has not begun yet."),
            _OTHER_PROOF,
            _DESK,
            rechecked=True,
        ),
        Cause.LOST: Advice(
            ("保険の資格を失っています。", "The insurance has ended."),
            (
                "新しい保険に入ったか、患者に確かめてください。",
                "Ask the patient whether they have joined another insurance.",
            ),
            _DESK,
            rechecked=True,
        ),
        Cause.LOST_TO_NEWER: Advice(
            (
                "ほかの保険に入ったため、この保険は終わっています。",
                "This insurance ended because another one was joined.",
            ),
            (
                "新しい保険の登録には数日かかります。" + _OTHER_PROOF[0],
                "The new one takes some days to appear. " + _OTHER_PROOF[1],
            ),
            _DESK,
            rechecked=True,
        ),
        Cause.HOLD: Advice(
            (
                "保険者が登録内容を確認しているため、閲覧が止まっています。",
                "The insurer is confirming the registration; nothing may be shown.",
            ),
            _OTHER_PROOF,
            _DESK,
            rechecked=True,
        ),
        Cause.NOT_REGISTERED: Advice(
            (
                "カードが保険証として登録されていません。",
                "The card is not registered for use as insurance card.",
            ),
            (
                "電子証明書が有効なら、リーダーで登録できます。",
                "With a valid certificate it can be registered at the reader.",
            ),
            _DESK,
        ),
        Cause.GRACE: Advice(
            (
                "電子証明書の有効期限が切れています。資格情報だけを提供します。",
                "The card's certificate has expired: eligibility only.",
            ),
            (
                "薬剤・健診などの情報は提供されません。更新をお勧めください。",
                "Records are not shown. Advise the patient to renew the certificate.",
            ),
            (
                "カードの電子証明書の更新を、市区町村の窓口でお願いします。",
                "Please renew your card's certificate at your municipal office.",
            ),
        ),
        Cause.CERTIFICATE_EXPIRED: Advice(
            (
                "電子証明書の有効期限から3か月が過ぎています。",
                "The certificate expired more than three months ago.",
            ),
            (
                "資格確認書で受け付けてください。",
                "Accept the paper certificate (資格確認書).",
            ),
            (
                "カードの電子証明書の更新を、市区町村の窓口でお願いします。",
                "Please renew your card's certificate at your municipal office.",
            ),
        ),
    }
)


def why(held: tuple[Insurance, ...], day: date) -> Cause | None:
    """Why what a person holds is not plainly valid on the day; None: it is."""
    if not held:
        return Cause.NO_INSURANCE
    current = [one for one in held if one.current(day)]
    if len([one for one in current if not one.assistance]) > 1:
        return Cause.SEVERAL_INSURANCES
    if len([one for one in current if one.assistance]) > 1:
        return Cause.SEVERAL_INSURANCES
    if current:
        return None
    lost = [one for one in held if one.ended_before(day)]
    if not lost:
        return Cause.NOT_BEGUN
    return why_invalid(max(lost, key=lambda one: one.valid_from), held, day)


def why_invalid(one: Insurance, held: tuple[Insurance, ...], day: date) -> Cause | None:
    """The same of one insurance among those that a person holds."""
    if one.current(day):
        return None
    if not one.ended_before(day):
        return Cause.NOT_BEGUN
    return Cause.LOST_TO_NEWER if one.replaced_in(held) else Cause.LOST
