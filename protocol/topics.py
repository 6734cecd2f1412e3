"""MQTT topic names (protocol/README.md section 2). No personal data, ever.

A reader writes below its own name only and reads only its own answers; the broker's
access list says the same with %u. QoS 1 for requests and answers, retained QoS 1 for
presence, whose will says "offline".
"""

from protocol.ids import ReaderId, reader_id

ROOT = "shikaku/v1/reader"
SHARED_REQUESTS = f"$share/intake/{ROOT}/+/request"
PRESENCE_OF_ALL = f"{ROOT}/+/presence"


def request(reader: ReaderId) -> str:
    return f"{ROOT}/{reader}/request"


def answer(reader: ReaderId) -> str:
    return f"{ROOT}/{reader}/answer"


def presence(reader: ReaderId) -> str:
    return f"{ROOT}/{reader}/presence"


def reader_of(topic: str) -> ReaderId:
    """Whose topic this is; ValueError for a name that is not one of ours."""
    head, _, last = topic.rpartition("/")
    root, _, name = head.rpartition("/")
    if root != ROOT or last not in {"request", "answer", "presence"}:
        raise ValueError("not a reader's topic")
    return reader_id(name)
