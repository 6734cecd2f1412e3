"""A difference as plain values for whoever saves it, with a word for every field."""

from collections.abc import Mapping
from typing import Any, Final

from cloud.changes.model import LISTED, Change, Difference

_GROUPS: Final[Mapping[str, tuple[str, str]]] = {
    "patient": ("患者", "patient"),
    "insurance": ("保険", "insurance"),
    "insurance.validity": ("保険", "insurance"),
    "insurance.elderly": ("高齢受給者証", "elderly certificate"),
    "insurance.limit": ("限度額", "limit certificate"),
    "insurance.public_expenses": ("公費", "public expense"),
    "assistance": ("医療扶助", "medical assistance"),
    "assistance.validity": ("医療扶助", "medical assistance"),
    "assistance.elderly": ("医療扶助の高齢受給者証", "assistance, elderly"),
    "assistance.limit": ("医療扶助の限度額", "assistance, limit"),
    "assistance.public_expenses": ("公費", "public expense"),
}
_FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "name": ("氏名", "name"),
    "name_kana": ("カナ氏名", "name in kana"),
    "birth_date": ("生年月日", "birth date"),
    "sex": ("性別", "sex"),
    "address": ("住所", "address"),
    "post_number": ("郵便番号", "post number"),
    "validity": ("資格有効性", "validity"),
    "cause": ("理由", "cause"),
    "card_classification": ("被保険者証区分", "kind of card"),
    "insurer_number": ("保険者番号", "insurer number"),
    "insurer_name": ("保険者名", "insurer"),
    "symbol": ("記号", "symbol"),
    "number": ("番号", "number"),
    "branch": ("枝番", "branch"),
    "relationship": ("本人・家族", "insured or family"),
    "insured_name": ("被保険者氏名", "insured person"),
    "valid_from": ("有効開始日", "valid from"),
    "valid_until": ("有効終了日", "valid until"),
    "loss_reason": ("喪失事由", "reason of loss"),
    "copayment_ratio": ("負担割合", "copayment ratio"),
    "copayment_limit": ("適用区分", "limit category"),
    "certificate": ("証の区分", "kind of certificate"),
    "category": ("適用区分", "limit category"),
    "long_term_from": ("長期入院該当日", "long stay from"),
    "recipient_number": ("受給者番号", "recipient number"),
    "self_pay": ("自己負担上限", "patient pays at most"),
}


def plain(found: Difference) -> dict[str, Any]:
    """`since` in Unix ms; empty text: it was not there."""
    return {
        "state": found.state.value,
        "since": found.since,
        "fields": [_change(one) for one in found.changes],
    }


def _change(one: Change) -> dict[str, Any]:
    of, _, field = one.field.rpartition(LISTED)
    (group_ja, group_en), (ja, en) = _GROUPS[one.group], _FIELDS[field]
    numbered = f" {of}" if of else ""
    path = ".".join(part for part in (one.group, of, field) if part)
    return {
        "field": path,
        "before": one.before,
        "now": one.now,
        "ja": f"{group_ja}{numbered}の{ja}",
        "en": f"{group_en}{numbered}: {en}",
    }
