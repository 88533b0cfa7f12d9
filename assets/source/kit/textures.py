"""Seamless textures painted with numpy. Colours are sRGB from 0 to 1; roughness as glTF has it, from 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Texture:
    """color: (h, w, 3) sRGB. roughness: (h, w). Rows go from top to bottom; u follows the columns."""

    color: np.ndarray
    roughness: np.ndarray


def srgb(code: str) -> np.ndarray:
    """ "#ECE7DF" as three numbers from 0 to 1, still sRGB."""
    return np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)]) / 255.0


def linear(color) -> np.ndarray:
    """sRGB to linear (IEC 61966-2-1)."""
    color = np.asarray(color, float)
    return np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)


def encoded(color) -> np.ndarray:
    """Linear to sRGB (IEC 61966-2-1)."""
    color = np.clip(np.asarray(color, float), 0.0, 1.0)
    return np.where(color <= 0.0031308, color * 12.92, 1.055 * color ** (1 / 2.4) - 0.055)


def noise(shape, seed: int, falloff: float = 1.5, stretch=(1.0, 1.0), coarsest: float = 1.0) -> np.ndarray:
    """Seamless fractal noise (h, w), mean 0 and deviation 1.

    falloff: 0 is white noise, 2 is clouds. stretch: longer features along (v, u). coarsest: cycles over the
    texture below which nothing is left.
    """
    rng = np.random.default_rng(seed)
    fy = np.fft.fftfreq(shape[0])[:, None] * shape[0] * stretch[0]
    fx = np.fft.rfftfreq(shape[1])[None, :] * shape[1] * stretch[1]
    radius = np.hypot(fy, fx)
    gain = np.where(radius >= coarsest, 1.0 / np.maximum(radius, coarsest) ** falloff, 0.0)
    field = np.fft.irfft2(np.fft.rfft2(rng.standard_normal(shape)) * gain, s=shape)
    return (field - field.mean()) / max(field.std(), 1e-9)


def tinted(base, amount) -> np.ndarray:
    """The colour `base` (3,), lighter or darker by `amount` (h, w) as a share."""
    return np.clip(base[None, None, :] * (1.0 + amount[..., None]), 0.0, 1.0)


def mixed(a, b, share) -> np.ndarray:
    """From `a` to `b`, colours (3,) or (h, w, 3), by `share` (h, w)."""
    share = np.clip(share, 0.0, 1.0)[..., None]
    return a * (1.0 - share) + b * share


def plaster(code: str, size: int = 512, seed: int = 1, grain: float = 0.012) -> Texture:
    """Painted plaster: a trowel's slow waves and a fine grain."""
    waves = noise((size, size), seed, 2.0, coarsest=2)
    fine = noise((size, size), seed + 1, 0.6, coarsest=20)
    return Texture(tinted(srgb(code), grain * waves + grain * 0.7 * fine), 0.82 + 0.03 * waves)


def wood(
    code: str,
    size=(1024, 1024),
    planks: int = 8,
    joints: int = 2,
    seed: int = 1,
    contrast: float = 1.0,
    gap: float = 0.5,
    rough: float = 0.5,
) -> Texture:
    """Planks whose grain runs along u. joints: butt joints in a row (0: as long as the texture). gap: 0 to 1."""
    h, w = size
    rng = np.random.default_rng(seed)
    fibre = noise((h, w), seed + 1, 1.0, (1.0, 28.0), coarsest=6)
    pores = noise((h, w), seed + 2, 0.35, (1.0, 10.0), coarsest=60)
    flow = noise((h, w), seed + 3, 2.2, (1.0, 9.0), coarsest=1.5)
    tone = np.zeros((h, w))
    grain = np.zeros((h, w))
    lines = np.zeros((h, w))
    warm = np.zeros((h, w))
    rows = np.linspace(0, h, planks + 1).astype(int)
    for top, bottom in zip(rows, rows[1:]):
        cuts = [0, w]
        if joints:
            start = rng.uniform(0, w / joints)
            cuts = [0, *(int(start + w / joints * k) for k in range(joints)), w]
        boards = [(a, b) for a, b in zip(cuts, cuts[1:]) if b > a]
        tones = rng.normal(0, 1, len(boards))
        tones[-1] = tones[0]  # the board that goes on over the seam
        shifts = rng.integers(0, h, len(boards))
        shifts[-1] = shifts[0]
        for (a, b), board_tone, shift in zip(boards, tones, shifts):
            at = np.ix_((np.arange(top, bottom) + shift) % h, np.arange(a, b))
            across = np.linspace(-1, 1, bottom - top)[:, None]
            rings = np.sin((flow[at] * 1.6 + across * rng.uniform(0.6, 1.6)) * rng.uniform(4, 7))
            block = (slice(top, bottom), slice(a, b))
            tone[block], warm[block] = board_tone, rng.normal()
            grain[block] = 0.55 * rings + 0.75 * fibre[at] + 0.35 * pores[at]
            if a and joints:
                lines[top:bottom, max(0, a - 1) : a + 1] = 1
        lines[top : top + max(1, h // 700 + 1)] = 1
    amount = contrast * (0.055 * tone + 0.045 * grain) - 0.5 * gap * lines
    color = tinted(srgb(code), amount)
    color *= 1.0 + np.array([0.012, 0.0, -0.02]) * warm[..., None] * contrast
    return Texture(np.clip(color, 0, 1), np.clip(rough + 0.06 * grain + 0.2 * lines, 0.2, 0.95))


def cloth(code: str, size: int = 512, threads: int = 128, seed: int = 1, melange: float = 0.05, second=None) -> Texture:
    """Wool or felt: a plain weave of `threads` a side, with fibres of slightly different colour."""
    at = np.arange(size) / size * threads
    warp, weft = np.sin(2 * np.pi * at)[None, :], np.sin(2 * np.pi * at)[:, None]
    over = (np.floor(at)[None, :] + np.floor(at)[:, None]) % 2
    weave = np.where(over > 0.5, np.abs(warp) * np.ones((size, 1)), np.abs(weft) * np.ones((1, size)))
    fibres = noise((size, size), seed, 0.7, (1.0, 3.0), 16) + noise((size, size), seed + 1, 0.7, (3.0, 1.0), 16)
    clouds = noise((size, size), seed + 2, 2.0, coarsest=3)
    color = tinted(srgb(code), 0.10 * (weave - 0.6) + melange * fibres * 0.7 + 0.015 * clouds)
    if second is not None:
        color = mixed(color, tinted(srgb(second), 0.08 * (weave - 0.6)), (fibres > 1.4) * 0.7)
    return Texture(color, np.clip(0.9 - 0.05 * weave, 0, 1))


def carpet(ground: str, line: str, accent: str, size: int = 1024, tufts: int = 220, seed: int = 1) -> Texture:
    """A tufted carpet with overlapping arches (one repeat holds two arches a side)."""
    # Drawn tuft by tuft, so that a line follows the yarn.
    cell = (np.arange(size) * tufts // size + 0.5) / tufts
    rng = np.random.default_rng(seed)
    jitter = rng.normal(0, 0.0022, (tufts, tufts, 2))
    index = np.arange(size) * tufts // size
    x = cell[None, :] + jitter[np.ix_(index, index)][..., 0]
    y = cell[:, None] + jitter[np.ix_(index, index)][..., 1]
    color = np.broadcast_to(srgb(ground), (size, size, 3)).copy()
    done = np.zeros((size, size), bool)
    # Nearest row first: each arch covers the ones behind it.
    for row in range(6, -3, -1):
        base = row / 4.0
        offset = 0.25 if row % 2 else 0.0
        px = (x - offset + 0.25) % 0.5 - 0.25
        distance = np.hypot(px, (y - base) * 1.0)
        inside = (distance < 0.25) & (y <= base) & ~done
        ring = distance / 0.25
        for at, half_width, code in ((0.955, 0.04, line), (0.66, 0.022, line), (0.36, 0.02, accent)):
            color[inside & (np.abs(ring - at) < half_width)] = srgb(code)
        done |= inside
    v = np.arange(size) / size * tufts
    bump = np.abs(np.sin(np.pi * v))[None, :] * np.abs(np.sin(np.pi * v))[:, None]
    yarn = rng.normal(0, 1, (tufts, tufts))[np.ix_(index, index)]
    fine = noise((size, size), seed + 3, 0.3, coarsest=30)
    clouds = noise((size, size), seed + 4, 2.0, coarsest=2)
    amount = 0.16 * (bump - 0.5) + 0.035 * yarn + 0.02 * fine + 0.015 * clouds
    return Texture(np.clip(color * (1 + amount[..., None]), 0, 1), 0.94 - 0.06 * bump)


def brushed(code: str, size: int = 256, seed: int = 1, rough: float = 0.38) -> Texture:
    """Brushed metal, along u."""
    strokes = noise((size, size), seed, 0.5, (1.0, 30.0), coarsest=4)
    return Texture(tinted(srgb(code), 0.03 * strokes), np.clip(rough + 0.06 * strokes, 0.2, 0.9))


def powder_coat(code: str, size: int = 256, seed: int = 1, rough: float = 0.58) -> Texture:
    """Powder-coated metal: fine orange peel, without metal's shine."""
    peel = noise((size, size), seed, 0.8, coarsest=24)
    return Texture(tinted(srgb(code), 0.03 * peel), np.clip(rough + 0.05 * peel, 0, 1))


def leaf(code: str, size: int = 256, seed: int = 1) -> Texture:
    """Leaf green with veins off a middle rib at v = 0.5; u runs from stalk to tip."""
    u, v = np.meshgrid(np.linspace(0, 1, size), np.linspace(-1, 1, size))
    veins = np.abs(((u * 9 - np.abs(v) * 2.2) % 1.0) - 0.5)
    rib = np.exp(-((v / 0.05) ** 2))
    mottle = noise((size, size), seed, 1.5, coarsest=3)
    amount = 0.05 * mottle + 0.22 * rib + 0.10 * np.exp(-((veins / 0.07) ** 2)) * (1 - rib) - 0.05 * np.abs(v)
    return Texture(tinted(srgb(code), amount), np.clip(0.55 + 0.05 * mottle - 0.1 * rib, 0.3, 0.9))


def flat(code: str, size: int = 128, seed: int = 1, rough: float = 0.5, variation: float = 0.01) -> Texture:
    """One colour, not quite even: paint, ceramic, paper."""
    clouds = noise((size, size), seed, 1.6, coarsest=2)
    return Texture(tinted(srgb(code), variation * clouds), np.clip(rough + 0.04 * clouds, 0.05, 1))
