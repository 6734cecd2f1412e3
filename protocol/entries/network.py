"""N: the way to the cloud."""

from collections.abc import Mapping
from typing import Final

from protocol.entries.entry import Entry, Retry, entry

LINES: Final[Mapping[str, Entry]] = {
    "N301": entry(
        (
            "ただいま通信できません。受付にお声がけください。",
            "There is no connection now. Please ask at the desk.",
        ),
        (
            "ネットワークにつながっていません。つながれば自動で再開します。",
            "No network. The reader goes on by itself when it is back.",
        ),
        (
            "ブローカーに接続できない。回線、時刻、端末証明書の期限を確認。",
            "The broker cannot be reached. Check line, clock and certificate.",
        ),
        (
            "別の方法で受け付け、回線を確認する。",
            "Receive by other means; check the line.",
        ),
        Retry.BY_ITSELF,
    ),
    "N302": entry(
        (
            "確認に時間がかかっています。受付でお待ちください。",
            "The check is taking long. Please wait at the desk.",
        ),
        (
            "期限までに回答がありません。届きしだい受付の画面に出ます。",
            "No answer in time. It will be shown at the desk when it comes.",
        ),
        (
            "送信は受理されたが署名付き回答が期限までに来ない。再送は同じ番号で続く。",
            "Sent, no signed answer in time. It is repeated under the same id.",
        ),
        (
            "先に受け付け、回答を待つ。",
            "Receive the patient first and wait for the answer.",
        ),
        Retry.BY_ITSELF,
    ),
    "N303": entry(
        (
            "確認できませんでした。受付にお声がけください。",
            "The check could not be completed. Please ask at the desk.",
        ),
        (
            "回答の署名が確認できないため、使いませんでした。",
            "An answer was not used: its signature or binding did not hold.",
        ),
        (
            "回答が依頼に対応しない、または署名が不正。クラウドの公開鍵の版を確認。",
            "The answer fits no request, or is badly signed. Check cloud keys.",
        ),
        (
            "別の方法で受け付け、保守に連絡する。",
            "Receive by other means; call maintenance.",
        ),
        Retry.BY_ITSELF,
    ),
    "N304": entry(
        (
            "ただいま受付できません。受付にお声がけください。",
            "The reader cannot take more now. Please ask at the desk.",
        ),
        (
            "未送信の記録がいっぱいです。通信が戻れば減ります。",
            "Too many records wait to be sent. They go when the network is back.",
        ),
        (
            "送信箱が上限に達した。新しい依頼は受けず、既存の記録は失わない。",
            "The outbox is full. New requests are refused; nothing kept is lost.",
        ),
        ("回線を戻す。", "Bring the line back."),
        Retry.AFTER_REPAIR,
    ),
}
