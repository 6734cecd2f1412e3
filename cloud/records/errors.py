"""Why records are not handed out. No text here names a person, a drug or a key.

RecordsError
|-- ConsentClosedError   no consent is open, or no longer; nothing is handed out
|-- DisclosureHeldError  閲覧停止: the registry discloses nothing of this person
`-- SealBrokenError      a stored row is not what was sealed, or one is missing
"""


class RecordsError(Exception):
    pass


class ConsentClosedError(RecordsError):
    pass


class DisclosureHeldError(RecordsError):
    pass


class SealBrokenError(RecordsError):
    pass
