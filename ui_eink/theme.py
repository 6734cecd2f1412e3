"""Measures of the screen, in pixels of an 800x480 panel (about 4.9 per millimetre).

Sizes are the em height of the letters. A text may take a smaller step of its own
scale when it is long, and never less than the last: then it is an error.
"""

WIDTH, HEIGHT = 800, 480
BLACK, WHITE = 0, 1

MARGIN = 32
GAP = 16
STEPS_HEIGHT = 54
TITLE_HEIGHT = 80
FOOTER_HEIGHT = 40

HEADLINE = (76, 72, 68, 64, 60, 56, 52, 48)
"""The one message. 56 px is 11 mm: read at arm's length without glasses. The last
two are for letters with readings above them and for languages with long words."""
HEADING = (60, 56)
"""The message of a screen that has more to show than the message."""
BODY = (40, 38, 36, 34)
"""What helps. 34 px is 7 mm."""
CHOICE = (44, 40, 38, 36, 34)
SMALL = (24,)
FIGURE = (112,)
TITLE = (56, 52, 48, 44, 40, 36, 34)
"""The question of a screen, in its black band."""
MESSAGE = (64, 60, 56, 52, 48, 44, 40, 38, 36)
"""A sentence of the code catalogue, whose length is not ours to choose."""
STAFF = (30, 28, 26)
NOTE = (26, 24)
"""Corners and words for staff, who stand close."""
STEP = (28, 26)

RUBY = 17
"""The smallest furigana: 3.5 mm, and half the size of what they stand above."""
PIXELS_PER_MM = 800 / 163.2
"""A 7.5-inch panel of 800x480 dots is 163.2 mm wide (Waveshare 7.5inch e-Paper V2)."""
READ_MM = 5.0
"""Capitals that must be read are at least so high: HEADLINE to MESSAGE."""

LINE = 1.28
"""Line height in ems."""
STROKE = 4
RADIUS = 18
