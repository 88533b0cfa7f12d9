"""The view out of a high window at dusk: sky, haze and city as a picture on a far curved wall.

The sky is painted round the sun that lights the room, and goes over into the haze of the city.
"""

from __future__ import annotations

import numpy as np

from . import city, materials
from .city import View
from .light import Sun
from .materials import Material
from .mesh import Builder, Mesh
from .model import Model
from .textures import Texture, encoded, noise


def painted(view: View, sun: Sun, seed: int = 5) -> np.ndarray:
    """(h, w, 3) linear light of sky and city, ready to be shown. Empties Blender."""
    light, distance = city.traced(view, sun, seed)
    sky, haze = _sky(view, sun, seed)
    veil = np.clip(1.0 - np.exp(-np.clip(distance - 60.0, 0, None) / 1150.0), 0.0, 0.95)[..., None]
    return _graded(np.where(np.isfinite(distance)[..., None], light * (1 - veil) + haze * veil, sky))


def _graded(picture: np.ndarray) -> np.ndarray:
    """Richer, and with tone mapping undone, which would else take most of the colour of an evening sky."""
    luma = np.array([0.2126, 0.7152, 0.0722])
    level = picture @ luma
    rich = np.clip(level[..., None] + (picture - level[..., None]) * 1.5, 0, None)
    rich *= 1.4 * (np.clip(rich @ luma, 1e-3, None) / 0.55)[..., None] ** 0.35
    shown = encoded(rich / np.maximum(rich.max(axis=2, keepdims=True), 1.0))
    # An unlit texture ends at 1, which AgX shows as 0.79.
    light = before_agx(shown * (1.0 - 0.2 * shown))
    return light / np.maximum(light.max(axis=2, keepdims=True), 1.0)


_AGX_FROM_LINEAR = np.array(
    [
        [0.842479062, 0.0784336, 0.079223745],
        [0.042328242, 0.878468636, 0.079166127],
        [0.042375655, 0.0784336, 0.879142974],
    ]
)
_AGX_STOPS = (-12.47393, 4.026069)


def before_agx(shown: np.ndarray) -> np.ndarray:
    """The linear light that AgX (Troy Sobotka's, in Wrensch's polynomial) shows as the sRGB values `shown` (…, 3)."""
    steps = np.linspace(0, 1, 1024)
    curve = np.polyval([15.5, -40.14, 31.96, -6.868, 0.4298, 0.1191, -0.00232], steps)
    log = np.interp(shown @ _AGX_FROM_LINEAR.T, curve, steps)
    low, high = _AGX_STOPS
    return np.clip(2.0 ** (log * (high - low) + low) @ np.linalg.inv(_AGX_FROM_LINEAR).T, 0.0, None)


def backdrop(
    picture: np.ndarray, view: View, radius: float = 60.0, name: str = "skyline", exposure: float = 1.0
) -> Model:
    """The picture on a curved wall round the room, in two halves, unlit; its eye is 1.6 m over the floor."""
    model = Model()
    half_span = view.span_degrees / 2
    for index in range(2):
        label = f"{name} {('left', 'right')[index]}"
        width = picture.shape[1] // 2
        shown = encoded(np.clip(picture[:, index * width : (index + 1) * width] * exposure, 0, 1))
        texture = Texture(shown, np.ones((2, 2)))
        materials.add(label, Material(lambda texture=texture: texture, tile_m=None, baked=False, unlit=True))
        # Left of the picture is the larger yaw.
        start = view.yaw_degrees + half_span - index * half_span
        model = model.with_part(_curved_wall(radius, start, half_span, view), label)
    return model


def _curved_wall(radius: float, yaw_from: float, span: float, view: View) -> Mesh:
    columns, rows = 24, 8
    u, v = np.linspace(0, 1, columns + 1), np.linspace(0, 1, rows + 1)
    yaw = np.radians(yaw_from - span * u)
    pitch = np.radians(-view.down_degrees + (view.up_degrees + view.down_degrees) * v)
    points = np.stack(
        [
            np.outer(-np.sin(yaw), np.cos(pitch)) * radius,
            1.6 + np.outer(np.ones_like(yaw), np.sin(pitch)) * radius,
            np.outer(-np.cos(yaw), np.cos(pitch)) * radius,
        ],
        axis=2,
    )
    builder = Builder()
    builder.grid(points, uv=np.stack(np.meshgrid(u, v, indexing="ij"), axis=2))
    return builder.finish(smooth_degrees=120)


def _directions(view: View) -> tuple[np.ndarray, np.ndarray]:
    """Yaw and pitch in radians of each pixel, (h, w)."""
    u = (np.arange(view.width) + 0.5) / view.width
    v = (np.arange(view.height) + 0.5) / view.height
    yaw = np.radians(view.yaw_degrees + view.span_degrees * (0.5 - u))
    pitch = np.radians(view.up_degrees - (view.up_degrees + view.down_degrees) * v)
    return np.meshgrid(yaw, pitch)


def _sky(view: View, sun: Sun, seed: int):
    """The evening sky and the colour of the haze in front of it, both (h, w, 3)."""
    yaw, pitch = _directions(view)
    toward = np.stack([-np.sin(yaw) * np.cos(pitch), np.sin(pitch), -np.cos(yaw) * np.cos(pitch)], axis=2)
    level = np.array([*sun.direction])
    level[1] = 0.10  # the glow sits on the horizon below the sun
    level /= np.linalg.norm(level)
    near = np.clip((toward * level).sum(axis=2), -1, 1)
    glow = np.exp(-(1 - near) / 0.10) * 0.75 + np.exp(-(1 - near) / 0.5) * 0.3
    rise = np.clip(pitch / np.radians(46), 0, 1)[..., None]
    low, middle, high = (
        np.array([1.0, 0.80, 0.64]) * 0.80,
        np.array([0.80, 0.71, 0.74]) * 0.72,
        np.array([0.27, 0.45, 0.72]) * 0.72,
    )
    sky = np.where(
        rise < 0.28,
        low + (middle - low) * (rise / 0.28) ** 0.8,
        middle + (high - middle) * np.clip((rise - 0.28) / 0.72, 0, 1) ** 0.8,
    )
    warm = np.array([1.0, 0.66, 0.36])
    fade = np.exp(-np.clip(pitch, 0, None) / np.radians(17))
    sky = sky + warm * (glow * fade)[..., None] * 0.5
    sky = _clouds(sky, pitch, near, seed)
    haze_row = (low * 0.80 + middle * 0.12)[None, None] + warm * (glow * 0.34)[..., None]
    return sky, haze_row * np.ones((*yaw.shape, 1))


def _clouds(sky, pitch, near, seed: int):
    h, w = pitch.shape
    streaks = noise((1024, 4096), seed + 7, 1.6, (0.5, 5.0), 3)
    rows = np.clip(np.tan(np.clip(pitch, 0.02, 1.2)) ** 0.6 * 700, 0, 1023).astype(int)
    columns = np.broadcast_to(np.arange(w) * 4096 // w, (h, w))
    cover = np.clip((streaks[rows, columns] - 0.3) * 0.4, 0, 0.6)
    cover *= np.clip((pitch - 0.03) / 0.12, 0, 1)
    lit = np.array([1.0, 0.74, 0.56]) * (0.72 + 0.35 * np.clip(near, 0, 1) ** 3)[..., None]
    return sky * (1 - cover[..., None]) + lit * cover[..., None]
