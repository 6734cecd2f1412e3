"""R: what the registry knows of the person."""

from collections.abc import Mapping
from typing import Final

from protocol.entries.entry import Entry, Retry, entry

LINES: Final[Mapping[str, Entry]] = {
    "R601": entry(
        (
            "保険の情報が見つかりません。受付にお声がけください。",
            "No insurance record was found. Please ask at the desk.",
        ),
        (
            "該当する資格がありません。最近の転職や転居を尋ねます。",
            "No qualification found. Ask about a recent change of job or address.",
        ),
        (
            "証明書に結び付く資格がない（OQSCD006=4）。登録待ちのこともある。",
            "No qualification is linked to the certificate (OQSCD006=4), or not yet.",
        ),
        (
            "資格確認書か申立書で確認する。",
            "Check by certificate or written statement.",
        ),
        Retry.NEVER,
    ),
    "R602": entry(
        (
            "今の保険を確かめられません。受付にお声がけください。",
            "Your present insurance could not be confirmed. Please ask at the desk.",
        ),
        (
            "資格が有効ではありません。新しい保険証の情報を尋ねます。",
            "The qualification is not valid. Ask for details of the newer insurance.",
        ),
        ("資格有効性がOQSCD006の2または3。", "Validity is 2 or 3 of OQSCD006."),
        (
            "今の資格を別の書類で確認する。",
            "Confirm the present insurance by document.",
        ),
        Retry.NEVER,
    ),
    "R603": entry(
        (
            "保険証としての登録がまだです。ここで登録できます。",
            "Your card is not yet registered for insurance. You can do it here.",
        ),
        (
            "保険証利用の登録がまだです。画面から登録できます。",
            "Not registered for insurance use. The patient can register on the screen.",
        ),
        (
            "利用登録なし。登録依頼のあと、同じ本人確認で回答が来る。",
            "Not registered. After the registration the same verification is answered.",
        ),
        ("画面の案内で登録してもらう。", "Ask the patient to register on the screen."),
        Retry.BY_PATIENT,
    ),
    "R604": entry(
        (
            "受付で確認します。受付にお声がけください。",
            "We will check at the desk. Please come to the desk.",
        ),
        (
            "情報の閲覧が止められています。理由は表示されません。",
            "Disclosure is on hold. The reason is not shown.",
        ),
        (
            "閲覧停止の登録がある。理由をログにも端末にも出さない。",
            "A disclosure hold stands. Its reason goes to no log and no reader.",
        ),
        ("別の書類で、声を落として確認する。", "Check by document, discreetly."),
        Retry.NEVER,
    ),
    "R605": entry(
        (
            "受付できました。カードの更新をお願いします。",
            "You are checked in. Please have your card's certificate renewed.",
        ),
        (
            "証明書の期限切れ後の猶予期間です。資格のみ確認しました。",
            "Grace period after expiry: eligibility only, no records.",
        ),
        (
            "猶予期間内のため薬剤・健診等の情報は提供しない。",
            "Inside the grace period: drugs, checkups and so on are withheld.",
        ),
        (
            "市区町村での更新を案内する。",
            "Tell the patient to renew at the municipality.",
        ),
        Retry.NEVER,
    ),
}
