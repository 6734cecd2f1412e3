"""The world as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from enum import Enum
from typing import Any

from device.simulated.panel import Shot
from device.simulated.persona import Persona
from device.simulated.voice import SimulatedVoice
from device.simulated.world import World
from device.visit_log import VisitFact


def state(world: World) -> dict[str, Any]:
    """What is so now; a page draws itself from this alone."""
    shot, camera, scene = world.panel.shot, world.camera, world.camera.scene
    return {
        "seq": shot.seq if shot else 0,
        "view": shot.view if shot else "",
        "name": shot.name if shot else "",
        "refresh": refresh(shot) if shot else None,
        "light": world.lights.light.value,
        "sound": world.speaker.sound.value if world.speaker.sound else "",
        "sounds": world.speaker.played,
        "camera_on": camera.is_on,
        "card": world.tray.card,
        "card_fault": world.tray.fault,
        "line": world.line.mode if world.line else None,
        "standing": camera.standing,
        "own_picture": world.own_picture,
        "guest": world.guest.printed if world.guest else None,
        "pose": {
            "yaw": scene.yaw,
            "pitch": scene.pitch,
            "distance": scene.distance_cm,
            "light": scene.light.value,
            "occluder": scene.occluder.value if scene.occluder else "none",
        },
        "visits": len(world.visits.facts()),
        "files": len(files(world)),
        **spoken(world.voice),
        "training": world.training,
        "steps": steps(world),
    }


def steps(world: World) -> int | None:
    """Differs whenever GET /timeline would: a row more, or one more screen drawn."""
    if world.timeline is None:
        return None
    shot = world.panel.shot
    return world.timeline.rows_ever + (shot.seq if shot else 0)


def refresh(one: Shot) -> dict[str, Any]:
    """How the paper came to this picture, as the panel's own figures have it."""
    box = one.box
    return {
        "kind": one.update.value,
        "box": [box.x, box.y, box.w, box.h],
        "ms": round(one.ms),
    }


def spoken(voice: SimulatedVoice | None) -> dict[str, Any]:
    """What is said now. `voice` false: this reader has none."""
    saying = voice.player.saying if voice else None
    return {
        "voice": voice is not None,
        "headphones": voice is not None and voice.headphones.plugged(),
        "saying": plain(asdict(saying)) if saying else None,
    }


def shot(one: Shot) -> dict[str, Any]:
    return {
        "seq": one.seq,
        "view": one.view,
        "name": one.name,
        "update": one.update.value,
        "path": str(one.path) if one.path else None,
    }


def persona(one: Persona) -> dict[str, Any]:
    """What stands on the tray. The PIN is public: nobody has it."""
    return {
        "id": one.id,
        "name": one.name,
        "kana": one.name_kana,
        "roman": one.name_roman,
        "age": one.age,
        "pin": one.pin,
        "story_ja": one.story_ja,
        "story_en": one.story_en,
        "special": bool(one.situation),
        "fictitious": True,
    }


def visit(fact: VisitFact) -> dict[str, Any]:
    """Every field of the fact; `outcome` is its ending."""
    record = {f.name: plain(getattr(fact, f.name)) for f in fields(fact)}
    ran = [asdict(step) for step in fact.steps]
    return record | {"steps": ran, "outcome": fact.ending.value}


def plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(part) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(part) for part in value]
    return value


def files(world: World) -> list[dict[str, Any]]:
    """What arrived for the receipt computer, oldest first."""
    if world.facility is None or not world.facility.is_dir():
        return []
    found = [
        (status.st_mtime_ns, path.name, status.st_size)
        for path in world.facility.iterdir()
        if not path.name.startswith(".") and path.is_file()
        for status in (path.stat(),)
    ]
    return [{"name": name, "bytes": size} for _, name, size in sorted(found)]
