"""Why records are not handed out. No text here names a person, a drug or a key.

ConsentClosedError       (cloud/consent/gate.py) no consent opens them, or no longer
RecordsError
|-- DisclosureHeldError  閲覧停止: the registry discloses nothing of this person
`-- SealBrokenError      a stored row is not what was sealed, or one is missing
"""


class RecordsError(Exception):
    pass


class DisclosureHeldError(RecordsError):
    pass


class SealBrokenError(RecordsError):
    pass
