"""A visitor's picture becomes a card photo: head and shoulders, grey, 240 x 320."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from device.face import quality
from device.face.geometry import Similarity, fit
from device.face.mesh import Face
from device.face.model import Hint
from device.face.quality import Limits
from device.ports import Frame
from device.simulated.heads.card import HEIGHT, WIDTH
from device.simulated.picture import upright

FindFaces = Callable[[Frame], list[Face]]
"""Every face in an RGB picture, largest first."""

MOST_SIDE = 1280
LIMITS = Limits(
    eye_distance_px=36.0, height_most=0.85, off_centre_most=0.35, second_face=0.4
)
"""A little more room than before the reader: a photograph may be framed otherwise."""
EYES = np.array([(WIDTH / 2 - 32.0, 136.0), (WIDTH / 2 + 32.0, 136.0)])
"""Where the patients' card photos have their eyes."""
OUTSIDE_MOST = 0.2
"""Share of the photo that the picture does not reach; its border is drawn out there."""

SENTENCES = {
    Hint.NO_FACE: (
        "顔が見つかりません。正面から、顔全体が入るように撮ってください。",
        "No face found: look straight ahead with your whole face in the picture.",
    ),
    Hint.ONE_PERSON: (
        "複数の人が写っています。お一人で撮ってください。",
        "More than one person is in the picture: please stand there alone.",
    ),
    Hint.CLOSER: (
        "顔が小さすぎます。もう少し近づいてください。",
        "The face is too small: come a little closer.",
    ),
    Hint.FARTHER: (
        "顔が近すぎます。もう少し離れてください。",
        "The face is too close: move back a little.",
    ),
    Hint.CENTRE: (
        "顔が端に寄っています。真ん中に入れてください。",
        "The face is too near the edge: move to the middle.",
    ),
    Hint.FRONT: (
        "顔が横を向いています。正面を向いてください。",
        "The face is turned: look straight ahead.",
    ),
    Hint.DARK: (
        "暗すぎます。明るい方を向いてください。",
        "The picture is too dark: face the light.",
    ),
    Hint.BRIGHT: (
        "明るすぎます。強い光を避けてください。",
        "The picture is too bright: turn away from the strong light.",
    ),
    Hint.STILL: (
        "ぼけています。動かずに撮りなおしてください。",
        "The picture is blurred: hold still and try again.",
    ),
}


class PortraitError(ValueError):
    """No card photo can be made of it; the message says in two languages what to do."""

    def __init__(self, hint: Hint) -> None:
        ja, en = SENTENCES[hint]
        super().__init__(f"{ja} / {en}")
        self.hint = hint


def portrait(data: bytes, find: FindFaces) -> Image.Image:
    """Grey, 240 x 320, eyes level. Raises PictureError, PortraitError.

    Nothing of the file but these pixels is kept.
    """
    picture = upright(data, MOST_SIDE)
    faces = find(np.asarray(picture))
    hint = quality.hint(faces, picture, LIMITS)
    if hint is not None:
        raise PortraitError(hint)
    place = fit(faces[0].eyes, EYES)
    if _outside(place, picture.size) > OUTSIDE_MOST:
        raise PortraitError(Hint.CENTRE)
    return _cut(picture.convert("L"), place)


def _cut(picture: Image.Image, place: Similarity) -> Image.Image:
    """What `place` carries onto the photo; sampled twice as fine, then reduced."""
    factor = max(1, int(0.5 / place.scale))
    small = picture.reduce(factor)
    margin = max(small.size) // 2
    wide = Image.fromarray(np.pad(np.asarray(small), margin, mode="edge"))
    back = place.inverse()
    a, b = back.a / 2 / factor, back.b / 2 / factor
    x, y = back.tx / factor + margin, back.ty / factor + margin
    fine = wide.transform(
        (2 * WIDTH, 2 * HEIGHT),
        Image.Transform.AFFINE,
        (a, -b, x, b, a, y),
        resample=Image.Resampling.BICUBIC,
    )
    return fine.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _outside(place: Similarity, size: tuple[int, int]) -> float:
    down, across = np.mgrid[0:HEIGHT:4, 0:WIDTH:4]
    photo = np.stack([across.ravel(), down.ravel()], axis=1).astype(np.float64)
    found = place.inverse().apply(photo)
    inside = ((found >= 0) & (found < np.array(size))).all(axis=1)
    return 1.0 - float(inside.mean())
