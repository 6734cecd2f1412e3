"""L: a facility's own life: its start, its settings, its staff, its patient numbers."""

from collections.abc import Mapping
from typing import Final

from protocol.entries.entry import Entry, Retry, entry

_DESK: Final = (
    "受付で確認します。受付にお声がけください。",
    "We will check at the desk. Please come to the desk.",
)

LINES: Final[Mapping[str, Entry]] = {
    "L201": entry(
        _DESK,
        (
            "この機能の利用規約に、まだ同意していません。",
            "The terms of this function have not been accepted yet.",
        ),
        (
            "今の版の利用規約の承諾がない。古い版の承諾では足りない。",
            "No acceptance of the version that holds now; an older one is not enough.",
        ),
        ("利用規約を読み、今の版に同意する。", "Read and accept the present terms."),
        Retry.AFTER_REPAIR,
    ),
    "L202": entry(
        _DESK,
        (
            "運用開始日は、今日か、それより後の日です。",
            "A start day is today or later.",
        ),
        (
            "過去の運用開始日、またはまだ来ていない開始日。暦だけが運用を始める。",
            "A start day that is past, or has not come; only the calendar starts.",
        ),
        ("運用開始日を入れ直す。", "Enter the start day again."),
        Retry.NEVER,
    ),
    "L203": entry(
        _DESK,
        (
            "この機能は「利用する」になっていません。",
            "This function is not switched on.",
        ),
        (
            "環境設定で機能が切られている。URLはその後でないと取得できない。",
            "The setting is off; an address is issued only after it is on.",
        ),
        ("設定で機能を「利用する」にする。", "Switch the function on first."),
        Retry.AFTER_REPAIR,
    ),
    "L204": entry(
        (
            "このURLは今は使えません。医療機関におたずねください。",
            "This address is not in use now. Please ask your clinic.",
        ),
        (
            "この二次元コードは、もう使われていません。",
            "This QR code is no longer in use.",
        ),
        (
            "URLが当方のものでない、世代が古い、取り消された、または機能が切れている。",
            "Not ours, of an older generation, revoked, or its function is off.",
        ),
        ("新しい二次元コードを渡す。", "Hand out the new QR code."),
        Retry.AFTER_REPAIR,
    ),
    "L205": entry(
        _DESK,
        (
            "二つの要素は、種類が違うものにします。",
            "The two factors must be of different kinds.",
        ),
        (
            "要素が二つでない、または二つとも同じ種類（OQSCD041）。",
            "Not exactly two factors, or both of one kind (OQSCD041).",
        ),
        (
            "知っているものと、持っているものを使う。",
            "Use something you know and something you have.",
        ),
        Retry.BY_PATIENT,
    ),
    "L206": entry(
        _DESK,
        (
            "何度も合わなかったので、しばらく待ちます。",
            "It did not fit several times; wait a little.",
        ),
        (
            "失敗のたびに待ち時間がのびる。20回で管理者が開けるまで閉じる。",
            "Each failure lengthens the pause; after 20 an administrator must reopen.",
        ),
        (
            "detail の秒数を待つか、管理者に頼む。",
            "Wait as long as detail says, or ask your administrator.",
        ),
        Retry.BY_ITSELF,
    ),
    "L207": entry(
        _DESK,
        (
            "この登録用の文字列は使えません。",
            "This enrolment secret cannot be used.",
        ),
        (
            "違う、使用済み、または14日を過ぎた。",
            "It is not the one, it was used, or its 14 days are over.",
        ),
        ("管理者に新しいものを頼む。", "Ask your administrator for a new one."),
        Retry.AFTER_REPAIR,
    ),
    "L208": entry(
        _DESK,
        (
            "パスワードは12文字以上で、名前を含まないものにします。",
            "A password has 12 characters or more, without the account's name.",
        ),
        (
            "短い、長い、同じ文字ばかり、または口座名を含む。",
            "Too short, too long, too few different characters, or the account's name.",
        ),
        ("長い文をパスワードにする。", "Choose a long sentence."),
        Retry.BY_PATIENT,
    ),
    "L209": entry(
        _DESK,
        ("その名前の口座は、もうあります。", "There is an account of that name here."),
        (
            "口座名は機関の中で一つだけ（409）。",
            "An account's name is unique within the facility (409).",
        ),
        ("別の名前にする。", "Choose another name."),
        Retry.NEVER,
    ),
    "L210": entry(
        _DESK,
        (
            "最後の管理者は止められません。",
            "The last administrator cannot be disabled.",
        ),
        (
            "管理者が一人もいなくなる変更は受け付けない。",
            "A change that leaves the facility no administrator is not taken.",
        ),
        ("先に別の管理者を作る。", "Make another administrator first."),
        Retry.AFTER_REPAIR,
    ),
    "L211": entry(
        _DESK,
        (
            "その照会番号は、ほかの患者さんのものです。",
            "That patient number belongs to another patient here.",
        ),
        (
            "照会番号は機関の中で一人に一つ。同じ番号は別の人に付けられない。",
            "A patient number is one person's within a facility.",
        ),
        ("患者番号を確かめる。", "Check the patient number."),
        Retry.NEVER,
    ),
    "L212": entry(
        _DESK,
        (
            "この患者さんには、別の照会番号があります。",
            "This patient has another patient number here.",
        ),
        (
            "一人に一つ。replace を付けたときだけ置き換える。",
            "A person has one; it is replaced only when `replace` is given.",
        ),
        (
            "同じ患者さんの診察券が二枚ないか確かめる。",
            "Check whether the patient has two charts.",
        ),
        Retry.NEVER,
    ),
    "L213": entry(
        _DESK,
        (
            "口座ファイルの、この行は取り込めません。",
            "This line of the accounts file cannot be taken.",
        ),
        (
            "列 account, role, name のどれかが合わない。行と列を参照。",
            "One of account, role, name does not fit; see line and column.",
        ),
        ("その行を直し、もう一度取り込む。", "Correct the line and import again."),
        Retry.NEVER,
    ),
    "L214": entry(
        _DESK,
        (
            "この端末の電子証明書は、まもなく切れます。",
            "This computer's certificate ends soon.",
        ),
        (
            "クライアント証明書の残り日数が 90、60、30、15、7 日以下になった。",
            "90, 60, 30, 15, 7 or fewer days are left of the client certificate.",
        ),
        ("電子証明書を更新する。", "Renew the certificate."),
        Retry.AFTER_REPAIR,
    ),
}
