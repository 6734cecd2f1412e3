"""やさしい日本語: short sentences in words with spaces, kanji with their reading.

At most 24 letters a sentence. After the guideline of 出入国在留管理庁 and 文化庁,
「在留支援のためのやさしい日本語ガイドライン」.
"""

from ui_eink.fonts import Script
from ui_eink.problems_ja_easy import PROBLEMS
from ui_eink.views import ChosenAnswer, FaceHint
from ui_eink.words import Count, ItemWords, Saying, Words

_PURPOSE = "あなたの からだの ために つかいます。"
_CAMERA = "カメラは 上《うえ》に あります。"

JA_EASY = Words(
    script=Script.JAPANESE,
    steps=("カード", "ほんにん", "きめる", "おわり"),
    simulated="もぎ SIMULATED",
    starting=Saying("じゅんびを しています", "すこし まって ください。"),
    testing=Saying("きかいを しらべて います", "すこし まって ください。"),
    tested="{n} / {total}",
    updating=Saying(
        "あたらしく して います",
        "すこし まって ください。 いそぐ 人《ひと》は うけつけへ。",
    ),
    out_of_service=Saying(
        "いま 使《つか》えません", "カードを もって うけつけへ 行《い》って ください。"
    ),
    offline=Saying(
        "カードを おいて ください", "いま つながりません。 けっかは あとで とどきます。"
    ),
    ready=Saying("カードを おいて ください", "マイナンバーカードを 使《つか》います。"),
    reading=Saying("カードを 見《み》て います", "カードを うごかさないで ください。"),
    more_time=Saying("もっと じかんが いりますか", "どれか キーを おして ください。"),
    choose="どれに しますか",
    face="かお",
    pin="ばんごう",
    staff="スタッフ",
    tries_left=Count("あと{n}かい", "あと{n}かい"),
    look=Saying("カメラを 見《み》て ください", _CAMERA),
    hints={
        FaceHint.NO_FACE: Saying("カメラを 見《み》て ください", _CAMERA),
        FaceHint.CLOSER: Saying(
            "もっと 近《ちか》くへ", "カメラに 近《ちか》づいて ください。"
        ),
        FaceHint.FARTHER: Saying("すこし うしろへ", "カメラから はなれて ください。"),
        FaceHint.CENTRE: Saying(
            "まんなかへ", "カメラの 前《まえ》に 来《き》て ください。"
        ),
        FaceHint.FRONT: Saying(
            "まっすぐ 前《まえ》を", "かおを カメラに むけて ください。"
        ),
        FaceHint.DARK: Saying(
            "すこし くらいです", "あかるい ほうを 見《み》て ください。"
        ),
        FaceHint.BRIGHT: Saying(
            "ひかりが つよいです", "すこし よこに うごいて ください。"
        ),
        FaceHint.STILL: Saying("うごかないで ください", "もう すこしです。"),
        FaceHint.MASK: Saying(
            "マスクを とって ください", "できない ときは 下《した》の キーを。"
        ),
        FaceHint.SUNGLASSES: Saying(
            "サングラスを とって ください", "目《め》を 見《み》せて ください。"
        ),
        FaceHint.HAND: Saying(
            "てを はなして ください", "かおを ぜんぶ 見《み》せて ください。"
        ),
        FaceHint.CAP: Saying(
            "ぼうしを あげて ください", "まゆげを 見《み》せて ください。"
        ),
        FaceHint.ONE_PERSON: Saying(
            "ひとりずつ どうぞ", "ほかの 人《ひと》は はなれて ください。"
        ),
        FaceHint.TURN_LEFT: Saying(
            "かおを 左《ひだり》へ",
            "左《ひだり》を 見《み》て ください。 ゆっくりで いいです。",
        ),
        FaceHint.TURN_RIGHT: Saying(
            "かおを 右《みぎ》へ",
            "右《みぎ》を 見《み》て ください。 ゆっくりで いいです。",
        ),
        FaceHint.BACK_TO_FRONT: Saying(
            "もう いちど 前《まえ》へ", "カメラを 見《み》て ください。"
        ),
        FaceHint.BLINK: Saying(
            "ゆっくり まばたきを", "目《め》を とじて、 あけて ください。"
        ),
    },
    attempt="{n}かいめ / {total}かい",
    not_matched=Saying(
        "もう いちど おねがいします", "かおが よく 見《み》えませんでした。"
    ),
    again="もう一度《いちど》",
    attempts_left=Count("あと{n}かい", "あと{n}かい"),
    supported=Saying("かおが 見《み》えました", "スタッフが 来《き》ます。"),
    supported_pin="ばんごうか スタッフが かくにんします。",
    enter_pin=Saying("あんしょう ばんごう", "4つの すうじを おして ください。"),
    pin_again=Saying("もう いちど どうぞ", "ばんごうが ちがう ようです。"),
    shield_pin="手《て》で かくして おして ください。",
    enter_key="きめる",
    clear_key="けす",
    cancel_key="やめる",
    pin_blocked=Saying(
        "ばんごうは いま 使《つか》えません", "まちの やくしょで なおせます。"
    ),
    enter_number=Saying("カードの ばんごう", "すうじを おして ください。"),
    number_again=Saying("もう いちど どうぞ", "ばんごうが ちがう ようです。"),
    number_groups=(
        "うまれた ひ (6つの すうじ)",
        "いつまでの とし",
        "セキュリティコード",
    ),
    back_key="もどる",
    checking=Saying("しらべて います", "カードを うごかさないで ください。"),
    register=Saying(
        "ほけんに 使《つか》いますか", "カードを ほけんしょうに する とうろくです。"
    ),
    register_yes="とうろくする",
    register_no="しない",
    items={
        "diagnosis_and_drugs": ItemWords(
            "びょうきと くすり",
            "まえの びょうきと くすりを ここで 見《み》ても いいですか。",
            _PURPOSE,
            "くすり",
            "いつ、 どこで、 どんな くすりを もらったかです。",
        ),
        "operation": ItemWords(
            "しゅじゅつ",
            "まえの しゅじゅつの ことを ここで 見《み》ても いいですか。",
            _PURPOSE,
            "しゅじゅつ",
            "しゅじゅつの 名前《なまえ》と 日《ひ》です。",
        ),
        "checkup": ItemWords(
            "けんこう しんだん",
            "けんこう しんだんを ここで 見《み》ても いいですか。",
            _PURPOSE,
            "けんしん",
            "けつあつなど、 しんだんの けっかです。",
        ),
        "specified_disease": ItemWords(
            "とくべつな びょうき",
            "とくべつな びょうきの しょうめいを 見《み》て いいですか。",
            _PURPOSE,
            "しょうめい",
            "じんこう とうせきなどの しょうめいです。",
        ),
        "diagnosis_name": ItemWords(
            "びょうきの 名前《なまえ》",
            "まえの びょうきの 名前《なまえ》を 見《み》ても いいですか。",
            _PURPOSE,
            "びょうき",
            "いしゃが きめた びょうきの 名前《なまえ》です。",
        ),
        "infection": ItemWords(
            "うつる びょうき",
            "うつる びょうきの けんさを 見《み》ても いいですか。",
            _PURPOSE,
            "うつる",
            "まえに うけた けんさの けっかです。",
        ),
        "allergy": ItemWords(
            "アレルギー",
            "アレルギーの ことを ここで 見《み》ても いいですか。",
            _PURPOSE,
            "アレルギー",
            "たべものや 花《はな》の アレルギーです。",
        ),
        "contraindication": ItemWords(
            "だめな くすり",
            "のめない くすりの ことを 見《み》ても いいですか。",
            _PURPOSE,
            "だめなくすり",
            "体《からだ》に わるい くすりの 名前《なまえ》です。",
        ),
        "test_result": ItemWords(
            "けんさ",
            "まえの けんさの けっかを 見《み》ても いいですか。",
            _PURPOSE,
            "けんさ",
            "ちや おしっこの けんさの けっかです。",
        ),
        "prescription": ItemWords(
            "くすりの かみ",
            "いしゃの くすりの かみを 見《み》ても いいですか。",
            _PURPOSE,
            "くすりのかみ",
            "いしゃが 出《だ》した くすりの かみです。",
        ),
    },
    question_of="{n}/{total}",
    agree="いいです",
    disagree="だめです",
    last_time="まえ: {answer}",
    help_key="せつめい",
    help_note="「だめ」でも いしゃに 会《あ》えます。",
    same_as_last="まえと 同《おな》じで いいですか",
    confirm="これで いいですか",
    same="まえと おなじ",
    send="はい",
    change="かえる",
    answers={
        ChosenAnswer.GRANTED: "いい",
        ChosenAnswer.REFUSED: "だめ",
        ChosenAnswer.UNANSWERED: "まだ",
    },
    renewal="カードを あたらしく する ときです",
    renewal_left=Count(
        "あと 1か月《げつ》くらいです。", "あと {n}か月《げつ》くらいです。"
    ),
    renewal_last_month="もう すぐ 使《つか》えなく なります。",
    renewal_where="まちの やくしょで できます。",
    renewal_expired=Saying(
        "カードの ひが すぎて います",
        "はやく まちの やくしょに 行《い》って ください。",
    ),
    understood="わかった",
    put_back=Saying("もう いちど カードを おいて", "つづきから できます。"),
    seconds=Count("びょう あります", "びょう あります"),
    take_card=Saying("カードを とって ください", "うけつけが おわりました。"),
    withheld=("カードの ひが すぎて います。", "ほけんの ことだけ つたえました。"),
    pending=("いま インターネットが ありません。", "けっかは あとで とどきます。"),
    card_left=Saying("カードを わすれないで", "カードが まだ あります。"),
    thanks=Saying("よぶまで まって ください", "うけつけが おわりました。"),
    thanks_unanswered="しつもんが のこって います。 うけつけへ どうぞ。",
    receipt=Saying("あなたの こたえ", "スマホで コードを 読《よ》めます。"),
    receipt_number="No.",
    problems=PROBLEMS,
    problem_other="うけつけに 来《き》て ください。",
    for_staff="スタッフへ",
    call_staff=Saying("スタッフが 来《き》ます", "ここで まって ください。"),
)
