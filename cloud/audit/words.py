"""What a row says, in words for the person it is about: Japanese and English."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cloud.audit.model import Kind, Row, details
from cloud.eligibility.model import JST


@dataclass(frozen=True, slots=True)
class Words:
    ja: str
    en: str

    def __add__(self, other: "Words") -> "Words":
        return Words(self.ja + other.ja, self.en + other.en)


KINDS = {
    Kind.VERIFICATION: Words("資格確認", "eligibility was checked"),
    Kind.REGISTRATION: Words("健康保険証利用の登録", "the card was registered for use"),
    Kind.CONSENT: Words("情報提供の同意", "consent was answered"),
    Kind.WITHDRAWAL: Words("同意の取消", "consent was withdrawn"),
    Kind.READ: Words("診療・薬剤情報等の閲覧", "records were read"),
    Kind.INQUIRY: Words(
        "カードによらない資格照会", "eligibility was asked without card"
    ),
    Kind.MODE: Words("障害時・災害時モード", "outage or disaster mode"),
    Kind.SEARCH: Words("氏名による照会", "searched for by name"),
    Kind.DEVICE: Words("端末・代替コード", "a device or a substitute code"),
    Kind.LINK: Words("本人の控えのページ", "the patient's page"),
    Kind.ERASURE: Words("情報の消去", "data was erased"),
    Kind.PRUNING: Words("記録の整理", "old rows were let go"),
}
OUTCOMES = {
    "accepted": Words("確認できました", "accepted"),
    "refused": Words("確認できませんでした", "refused"),
    "registration_needed": Words("登録が必要です", "registration needed"),
    "refusal": Words("受け付けませんでした", "not acted on"),
    "consent-receipt": Words("受け付けました", "recorded"),
    "granted": Words("同意", "granted"),
    "unanswered": Words("回答なし", "not answered"),
    "made": Words("リンクの再発行", "a new link was made"),
    "opened": Words("開きました", "opened"),
    "locked": Words("番号の誤りで閉じました", "closed after wrong numbers"),
}
METHODS = {
    "face": Words("顔認証", "by face"),
    "pin": Words("暗証番号", "by PIN"),
    "visual": Words("目視", "by staff who looked"),
}
ITEMS = {
    "diagnosis_and_drugs": Words("診療・薬剤情報", "treatment and drugs"),
    "operation": Words("手術情報", "operations"),
    "checkup": Words("特定健診等情報", "checkups"),
    "specified_disease": Words("特定疾病療養受療証", "specified disease certificate"),
    "diagnosis_name": Words("傷病名", "diagnoses"),
    "infection": Words("感染症情報", "infections"),
    "allergy": Words("アレルギー情報", "allergies"),
    "contraindication": Words("薬剤禁忌情報", "contraindications"),
    "test_result": Words("検査情報", "test results"),
    "prescription": Words("処方情報", "prescriptions"),
}


def when(row: Row) -> str:
    """Day and time in Japan."""
    moment = datetime.fromtimestamp(row.at / 1000, UTC).astimezone(JST)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def what(row: Row) -> Words:
    """What was done, how, with what outcome; codes without words stay codes."""
    said = details(row.detail)
    words = KINDS[Kind(row.kind)] if row.kind in set(Kind) else _same(row.kind)
    parts = [METHODS[said["method"]]] if said.get("method") in METHODS else []
    if outcome := said.get("outcome"):
        parts.append(OUTCOMES.get(outcome, _same(outcome)))
    if code := said.get("code"):
        parts.append(_same(code))
    parts += [_item(item) for item in said.get("items", "").split(",") if item]
    for part in parts:
        words = words + Words("、", ", ") + part
    return words


def _item(text: str) -> Words:
    """`operation` or, with an answer, `operation:granted`."""
    item, _, answer = text.partition(":")
    words = ITEMS.get(item, _same(item))
    if answer:
        refused = Words("不同意", "refused") if answer == "refused" else None
        words = words + _same(" ") + (refused or OUTCOMES.get(answer, _same(answer)))
    return words


def _same(text: str) -> Words:
    return Words(text, text)
