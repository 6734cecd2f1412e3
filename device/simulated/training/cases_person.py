"""Irregular people: somebody else, a covered face, a hand that is too quick."""

from device.simulated.heads import Occluder
from device.simulated.training import rules
from device.simulated.training.case import Case, Check, Never, Question, Scene, Words
from protocol.catalogue import Code

STRANGER = Case(
    id="stranger",
    title=Words("本人ではない人", "Not the holder"),
    met="face refused 3× → PIN → visual",
    codes=(Code.ASSIST_MODE, Code.FACE_NOT_MATCHED),
    scene=Scene(card="suzuki-ichiro", stands="watanabe-sho"),
    says=Words(
        "「父のカードです。暗証番号も聞いています。代わりに通してください。」",
        "“My father's card. He told me his PIN. Please let me through for him.”",
    ),
    checks=(
        Check(
            5,
            rules.not_received,
            Words(
                "本人ではない人を受け付けずに終えました。",
                "The visit ended, and nobody else was received.",
            ),
            Words(
                "受付を「やめる」で終えるか、カードを返していません。",
                "The visit was not ended (やめる, or the card given back).",
            ),
        ),
    ),
    never=(
        Never(
            rules.received,
            Words(
                "本人ではない人を、本人として受け付けました。",
                "Somebody who is not the holder was received as the holder.",
            ),
        ),
    ),
    question=Question(
        Words("この方に、何と言いますか。", "What do you say to him?"),
        Words(
            "「カードの受付はご本人だけです。ご本人の資格確認書などで確認します。」",
            "“Only the holder uses this card here. We check by the holder's 資格確認書"
            " or the like.”",
        ),
        (
            Words(
                "「ご家族ですね。職員キーで確認しておきます。」",
                "“You are family: I will confirm it with the staff key.”",
            ),
            Words(
                "「お父さまの暗証番号を、こちらで入れておきます。」",
                "“I will type your father's PIN for you.”",
            ),
        ),
        Words(
            "職員キーは、目の前の人がカードの本人のときだけ使います。",
            "The staff key is for the holder of the card who stands there, alone.",
        ),
    ),
)

MASK = Case(
    id="mask",
    title=Words("マスクをした方", "A mask"),
    met="mask, glasses, twin, photo attack",
    codes=(Code.FACE_NOT_MATCHED, Code.FACE_NOT_SEEN),
    scene=Scene(card="kobayashi-aoi", stands="kobayashi-aoi", occluder=Occluder.MASK),
    says=Words(
        "「暗証番号は忘れました。顔でお願いします。」（マスクをしています）",
        "“I forgot my PIN. By my face, please.” (She wears a mask.)",
    ),
    knows_pin=False,
    checks=(
        rules.received_here(
            3,
            Words(
                "マスクを外してもらえば、受け付けられました。",
                "Without the mask she would have been received.",
            ),
        ),
        rules.BY_FACE,
    ),
    question=Question(
        Words(
            "感染が心配で外したくない、と言われたら。",
            "She would rather keep it on, for fear of infection. You say:",
        ),
        Words(
            "「カメラの前の数秒だけ、外していただけますか。」",
            "“Could you take it off for the few seconds before the camera?”",
        ),
        (
            Words(
                "「では、お顔を見ずに職員キーで通します。」",
                "“Then I let you through with the staff key, unseen.”",
            ),
            Words(
                "「では、カードのうしろの数字を読み上げてください。」",
                "“Then please read the digits of the card aloud.”",
            ),
        ),
        Words(
            "見えない顔は、機械も職員も確かめられません。",
            "A face that is covered can be confirmed by nobody.",
        ),
    ),
)

CARD_OUT = Case(
    id="card-out",
    title=Words("同意の画面でカードを取る方", "A card taken at the consent screen"),
    met="card removed at each of 6 steps",
    codes=(Code.CONSENT_UNANSWERED,),
    scene=Scene(
        card="nakamura-tetsu",
        stands="nakamura-tetsu",
        card_leaves_at=frozenset({"ask_consent-2", "confirm_consent"}),
    ),
    says=Words("「顔でやってみます。」", "“I will try it with my face.”"),
    says_then=Words(
        "「もう終わりましたね。カードはしまいました。」",
        "“That was all, wasn't it? I put my card away.”",
    ),
    checks=(
        rules.received_here(
            2, Words("受け付けられませんでした。", "He was not received.")
        ),
        Check(
            3,
            rules.answered,
            Words(
                "同じカードで続け、すべての質問に答えてもらいました。",
                "The same card went on, and every question was answered.",
            ),
            Words(
                "答えのない質問が残りました。120秒以内に置き直せば続けられました。",
                "Questions stayed unanswered; within 120 s the card could go on.",
            ),
        ),
    ),
    question=Question(
        Words(
            "途中でカードを取った方に、何と言いますか。",
            "What do you say to somebody who took the card too early?",
        ),
        Words(
            "「同じカードをもう一度置いてください。続きから始まります。」",
            "“Please put the same card down again: it goes on where it stopped.”",
        ),
        (
            Words(
                "「同意しない、ということで進めておきます。」",
                "“I will put you down as not agreeing.”",
            ),
            Words(
                "「はじめから、暗証番号でやり直してください。」",
                "“Please start again, with your PIN.”",
            ),
        ),
        Words(
            "120秒は顔も暗証番号も要りません。答えがないのは拒否ではありません。",
            "For 120 s neither face nor PIN is needed. No answer is not a refusal.",
        ),
    ),
)
