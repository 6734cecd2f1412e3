"""What can be wrong with a message from the wire. Only these leave this room.

    WireError                     .code is a catalogue code
    |-- TooLargeError       M406  longer than anything we send
    |-- MalformedError      M407  not the one encoding of the one structure
    |-- VersionError        M405  well formed, and from another version
    |-- UnknownReaderError  M401  the signing key is not known, not valid, or revoked
    |-- WrongReaderError    M408  signed by a reader that this topic does not belong to
    |-- SignatureError      M402  the signature or the authenticated encryption fails
    |-- StaleError          M404  too old, too early, or its lifetime is over
    |-- ReplayedError       M403  this very envelope was here before
    |-- BusyError           M410  no room to take it safely now
    `-- MismatchError       N303  a genuine answer to another question

The text of an error names a rule, never a value from the message.
"""

from typing import ClassVar

from protocol.catalogue import Code


class WireError(Exception):
    """A message was refused."""

    code: ClassVar[Code]


class TooLargeError(WireError):
    code = Code.TOO_LARGE


class MalformedError(WireError):
    code = Code.MALFORMED


class VersionError(WireError):
    code = Code.VERSION_UNKNOWN


class UnknownReaderError(WireError):
    code = Code.READER_UNKNOWN


class WrongReaderError(WireError):
    code = Code.WRONG_READER


class SignatureError(WireError):
    code = Code.SIGNATURE_BAD


class StaleError(WireError):
    code = Code.STALE


class ReplayedError(WireError):
    code = Code.REPLAYED


class BusyError(WireError):
    code = Code.BUSY


class MismatchError(WireError):
    code = Code.ANSWER_NOT_TRUSTED
