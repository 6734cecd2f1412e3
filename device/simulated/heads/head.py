"""One fictitious person's head: built once, posed cheaply."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from device.simulated.heads import hair, template, texture
from device.simulated.heads.curves import Flags, Indices, Numbers, single
from device.simulated.heads.deformation import deformed
from device.simulated.heads.expression import (
    Expression,
    expressed,
    eyeball,
    off_eyeballs,
)
from device.simulated.heads.features import features
from device.simulated.heads.light import openness
from device.simulated.heads.mesh import normals, shell
from device.simulated.heads.paint import paint
from device.simulated.heads.parts import Material, Part, parts

_TEETH_SHOWN = 0.08


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """Everything there is to see, in head space: the head's surface, then its parts."""

    points: Numbers
    normals: Numbers
    colours: Numbers
    address: Numbers
    triangles: Indices
    material: Indices
    """Of each triangle."""

    @property
    def one_sided(self) -> Flags:
        own: Flags = self.material == Material.HEAD
        return own

    def points_of(self, material: Material) -> Indices:
        found: Indices = np.unique(self.triangles[self.material == material])
        return found


class Head:
    """Parameters become a mesh, a painted skin and its soft shadows (about 2 s).

    Raises HeadError when the parameters describe no head. Not for two threads at
    once: the last expression is kept.
    """

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.features = features(parameters)
        average = shell()
        self._rest = deformed(average.coarse, self.features)
        self._eyes = {side: eyeball(self._rest, side) for side in template.SIDES}
        self._parts = parts(self.features, self._rest, self._eyes)
        growth = hair.growth(self.features, average.dense)
        self._hair = growth * hair.thickness(self.features)
        self.painting = paint(self.features)
        self._last = (Expression(), self._made(Expression()))
        resting = self._last[1]
        self.openness = openness(
            resting.points, resting.normals, resting.triangles, resting.material
        )

    def geometry(self, expression: Expression) -> Geometry:
        if self._last[0] != expression:
            self._last = (expression, self._made(expression))
        return self._last[1]

    def _made(self, expression: Expression) -> Geometry:
        average = shell()
        coarse = expressed(self._rest, average.coarse, self._eyes, expression)
        skin = off_eyeballs(average.refine(coarse), average.dense, self._eyes)
        outward = normals(skin, average.triangles)
        surface = single(skin + outward * self._hair[:, None])
        head = Part(
            Material.HEAD,
            surface,
            average.triangles,
            normals(surface, average.triangles),
            np.ones_like(surface),
            texture.address(average.dense),
        )
        return _joined([head, *self._parts], teeth=expression.mouth >= _TEETH_SHOWN)


def _joined(pieces: list[Part], *, teeth: bool) -> Geometry:
    starts = np.cumsum([0, *(len(piece.points) for piece in pieces[:-1])])
    shown = [
        (start, piece)
        for start, piece in zip(starts, pieces, strict=True)
        if teeth or piece.material is not Material.TEETH
    ]
    return Geometry(
        points=np.vstack([piece.points for piece in pieces]),
        normals=np.vstack([piece.normals for piece in pieces]),
        colours=np.vstack([piece.colours for piece in pieces]),
        address=np.vstack([piece.address for piece in pieces]),
        triangles=np.concatenate([piece.triangles + start for start, piece in shown]),
        material=np.concatenate(
            [
                np.full(len(piece.triangles), int(piece.material), np.int8)
                for _, piece in shown
            ]
        ),
    )
