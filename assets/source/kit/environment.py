"""Panorama to cube maps: irradiance and a mirror image blurred by roughness (split-sum, GGX)."""

from __future__ import annotations

import numpy as np

SPECULAR_SIZE, DIFFUSE_SIZE = 128, 32
_SAMPLES = 512


def cube_directions(size: int) -> np.ndarray:
    """(6, size, size, 3) directions of room space, faces +x -x +y -y +z -z as KTX orders them.

    Cube maps are left-handed: their z is the room's -z.
    """
    at = (np.arange(size) + 0.5) / size * 2 - 1
    s, t = np.meshgrid(at, at)
    one = np.ones_like(s)
    faces = [(one, -t, -s), (-one, -t, s), (s, one, t), (s, -one, -t), (s, -t, one), (-s, -t, -one)]
    directions = np.array([np.stack(face, axis=2) for face in faces])
    directions[..., 2] *= -1
    return directions / np.linalg.norm(directions, axis=3, keepdims=True)


def look_up(panorama: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Radiance of `panorama` (h, 2h, 3) in `directions` (…, 3) of room space; its middle column looks to -z."""
    height, width = panorama.shape[:2]
    yaw = np.arctan2(directions[..., 0], -directions[..., 2])
    x = (yaw / (2 * np.pi) + 0.5) * width - 0.5
    y = np.arccos(np.clip(directions[..., 1], -1, 1)) / np.pi * height - 0.5
    x0, y0 = np.floor(x).astype(int), np.clip(np.floor(y).astype(int), 0, height - 2)
    fx, fy = (x - x0)[..., None], np.clip(y - y0, 0, 1)[..., None]
    a, b = panorama[y0, x0 % width], panorama[y0, (x0 + 1) % width]
    c, d = panorama[y0 + 1, x0 % width], panorama[y0 + 1, (x0 + 1) % width]
    return (a * (1 - fx) + b * fx) * (1 - fy) + (c * (1 - fx) + d * fx) * fy


def irradiance(panorama: np.ndarray) -> list[np.ndarray]:
    """One level (6, n, n, 3): what a white matte surface that looks there would show (irradiance over pi)."""
    small = halved(panorama, 32)
    directions, weights = _panorama_directions(small)
    targets = cube_directions(DIFFUSE_SIZE).reshape(-1, 3)
    cos = np.clip(targets @ directions.T, 0, None)
    return [((cos * weights) @ small.reshape(-1, 3) / np.pi).reshape(6, DIFFUSE_SIZE, DIFFUSE_SIZE, 3)]


def specular(panorama: np.ndarray) -> list[np.ndarray]:
    """Levels (6, n, n, 3) from 128² to 1²; level i is blurred for perceptual roughness i / (levels - 1)."""
    count = SPECULAR_SIZE.bit_length()
    levels = []
    for level in range(count):
        size = SPECULAR_SIZE >> level
        roughness = level / (count - 1)
        source = halved(panorama, max(16, 256 >> max(0, level - 1)))
        directions = cube_directions(size)
        levels.append(look_up(source, directions) if level == 0 else _blurred(source, directions, roughness))
    return levels


def _blurred(source, normals, roughness: float) -> np.ndarray:
    """Mean over GGX half vectors round each normal, seen along it (Karis 2013)."""
    alpha = roughness**2
    index = np.arange(_SAMPLES)
    radical = np.array([int(f"{i:010b}"[::-1], 2) / 1024.0 for i in index])
    phi = 2 * np.pi * (index + 0.5) / _SAMPLES
    cos = np.sqrt((1 - radical) / (1 + (alpha**2 - 1) * radical))
    sin = np.sqrt(1 - cos**2)
    half = np.stack([sin * np.cos(phi), sin * np.sin(phi), cos], axis=1)
    light = 2 * half[:, 2:] * half - [0, 0, 1]
    weight = np.clip(light[:, 2], 0, None)
    flat = normals.reshape(-1, 3)
    up = np.where(np.abs(flat[:, 1:2]) < 0.99, [[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]])
    tangent = np.cross(up, flat)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    other = np.cross(flat, tangent)
    total = np.zeros_like(flat)
    for (x, y, z), share in zip(light, weight):
        if share > 0:
            total += share * look_up(source, x * tangent + y * other + z * flat)
    return (total / weight.sum()).reshape(normals.shape)


def halved(panorama: np.ndarray, height: int) -> np.ndarray:
    """The mean of blocks, until at most `height` rows are left."""
    while panorama.shape[0] > height:
        panorama = (panorama[::2, ::2] + panorama[1::2, ::2] + panorama[::2, 1::2] + panorama[1::2, 1::2]) / 4
    return panorama


def _panorama_directions(panorama):
    height, width = panorama.shape[:2]
    theta = (np.arange(height) + 0.5) / height * np.pi
    yaw = ((np.arange(width) + 0.5) / width - 0.5) * 2 * np.pi
    theta, yaw = np.meshgrid(theta, yaw, indexing="ij")
    directions = np.stack([np.sin(theta) * np.sin(yaw), np.cos(theta), -np.sin(theta) * np.cos(yaw)], axis=2)
    weights = np.sin(theta) * (np.pi / height) * (2 * np.pi / width)
    return directions.reshape(-1, 3), weights.reshape(-1)
