"""F: the camera and the face."""

from collections.abc import Mapping
from typing import Final

from protocol.entries.entry import Entry, Retry, entry

LINES: Final[Mapping[str, Entry]] = {
    "F201": entry(
        (
            "カメラが使えません。暗証番号をご利用ください。",
            "The camera cannot be used. Please use your PIN.",
        ),
        (
            "カメラが応答しません。暗証番号と目視確認は使えます。",
            "The camera does not answer. PIN and visual check still work.",
        ),
        (
            "カメラを開けない、またはフレームが来ない。ケーブルと自己診断を確認。",
            "The camera does not open or sends no frames. Check cable, self-test.",
        ),
        (
            "暗証番号で続け、保守に連絡する。",
            "Continue with the PIN and call maintenance.",
        ),
        Retry.AFTER_REPAIR,
    ),
    "F202": entry(
        (
            "お顔が見えませんでした。カメラの正面でお試しください。",
            "Your face could not be seen. Please look straight at the camera.",
        ),
        (
            "時間内に顔が映りませんでした。逆光や位置を確かめます。",
            "No usable face in time. Check back light and position.",
        ),
        (
            "品質条件を満たすフレームが期限内にない。照明と設置角度を確認。",
            "No frame met the quality rules in time. Check light and mounting angle.",
        ),
        (
            "正面に立って、もう一度試してもらう。",
            "Stand in front of the camera and try again.",
        ),
        Retry.BY_PATIENT,
    ),
    "F203": entry(
        (
            "お顔を確かめられませんでした。もう一度お試しください。",
            "We could not confirm your face. Please try once more.",
        ),
        (
            "顔写真との一致を確認できません。眼鏡やマスクを外すと合うことがあります。",
            "Not matched with the photo. Taking off glasses or a mask may help.",
        ),
        (
            "照合結果がしきい値に届かない。値は記録しない。",
            "The match did not reach the threshold. The value is not recorded.",
        ),
        ("マスクを外して、もう一度試してもらう。", "Take off the mask and try again."),
        Retry.BY_PATIENT,
    ),
    "F204": entry(
        (
            "顔認証は準備中です。暗証番号をご利用ください。",
            "Face check is not ready. Please use your PIN.",
        ),
        (
            "顔認証のデータが入っていません。暗証番号は使えます。",
            "The face models are not installed. The PIN works.",
        ),
        (
            "顔パックがない、または検証値が一致しない。パックを入れ直す。",
            "The face pack is missing or its hash differs. Install the pack again.",
        ),
        (
            "保守に連絡し、顔パックを入れ直してもらう。",
            "Call maintenance to install the face pack again.",
        ),
        Retry.AFTER_REPAIR,
    ),
    "F205": entry(
        (
            "顔認証はここまでです。暗証番号か、受付へどうぞ。",
            "No more tries with the face. Please use your PIN or ask at the desk.",
        ),
        ("顔認証の回数を使い切りました。", "All tries with the face are used."),
        (
            "方針の回数に達した。次のカードで元に戻る。",
            "The policy's number of tries is reached. The next visit starts afresh.",
        ),
        ("暗証番号か目視確認で続ける。", "Continue with the PIN or a visual check."),
        Retry.NEVER,
    ),
    "F206": entry(
        (
            "係の者が確認します。少しお待ちください。",
            "A member of staff will confirm. One moment, please.",
        ),
        (
            "この端末の顔認証は補助です。職員の確認で完了します。",
            "This reader's face check only assists. A member of staff completes it.",
        ),
        (
            "較正されていないパックのため補助モード。自動にするには較正結果が要る。",
            "Assist mode: the pack is not calibrated; automatic mode needs that.",
        ),
        (
            "お顔とカードを見て、職員キーで確認する。",
            "Look at face and card, then confirm with the staff key.",
        ),
        Retry.BY_PATIENT,
    ),
}
