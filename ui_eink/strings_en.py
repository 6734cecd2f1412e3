"""English."""

from ui_eink.fonts import Script
from ui_eink.views import ChosenAnswer, FaceHint
from ui_eink.words import Count, ItemWords, Saying, Words

_PURPOSE = "It is used for your care and health."

EN = Words(
    script=Script.JAPANESE,
    steps=("Card", "Identity", "Consent", "Done"),
    simulated="模擬 SIMULATED",
    starting=Saying("Starting up", "One moment, please."),
    testing=Saying("Checking itself", "One moment, please."),
    tested="{n} / {total}",
    updating=Saying(
        "Being updated", "A few minutes. In a hurry? Please ask at the desk."
    ),
    out_of_service=Saying(
        "Not in use now", "Please ask at the desk, and bring your card."
    ),
    offline=Saying(
        "Place your card here", "No connection now. Staff get the result later."
    ),
    ready=Saying("Place your card here", "Check in with your My Number Card."),
    reading=Saying("Reading your card", "Please leave the card where it is."),
    more_time=Saying("Do you need more time?", "Press any key |to go on."),
    choose="Confirm your identity",
    face="Face",
    pin="PIN",
    staff="Staff",
    tries_left=Count("{n} try left", "{n} tries left"),
    look=Saying("Look at the camera", "It is above the screen."),
    hints={
        FaceHint.NO_FACE: Saying("Look at the camera", "It is above the screen."),
        FaceHint.CLOSER: Saying("A little closer", "Please come nearer to the camera."),
        FaceHint.FARTHER: Saying("A little back", "Please step back from the camera."),
        FaceHint.CENTRE: Saying(
            "To the middle", "Please stand right before the camera."
        ),
        FaceHint.FRONT: Saying("Face the front", "Please turn towards the camera."),
        FaceHint.DARK: Saying("A little dark", "Please turn towards the light."),
        FaceHint.BRIGHT: Saying(
            "Light is strong", "Please try moving a little sideways."
        ),
        FaceHint.STILL: Saying("Hold still", "Almost done."),
        FaceHint.MASK: Saying("Mask off, please", "Not possible? Use a key below."),
        FaceHint.SUNGLASSES: Saying("Sunglasses off", "Please let us see your eyes."),
        FaceHint.HAND: Saying("Hand away", "Please keep your face free."),
        FaceHint.CAP: Saying("Cap up, please", "Please let us see your brows."),
        FaceHint.ONE_PERSON: Saying(
            "One person, please", "Others, please step aside for a moment."
        ),
        FaceHint.TURN_LEFT: Saying(
            "Turn to your left", "Turn your head. Slowly is fine."
        ),
        FaceHint.TURN_RIGHT: Saying(
            "Turn to your right", "Turn your head. Slowly is fine."
        ),
        FaceHint.BACK_TO_FRONT: Saying(
            "And to the front", "Please look at the camera."
        ),
        FaceHint.BLINK: Saying("Blink slowly", "Close your eyes, and open them."),
    },
    attempt="{n} of {total}",
    not_matched=Saying("Let us try once more", "We could not see your face well."),
    again="Again",
    attempts_left=Count("{n} left", "{n} left"),
    supported=Saying("We saw your face", "Staff will confirm it."),
    supported_pin="Enter your PIN, or let staff confirm.",
    enter_pin=Saying("Your PIN", "Please press your 4 digits."),
    pin_again=Saying("Please try again", "The number was different."),
    shield_pin="Cover the keys with your hand.",
    enter_key="OK",
    clear_key="Clear",
    cancel_key="Stop",
    pin_blocked=Saying("The PIN is locked", "Your city office can reset it."),
    enter_number=Saying("Card numbers", "Press the printed digits."),
    number_again=Saying("Please try again", "The card has other digits."),
    number_groups=("Birth date YYMMDD", "Expiry year", "Security code"),
    back_key="Back",
    checking=Saying("Checking", "Please leave the card where it is."),
    register=Saying(
        "Register for insurance?",
        "It is done only once.",
    ),
    register_yes="Register",
    register_no="Not now",
    items={
        "diagnosis_and_drugs": ItemWords(
            "Care, medicine",
            "Do you agree to share your past care and medicine information, "
            "except surgery, with this facility?",
            _PURPOSE,
            "Care",
            "Where you were treated, and which medicines you were given.",
        ),
        "operation": ItemWords(
            "Surgery",
            "Do you agree to share your past surgery information with this facility?",
            _PURPOSE,
            "Surgery",
            "The names and dates of operations you have had.",
        ),
        "checkup": ItemWords(
            "Health checkup",
            "Do you agree to share your past health checkup information with this "
            "facility?",
            _PURPOSE,
            "Checkups",
            "Results of your health checkups, such as blood pressure.",
        ),
        "specified_disease": ItemWords(
            "Certificate",
            "Do you agree to share your specified-disease certificate with this "
            "facility?",
            _PURPOSE,
            "Certificate",
            "A certificate for illnesses such as those that need dialysis.",
        ),
        "diagnosis_name": ItemWords(
            "Diagnoses",
            "Do you agree to share the names of your past diagnoses with this "
            "facility?",
            _PURPOSE,
            "Diagnoses",
            "The names of illnesses that doctors found.",
        ),
        "infection": ItemWords(
            "Infections",
            "Do you agree to share your past infections with this facility?",
            _PURPOSE,
            "Infections",
            "Results of earlier tests for infections.",
        ),
        "allergy": ItemWords(
            "Allergies",
            "Do you agree to share your allergies with this facility?",
            _PURPOSE,
            "Allergies",
            "Allergies to food, pollen and other things.",
        ),
        "contraindication": ItemWords(
            "Unsafe medicine",
            "Do you agree to share which medicines you must not take with this "
            "facility?",
            _PURPOSE,
            "Unsafe",
            "The names of medicines that do you harm.",
        ),
        "test_result": ItemWords(
            "Test results",
            "Do you agree to share your past test results with this facility?",
            _PURPOSE,
            "Tests",
            "Results of earlier tests, such as blood tests.",
        ),
        "prescription": ItemWords(
            "Prescriptions",
            "Do you agree to share your prescriptions with this facility?",
            _PURPOSE,
            "Scripts",
            "What doctors have prescribed for you.",
        ),
    },
    question_of="{n}/{total}",
    agree="Agree",
    disagree="Do not agree",
    last_time="Last time: {answer}",
    help_key="Help",
    help_note="You are treated all the same if you do not agree.",
    same_as_last="Same as last time?",
    confirm="Is this right?",
    same="as last time",
    send="Yes",
    change="Change",
    answers={
        ChosenAnswer.GRANTED: "yes",
        ChosenAnswer.REFUSED: "no",
        ChosenAnswer.UNANSWERED: "open",
    },
    renewal="Time to renew your card",
    renewal_left=Count("About 1 month is left.", "About {n} months are left."),
    renewal_last_month="Under a month is left.",
    renewal_where="Renew at the city office.",
    renewal_expired=Saying(
        "Your card has expired", "Please renew it soon at your city office."
    ),
    understood="I see",
    put_back=Saying("Place your card again", "You can go on where you stopped."),
    seconds=Count("second left", "seconds left"),
    take_card=Saying("Please take your card", "You are checked in."),
    withheld=(
        "The card's certificate has expired,",
        "so only your insurance was shared.",
    ),
    pending=("We cannot connect right now.", "Staff will receive the result later."),
    card_left=Saying("Your card is still here", "Please take it with you."),
    thanks=Saying("Please wait until we call you.", "You are checked in."),
    thanks_unanswered="One question is open. Please see reception.",
    problems={},
    problem_other="",
    receipt=Saying("Your consents", "Scan the code with your phone."),
    receipt_number="No.",
    for_staff="For staff",
    call_staff=Saying("Staff will come to you", "Please wait here."),
)
