"""A head and a scene become one frame of the camera."""

from PIL import Image

from device.simulated.heads.curves import Picture
from device.simulated.heads.film import backdrop, developed, noisy, softened
from device.simulated.heads.glasses import FRAMES, with_glasses
from device.simulated.heads.head import Head
from device.simulated.heads.occluders import occluded
from device.simulated.heads.pose import posed
from device.simulated.heads.raster import rasterise
from device.simulated.heads.scene import Scene
from device.simulated.heads.shading import shaded
from device.simulated.heads.template import POINTS


def render(head: Head, scene: Scene) -> Picture:
    """(height, width, 3) RGB. The same head and scene give the same pixels."""
    geometry = head.geometry(scene.expression)
    pose = posed(geometry, scene)
    seen = rasterise(
        pose.screen, pose.depth, geometry.triangles, scene.size, geometry.one_sided
    )
    light = shaded(head, geometry, pose, seen, scene)
    pixels = backdrop(scene)
    pixels.reshape(-1, 3)[seen.pixel] = developed(light, scene.exposure)
    picture = Image.fromarray(pixels)
    landmarks = pose.screen[:POINTS]
    if head.features.glasses:
        picture = with_glasses(picture, landmarks, FRAMES[head.features.glasses])
    if scene.occluder is not None:
        picture = occluded(picture, landmarks, scene.occluder, head.features.skin)
    return noisy(softened(picture, seen.pixel, scene.blur), scene)


def render_empty(scene: Scene) -> Picture:
    """The same place with nobody in it."""
    return noisy(Image.fromarray(backdrop(scene)), scene)
