"""K: certificates and what the card signed."""

from collections.abc import Mapping
from typing import Final

from protocol.entries.entry import Entry, Retry, entry

LINES: Final[Mapping[str, Entry]] = {
    "K501": entry(
        (
            "カードを確かめられませんでした。受付にお声がけください。",
            "The card could not be confirmed. Please ask at the desk.",
        ),
        (
            "電子証明書の発行元を確認できません。",
            "The issuer of the card's certificate cannot be confirmed.",
        ),
        (
            "利用者証明用証明書が信頼する認証局につながらない。信頼アンカーの版を確認。",
            "The certificate does not chain to a trusted authority. Check the anchors.",
        ),
        ("資格確認書など、別の方法で確認する。", "Check by another document."),
        Retry.NEVER,
    ),
    "K502": entry(
        (
            "カードの電子証明書の期限が切れています。受付へどうぞ。",
            "The card's electronic certificate has expired. Please ask at the desk.",
        ),
        (
            "電子証明書の有効期限切れです。更新は市区町村の窓口です。",
            "The certificate has expired. A municipal office renews it.",
        ),
        (
            "notAfterと猶予期間を過ぎている。",
            "Past notAfter and past the grace period.",
        ),
        ("資格確認書など、別の方法で確認する。", "Check by another document."),
        Retry.NEVER,
    ),
    "K503": entry(
        (
            "このカードは今使えません。受付にお声がけください。",
            "This card cannot be used now. Please ask at the desk.",
        ),
        (
            "電子証明書が失効しています。新しいカードがないか尋ねます。",
            "The certificate is revoked. Ask whether there is a newer card.",
        ),
        ("失効情報に記載がある。", "The certificate is on the revocation list."),
        (
            "新しいカードか別の方法で確認する。",
            "Use the newer card, or another document.",
        ),
        Retry.NEVER,
    ),
    "K504": entry(
        (
            "カードを確かめられませんでした。もう一度お試しください。",
            "The card could not be confirmed. Please try once more.",
        ),
        (
            "カードの署名が依頼と合いません。もう一度受け付けます。",
            "The card's signature does not fit the request. Start the visit again.",
        ),
        (
            "署名がSHA-256(body)に対して検証できない。繰り返すなら端末を点検。",
            "The signature over SHA-256(body) does not verify. If it repeats: inspect.",
        ),
        (
            "カードを置き直して最初から行う。",
            "Put the card down again and start afresh.",
        ),
        Retry.BY_PATIENT,
    ),
    "K505": entry(
        (
            "顔認証では受け付けできません。暗証番号をご利用ください。",
            "The face cannot be used here. Please use your PIN.",
        ),
        (
            "この施設の設定では、この端末の顔認証は受け付けられません。",
            "This facility's policy does not accept this reader's face check.",
        ),
        (
            "端末証明（TerminalProof）がクラウドの方針で認められない。方針と登録を確認。",
            "The policy does not accept this terminal proof. Check enrolment.",
        ),
        ("暗証番号で続ける。", "Continue with the PIN."),
        Retry.BY_PATIENT,
    ),
}
