"""Português do Brasil."""

from ui_eink.fonts import Script
from ui_eink.problems_pt import PROBLEMS
from ui_eink.views import ChosenAnswer, FaceHint
from ui_eink.words import Count, ItemWords, Saying, Words

_PURPOSE = "Serve para cuidar da sua saúde."
_CAMERA = "Ela fica acima da tela."

PT = Words(
    script=Script.LATIN,
    steps=("Cartão", "Identidade", "Permissão", "Pronto"),
    simulated="模擬 SIMULATED",
    starting=Saying("Iniciando", "Um momento, por favor."),
    testing=Saying("Em verificação", "Um momento, por favor."),
    tested="{n} / {total}",
    updating=Saying(
        "Em atualização", "Leva alguns minutos. Com pressa? Vá à recepção."
    ),
    out_of_service=Saying(
        "Fora de uso agora", "Leve seu cartão à recepção, por favor."
    ),
    offline=Saying(
        "Coloque seu cartão", "Sem conexão. A recepção recebe o resultado depois."
    ),
    ready=Saying("Coloque seu cartão aqui", "Use o cartão My Number."),
    reading=Saying("Lendo o cartão", "Por favor, não mexa no cartão."),
    more_time=Saying(
        "Precisa de mais tempo?", "Aperte qualquer tecla |para continuar."
    ),
    choose="Como confirmar?",
    face="Rosto",
    pin="Senha",
    staff="Ajuda",
    tries_left=Count("Resta {n} vez", "Restam {n} vezes"),
    look=Saying("Olhe para a câmera", _CAMERA),
    hints={
        FaceHint.NO_FACE: Saying("Olhe para a câmera", _CAMERA),
        FaceHint.CLOSER: Saying("Mais perto", "Chegue perto da câmera, por favor."),
        FaceHint.FARTHER: Saying("Mais longe", "Afaste-se da câmera, por favor."),
        FaceHint.CENTRE: Saying(
            "Mais ao centro", "Fique em frente à câmera, por favor."
        ),
        FaceHint.FRONT: Saying("Olhe para a frente", "Vire o rosto para a câmera."),
        FaceHint.DARK: Saying("Um pouco escuro", "Vire o rosto para a luz."),
        FaceHint.BRIGHT: Saying("Luz muito forte", "Vá um pouco para o lado."),
        FaceHint.STILL: Saying("Fique parado", "Quase pronto."),
        FaceHint.MASK: Saying("Tire a máscara", "Não pode? Use uma tecla abaixo."),
        FaceHint.SUNGLASSES: Saying(
            "Tire os óculos escuros", "Mostre os olhos, por favor."
        ),
        FaceHint.HAND: Saying("Afaste a mão", "Mostre o rosto todo, por favor."),
        FaceHint.CAP: Saying("Levante o boné", "Mostre a testa, por favor."),
        FaceHint.ONE_PERSON: Saying(
            "Um de cada vez", "Os outros, afastem-se um pouco."
        ),
        FaceHint.TURN_LEFT: Saying("Vire à sua esquerda", "Vire a cabeça, sem pressa."),
        FaceHint.TURN_RIGHT: Saying("Vire à sua direita", "Vire a cabeça, sem pressa."),
        FaceHint.BACK_TO_FRONT: Saying("De novo para a frente", "Olhe para a câmera."),
        FaceHint.BLINK: Saying("Pisque devagar", "Feche os olhos e abra."),
    },
    attempt="{n} de {total}",
    not_matched=Saying("Vamos tentar de novo", "Não vimos bem o seu rosto."),
    again="De novo",
    attempts_left=Count("resta {n}", "restam {n}"),
    supported=Saying("Vimos o seu rosto", "Um funcionário vai confirmar."),
    supported_pin="Use a senha, ou um funcionário confirma.",
    enter_pin=Saying("Sua senha", "Digite os 4 números."),
    pin_again=Saying("Tente de novo", "A senha parece outra."),
    shield_pin="Cubra o teclado com a mão.",
    enter_key="OK",
    clear_key="Limpa",
    cancel_key="Parar",
    pin_blocked=Saying("A senha está bloqueada", "A prefeitura pode liberar a senha."),
    enter_number=Saying("Número do cartão", "Digite os números impressos."),
    number_again=Saying("Tente de novo", "Os números parecem outros."),
    number_groups=("Nascimento (6 números)", "Ano de validade", "Código de segurança"),
    back_key="Voltar",
    checking=Saying("Verificando", "Por favor, não mexa no cartão."),
    register=Saying("Registrar como seguro?", "O cartão passa a valer como seguro."),
    register_yes="Registrar",
    register_no="Agora não",
    items={
        "diagnosis_and_drugs": ItemWords(
            "Consultas, remédios",
            "Permite mostrar a este local as suas consultas e remédios anteriores, "
            "menos cirurgias?",
            _PURPOSE,
            "Remédios",
            "Onde você se tratou e que remédios recebeu.",
        ),
        "operation": ItemWords(
            "Cirurgias",
            "Permite mostrar a este local as suas cirurgias anteriores?",
            _PURPOSE,
            "Cirurgias",
            "Os nomes e as datas das cirurgias que você fez.",
        ),
        "checkup": ItemWords(
            "Check-ups",
            "Permite mostrar a este local os seus exames de check-up?",
            _PURPOSE,
            "Check-ups",
            "Resultados do check-up, como pressão e sangue.",
        ),
        "specified_disease": ItemWords(
            "Certificado",
            "Permite mostrar a este local o seu certificado de doença específica?",
            _PURPOSE,
            "Certificado",
            "Certificado de doenças que pedem, por exemplo, diálise.",
        ),
        "diagnosis_name": ItemWords(
            "Diagnósticos",
            "Permite mostrar a este local os nomes das suas doenças anteriores?",
            _PURPOSE,
            "Doenças",
            "Os nomes das doenças que os médicos encontraram.",
        ),
        "infection": ItemWords(
            "Infecções",
            "Permite mostrar a este local as suas infecções anteriores?",
            _PURPOSE,
            "Infecções",
            "Resultados de testes de infecção anteriores.",
        ),
        "allergy": ItemWords(
            "Alergias",
            "Permite mostrar a este local as suas alergias?",
            _PURPOSE,
            "Alergias",
            "Alergias a comida, pólen e outras coisas.",
        ),
        "contraindication": ItemWords(
            "Remédios a evitar",
            "Permite mostrar a este local os remédios que você não pode tomar?",
            _PURPOSE,
            "A evitar",
            "Os nomes dos remédios que fazem mal a você.",
        ),
        "test_result": ItemWords(
            "Exames",
            "Permite mostrar a este local os resultados dos seus exames?",
            _PURPOSE,
            "Exames",
            "Resultados de exames, como de sangue e urina.",
        ),
        "prescription": ItemWords(
            "Receitas",
            "Permite mostrar a este local as suas receitas médicas?",
            _PURPOSE,
            "Receitas",
            "O que os médicos receitaram para você.",
        ),
    },
    question_of="{n}/{total}",
    agree="Permito",
    disagree="Não permito",
    last_time="Antes: {answer}",
    help_key="Ajuda",
    help_note="Se não permitir, o atendimento é o mesmo.",
    same_as_last="Igual à última vez?",
    confirm="Está certo?",
    same="como antes",
    send="Sim",
    change="Mudar",
    answers={
        ChosenAnswer.GRANTED: "sim",
        ChosenAnswer.REFUSED: "não",
        ChosenAnswer.UNANSWERED: "aberto",
    },
    renewal="Hora de renovar o cartão",
    renewal_left=Count("Falta cerca de 1 mês.", "Faltam cerca de {n} meses."),
    renewal_last_month="Falta menos de um mês.",
    renewal_where="Renove na prefeitura.",
    renewal_expired=Saying(
        "Seu cartão venceu", "Renove logo na prefeitura, por favor."
    ),
    understood="Entendi",
    put_back=Saying("Coloque o cartão de novo", "Continue de onde parou."),
    seconds=Count("segundo", "segundos"),
    take_card=Saying("Retire o seu cartão", "Recepção concluída."),
    withheld=("O certificado do cartão venceu.", "Só o seguro foi informado."),
    pending=("Estamos sem conexão agora.", "O resultado chega depois à recepção."),
    card_left=Saying("Não esqueça o cartão", "Ele ainda está no leitor."),
    thanks=Saying("Aguarde ser chamado.", "Recepção concluída."),
    thanks_unanswered="Falta uma pergunta. Passe na recepção.",
    receipt=Saying("Suas respostas", "Leia o código com o celular."),
    receipt_number="Nº",
    problems=PROBLEMS,
    problem_other="Vamos verificar na recepção. Passe lá, por favor.",
    for_staff="Para funcionários",
    call_staff=Saying("Um funcionário vem até você", "Aguarde aqui, por favor."),
)
