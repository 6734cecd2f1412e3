"""What the line does with what is sent over it."""

from enum import StrEnum


class Mode(StrEnum):
    THROUGH = "through"
    SLOW = "slow"
    """Everything arrives in order, each way later."""
    STALLED = "stalled"
    """Connections stay open and nothing passes; what was sent arrives afterwards."""
    CUT = "cut"
    """Open connections are reset, and so are new ones."""
