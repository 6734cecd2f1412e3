"""B170 on: bulk inquiries (cloud/bulk). Whole files first, then single rows."""

from collections.abc import Mapping
from typing import Final

from protocol.entries.entry import Entry, Retry, entry

_DESK: Final = (
    "受付で確認します。受付にお声がけください。",
    "We will check at the desk. Please come to the desk.",
)

LINES: Final[Mapping[str, Entry]] = {
    "B170": entry(
        _DESK,
        (
            "一括照会の件数が、1ファイルの上限（10万件）を超えています。",
            "The bulk file asks for more than 100,000 persons.",
        ),
        (
            "行数が上限を超えた。読むのをそこでやめ、何も受け付けていない。",
            "More rows than one file may have; reading stopped and nothing was kept.",
        ),
        ("ファイルを分けて送る。", "Send it as several files."),
        Retry.NEVER,
    ),
    "B171": entry(
        _DESK,
        (
            "一括照会の対象となる方がいません。",
            "The bulk file asks for nobody.",
        ),
        (
            "QualificationConfirmSearchInfoがない、または条件に合う方がいない。",
            "It has no QualificationConfirmSearchInfo, or its days and month fit nobody"
            " of this facility.",
        ),
        ("条件を見直して送る。", "Correct what is asked for and send it again."),
        Retry.NEVER,
    ),
    "B172": entry(
        _DESK,
        (
            "この行には必要な項目がありません。ほかの行は照会されました。",
            "This row lacks something that is needed; the other rows were answered.",
        ),
        (
            "保険者番号、番号、生年月日のいずれかが空（結果の項目名を参照）。",
            "Insurer number, number or birth date is empty; the row's result names it.",
        ),
        ("その行を直して送り直す。", "Correct the row and send it again."),
        Retry.NEVER,
    ),
    "B173": entry(
        _DESK,
        (
            "この行の項目が読み取れません。ほかの行は照会されました。",
            "This row has a value that cannot be read; the other rows were answered.",
        ),
        (
            "日付、フラグ、長さ、項目名のいずれかが約束と違う（結果の項目名を参照）。",
            "A date, a flag, a length or an element's name is not as agreed; the row's"
            " result names the element.",
        ),
        ("その行を直して送り直す。", "Correct the row and send it again."),
        Retry.NEVER,
    ),
    "B174": entry(
        _DESK,
        (
            "この一括照会の結果は、保存期間（180日）が過ぎました。",
            "The result of this bulk inquiry was kept for 180 days, which are over.",
        ),
        (
            "保存期間が過ぎたため、もう渡されない。",
            "Its time is over: it is handed out no more and is deleted.",
        ),
        ("同じファイルをもう一度送る。", "Send the file again."),
        Retry.NEVER,
    ),
    "B175": entry(
        _DESK,
        (
            "照会中のファイルが多すぎます。終わるまで待ってください。",
            "Too many of your files are waiting for their answers.",
        ),
        (
            "この機関の未完了の受付が20件ある。bulkの処理が動いているか確かめる。",
            "Twenty of this facility's files are unanswered; see whether a bulk process"
            " runs.",
        ),
        ("しばらく待って送る。", "Wait a little and send it then."),
        Retry.BY_ITSELF,
    ),
}
