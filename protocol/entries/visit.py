"""V: the visit."""

from collections.abc import Mapping
from typing import Final

from protocol.entries.entry import Entry, Retry, entry

LINES: Final[Mapping[str, Entry]] = {
    "V801": entry(
        (
            "時間になりました。もう一度、カードを置いてください。",
            "Time is up. Please put your card down again.",
        ),
        (
            "操作がないまま時間が過ぎ、受付を終えました。結果はありません。",
            "Nothing was pressed in time, so the visit ended without a result.",
        ),
        (
            "状態の期限切れ。期限切れは常に拒否になる。",
            "The deadline of a state passed; that is always a refusal.",
        ),
        ("最初からゆっくり案内する。", "Start again and go along slowly."),
        Retry.BY_PATIENT,
    ),
    "V802": entry(
        (
            "受付できました。同意の確認は次の機会に伺います。",
            "You are checked in. We will ask about sharing another time.",
        ),
        (
            "同意の質問に回答がありませんでした。情報は閲覧できません。",
            "The consent questions were not answered. Records cannot be viewed.",
        ),
        (
            "未回答は拒否とは別に記録され、同意とは決して扱わない。",
            "Unanswered is recorded as such, and is never taken for consent.",
        ),
        (
            "必要なら、もう一度カードで同意を伺う。",
            "If records are needed, ask again with the card.",
        ),
        Retry.BY_PATIENT,
    ),
}
