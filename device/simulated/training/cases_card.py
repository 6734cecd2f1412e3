"""Irregular cards: not heard, not the right one, a PIN that cannot be used."""

from device.simulated.training import rules
from device.simulated.training.case import Case, Check, Question, Scene, Words
from protocol.catalogue import Code

SLEEVE = Case(
    id="sleeve",
    title=Words("ケースに入ったカード", "A card in its sleeve"),
    met="card upside-down/sleeve/foil",
    codes=(Code.CARD_UNREADABLE, Code.CARD_TORN),
    scene=Scene(card="sato-hanako", stands="sato-hanako", card_fault="deaf"),
    says=Words(
        "「ずっと置いているのに、何も起こりません。」",
        "“I have put it down, and nothing happens.”",
    ),
    checks=(
        rules.received_here(
            3,
            Words(
                "ケースから出してもらえば、リーダーで受け付けられました。",
                "Out of its sleeve, the card would have been read.",
            ),
        ),
        rules.IDENTIFIED,
    ),
    question=Question(
        Words(
            "カードが読み取れないとき、まず何をしますか。",
            "A card is not read. What comes first?",
        ),
        Words(
            "ケースや重なったカードから出し、カードだけをまっすぐ置いてもらう。",
            "Have it taken out of its sleeve, and put down bare and straight.",
        ),
        (
            Words(
                "暗証番号を聞き取り、職員が受付の計算機に入力する。",
                "Ask for the PIN, and type it in at the reception's computer.",
            ),
            Words(
                "読み取れないカードなので、すぐ10割の支払いを案内する。",
                "It cannot be read: ask for full payment at once.",
            ),
        ),
        Words(
            "くり返すC101やC103の多くはケースか、重なった別のカードです。",
            "Most C101 and C103 that repeat are a sleeve, or another card on top.",
        ),
    ),
)

OTHER_CARD = Case(
    id="other-card",
    title=Words("マイナンバーカードではないカード", "A card of another kind"),
    met="not My Number card",
    codes=(Code.NOT_MY_NUMBER_CARD,),
    scene=Scene(
        card="transit-card", stands="takahashi-yuki", other_card="takahashi-yuki"
    ),
    says=Words("「はい、いつものカードです。」", "“Here you are: the usual card.”"),
    checks=(
        Check(
            2,
            rules.coded(Code.NOT_MY_NUMBER_CARD),
            Words("C102の画面を確かめました。", "The screen C102 was seen."),
            Words(
                "リーダーのC102の画面を確かめていません。",
                "The reader's screen C102 was not waited for.",
            ),
        ),
        rules.received_here(
            3,
            Words(
                "マイナンバーカードに替えてもらえば、受け付けられました。",
                "With the My Number card she would have been received.",
            ),
        ),
    ),
    question=Question(
        Words(
            "マイナンバーカードを持っていない方には、何と言いますか。",
            "What do you say to somebody who has no My Number card with them?",
        ),
        Words(
            "「資格確認書をお持ちでしたら、それで確認できます。」",
            "“If you have your 資格確認書, we can check by that.”",
        ),
        (
            Words(
                "「何度か置き直していただければ、読めることがあります。」",
                "“Put it down a few more times; it may be read yet.”",
            ),
            Words(
                "「お名前と生年月日だけで、リーダーを通せます。」",
                "“The reader takes your name and birth date instead.”",
            ),
        ),
        Words(
            "C102は置き直しても変わりません。別の書類で確認できます。",
            "C102 stays C102 however often it is put down; another document will do.",
        ),
    ),
)

ONE_TRY_LEFT = Case(
    id="one-try-left",
    title=Words("暗証番号の残りが1回", "One try left for the PIN"),
    met="PIN 1 try left",
    codes=(Code.PIN_BLOCKED, Code.WRONG_PIN),
    scene=Scene(card="mori-kaoru", stands="mori-kaoru"),
    says=Words(
        "「暗証番号は…うろ覚えですが、入れてみましょうか。」",
        "“My PIN… I am not quite sure. Shall I try?”",
    ),
    knows_pin=False,
    checks=(
        rules.received_here(
            3, Words("受け付けられませんでした。", "She was not received.")
        ),
        rules.BY_FACE,
    ),
    question=Question(
        Words(
            "残り1回で、番号に自信がない方には、どう案内しますか。",
            "One try is left and the patient is unsure. What do you say?",
        ),
        Words(
            "「暗証番号は入れずに、顔認証で受け付けましょう。」",
            "“Leave the PIN; let us use your face.”",
        ),
        (
            Words(
                "「最後の1回です。思い切って入れてみてください。」",
                "“It is the last one: be bold and try.”",
            ),
            Words(
                "「心当たりの番号を教えてください。こちらで入れます。」",
                "“Tell me the numbers you think of; I will type them.”",
            ),
        ),
        Words(
            "まちがえるとロックし、解除は市区町村の窓口です。番号は聞きません。",
            "A wrong one blocks it, and only a municipal office resets it. Never ask"
            " for a PIN.",
        ),
    ),
)

PIN_BLOCKED = Case(
    id="pin-blocked",
    title=Words("ロックされた暗証番号", "A blocked PIN"),
    met="locked",
    codes=(Code.PIN_BLOCKED,),
    scene=Scene(card="tanaka-kenji", stands="tanaka-kenji"),
    says=Words(
        "「暗証番号でお願いします。…使えない？ では帰ります。」",
        "“By PIN, please. … It does not work? Then I go home.”",
    ),
    knows_pin=False,
    checks=(
        rules.received_here(
            3,
            Words(
                "顔認証なら、今日受け付けられました。",
                "By his face he would have been received today.",
            ),
        ),
        rules.BY_FACE,
    ),
    question=Question(
        Words("この方に、何と言いますか。", "What do you say to him?"),
        Words(
            "「今日は顔認証で受け付けます。解除は市区町村の窓口です。」",
            "“Today we use your face. A municipal office can reset the PIN.”",
        ),
        (
            Words(
                "「ロックは当院で解除します。少しお待ちください。」",
                "“We reset it here. One moment, please.”",
            ),
            Words(
                "「明日になれば解除されます。明日おいでください。」",
                "“It is free again tomorrow: please come back.”",
            ),
        ),
        Words(
            "リーダーから解除はできず、待っても戻りません。",
            "No reader can unblock it, and waiting does not help.",
        ),
    ),
)

PIN_LESS = Case(
    id="pin-less",
    title=Words("暗証番号のないカード", "A card without PIN"),
    met="no-PIN card",
    codes=(Code.PIN_BLOCKED,),
    scene=Scene(card="hayashi-jiro", stands="hayashi-jiro"),
    says=Words(
        "「役所で、暗証番号のいらないカードにしてもらいました。」",
        "“The town office made me a card that needs no PIN.”",
    ),
    knows_pin=False,
    checks=(
        rules.received_here(
            3,
            Words(
                "このカードも、リーダーで受け付けられます。",
                "This card, too, can be received at the reader.",
            ),
        ),
        rules.BY_FACE,
    ),
    question=Question(
        Words(
            "暗証番号のないカードは、どう受け付けますか。",
            "How is a card without PIN received?",
        ),
        Words(
            "顔認証で。できないときは、職員の目視確認で。",
            "By the face; where that fails, by staff who look.",
        ),
        (
            Words(
                "暗証番号に 0000 を入れてもらう。",
                "The patient types 0000 for a PIN.",
            ),
            Words(
                "保険証としては使えないので、お断りする。",
                "It is no insurance card, so it is turned away.",
            ),
        ),
        Words(
            "リーダーにはロックと同じに見えますが、顔か目視で使うカードです。",
            "To the reader it looks blocked; it is made for face and visual check.",
        ),
    ),
)
