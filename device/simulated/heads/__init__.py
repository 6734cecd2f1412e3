"""Fictitious people as 3D heads: what the simulated camera sees and cards carry."""

from device.simulated.heads.card import card_photo, card_picture
from device.simulated.heads.curves import Picture
from device.simulated.heads.features import HeadError
from device.simulated.heads.head import Head
from device.simulated.heads.light import Light
from device.simulated.heads.renderer import render, render_empty
from device.simulated.heads.scene import Occluder, Scene

__all__ = [
    "Head",
    "HeadError",
    "Light",
    "Occluder",
    "Picture",
    "Scene",
    "card_photo",
    "card_picture",
    "render",
    "render_empty",
]
