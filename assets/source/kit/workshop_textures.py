"""Textures of the Studio and the Auditorium that no other room has."""

from __future__ import annotations

import numpy as np

from .textures import Texture, mixed, noise, srgb, tinted


def polished_concrete(code: str, size: int = 1024, slabs: int = 2, seed: int = 1) -> Texture:
    """Ground concrete: slow clouds, sand and pebbles that the grinder opened, saw cuts between slabs."""
    clouds = noise((size, size), seed, 2.1, coarsest=2)
    stains = noise((size, size), seed + 1, 1.5, coarsest=5)
    sand = noise((size, size), seed + 2, 0.25, coarsest=60)
    pebbles = noise((size, size), seed + 3, 0.9, coarsest=44)
    color = tinted(srgb(code), 0.022 * clouds + 0.016 * stains + 0.022 * sand)
    dark, light = np.clip((pebbles - 1.35) * 2.2, 0, 1), np.clip((-pebbles - 1.45) * 2.2, 0, 1)
    color = mixed(color, tinted(srgb("#8B8378"), 0.05 * sand), 0.5 * dark)
    color = mixed(color, tinted(srgb("#D9D2C5"), 0.04 * sand), 0.55 * light)
    at = np.arange(size)
    cut = np.minimum(at % (size // slabs), (-at) % (size // slabs)) < 1.5
    lines = np.maximum(cut[None, :], cut[:, None]).astype(float)
    color = color * (1 - 0.42 * lines[..., None])
    return Texture(np.clip(color, 0, 1), np.clip(0.46 + 0.05 * clouds + 0.03 * stains + 0.25 * lines, 0.2, 0.95))


def woven_hanging(size: int = 512) -> Texture:
    """A wall hanging of handspun wool: bands and half circles in the room's colours."""
    ground, green, clay, sand, dark = (srgb(code) for code in ("#DDD3C3", "#5E7A68", "#C4694B", "#C8A27A", "#4A443D"))
    v, u = np.meshgrid(np.linspace(0, 1, size), np.linspace(0, 1, size), indexing="ij")
    wobble = 0.004 * noise((size, size), 5, 1.4, coarsest=4)
    color = np.broadcast_to(ground, (size, size, 3)).copy()
    arch = np.hypot((u - 0.5), (v - 0.62) * 1.45) + wobble
    for radius, shade in ((0.40, green), (0.31, ground), (0.25, sand), (0.16, clay)):
        color[(arch < radius) & (v < 0.62)] = shade
    for low, high, shade in ((0.62, 0.635, dark), (0.70, 0.76, green), (0.80, 0.815, dark), (0.86, 0.93, sand)):
        color[(v + wobble > low) & (v + wobble < high)] = shade
    threads = 130
    row = np.abs(np.sin(np.pi * np.arange(size) / size * threads))
    yarn = 0.10 * (row[:, None] - 0.6) + 0.045 * noise((size, size), 6, 0.8, (4.0, 1.0), 16)
    return Texture(np.clip(color * (1 + yarn[..., None]), 0, 1), np.full((size, size), 0.92))


def line_drawing(seed: int, size: int = 512) -> Texture:
    """A framed print: hills or circles in few calm colours on paper."""
    rng = np.random.default_rng(seed)
    v, u = np.meshgrid(np.linspace(0, 1, size), np.linspace(0, 1, size), indexing="ij")
    color = np.broadcast_to(srgb("#F0EBE0"), (size, size, 3)).copy()
    inside = (u > 0.12) & (u < 0.88) & (v > 0.12) & (v < 0.88)
    tones = [srgb(code) for code in ("#BFD6E6", "#A9B8A6", "#7F9683", "#5E7A68", "#40564B")]
    color[inside] = srgb("#E4DCCB")
    sun = np.hypot(u - rng.uniform(0.35, 0.65), v - 0.36) < 0.1
    color[inside & sun] = srgb("#C4694B")
    for index, tone in enumerate(tones[1:]):
        waves = sum(np.sin(u * 2 * np.pi * k * rng.uniform(0.6, 1.2) + rng.uniform(0, 6)) / k for k in (1, 2, 3))
        line = 0.44 + 0.11 * index + 0.035 * waves
        color[inside & (v > line)] = tone
    grain = 0.02 * noise((size, size), seed, 0.5, coarsest=20)
    return Texture(np.clip(color * (1 + grain[..., None]), 0, 1), np.full((size, size), 0.8))


def stage_carpet(code: str, size: int = 512, seed: int = 1) -> Texture:
    """A loop-pile carpet in two close tones with short strokes, for the raked floor."""
    loops = 120
    cell = np.arange(size) * loops // size
    rng = np.random.default_rng(seed)
    strokes = noise((loops, loops), seed, 1.0, (1.0, 0.25), 6)[np.ix_(cell, cell)]
    yarn = rng.normal(0, 1, (loops, loops))[np.ix_(cell, cell)]
    at = np.arange(size) / size * loops
    bump = np.abs(np.sin(np.pi * at))[None, :] * np.abs(np.sin(np.pi * at))[:, None]
    color = mixed(tinted(srgb(code), np.zeros((size, size))), srgb("#A39480"), np.clip(strokes - 0.7, 0, 1) * 0.55)
    amount = 0.18 * (bump - 0.5) + 0.05 * yarn
    return Texture(np.clip(color * (1 + amount[..., None]), 0, 1), 0.95 - 0.06 * bump)
