"""E4: modes. Outage, disaster, workplaces' codes, devices, online visits."""

from collections.abc import Mapping
from typing import Final

from protocol.entries.entry import Entry, Retry, entry

_DESK: Final = (
    "受付で確認します。受付にお声がけください。",
    "We will check at the desk. Please come to the desk.",
)

LINES: Final[Mapping[str, Entry]] = {
    "E401": entry(
        _DESK,
        (
            "この機関の代替コードは、もう使えません。",
            "This facility's substitute code is no longer in use.",
        ),
        (
            "職域診療所の代替コードが取り消されている。",
            "The substitute code was taken back (shikaku-cloud workplace list).",
        ),
        ("新しい代替コードを申請する。", "Ask for a new substitute code."),
        Retry.AFTER_REPAIR,
    ),
    "E402": entry(
        _DESK,
        (
            "今、この機関では障害時・災害時の照会は開いていません。",
            "Neither outage mode nor disaster mode is open here now.",
        ),
        (
            "承認されていない、始まっていない、または終わった。",
            "Not approved, not begun, or over: a mode ends by itself.",
        ),
        (
            "障害時モードの承認をコールセンターに頼む。",
            "Ask the call centre to approve outage mode.",
        ),
        Retry.AFTER_REPAIR,
    ),
    "E403": entry(
        _DESK,
        (
            "申請した人は、自分で承認できません。",
            "Whoever asked cannot approve it.",
        ),
        (
            "四つの目: 申請者と承認者が同じ。",
            "Four eyes: the one who asked and the one who approves are the same.",
        ),
        ("別の担当者が承認する。", "Let another operator approve it."),
        Retry.NEVER,
    ),
    "E404": entry(
        _DESK,
        (
            "理由か日付か担当者が足りません。",
            "A reason, a date or a name is missing or out of bounds.",
        ),
        (
            "理由は5字以上、担当者は英数字、期間は上限以内。detail を参照。",
            "Reasons have 5 characters, accounts are ASCII, times bounded; see detail.",
        ),
        ("足りないところを補う。", "Fill in what is missing."),
        Retry.NEVER,
    ),
    "E405": entry(
        _DESK,
        (
            "短い間に検索が多すぎます。少し待ってください。",
            "Too many searches in a short time. Please wait a little.",
        ),
        (
            "氏名による検索は、一人の職員で10分に30回まで（429）。",
            "By name a member of staff searches 30 times in ten minutes (429).",
        ),
        ("10分待って続ける。", "Go on after ten minutes."),
        Retry.BY_ITSELF,
    ),
    "E406": entry(
        _DESK,
        (
            "アクティベーションコードが使えません。",
            "This activation code cannot be used.",
        ),
        (
            "12桁が違う、使用済み、期限切れ、または鍵の署名が合わない。どれかは言わない。",
            "Digits, age, an earlier use or the key's signature; it is not said which.",
        ),
        ("新しいコードを発行する。", "Have the facility issue a new code."),
        Retry.NEVER,
    ),
    "E407": entry(
        (
            "この受診の受付は終わっています。医療機関にお尋ねください。",
            "This visit's ticket is over. Please ask your clinic for a new one.",
        ),
        (
            "オンライン診療の受付票は使用済みか期限切れです。",
            "The ticket of this online visit was used or is over.",
        ),
        (
            "受付票は一回、短い時間だけ。再送も二回目として断る。",
            "A ticket is for one presentation and a short time; a replay is a second.",
        ),
        ("新しい受付票を作る。", "Make a new ticket."),
        Retry.NEVER,
    ),
    "E408": entry(
        _DESK,
        (
            "オンライン診療の設定が「利用する」になっていません。",
            "Online care is not switched on for this facility.",
        ),
        (
            "利用規約に同意した設定がない（環境設定情報更新、OQSCD037）。",
            "The setting that takes accepted terms is off (OQSCD037).",
        ),
        (
            "利用規約に同意して設定を変える。",
            "Accept the terms and switch online care on.",
        ),
        Retry.AFTER_REPAIR,
    ),
    "E409": entry(
        _DESK,
        (
            "本人の言葉か、意識がないことの記録が必要です。",
            "The patient's own words are needed, or a record of unconsciousness.",
        ),
        (
            "災害時の同意なしの閲覧は、意識がない場合だけ。",
            "In a disaster records open without consent only for the unconscious.",
        ),
        (
            "口頭で同意を尋ねて記録する。",
            "Ask the patient and record the answer.",
        ),
        Retry.NEVER,
    ),
}
