"""D: the reader itself."""

from collections.abc import Mapping
from typing import Final

from protocol.entries.entry import Entry, Retry, entry

LINES: Final[Mapping[str, Entry]] = {
    "D701": entry(
        (
            "この機械は今使えません。受付にお声がけください。",
            "This reader cannot be used now. Please ask at the desk.",
        ),
        (
            "端末の記憶がいっぱいです。受付済みの記録は失われません。",
            "The reader's storage is full. What was received is safe.",
        ),
        (
            "書き込みが失敗（ENOSPCまたはI/Oエラー）。空きと媒体の状態を確認。",
            "A write failed (ENOSPC or I/O error). Check free space and the medium.",
        ),
        (
            "別の方法で受け付け、保守に連絡する。",
            "Receive by other means; call maintenance.",
        ),
        Retry.AFTER_REPAIR,
    ),
    "D702": entry(
        (
            "この機械は準備中です。受付にお声がけください。",
            "This reader is not ready. Please ask at the desk.",
        ),
        ("端末の設定に誤りがあります。", "The reader's settings are wrong."),
        (
            "設定ファイルに未知の項目、範囲外の値、または鍵の欠落。起動時の行を参照。",
            "Unknown entry, value out of range, or no key. See the start-up line.",
        ),
        ("保守に連絡する。", "Call maintenance."),
        Retry.AFTER_REPAIR,
    ),
    "D703": entry(
        (
            "受付で確認します。受付にお声がけください。",
            "We will check at the desk. Please come to the desk.",
        ),
        (
            "結果を受付のパソコンに渡せません。共有フォルダーを確かめます。",
            "The desk computer cannot take the result. Check the shared folder.",
        ),
        (
            "連携フォルダーに書けない。接続、権限、空きを確認。",
            "The exchange folder cannot be written. Check mount, rights, free space.",
        ),
        (
            "受付のパソコンと共有フォルダーを確認する。",
            "Check the desk computer and its shared folder.",
        ),
        Retry.AFTER_REPAIR,
    ),
    "D704": entry(
        (
            "この機械は点検中です。受付にお声がけください。",
            "This reader is being checked. Please ask at the desk.",
        ),
        ("起動時の自己診断に合格しませんでした。", "The self-test at start-up failed."),
        (
            "selftestの最初の不合格行が原因を示す。",
            "The first failed self-test line says why.",
        ),
        (
            "電源を入れ直し、続くなら保守に連絡する。",
            "Switch it off and on; if it stays, call maintenance.",
        ),
        Retry.AFTER_REPAIR,
    ),
}
