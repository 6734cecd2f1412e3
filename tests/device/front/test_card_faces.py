"""Cards on the page show their printed side; what is not ours has none."""

import io
from datetime import date
from typing import TYPE_CHECKING

from aiohttp import web
from PIL import Image

from device.simulated.card_face.faces import CardFaces
from device.simulated.card_face.specimen import SIZE
from device.simulated.persona import personas, specials
from device.simulated.world import World

if TYPE_CHECKING:
    from tests.device.front.conftest import Client

TODAY = date(2026, 4, 1)


async def test_a_card_that_is_not_ours_has_no_face(
    world: World, client: "Client"
) -> None:
    world.card_face = CardFaces(lambda: TODAY).png
    answer = await client.get("/card-face/somebody-else.png")
    assert answer.status == web.HTTPNotFound.status_code


async def test_a_world_without_faces_says_so(client: "Client") -> None:
    answer = await client.get(f"/card-face/{personas()[0].id}.png")
    assert answer.status == web.HTTPNotFound.status_code


async def test_a_card_of_ours_shows_its_face(world: World, client: "Client") -> None:
    world.card_face = CardFaces(lambda: TODAY).png
    answer = await client.get(f"/card-face/{personas()[0].id}.png")
    assert answer.content_type == "image/png"
    with Image.open(io.BytesIO(await answer.read())) as picture:
        assert picture.size == SIZE


async def test_special_cards_have_faces() -> None:
    faces = CardFaces(lambda: TODAY)
    for one in (specials()[0], specials()[-1]):
        picture = await faces.picture(one.id)
        assert picture is not None
        assert picture.size == SIZE


async def test_a_face_is_drawn_the_same_again() -> None:
    faces, persona = CardFaces(lambda: TODAY), personas()[5]
    assert await faces.png(persona.id) == await faces.png(persona.id)
