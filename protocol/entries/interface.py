"""A: the facilities' interface (HTTP). Who meets these is staff or their software."""

from collections.abc import Mapping
from typing import Final

from protocol.entries.entry import Entry, Retry, entry

_DESK: Final = (
    "受付で確認します。受付にお声がけください。",
    "We will check at the desk. Please come to the desk.",
)

LINES: Final[Mapping[str, Entry]] = {
    "A901": entry(
        _DESK,
        (
            "この端末の証明書は、どの医療機関のものか分かりません。",
            "This computer's certificate belongs to no facility we know.",
        ),
        (
            "クライアント証明書がない、失効、期限切れ、または未登録。",
            "No client certificate, or one that is revoked, expired or not registered.",
        ),
        ("証明書を登録する。", "Register the facility's certificate."),
        Retry.AFTER_REPAIR,
    ),
    "A902": entry(
        _DESK,
        (
            "職員のサインインが必要です。二つの要素で確認します。",
            "A member of staff must sign in, with two factors.",
        ),
        (
            "有効なトークンがない（Authorization: Bearer）。期限切れのこともある。",
            "No living token (Authorization: Bearer), or its time is over.",
        ),
        ("もう一度サインインする。", "Sign in again."),
        Retry.BY_PATIENT,
    ),
    "A903": entry(
        _DESK,
        (
            "この操作は、あなたの役割ではできません。",
            "Your role does not include this.",
        ),
        (
            "職員の役割に権利がない（cloud/web/caller.py の表）。",
            "The role of the account lacks the right (table in cloud/web/caller.py).",
        ),
        ("管理者に頼む。", "Ask your administrator."),
        Retry.NEVER,
    ),
    "A904": entry(
        _DESK,
        (
            "この機関の契約は資格確認だけです。",
            "This facility is registered for eligibility checks only.",
        ),
        (
            "資格確認限定型の機関が、他の情報を求めた。",
            "A facility of the eligibility-only profile asked for something else.",
        ),
        ("資格の確認だけに使う。", "Use it for eligibility checks only."),
        Retry.NEVER,
    ),
    "A905": entry(
        _DESK,
        ("お探しのものはありません。", "There is no such thing here."),
        (
            "その道または番号はない。他の機関のものも、ないと答える。",
            "No such path or number; what belongs to others is answered so, too.",
        ),
        ("番号を確かめる。", "Check the number."),
        Retry.NEVER,
    ),
    "A906": entry(
        _DESK,
        (
            "送られた内容を読み取れません。",
            "What was sent could not be read.",
        ),
        (
            "形式がOpenAPIの記述と合わない。detail の場所を参照。",
            "It does not fit the OpenAPI description; see the place in detail.",
        ),
        ("入力を直す。", "Correct the input."),
        Retry.NEVER,
    ),
    "A907": entry(
        _DESK,
        ("送られたものが大きすぎます。", "What was sent is too large."),
        (
            "本文が上限を超えた。読むのをそこでやめた。",
            "The body is over its limit; reading stopped there.",
        ),
        ("分けて送る。", "Send it in parts."),
        Retry.NEVER,
    ),
    "A908": entry(
        _DESK,
        ("この形のファイルは受け取れません。", "This kind of file is not taken here."),
        (
            "Content-Type または Accept が、この道の媒体型ではない。",
            "Content-Type or Accept is none of this path's media types.",
        ),
        ("媒体型を合わせる。", "Use one of the listed media types."),
        Retry.NEVER,
    ),
    "A909": entry(
        _DESK,
        (
            "今の状態ではできません。",
            "This cannot be done in the present state.",
        ),
        (
            "状態が許さない（409）。detail と現在の状態を参照。",
            "The state does not allow it (409); see detail and the present state.",
        ),
        ("今の状態を確かめる。", "Look at the present state."),
        Retry.NEVER,
    ),
    "A910": entry(
        _DESK,
        ("少し待ってください。", "Please wait a little."),
        (
            "本文が時間内に届かない、または一度に多すぎる（408、429）。",
            "The body did not arrive in time, or too much at once (408, 429).",
        ),
        ("間をおいて送り直す。", "Send it again after a pause."),
        Retry.BY_ITSELF,
    ),
    "A911": entry(
        _DESK,
        ("サインインできませんでした。", "The sign-in did not succeed."),
        (
            "口座、記憶の要素、もう一つの要素のどれかが合わない。どれかは言わない。",
            "Account or one of the factors does not fit; it is not said which.",
        ),
        ("二つの要素を確かめて、やり直す。", "Check both factors and try again."),
        Retry.BY_PATIENT,
    ),
    "A912": entry(
        _DESK,
        ("この情報への同意がありません。", "There is no consent for this."),
        (
            "生きている同意がない。期限切れ、取消、または無回答。",
            "No living consent: expired, withdrawn, or never given.",
        ),
        ("患者さんに同意を尋ねる。", "Ask the patient for consent."),
        Retry.NEVER,
    ),
    "A913": entry(
        _DESK,
        ("今は答えられません。", "No answer can be given now."),
        (
            "内部の誤り。何も変えていない。日誌に同じ時刻の行がある。",
            "An internal error; nothing was changed. See the journal at that time.",
        ),
        ("間をおいてやり直し、続けば保守に連絡する。", "Retry; if it stays, call us."),
        Retry.BY_ITSELF,
    ),
}
