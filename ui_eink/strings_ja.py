"""日本語。"""

from ui_eink.fonts import Script
from ui_eink.views import ChosenAnswer, FaceHint
from ui_eink.words import Count, ItemWords, Saying, Words

_PURPOSE = "この情報は|あなたの|診療や|健康管理の|ために|使われます。"

JA = Words(
    script=Script.JAPANESE,
    steps=("受付", "本人確認", "同意", "完了"),
    simulated="模擬 SIMULATED",
    starting=Saying("準備して|います", "少し|お待ちください。"),
    testing=Saying("点検して|います", "少し|お待ちください。"),
    tested="{n} / {total}",
    updating=Saying(
        "更新して|います", "数分で|終わります。|お急ぎの|方は|受付へ|どうぞ。"
    ),
    out_of_service=Saying(
        "ただいま|使えません", "受付で|お声がけ|ください。|カードは|お持ちください。"
    ),
    offline=Saying(
        "カードを|置いてください",
        "ただいま|通信が|ありません。|結果は|後ほど|係へ|届きます。",
    ),
    ready=Saying("カードを|置いてください", "マイナンバーカードで|受付します。"),
    reading=Saying("カードを|読んで|います", "カードは|そのままで|お待ちください。"),
    more_time=Saying("まだ|時間が|必要ですか", "どのキーでも|押して|ください。"),
    choose="どの方法で|確認しますか",
    face="顔認証",
    pin="暗証番号",
    staff="係を呼ぶ",
    tries_left=Count("あと{n}回", "あと{n}回"),
    look=Saying("カメラを|見て|ください", "カメラは|画面の|上に|あります。"),
    hints={
        FaceHint.NO_FACE: Saying(
            "カメラを|見て|ください", "カメラは|画面の|上に|あります。"
        ),
        FaceHint.CLOSER: Saying("もう少し|近くへ", "カメラに|少し|近づいて|ください。"),
        FaceHint.FARTHER: Saying(
            "もう少し|後ろへ", "カメラから|少し|はなれて|ください。"
        ),
        FaceHint.CENTRE: Saying("画面の|まん中へ", "お顔を|カメラの|正面に|どうぞ。"),
        FaceHint.FRONT: Saying("まっすぐ|前を", "お顔を|カメラへ|向けて|ください。"),
        FaceHint.DARK: Saying(
            "少し|暗い|ようです", "明るい|方へ|お顔を|向けて|ください。"
        ),
        FaceHint.BRIGHT: Saying(
            "光が|強い|ようです", "少し|横へ|動いて|みて|ください。"
        ),
        FaceHint.STILL: Saying("そのまま|動かずに", "あと|少しです。"),
        FaceHint.MASK: Saying(
            "マスクを|外して|ください", "むずかしい|方は、|下の|キーを|どうぞ。"
        ),
        FaceHint.SUNGLASSES: Saying(
            "サングラスを|外して|ください", "目が|見えるように|おねがい|します。"
        ),
        FaceHint.HAND: Saying(
            "手を|はなして|ください", "お顔の|前を|あけて|ください。"
        ),
        FaceHint.CAP: Saying(
            "帽子を|上げて|ください", "まゆが|見えるように|おねがい|します。"
        ),
        FaceHint.ONE_PERSON: Saying(
            "お一人ずつ|どうぞ", "ほかの|方は|少し|おはなれください。"
        ),
        FaceHint.TURN_LEFT: Saying(
            "お顔を|左へ", "左を|向いて|ください。|ゆっくりで|大丈夫です。"
        ),
        FaceHint.TURN_RIGHT: Saying(
            "お顔を|右へ", "右を|向いて|ください。|ゆっくりで|大丈夫です。"
        ),
        FaceHint.BACK_TO_FRONT: Saying(
            "もう一度|正面へ", "カメラを|見て|お待ちください。"
        ),
        FaceHint.BLINK: Saying(
            "ゆっくり|まばたきを", "カメラを|見たまま、|目を|閉じて|開けて|ください。"
        ),
    },
    attempt="{n}回目 / {total}回",
    not_matched=Saying(
        "もう一度|おねがい|します", "お顔を|うまく|読みとれませんでした。"
    ),
    again="もう一度",
    attempts_left=Count("あと{n}回", "あと{n}回"),
    supported=Saying("お顔を|読みとりました", "係の者が|確認に|まいります。"),
    supported_pin="暗証番号か|係の者が|確認します。",
    enter_pin=Saying("暗証番号", "4けたの|数字を|押して|ください。"),
    pin_again=Saying("もう一度|どうぞ", "番号が|ちがうようです。"),
    shield_pin="手もとを|かくして|押して|ください。",
    enter_key="決定",
    clear_key="消す",
    cancel_key="やめる",
    pin_blocked=Saying(
        "暗証番号は|今|使えません", "お住まいの|市区町村の|窓口で|再設定|できます。"
    ),
    enter_number=Saying("カードの番号", "印刷された|数字を|押して|ください。"),
    number_again=Saying("もう一度どうぞ", "番号が|ちがうようです。"),
    number_groups=("生年月日 (和暦6けた)", "有効期限の年", "セキュリティコード"),
    back_key="もどる",
    checking=Saying("確認して|います", "カードは|そのままで|お待ちください。"),
    register=Saying(
        "保険証として|登録しますか", "カードを|保険証として|使う|ための|登録です。"
    ),
    register_yes="登録する",
    register_no="登録しない",
    items={
        "diagnosis_and_drugs": ItemWords(
            "診療・お薬の情報",
            "過去の|手術以外の|診療・|お薬情報を|当機関に|提供|することに|同意しますか。",
            _PURPOSE,
            "診療・お薬",
            "いつ|どこに|かかったか、|どんな|薬が|出たかです。",
        ),
        "operation": ItemWords(
            "手術の情報",
            "過去の|手術情報を|当機関に|提供|することに|同意しますか。",
            _PURPOSE,
            "手術",
            "これまでに|受けた|手術の|名前と|日にちです。",
        ),
        "checkup": ItemWords(
            "健診の情報",
            "過去の|健診情報を|当機関に|提供|することに|同意しますか。",
            _PURPOSE,
            "健診",
            "健康診断の|結果です。|血圧や|血液の|数値などです。",
        ),
        "specified_disease": ItemWords(
            "特定疾病の証",
            "特定疾病療養|受療証の|情報を|当機関に|提供|することに|同意しますか。",
            _PURPOSE,
            "特定疾病",
            "人工透析など、|特定の|病気の|方の|受療証です。",
        ),
        "diagnosis_name": ItemWords(
            "病名の情報",
            "過去の|病名の|情報を|当機関に|提供|することに|同意しますか。",
            _PURPOSE,
            "病名",
            "これまでに|診断された|病気の|名前です。",
        ),
        "infection": ItemWords(
            "感染症の情報",
            "過去の|感染症の|情報を|当機関に|提供|することに|同意しますか。",
            _PURPOSE,
            "感染症",
            "これまでの|感染症の|検査の|結果です。",
        ),
        "allergy": ItemWords(
            "アレルギー",
            "アレルギーの|情報を|当機関に|提供|することに|同意しますか。",
            _PURPOSE,
            "アレルギー",
            "食べ物や|花粉などの|アレルギーです。",
        ),
        "contraindication": ItemWords(
            "薬の禁忌",
            "薬の|アレルギーなど、|使えない|薬の|情報を|当機関に|提供|することに|同意しますか。",
            _PURPOSE,
            "薬の禁忌",
            "飲むと|体に|合わない|薬の|名前です。",
        ),
        "test_result": ItemWords(
            "検査の情報",
            "過去の|検査の|情報を|当機関に|提供|することに|同意しますか。",
            _PURPOSE,
            "検査",
            "これまでの|血液や|尿などの|検査の|結果です。",
        ),
        "prescription": ItemWords(
            "処方の情報",
            "処方の|情報を|当機関に|提供|することに|同意しますか。",
            _PURPOSE,
            "処方",
            "医師が|出した|処方箋の|内容です。",
        ),
    },
    question_of="{n}/{total}",
    agree="同意する",
    disagree="同意しない",
    last_time="前回: {answer}",
    help_key="説明",
    help_note="同意しなくても|診療は|受けられます。",
    same_as_last="前回と|同じで|よろしいですか",
    confirm="この内容で|よろしいですか",
    same="前回と同じ",
    send="はい",
    change="変える",
    answers={
        ChosenAnswer.GRANTED: "同意",
        ChosenAnswer.REFUSED: "同意なし",
        ChosenAnswer.UNANSWERED: "未回答",
    },
    renewal="カードの|更新の|時期です",
    renewal_left=Count("期限まで|約1か月です。", "期限まで|約{n}か月です。"),
    renewal_last_month="期限まで|ひと月も|ありません。",
    renewal_where="市区町村の|窓口で|更新できます。",
    renewal_expired=Saying(
        "カードの|期限が|切れています", "市区町村の|窓口で|更新を|おねがいします。"
    ),
    understood="わかりました",
    put_back=Saying("カードを|もう一度|置いて|ください", "続きから|始められます。"),
    seconds=Count("秒以内に", "秒以内に"),
    take_card=Saying("カードを|お取りください", "受付が|終わりました。"),
    withheld=(
        "電子証明書の|有効期限切れのため、",
        "資格の|情報だけを|お伝えしました。",
    ),
    pending=("ただいま|通信できません。", "結果は|後ほど|係の者に|届きます。"),
    card_left=Saying("カードを|忘れずに!", "カードが|まだ|台の|上に|あります。"),
    thanks=Saying("お呼びするまで|お待ちください。", "受付が|終わりました。"),
    thanks_unanswered="同意の|確認が|残って|います。|受付で|お声がけください。",
    problems={},
    problem_other="",
    receipt=Saying("同意の控え", "右の|コードを|スマートフォンで|読みとれます。"),
    receipt_number="番号",
    for_staff="係の方へ",
    call_staff=Saying("係の者が|まいります", "そのまま|お待ちください。"),
)
