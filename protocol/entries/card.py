"""C: the card."""

from collections.abc import Mapping
from typing import Final

from protocol.entries.entry import Entry, Retry, entry

LINES: Final[Mapping[str, Entry]] = {
    "C101": entry(
        (
            "カードを読み取れませんでした。もう一度、置いてください。",
            "The card could not be read. Please put it down once more.",
        ),
        (
            "カードの応答がありません。ケースや重なったカードを外します。",
            "The card does not answer. Take it out of its sleeve.",
        ),
        (
            "アンテナ上で応答なし、または予期しない状態ワード。続くなら自己診断を実行。",
            "No answer, or an unexpected status word. If it repeats: self-test.",
        ),
        ("カードだけを、まっすぐ置き直す。", "Put the bare card down again, straight."),
        Retry.BY_PATIENT,
    ),
    "C102": entry(
        ("マイナンバーカードを置いてください。", "Please use your My Number card."),
        ("マイナンバーカードではないカードです。", "This is not a My Number card."),
        (
            "JPKI APも券面事項確認APも選択できない（6A82）。",
            "Neither the JPKI nor the visual application can be selected (6A82).",
        ),
        ("マイナンバーカードに替えてもらう。", "Ask for the My Number card."),
        Retry.BY_PATIENT,
    ),
    "C103": entry(
        (
            "カードが途中で離れました。もう一度、置いてください。",
            "The card moved away too early. Please put it down again.",
        ),
        (
            "読み取りの途中でカードが離れました。記録は残っていません。",
            "The card left while it was being read. Nothing was recorded.",
        ),
        (
            "交信中に搬送波から離脱。VERIFYや署名は自動で再送しない。",
            "The card left in an exchange. VERIFY and signing are never resent.",
        ),
        (
            "カードを置いたままにしてもらう。",
            "Ask the patient to leave the card lying.",
        ),
        Retry.BY_PATIENT,
    ),
    "C104": entry(
        (
            "カードの番号を読み取れませんでした。暗証番号もご利用になれます。",
            "The card's printed number could not be read. You can use your PIN.",
        ),
        (
            "券面の照合番号Bが合いません。券面の汚れを確かめます。",
            "Verification number B does not fit. Look for dirt on the card's face.",
        ),
        (
            "照合番号Bの照合が拒否された（63Cx）。再試行は残回数を減らすため行わない。",
            "Verification number B was refused (63Cx). Not repeated: it costs a try.",
        ),
        ("暗証番号で続けてもらう。", "Continue with the PIN."),
        Retry.BY_PATIENT,
    ),
    "C105": entry(
        (
            "顔写真を確かめられませんでした。暗証番号をご利用ください。",
            "The photo could not be confirmed. Please use your PIN.",
        ),
        (
            "カード内の顔写真の署名を確認できません。顔認証は使えません。",
            "The signature of the card's photo does not hold. No face check.",
        ),
        (
            "券面APの署名、または発行者の公開鍵が一致しない。信頼する鍵の版を確認。",
            "Photo signature or issuer key does not fit. Check trusted keys.",
        ),
        ("暗証番号か目視確認で続ける。", "Continue with the PIN or a visual check."),
        Retry.BY_PATIENT,
    ),
    "C106": entry(
        (
            "暗証番号が合いませんでした。もう一度お試しください。",
            "That PIN did not fit. Please try once more.",
        ),
        (
            "暗証番号が違います。残り回数は画面に出ています。",
            "The PIN was wrong. The screen shows how many tries are left.",
        ),
        ("VERIFYの応答が63Cx。xが残回数。", "VERIFY answered 63Cx; x tries are left."),
        (
            "4桁の暗証番号をゆっくり入れ直してもらう。",
            "Enter the 4-digit PIN again, slowly.",
        ),
        Retry.BY_PATIENT,
    ),
    "C107": entry(
        (
            "暗証番号は使えなくなっています。顔認証か、受付へどうぞ。",
            "The PIN cannot be used now. Please use your face, or ask at the desk.",
        ),
        (
            "暗証番号がロックされています。解除は市区町村の窓口です。",
            "The PIN is blocked. A municipal office can reset it.",
        ),
        (
            "VERIFYの応答が6983または63C0。端末からは解除できない。",
            "VERIFY answered 6983 or 63C0. A reader cannot unblock it.",
        ),
        ("顔認証か目視確認で続ける。", "Continue with the face or a visual check."),
        Retry.NEVER,
    ),
    "C108": entry(
        (
            "カードに電子証明書がありません。受付にお声がけください。",
            "The card has no electronic certificate. Please ask at the desk.",
        ),
        (
            "利用者証明用電子証明書がありません。発行は市区町村の窓口です。",
            "No authentication certificate on the card. A municipal office issues it.",
        ),
        (
            "証明書ファイルが空、または読み出しが拒否された。",
            "The certificate file is empty or its reading was refused.",
        ),
        ("資格確認書など、別の方法で確認する。", "Check by another document."),
        Retry.NEVER,
    ),
    "C109": entry(
        (
            "先ほどとちがうカードです。はじめのカードを置いてください。",
            "This is another card. Please put back the first one.",
        ),
        (
            "受付の途中で別のカードが置かれました。前の方の受付は続けません。",
            "Another card was put down in the middle. The first visit does not go on.",
        ),
        (
            "証明書が始めのカードと一致しない。セッションは継続不可。",
            "The certificate differs from the first card's. No continuation.",
        ),
        ("一人ずつ、同じカードで受け付ける。", "One person at a time, with one card."),
        Retry.BY_PATIENT,
    ),
    "C110": entry(
        ("カードをお取りください。", "Please take your card."),
        ("カードが置かれたままです。", "A card is still on the reader."),
        (
            "終了後もカードが搬送波内にある。忘れ物の警報中。",
            "The card is in the field after the end of the visit. The alarm is on.",
        ),
        ("カードを持ち主に返す。", "Give the card back to its owner."),
        Retry.BY_PATIENT,
    ),
}
