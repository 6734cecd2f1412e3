"""Sentences that are heard and never read: where a key lies, and whom to ask.

Keys are told by their place and never by their number: nothing that is spoken while
somebody types is a digit.
"""

from typing import Final

LEFT, MIDDLE, RIGHT = "key_left", "key_middle", "key_right"
ASK_STAFF, HERE = "ask_staff", "this_language"
ENTER, CLEAR, CANCEL = "key_enter", "key_clear", "key_cancel"
LAST_GRANTED, LAST_REFUSED = "last_time_granted", "last_time_refused"

OWN: Final[dict[str, dict[str, str]]] = {
    "ja": {
        LEFT: "左上のキーを、押してください。",
        MIDDLE: "上の段の、まん中のキーを、押してください。",
        RIGHT: "右上の数字のキーを、押してください。",
        ENTER: "決定は、右下の緑のキーです。",
        CLEAR: "消すには、黄色のキーを押します。",
        CANCEL: "やめるには、赤いキーを押します。",
        ASK_STAFF: "受付の係に、お声がけください。",
        HERE: "日本語は、左上のキーです。",
        LAST_GRANTED: "前回は、同意しています。",
        LAST_REFUSED: "前回は、同意していません。",
    },
    "ja-easy": {
        LEFT: "左の上のキーを、押してください。",
        MIDDLE: "上のまん中のキーを、押してください。",
        RIGHT: "右の上のキーを、押してください。",
        ENTER: "きめるときは、みどりのキーです。",
        CLEAR: "けすときは、きいろのキーです。",
        CANCEL: "やめるときは、あかいキーです。",
        ASK_STAFF: "うけつけの人に、きいてください。",
        HERE: "やさしい日本語は、上のまん中のキーです。",
        LAST_GRANTED: "まえは、はい、でした。",
        LAST_REFUSED: "まえは、いいえ、でした。",
    },
    "en": {
        LEFT: "Press the top left key.",
        MIDDLE: "Press the top middle key.",
        RIGHT: "Press the top right number key.",
        ENTER: "The green key at the right confirms.",
        CLEAR: "The yellow key clears.",
        CANCEL: "The red key cancels.",
        ASK_STAFF: "Please speak to the staff at reception.",
        HERE: "English: the top right number key.",
        LAST_GRANTED: "Last time you agreed.",
        LAST_REFUSED: "Last time you did not agree.",
    },
    "zh": {
        LEFT: "请按左上角的键。",
        MIDDLE: "请按最上排中间的键。",
        RIGHT: "请按右上角的数字键。",
        ENTER: "确定请按右侧绿色键。",
        CLEAR: "清除请按黄色键。",
        CANCEL: "取消请按红色键。",
        ASK_STAFF: "请向前台工作人员咨询。",
        HERE: "中文请按第二排左边的键。",
        LAST_GRANTED: "上次您同意了。",
        LAST_REFUSED: "上次您没有同意。",
    },
    "ko": {
        LEFT: "왼쪽 위의 키를 눌러 주세요.",
        MIDDLE: "윗줄 가운데 키를 눌러 주세요.",
        RIGHT: "오른쪽 위의 숫자 키를 눌러 주세요.",
        ENTER: "확인은 오른쪽 초록색 키입니다.",
        CLEAR: "지우려면 노란색 키를 누르세요.",
        CANCEL: "취소하려면 빨간색 키를 누르세요.",
        ASK_STAFF: "접수처 직원에게 말씀해 주세요.",
        HERE: "한국어는 둘째 줄 가운데 키입니다.",
        LAST_GRANTED: "지난번에는 동의하셨습니다.",
        LAST_REFUSED: "지난번에는 동의하지 않으셨습니다.",
    },
    "pt": {
        LEFT: "Aperte a tecla do canto superior esquerdo.",
        MIDDLE: "Aperte a tecla do meio da fileira de cima.",
        RIGHT: "Aperte a tecla de número do canto superior direito.",
        ENTER: "A tecla verde, à direita, confirma.",
        CLEAR: "A tecla amarela apaga.",
        CANCEL: "A tecla vermelha cancela.",
        ASK_STAFF: "Fale com a recepção, por favor.",
        HERE: "Português: a tecla da direita da segunda fileira.",
        LAST_GRANTED: "Da última vez você concordou.",
        LAST_REFUSED: "Da última vez você não concordou.",
    },
    "vi": {
        LEFT: "Hãy nhấn phím trên cùng bên trái.",
        MIDDLE: "Hãy nhấn phím giữa của hàng trên cùng.",
        RIGHT: "Hãy nhấn phím số trên cùng bên phải.",
        ENTER: "Phím xanh lá bên phải để xác nhận.",
        CLEAR: "Phím vàng để xóa.",
        CANCEL: "Phím đỏ để hủy.",
        ASK_STAFF: "Xin hãy hỏi nhân viên tiếp đón.",
        HERE: "Tiếng Việt: phím bên trái của hàng thứ ba.",
        LAST_GRANTED: "Lần trước bạn đã đồng ý.",
        LAST_REFUSED: "Lần trước bạn không đồng ý.",
    },
}
"""By language code. Nobody who was born to them has read the further languages yet."""
