"""The element names of the face file, and what each of our values is called there.

Names and order follow the exchange files of オンライン資格確認 as integrators have
published them (bridge/README.md); OQSCDnnn are the national code lists.
"""

from datetime import UTC, datetime, timedelta, timezone

from device.bridge.text import full_width_space, half_width
from protocol.codes import CONSENT_ITEMS, Decision
from protocol.messages import ConsentGrant, Patient, Qualification

JST = timezone(timedelta(hours=9), "JST")
Pairs = list[tuple[str, str]]

INSURER_NUMBER_WIDTH = 8


def jst_time(unix_ms: int) -> str:
    """yyyyMMddHHmmss in Japan, whatever the machine's own time zone is."""
    moment = datetime.fromtimestamp(unix_ms // 1000, UTC).astimezone(JST)
    return f"{moment:%Y%m%d%H%M%S}"


def jst_date(unix_ms: int) -> str:
    return jst_time(unix_ms)[:8]


def compact_date(iso: str | None) -> str:
    """2026-04-01 becomes 20260401; no date is empty text."""
    return (iso or "").replace("-", "")


def person_and_insurance(patient: Patient, insured: Qualification) -> Pairs:
    """One ResultOfQualificationConfirmation before its consents; "" is not written."""
    ended = compact_date(insured.valid_until)
    return [
        ("InsuredCardClassification", insured.card_classification),
        ("InsurerNumber", insured.insurer_number.rjust(INSURER_NUMBER_WIDTH)),
        ("InsuredCardSymbol", insured.symbol),
        ("InsuredIdentificationNumber", insured.number),
        ("InsuredBranchNumber", insured.branch),
        ("PersonalFamilyClassification", insured.relationship.value),
        ("InsuredName", full_width_space(insured.insured_name)),
        ("Name", full_width_space(patient.name)),
        ("NameKana", half_width(patient.name_kana)),
        ("Sex1", patient.sex.value),
        ("Birthdate", compact_date(patient.birth_date)),
        ("Address", patient.address),
        ("PostNumber", patient.post_number),
        ("QualificationDate", compact_date(insured.valid_from)),
        # A lost insurance ended on a day; a running one may have a last day.
        ("DisqualificationDate", ended if insured.loss_reason else ""),
        ("InsuredCardValidDate", compact_date(insured.valid_from)),
        ("InsuredCardExpirationDate", "" if insured.loss_reason else ended),
        ("InsuredPartialContributionRatio", insured.copayment_ratio),
        ("ReasonOfLoss", insured.loss_reason),
        ("InsurerName", insured.insurer_name),
    ]


def consents(grants: tuple[ConsentGrant, ...]) -> Pairs:
    """The usual items, and what else was asked. OQSCD016: granted is 1, else 0."""
    granted = {grant.item: grant for grant in grants}
    pairs: Pairs = []
    for item in CONSENT_ITEMS:
        if not item.usual and item.code not in granted:
            continue
        for stem in item.oqs_elements:
            pairs += _consent(stem, granted.get(item.code))
    return pairs


def _consent(stem: str, grant: ConsentGrant | None) -> Pairs:
    if grant is None or grant.decision is not Decision.GRANTED:
        return [(f"{stem}ConsFlg", "0")]
    pairs = [
        (f"{stem}ConsFlg", "1"),
        (f"{stem}ConsTime", jst_time(grant.decided_at)),
    ]
    if grant.available_until is not None:
        pairs.append((f"{stem}AvailableTime", jst_time(grant.available_until)))
    return pairs
