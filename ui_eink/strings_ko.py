"""한국어."""

from ui_eink.fonts import Script
from ui_eink.problems_ko import PROBLEMS
from ui_eink.views import ChosenAnswer, FaceHint
from ui_eink.words import Count, ItemWords, Saying, Words

_PURPOSE = "이 정보는 진료와 건강 관리에 쓰입니다."
_CAMERA = "카메라는 화면 위에 있습니다."

KO = Words(
    script=Script.KOREAN,
    steps=("카드", "본인 확인", "동의", "완료"),
    simulated="모의 SIMULATED",
    starting=Saying("준비하고 있습니다", "잠시만 기다려 주세요."),
    testing=Saying("점검하고 있습니다", "잠시만 기다려 주세요."),
    tested="{n} / {total}",
    updating=Saying(
        "업데이트하고 있습니다", "몇 분 걸립니다. 급하시면 접수처로 와 주세요."
    ),
    out_of_service=Saying(
        "지금은 |쓸 수 없습니다", "카드를 가지고 접수처로 와 주세요."
    ),
    offline=Saying(
        "카드를 놓아 주세요",
        "지금은 |통신이 안 됩니다. |결과는 나중에 |직원에게 갑니다.",
    ),
    ready=Saying("카드를 놓아 주세요", "마이넘버카드로 접수합니다."),
    reading=Saying("카드를 읽고 있습니다", "카드를 그대로 두고 기다려 주세요."),
    more_time=Saying("시간이 더 필요하세요?", "아무 키나 누르면 계속됩니다."),
    choose="어떻게 확인할까요?",
    face="얼굴",
    pin="비밀번호",
    staff="직원",
    tries_left=Count("{n}번 남음", "{n}번 남음"),
    look=Saying("카메라를 봐 주세요", _CAMERA),
    hints={
        FaceHint.NO_FACE: Saying("카메라를 봐 주세요", _CAMERA),
        FaceHint.CLOSER: Saying("조금 더 가까이", "카메라 쪽으로 다가와 주세요."),
        FaceHint.FARTHER: Saying("조금 더 뒤로", "카메라에서 물러나 주세요."),
        FaceHint.CENTRE: Saying("가운데로 와 주세요", "카메라 바로 앞에 서 주세요."),
        FaceHint.FRONT: Saying("앞을 봐 주세요", "얼굴을 카메라로 향해 주세요."),
        FaceHint.DARK: Saying("조금 어둡습니다", "밝은 쪽을 봐 주세요."),
        FaceHint.BRIGHT: Saying("빛이 강합니다", "조금 옆으로 움직여 주세요."),
        FaceHint.STILL: Saying("그대로 계세요", "거의 끝났습니다."),
        FaceHint.MASK: Saying(
            "마스크를 벗어 주세요", "어려우시면 아래 키를 눌러 주세요."
        ),
        FaceHint.SUNGLASSES: Saying("선글라스를 벗어 주세요", "눈이 보이게 해 주세요."),
        FaceHint.HAND: Saying("손을 치워 주세요", "얼굴이 다 보이게 해 주세요."),
        FaceHint.CAP: Saying("모자를 올려 주세요", "눈썹이 보이게 해 주세요."),
        FaceHint.ONE_PERSON: Saying(
            "한 분씩 와 주세요", "다른 분은 조금 물러나 주세요."
        ),
        FaceHint.TURN_LEFT: Saying(
            "왼쪽으로 돌려 주세요", "왼쪽을 봐 주세요. 천천히 하셔도 됩니다."
        ),
        FaceHint.TURN_RIGHT: Saying(
            "오른쪽으로 돌려 주세요", "오른쪽을 봐 주세요. 천천히 하셔도 됩니다."
        ),
        FaceHint.BACK_TO_FRONT: Saying("다시 앞을 봐 주세요", "카메라를 봐 주세요."),
        FaceHint.BLINK: Saying("천천히 눈을 깜빡", "눈을 감았다가 떠 주세요."),
    },
    attempt="{n}번째 / {total}번",
    not_matched=Saying("한 번 더 부탁드립니다", "얼굴이 잘 보이지 않았습니다."),
    again="다시",
    attempts_left=Count("{n}번 남음", "{n}번 남음"),
    supported=Saying("얼굴을 확인했습니다", "직원이 확인하러 갑니다."),
    supported_pin="비밀번호를 누르거나 직원이 확인합니다.",
    enter_pin=Saying("비밀번호", "숫자 4자리를 눌러 주세요."),
    pin_again=Saying("다시 눌러 주세요", "번호가 다른 것 같습니다."),
    shield_pin="손으로 가리고 눌러 주세요.",
    enter_key="확인",
    clear_key="지움",
    cancel_key="그만",
    pin_blocked=Saying(
        "비밀번호를 |쓸 수 없습니다", "사시는 곳의 구청·시청에서 다시 정할 수 있습니다."
    ),
    enter_number=Saying("카드의 번호", "인쇄된 숫자를 눌러 주세요."),
    number_again=Saying("다시 눌러 주세요", "번호가 다른 것 같습니다."),
    number_groups=("생년월일 (일본력 6자리)", "유효 기간의 연도", "보안 코드"),
    back_key="뒤로",
    checking=Saying("확인하고 있습니다", "카드를 그대로 두고 기다려 주세요."),
    register=Saying(
        "보험증으로 등록할까요?", "카드를 보험증으로 쓰기 위한 등록입니다."
    ),
    register_yes="등록",
    register_no="등록 안 함",
    items={
        "diagnosis_and_drugs": ItemWords(
            "진료·약 정보",
            "수술을 제외한 과거의 진료와 약 정보를 이곳에 제공하는 데 동의하십니까?",
            _PURPOSE,
            "진료·약",
            "언제 어디서 진료받고 어떤 약을 받았는지입니다.",
        ),
        "operation": ItemWords(
            "수술 정보",
            "과거의 수술 정보를 이곳에 제공하는 데 동의하십니까?",
            _PURPOSE,
            "수술",
            "지금까지 받은 수술의 이름과 날짜입니다.",
        ),
        "checkup": ItemWords(
            "건강검진 정보",
            "과거의 건강검진 정보를 이곳에 제공하는 데 동의하십니까?",
            _PURPOSE,
            "검진",
            "혈압, 혈액 수치 등 건강검진의 결과입니다.",
        ),
        "specified_disease": ItemWords(
            "특정 질병 증명",
            "특정 질병 요양 수급증 정보를 이곳에 제공하는 데 동의하십니까?",
            _PURPOSE,
            "특정 질병",
            "투석 등 특정 질병이 있는 분의 증명입니다.",
        ),
        "diagnosis_name": ItemWords(
            "병명 정보",
            "과거의 병명 정보를 이곳에 제공하는 데 동의하십니까?",
            _PURPOSE,
            "병명",
            "지금까지 진단받은 병의 이름입니다.",
        ),
        "infection": ItemWords(
            "감염병 정보",
            "과거의 감염병 정보를 이곳에 제공하는 데 동의하십니까?",
            _PURPOSE,
            "감염병",
            "지금까지 받은 감염병 검사의 결과입니다.",
        ),
        "allergy": ItemWords(
            "알레르기",
            "알레르기 정보를 이곳에 제공하는 데 동의하십니까?",
            _PURPOSE,
            "알레르기",
            "음식이나 꽃가루 등에 대한 알레르기입니다.",
        ),
        "contraindication": ItemWords(
            "피해야 할 약",
            "쓰면 안 되는 약의 정보를 이곳에 제공하는 데 동의하십니까?",
            _PURPOSE,
            "피할 약",
            "몸에 맞지 않는 약의 이름입니다.",
        ),
        "test_result": ItemWords(
            "검사 정보",
            "과거의 검사 정보를 이곳에 제공하는 데 동의하십니까?",
            _PURPOSE,
            "검사",
            "지금까지 받은 혈액·소변 등의 검사 결과입니다.",
        ),
        "prescription": ItemWords(
            "처방 정보",
            "처방 정보를 이곳에 제공하는 데 동의하십니까?",
            _PURPOSE,
            "처방",
            "의사가 낸 처방전의 내용입니다.",
        ),
    },
    question_of="{n}/{total}",
    agree="동의함",
    disagree="동의 안 함",
    last_time="지난번: {answer}",
    help_key="설명",
    help_note="동의하지 않아도 진료를 받을 수 있습니다.",
    same_as_last="지난번과 같습니까?",
    confirm="이대로 할까요?",
    same="지난번과 같음",
    send="네",
    change="변경",
    answers={
        ChosenAnswer.GRANTED: "동의",
        ChosenAnswer.REFUSED: "동의 안 함",
        ChosenAnswer.UNANSWERED: "미응답",
    },
    renewal="카드를 갱신할 때입니다",
    renewal_left=Count("기한까지 약 1개월입니다.", "기한까지 약 {n}개월입니다."),
    renewal_last_month="기한까지 한 달이 안 남았습니다.",
    renewal_where="구청·시청에서 갱신할 수 있습니다.",
    renewal_expired=Saying(
        "카드 기한이 지났습니다", "빨리 구청·시청에서 갱신해 주세요."
    ),
    understood="알겠습니다",
    put_back=Saying("카드를 다시 놓아 주세요", "이어서 할 수 있습니다."),
    seconds=Count("초 안에", "초 안에"),
    take_card=Saying("카드를 가져가 주세요", "접수가 끝났습니다."),
    withheld=("카드의 전자증명서 기한이 지나", "보험 자격 정보만 전달했습니다."),
    pending=("지금은 통신이 안 됩니다.", "결과는 나중에 직원에게 갑니다."),
    card_left=Saying("카드를 잊지 마세요", "카드가 아직 놓여 있습니다."),
    thanks=Saying("부를 때까지 기다려 주세요.", "접수가 끝났습니다."),
    thanks_unanswered="동의 확인이 남아 있습니다. 접수처로 와 주세요.",
    receipt=Saying("동의 기록", "휴대전화로 |코드를 |읽을 수 있습니다."),
    receipt_number="번호",
    problems=PROBLEMS,
    problem_other="접수처에서 확인하겠습니다. 접수처로 와 주세요.",
    for_staff="직원용",
    call_staff=Saying("직원이 |곧 갑니다", "여기에서 기다려 주세요."),
)
