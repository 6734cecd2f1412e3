"""Every code this product can show, with a line for each audience and one action.

A code is stable for ever: C card, F face, N network, M message, K certificate,
R registry, D device, V visit, A the facilities' interface, B files of receipt
computers (B150 on: protocol/oqs, B170 on: bulk), L a facility's own life, P the
patient's page, E modes. Who meets a code never has to read a log file.
"""

from collections.abc import Mapping
from enum import StrEnum

from protocol.entries import (
    bulk,
    card,
    certificate,
    device,
    face,
    interface,
    life,
    message,
    modes,
    network,
    oqs,
    page,
    registry,
    visit,
)
from protocol.entries.entry import Entry, Retry, Text

__all__ = ["ENTRIES", "Code", "Entry", "Retry", "Text", "entry"]


class Code(StrEnum):
    """Codes in use. The lines stand in ENTRIES; a test holds the two together."""

    CARD_UNREADABLE = "C101"
    NOT_MY_NUMBER_CARD = "C102"
    CARD_TORN = "C103"
    VERIFICATION_NUMBER_WRONG = "C104"
    PHOTO_NOT_AUTHENTIC = "C105"
    WRONG_PIN = "C106"
    PIN_BLOCKED = "C107"
    NO_CERTIFICATE = "C108"
    OTHER_CARD = "C109"
    CARD_LEFT_BEHIND = "C110"
    CAMERA_MISSING = "F201"
    FACE_NOT_SEEN = "F202"
    FACE_NOT_MATCHED = "F203"
    MODEL_MISSING = "F204"
    FACE_ATTEMPTS_USED = "F205"
    ASSIST_MODE = "F206"
    BROKER_UNREACHABLE = "N301"
    CLOUD_SILENT = "N302"
    ANSWER_NOT_TRUSTED = "N303"
    OUTBOX_FULL = "N304"
    READER_UNKNOWN = "M401"
    SIGNATURE_BAD = "M402"
    REPLAYED = "M403"
    STALE = "M404"
    VERSION_UNKNOWN = "M405"
    TOO_LARGE = "M406"
    MALFORMED = "M407"
    WRONG_READER = "M408"
    REQUEST_ID_REUSED = "M409"
    BUSY = "M410"
    UNKNOWN_VERIFICATION = "M411"
    CHAIN_BROKEN = "K501"
    CERTIFICATE_EXPIRED = "K502"
    CERTIFICATE_REVOKED = "K503"
    CARD_SIGNATURE_BAD = "K504"
    TERMINAL_PROOF_REFUSED = "K505"
    NOT_FOUND = "R601"
    NOT_VALID = "R602"
    NOT_REGISTERED = "R603"
    DISCLOSURE_HOLD = "R604"
    GRACE = "R605"
    DISK_FULL = "D701"
    CONFIG_WRONG = "D702"
    FACILITY_FOLDER = "D703"
    SELFTEST_FAILED = "D704"
    VISIT_TIMED_OUT = "V801"
    CONSENT_UNANSWERED = "V802"
    FACILITY_UNKNOWN = "A901"
    SIGN_IN_NEEDED = "A902"
    NOT_YOUR_ROLE = "A903"
    NOT_IN_PROFILE = "A904"
    NOT_THERE = "A905"
    INPUT_UNREADABLE = "A906"
    INPUT_TOO_LARGE = "A907"
    MEDIA_TYPE = "A908"
    WRONG_STATE = "A909"
    TOO_SLOW = "A910"
    SIGN_IN_FAILED = "A911"
    CONSENT_MISSING = "A912"
    INTERNAL = "A913"
    SUBSTITUTE_REVOKED = "E401"
    MODE_NOT_OPEN = "E402"
    FOUR_EYES = "E403"
    MODE_INCOMPLETE = "E404"
    SEARCHED_TOO_OFTEN = "E405"
    ACTIVATION_REFUSED = "E406"
    TICKET_OVER = "E407"
    ONLINE_NOT_SET = "E408"
    WORDS_NEEDED = "E409"
    BULK_TOO_MANY = "B170"
    BULK_NOBODY = "B171"
    BULK_ROW_LACKS = "B172"
    BULK_ROW_UNREADABLE = "B173"
    BULK_OVER = "B174"
    BULK_WAITING = "B175"
    OQS_NAME = "B150"
    OQS_UNREADABLE = "B151"
    OQS_TOO_LARGE = "B152"
    OQS_ARCHIVE = "B153"
    OQS_ENTITY = "B154"
    OQS_DUPLICATE = "B155"
    OQS_ENCODING = "B156"
    OQS_CHARACTER = "B157"
    OQS_VALUE = "B158"
    OQS_OTHER_FACILITY = "B159"
    OQS_WAITING = "B160"
    TERMS_NOT_ACCEPTED = "L201"
    START_DAY = "L202"
    FUNCTION_OFF = "L203"
    ADDRESS_REFUSED = "L204"
    FACTORS_OF_ONE_KIND = "L205"
    SIGN_IN_PAUSED = "L206"
    ENROLMENT_REFUSED = "L207"
    PASSWORD_WEAK = "L208"  # noqa: S105  its code
    ACCOUNT_EXISTS = "L209"
    LAST_ADMINISTRATOR = "L210"
    NUMBER_TAKEN = "L211"
    PERSON_LINKED = "L212"
    ACCOUNTS_LINE = "L213"
    CERTIFICATE_ENDS = "L214"
    LINK_GONE = "P301"
    WORD_WRONG = "P302"
    WORD_TOO_SOON = "P303"
    LINK_LOCKED = "P304"
    PAGE_CLOSED = "P305"
    WORD_UNKNOWN = "P306"
    PAGE_NOT_THERE = "P307"
    PAGE_INPUT = "P308"
    PAGE_DOWN = "P309"


ENTRIES: Mapping[Code, Entry] = {
    Code(code): lines
    for part in (
        card,
        face,
        network,
        message,
        certificate,
        registry,
        device,
        visit,
        interface,
        modes,
        bulk,
        oqs,
        life,
        page,
    )
    for code, lines in part.LINES.items()
}


def entry(code: Code | str) -> Entry:
    """The lines of a code. Raises ValueError for a code that does not exist."""
    return ENTRIES[Code(code)]
