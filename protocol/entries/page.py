"""P: the patient's page. Who meets these is the patient, on a phone, alone."""

from collections.abc import Mapping
from typing import Final

from protocol.entries.entry import Entry, Retry, entry

LINES: Final[Mapping[str, Entry]] = {
    "P301": entry(
        (
            "この控えのページは、もうありません。",
            "This receipt page is not there any more.",
        ),
        (
            "控えのリンクは期限が過ぎたか、新しいものに替わりました。",
            "The link of the receipt is over, or was replaced by a newer one.",
        ),
        (
            "リンクが見つからない。期限切れ、差し替え、写し間違いを区別しない。",
            "No such link; over, replaced and mistyped are told apart to nobody.",
        ),
        (
            "受付で新しい控えを頼む。",
            "Ask the facility's reception for a new receipt.",
        ),
        Retry.NEVER,
    ),
    "P302": entry(
        ("番号がちがうようです。", "That does not seem to be the number."),
        (
            "控えの6けたの番号が合いませんでした。",
            "The six-digit number of the receipt did not fit.",
        ),
        (
            "番号の照合に外れた。試行は一回数え、次までの間が延びる。",
            "The number did not match: one try is counted and the next pause grows.",
        ),
        (
            "控えの番号を見て、もう一度入れる。",
            "Look at the number on the receipt and enter it again.",
        ),
        Retry.BY_PATIENT,
    ),
    "P303": entry(
        ("少し待ってから、もう一度どうぞ。", "Please wait a little, then try again."),
        (
            "番号の入れ直しには、少し間をおきます。",
            "Entering the number again takes a short pause first.",
        ),
        (
            "前の試行から間がない。番号は比べず、試行も数えない。",
            "Too soon after the try before: not compared, and not counted.",
        ),
        ("少し待って、もう一度入れる。", "Wait a little and enter it again."),
        Retry.BY_PATIENT,
    ),
    "P304": entry(
        (
            "番号が何度も合わないため、ページを閉じました。",
            "The number was wrong several times, so the page is closed.",
        ),
        (
            "控えのリンクは、番号の間違いが続いたため閉じています。",
            "The link of the receipt is closed after several wrong numbers.",
        ),
        (
            "試行の上限。このリンクは二度と開かない。",
            "All tries are used; this link never opens again.",
        ),
        (
            "受付で新しい控えを頼む。",
            "Ask the facility's reception for a new receipt.",
        ),
        Retry.NEVER,
    ),
    "P305": entry(
        (
            "もう一度、控えのQRコードから開いてください。",
            "Please open the page again from the receipt's QR code.",
        ),
        (
            "ページが閉じられたか、別の場所で開き直されました。",
            "The page was closed, or opened again somewhere else.",
        ),
        (
            "生きているセッションがないか、フォームのしるしが合わない。",
            "No living session, or the form's mark does not fit it.",
        ),
        ("控えのQRコードから開く。", "Open it from the receipt's QR code."),
        Retry.BY_PATIENT,
    ),
    "P306": entry(
        (
            "番号を確認できません。カードで取り消せます。",
            "The number was not found. The card works, too.",
        ),
        (
            "この番号の控えは、この機関にありません。",
            "No living receipt of this facility has that number.",
        ),
        (
            "番号の控えがない、期限切れ、または一つに決まらない。",
            "No living link with this word here, or more than one.",
        ),
        (
            "番号を確かめ、合わなければカードで本人を確認する。",
            "Check the number; if it stays unknown, identify the patient by card.",
        ),
        Retry.BY_PATIENT,
    ),
    "P307": entry(
        ("そのページはありません。", "There is no such page."),
        (
            "患者さんの控えに、そのページはありません。",
            "The patient's receipt has no such page.",
        ),
        (
            "道がない。他人のものも、ないと答える。",
            "No such path; what is another person's is answered in the same way.",
        ),
        ("はじめのページに戻る。", "Go back to the first page."),
        Retry.NEVER,
    ),
    "P308": entry(
        (
            "送られた内容を読みとれませんでした。",
            "What was sent could not be read.",
        ),
        (
            "患者さんのページが、届いた内容を読みとれませんでした。",
            "The patient's page could not read what arrived.",
        ),
        (
            "フォームにない項目、二重の項目、4 KiB超、または時間切れ。",
            "A field the form lacks, one twice, over 4 KiB, or too slow.",
        ),
        ("もう一度、はじめから操作する。", "Please do it once more from the start."),
        Retry.BY_PATIENT,
    ),
    "P309": entry(
        (
            "ただいま開けません。少し待ってください。",
            "It cannot be opened right now. Please wait a little.",
        ),
        (
            "患者さんのページが、ただいま開けません。",
            "The patient's page cannot be opened right now.",
        ),
        (
            "ページの内部の誤り。何も変えていない。日誌に行がある。",
            "An error inside the page; nothing was changed. The journal has a line.",
        ),
        ("少し待って、もう一度開く。", "Wait a little and open it again."),
        Retry.BY_PATIENT,
    ),
}
