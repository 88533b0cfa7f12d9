"""Packs the charts of a room into one lightmap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MARGIN_TEXELS = 2


@dataclass(frozen=True)
class Chart:
    """A rectangle to place: its size in metres and its resolution as a factor."""

    size: tuple[float, float]
    detail: float


def pack(charts: list[Chart], atlas_size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Places every chart in a square of `atlas_size` texels at the highest even resolution.

    Returns origins (n, 2) and sizes (n, 2) in texels without margin, whether each is turned (n,), and the
    resolution in texels a metre at detail 1.
    """
    low, high = 4.0, 400.0
    best = None
    while high / low > 1.01:
        density = (low * high) ** 0.5
        placed = _pack_at(charts, atlas_size, density)
        if placed is None:
            high = density
        else:
            low, best = density, placed
    if best is None:
        raise ValueError(
            f"{len(charts)} charts do not fit a lightmap of {atlas_size} texels: use fewer or larger parts"
        )
    return *best, low


def _pack_at(charts, atlas_size: int, density: float):
    wanted = np.array([np.array(chart.size) * chart.detail * density for chart in charts])
    sizes = np.maximum(np.ceil(wanted), 2).astype(int)
    turned = sizes[:, 1] > sizes[:, 0]
    sizes[turned] = sizes[turned][:, ::-1]
    padded = sizes + 2 * MARGIN_TEXELS
    if padded.max() > atlas_size or padded.prod(axis=1).sum() > atlas_size**2:
        return None
    origins = np.zeros_like(sizes)
    skyline = [(0, 0, atlas_size)]  # (x, height, width), from left to right
    for index in np.lexsort((-padded[:, 0], -padded[:, 1])):
        place = _lowest(skyline, *padded[index], atlas_size)
        if place is None:
            return None
        origins[index] = place[:2]
        skyline = _raised(skyline, place, *padded[index])
    return origins + MARGIN_TEXELS, sizes, turned


def _lowest(skyline, width: int, height: int, atlas_size: int):
    best = None
    for first, (x, _, _) in enumerate(skyline):
        if x + width > atlas_size:
            break
        top, reach, last = 0, x, first
        while reach < x + width:
            top = max(top, skyline[last][1])
            reach = skyline[last][0] + skyline[last][2]
            last += 1
        if top + height <= atlas_size and (best is None or top < best[1]):
            best = (x, top, first, last)
    return best


def _raised(skyline, place, width: int, height: int):
    x, top, first, last = place
    end = x + width
    end_x, end_top, end_width = skyline[last - 1]
    rest = [(end, end_top, end_x + end_width - end)] if end_x + end_width > end else []
    return skyline[:first] + [(x, top + height, width)] + rest + skyline[last:]
