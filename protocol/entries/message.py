"""M: messages the other side would not take. The patient cannot help these."""

from collections.abc import Mapping
from typing import Final

from protocol.entries.entry import Entry, Retry, entry

_DESK = (
    "確認できませんでした。受付にお声がけください。",
    "The check could not be completed. Please ask at the desk.",
)
_OTHER_WAY = (
    "別の方法で受け付け、保守に連絡する。",
    "Receive by other means; call maintenance.",
)

LINES: Final[Mapping[str, Entry]] = {
    "M401": entry(
        _DESK,
        (
            "この端末は登録されていないか、停止されています。",
            "This reader is not enrolled, or was stopped.",
        ),
        (
            "署名鍵が登録簿にない、期限外、または失効。登録し直す。",
            "The signing key is unknown, out of its period, or revoked. Enrol again.",
        ),
        _OTHER_WAY,
        Retry.AFTER_REPAIR,
    ),
    "M402": entry(
        _DESK,
        ("通信の中身を確認できませんでした。", "A message could not be authenticated."),
        (
            "復号または署名検証に失敗。端末が持つクラウドの公開鍵の版を確認。",
            "Decryption or signature failed. Check which cloud keys the reader holds.",
        ),
        _OTHER_WAY,
        Retry.AFTER_REPAIR,
    ),
    "M403": entry(
        _DESK,
        (
            "同じ通信が二度届きました。二度目は無効です。",
            "The same message came twice. The second had no effect.",
        ),
        (
            "同一の封書の再送。端末は新しい封書で同じ依頼番号を送る。",
            "The same envelope again. The reader seals anew under the same request id.",
        ),
        ("そのまま待つ。", "Wait; the reader goes on by itself."),
        Retry.BY_ITSELF,
    ),
    "M404": entry(
        _DESK,
        (
            "端末の時計がずれているか、依頼が古すぎます。",
            "The reader's clock is wrong, or the request is too old.",
        ),
        (
            "送信時刻が±120秒の外、または依頼の期限切れ。時刻同期を確認。",
            "Sent outside of 120 seconds, or the request expired. Check time sync.",
        ),
        ("端末の時刻を確認する。", "Check the reader's clock."),
        Retry.AFTER_REPAIR,
    ),
    "M405": entry(
        _DESK,
        (
            "端末のソフトの版が合いません。",
            "The reader's software is of another version.",
        ),
        (
            "通信規約の版が未知。端末かクラウドを更新。",
            "Unknown protocol version. Update the reader or the cloud.",
        ),
        _OTHER_WAY,
        Retry.AFTER_REPAIR,
    ),
    "M406": entry(
        _DESK,
        ("通信が大きすぎて送れませんでした。", "A message was too large to be taken."),
        (
            "メッセージが16KiBを超える。異常な証明書の大きさを疑う。",
            "A message beyond 16 KiB. Suspect a certificate of unusual size.",
        ),
        _OTHER_WAY,
        Retry.AFTER_REPAIR,
    ),
    "M407": entry(
        _DESK,
        ("通信の形式が正しくありません。", "A message was not well formed."),
        (
            "符号化または構造が規約（protocol/README.md）に合わない。",
            "Encoding or structure breaks the rules of protocol/README.md.",
        ),
        _OTHER_WAY,
        Retry.AFTER_REPAIR,
    ),
    "M408": entry(
        _DESK,
        (
            "別の端末の名前で届いた通信を退けました。",
            "A message under another reader's name was refused.",
        ),
        (
            "署名した端末とトピックまたは本文の端末IDが一致しない。設定の複製を疑う。",
            "Signer and reader id differ. Suspect a copied configuration.",
        ),
        _OTHER_WAY,
        Retry.AFTER_REPAIR,
    ),
    "M409": entry(
        _DESK,
        (
            "同じ番号で違う内容の依頼が届きました。",
            "Another request came under a number already used.",
        ),
        (
            "依頼番号が同じで内容のハッシュが違う。端末の乱数と時計を点検。",
            "Same request id, other hash. Inspect the reader's randomness and clock.",
        ),
        (
            "カードを置き直して最初から行う。",
            "Put the card down again and start afresh.",
        ),
        Retry.NEVER,
    ),
    "M410": entry(
        (
            "ただいま混み合っています。少しお待ちください。",
            "It is busy just now. One moment, please.",
        ),
        (
            "確認先が混み合っています。自動でやり直します。",
            "The service is busy. The reader tries again by itself.",
        ),
        (
            "クラウドが受け付けを制限中。指数的に間隔を空けて再送。",
            "The cloud is shedding load. The reader repeats with growing pauses.",
        ),
        ("そのまま待つ。", "Wait; the reader goes on by itself."),
        Retry.BY_ITSELF,
    ),
    "M411": entry(
        ("もう一度、最初からお願いします。", "Please start again from the beginning."),
        (
            "もとの本人確認が見つからず、同意や登録を記録できません。",
            "The identity check this belongs to was not found; nothing was recorded.",
        ),
        (
            "verificationが示す受理済みの本人確認がない、または期限切れ。",
            "No accepted verification under that id, or it is over.",
        ),
        (
            "カードを置き直して最初から行う。",
            "Put the card down again and start afresh.",
        ),
        Retry.NEVER,
    ),
}
