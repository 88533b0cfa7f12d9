"""A view out of the windows: a landscape traced once as a panorama, then shown as a picture round the room.

The picture is laid over a level ground and a far round wall as seen from the eye, so that what is near keeps its
place on the ground when one walks about.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np

from . import cycles, materials
from .materials import Material
from .mesh import Builder
from .model import Model
from .room import blender_point, clear
from .textures import Texture, encoded, noise


@dataclass(frozen=True)
class Frame:
    """Which part of the surroundings the picture shows, in degrees, from `eye` in room space. `width` in pixels."""

    yaw_degrees: float
    span_degrees: float
    up_degrees: float
    down_degrees: float
    width: int
    eye: tuple[float, float, float] = (0.0, 1.6, 0.0)

    @property
    def height(self) -> int:
        """Rows of the picture."""
        return int(self.width * (self.up_degrees + self.down_degrees) / self.span_degrees) // 8 * 8


def traced(frame: Frame, build: Callable[[], None], key: str, samples: int = 32) -> np.ndarray:
    """(h, w, 3) linear light of the scene that `build` makes. Empties Blender; kept for a day under `key`."""
    digest = hashlib.sha256(f"{frame}{key}{samples}".encode()).hexdigest()[:16]
    cache = Path(tempfile.gettempdir()) / f"atrium-vista-{digest}.npy"
    if cache.exists():
        return np.load(cache)
    clear()
    build()
    scene = cycles.prepare(samples, bounces=4)
    camera = bpy.data.objects.new("view", bpy.data.cameras.new("view"))
    scene.collection.objects.link(camera)
    data = camera.data
    data.type, data.panorama_type, data.clip_end = "PANO", "EQUIRECTANGULAR", 100_000.0
    half = np.radians(frame.span_degrees / 2)
    data.longitude_min, data.longitude_max = -half, half
    data.latitude_min, data.latitude_max = -np.radians(frame.down_degrees), np.radians(frame.up_degrees)
    camera.location = blender_point(frame.eye)
    camera.rotation_euler = (np.pi / 2, 0, np.radians(frame.yaw_degrees))
    scene.camera = camera
    scene.render.resolution_x, scene.render.resolution_y = frame.width, frame.height
    with tempfile.TemporaryDirectory() as folder:
        scene.render.image_settings.file_format, scene.render.image_settings.color_depth = "OPEN_EXR", "32"
        scene.render.filepath = str(Path(folder) / "view.exr")
        bpy.ops.render.render(write_still=True)
        picture = cycles.read_image(Path(folder) / "view.exr")[..., :3].astype(np.float32)
    np.save(cache, picture)
    return picture


def with_clouds(picture: np.ndarray, frame: Frame, cover: float = 0.35, seed: int = 5) -> np.ndarray:
    """Thin, high clouds over the sky part of a picture, brighter than the sky behind them."""
    h, w = picture.shape[:2]
    pitch = np.radians(frame.up_degrees - (frame.up_degrees + frame.down_degrees) * (np.arange(h) + 0.5) / h)[:, None]
    yaw = np.radians(frame.span_degrees * ((np.arange(w) + 0.5) / w - 0.5))[None]
    field = noise((1024, 1024), seed, 1.8, (0.8, 1.6), 3)
    # Clouds lie on a level high above.
    away = 1.0 / np.tan(np.clip(pitch, 0.02, 1.5))
    across, along = (np.sin(yaw) * away * 150).astype(int) % 1024, (np.cos(yaw) * away * 150).astype(int) % 1024
    share = np.clip((field[along, across] - 1.0 + 2 * cover) * 0.4, 0, 0.75) * np.clip((pitch - 0.05) / 0.2, 0, 1)
    # Only the sky is bluer than green.
    share *= np.clip((picture[..., 2] / np.maximum(picture[..., 1], 1e-6) - 0.97) / 0.06, 0, 1)
    lit = picture.mean(axis=2, keepdims=True) * 1.15 + 0.28 * np.array([1.0, 0.97, 0.93])
    return picture * (1 - share[..., None]) + lit * share[..., None]


def shown(picture: np.ndarray, exposure: float, white: float = 4.0) -> np.ndarray:
    """(h, w, 3) linear light between 0 and 1: brighter than `white` is white, the rest is drawn in gently."""
    light = np.clip(picture, 0, None) * exposure
    level = light.max(axis=2, keepdims=True)
    drawn = level * (1 + level / white**2) / (1 + level)
    return np.clip(light * drawn / np.maximum(level, 1e-6), 0, 1)


def backdrop(picture: np.ndarray, frame: Frame, name: str, radius: float, ground: tuple[float, float] | None = None) -> Model:
    """The picture (linear, 0 to 1) on a round wall at `radius` metres in two halves, unlit.

    ground: its height and the distance from which on it lies there, in metres from the eye's axis.
    """
    model = Model()
    half = picture.shape[1] // 2
    for index, label in enumerate((f"{name} left", f"{name} right")):
        texture = Texture(encoded(picture[:, index * half : (index + 1) * half]), np.ones((2, 2)))
        materials.add(label, Material(lambda texture=texture: texture, tile_m=None, baked=False, unlit=True))
        model = model.with_part(_half(frame, index, radius, ground), label)
    return model


def _half(frame: Frame, index: int, radius: float, ground):
    columns = 20
    u = np.linspace(0, 1, columns + 1)
    yaw = np.radians(frame.yaw_degrees + frame.span_degrees / 2 * (1 - index - u))
    top, bottom = np.radians(frame.up_degrees), -np.radians(frame.down_degrees)
    places = [(radius, frame.eye[1] + radius * np.tan(pitch)) for pitch in np.linspace(top, 0.0, 6)]
    if ground is None:
        places += [(radius, frame.eye[1] + radius * np.tan(pitch)) for pitch in np.linspace(0.0, bottom, 4)[1:]]
    else:
        height, near = ground
        drop = frame.eye[1] - height
        near = max(near, drop / np.tan(-bottom) * 1.001)
        # Even steps in pitch keep the picture straight between the corners.
        last = np.arctan2(drop, radius)
        places += [(drop / np.tan(pitch), height) for pitch in np.linspace(last, np.arctan2(drop, near), 14)]
    pitches = np.array([np.arctan2(y - frame.eye[1], away) for away, y in places])
    v = (pitches - bottom) / (top - bottom)
    points = np.array([[(frame.eye[0] - np.sin(a) * away, y, frame.eye[2] - np.cos(a) * away) for away, y in places] for a in yaw])
    uv = np.stack(np.meshgrid(u, v, indexing="ij"), axis=2)
    builder = Builder()
    # Seen from inside: from left to right and from the foot up.
    builder.grid(points[:, ::-1], uv[:, ::-1])
    return builder.finish(smooth_degrees=180)
