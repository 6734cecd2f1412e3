"""Irregular answers: expired, not registered, not found, no line."""

from device.simulated.training import rules
from device.simulated.training.case import Case, Check, Question, Scene, Words
from protocol.catalogue import Code

EXPIRED = Case(
    id="expired",
    title=Words("期限の切れた電子証明書", "An expired certificate"),
    met="certificate expired 1 day / 89 days / month-end rule / 4 months",
    codes=(Code.GRACE,),
    scene=Scene(card="kato-minoru", stands="kato-minoru"),
    says=Words(
        "「期限切れと言われました。もう使えませんか。」",
        "“They say it has expired. Is it of no use any more?”",
    ),
    checks=(
        rules.received_here(
            3,
            Words(
                "期限切れから3か月は、リーダーで受け付けられます。",
                "For three months after its end the card is still received.",
            ),
        ),
        rules.IDENTIFIED,
    ),
    question=Question(
        Words("この方に、何と言いますか。", "What do you say to him?"),
        Words(
            "「保険の確認はできました。お薬などの情報は、更新後に見られます。更新は市区町村です。」",
            "“Your insurance is confirmed. Records can be read again once a municipal"
            " office has renewed the card.”",
        ),
        (
            Words(
                "「今日は保険が使えません。10割でお支払いください。」",
                "“Your insurance does not count today: please pay in full.”",
            ),
            Words(
                "「お薬の情報も、いつもどおり先生が見ます。」",
                "“The doctor sees your medicines as always.”",
            ),
        ),
        Words(
            "猶予の間は資格だけを確認し、薬や健診の情報は出ません。",
            "In the grace period eligibility is confirmed, and no records are shared.",
        ),
    ),
)

UNREGISTERED = Case(
    id="unregistered",
    title=Words("利用登録のない方", "Not yet registered"),
    met="unregistered (利用登録)",
    codes=(Code.NOT_REGISTERED,),
    scene=Scene(card="ito-sakura", stands="ito-sakura"),
    says=Words(
        "「保険証として使うのは初めてです。登録したいのですが。」",
        "“I never used it as an insurance card. I should like to register.”",
    ),
    checks=(
        rules.received_here(
            3,
            Words(
                "このリーダーで登録し、そのまま受け付けられました。",
                "She could register here, and be received at once.",
            ),
        ),
        rules.IDENTIFIED,
    ),
    question=Question(
        Words(
            "「登録は役所に行かないとだめですか」と聞かれたら。",
            "She asks whether she must go to the town office for it. You say:",
        ),
        Words(
            "「このリーダーの画面で、今すぐ登録できます。」",
            "“You can do it now, on this reader's screen.”",
        ),
        (
            Words(
                "「はい、役所で登録してから、またおいでください。」",
                "“Yes: please register there, and come again.”",
            ),
            Words(
                "「登録は、こちらで押しておきました。」",
                "“I have pressed the key for you already.”",
            ),
        ),
        Words(
            "登録するかどうかは、本人が画面で決めます。",
            "Whether to register is the patient's own choice, on the screen.",
        ),
    ),
)

NOT_FOUND = Case(
    id="not-found",
    title=Words("該当なし", "No insurance found"),
    met="unlinked this month vs end of next month",
    codes=(Code.NOT_FOUND,),
    scene=Scene(card="yoshida-rin", stands="yoshida-rin"),
    says=Words(
        "「先月、転職しました。新しい保険のはずですが。」",
        "“I changed jobs last month: there should be a new insurance.”",
    ),
    checks=(
        Check(
            5,
            rules.coded(Code.NOT_FOUND),
            Words(
                "本人を確認し、該当なし（R601）の回答を得ました。",
                "She was identified, and the answer R601 came.",
            ),
            Words(
                "確認の回答（R601）を得るところまで進んでいません。",
                "It did not come to the registry's answer (R601).",
            ),
        ),
    ),
    question=Question(
        Words("この方に、何と言いますか。", "What do you say to her?"),
        Words(
            "「登録が間に合っていないようです。資格情報のお知らせか、申立書で確認します。」",
            "“The registration seems to be on its way. We check by your 資格情報の"
            "お知らせ, or by a written statement (申立書).”",
        ),
        (
            Words(
                "「無保険ですので、今日は診られません。」",
                "“You are not insured, so the doctor cannot see you.”",
            ),
            Words(
                "「前の会社の保険で受け付けておきます。」",
                "“I put you down under your former insurance.”",
            ),
        ),
        Words(
            "該当なしは無保険ではありません。別の書類で確認できます。",
            "Not found is not uninsured; another document will do.",
        ),
    ),
)

LINE_CUT = Case(
    id="line-cut",
    title=Words("通信できないとき", "No line"),
    met="broker down 1 h",
    codes=(Code.BROKER_UNREACHABLE, Code.CLOUD_SILENT),
    scene=Scene(card="yamada-taro", stands="yamada-taro", line="cut"),
    says=Words(
        "「画面に通信できないと出ています。待ちますか。」",
        "“The screen says there is no connection. Shall I wait?”",
    ),
    checks=(
        Check(
            3,
            rules.pending,
            Words(
                "カードを預からずに受け付け、回答待ちになりました。",
                "He was received; the answer will come by itself.",
            ),
            Words(
                "回線がなくても、カードと本人確認だけは受け付けられました。",
                "Without a line, card and identity could be taken all the same.",
            ),
        ),
        rules.IDENTIFIED,
    ),
    question=Question(
        Words("この方に、何と言いますか。", "What do you say to him?"),
        Words(
            "「受け付けました。結果はつながりしだい届きます。急ぐときは別の書類で確認します。」",
            "“You are received. The result comes when the line is back; if it is"
            " urgent, we check by another document.”",
        ),
        (
            Words(
                "「つながるまで、カードを置いたままお待ちください。」",
                "“Please leave your card there and wait for the line.”",
            ),
            Words(
                "「保険は有効でした。いつもどおりです。」",
                "“Your insurance is valid, as always.”",
            ),
        ),
        Words(
            "回答がないうちは「有効」と言いません。問い合わせは自動で続きます。",
            "Nothing is “valid” before the answer; the reader asks on by itself.",
        ),
    ),
)
