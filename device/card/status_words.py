"""Status words (ISO 7816-4 section 5.6), as My Number cards use them."""

OK = 0x9000
END_OF_FILE = 0x6282
"""Fewer bytes than asked: the file ended. The data is good."""
NO_LIMIT = 0x6300
WRONG_LENGTH = 0x6700
SECURITY_NOT_SATISFIED = 0x6982
BLOCKED_ISO = 0x6983
BLOCKED = 0x6984
"""What real cards answer to VERIFY with data once the tries are used up."""
CONDITIONS = 0x6985
NO_CURRENT_FILE = 0x6986
NOT_A_FILE = 0x6981
WRONG_DATA = 0x6A80
NOT_FOUND = 0x6A82
WRONG_P1_P2 = 0x6A86
REFERENCE_NOT_FOUND = 0x6A88
PAST_END = 0x6B00
UNKNOWN_INS = 0x6D00
UNKNOWN_CLA = 0x6E00


def tries_left(sw: int) -> int | None:
    """x of 63Cx; 0 for the two words of a blocked key; None for any other word."""
    if sw & 0xFFF0 == 0x63C0:
        return sw & 0x0F
    return 0 if sw in (BLOCKED, BLOCKED_ISO) else None


def more_data(sw: int) -> int | None:
    """xx of 61xx as a length for GET RESPONSE (0 means 256)."""
    return sw & 0xFF if sw >> 8 == 0x61 else None


def right_le(sw: int) -> int | None:
    """xx of 6Cxx: the Le the card would have liked."""
    return sw & 0xFF if sw >> 8 == 0x6C else None
