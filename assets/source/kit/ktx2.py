"""Writes KTX 2.0 textures (Khronos, KTX file format specification 2.0), zstd-compressed."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import zstandard

_IDENTIFIER = b"\xabKTX 20\xbb\r\n\x1a\n"
_E5B9G9R9 = 123  # VK_FORMAT_E5B9G9R9_UFLOAT_PACK32
_ZSTD_SCHEME = 2
_EXPONENT_BITS, _MANTISSA_BITS, _EXPONENT_BIAS = 5, 9, 15


def shared_exponent(rgb: np.ndarray, kept_bits: int = _MANTISSA_BITS) -> np.ndarray:
    """(…, 3) linear light from 0 to 65,408 as packed (…) uint32: nine bits a colour, five for their exponent.

    kept_bits: fewer leaves the lowest bits zero, which compresses better.
    """
    rgb = np.clip(np.nan_to_num(rgb), 0.0, 65408.0)
    largest = np.maximum(rgb.max(axis=-1), 2.0**-16)
    exponent = np.clip(np.floor(np.log2(largest)).astype(int) + 1 + _EXPONENT_BIAS, 0, 31)
    unit = 2.0 ** (exponent - _EXPONENT_BIAS - _MANTISSA_BITS)
    exponent = np.where(np.round(largest / unit) >= 512, exponent + 1, exponent)
    unit = 2.0 ** (exponent - _EXPONENT_BIAS - _MANTISSA_BITS)
    step = 1 << (_MANTISSA_BITS - kept_bits)
    mantissa = np.clip(np.round(rgb / (unit * step)[..., None]) * step, 0, 511).astype(np.uint32)
    return mantissa[..., 0] | mantissa[..., 1] << 9 | mantissa[..., 2] << 18 | exponent.astype(np.uint32) << 27


def write(path: Path, levels: list[np.ndarray], kept_bits: int = _MANTISSA_BITS) -> int:
    """Writes mip levels, largest first: (h, w, 3) for a picture or (6, h, w, 3) for a cube (+x -x +y -y +z -z).

    Rows run from top to bottom. Returns the size of the file in bytes.
    """
    is_cube = levels[0].ndim == 4
    height, width = levels[0].shape[-3:-1]
    raw = [shared_exponent(level, kept_bits).astype("<u4").tobytes() for level in levels]
    packer = zstandard.ZstdCompressor(level=19)
    packed = [packer.compress(level) for level in raw]
    descriptor = _data_format_descriptor()
    head_bytes = len(_IDENTIFIER) + 13 * 4 + 2 * 8
    index_bytes = 24 * len(levels)
    descriptor_at = head_bytes + index_bytes
    offset = descriptor_at + len(descriptor)
    places: dict[int, int] = {}
    body = b""
    for index in reversed(range(len(levels))):  # the smallest level stands first
        places[index] = offset + len(body)
        body += packed[index]
    header = _IDENTIFIER + struct.pack(
        "<13I2Q",
        _E5B9G9R9,
        4,
        width,
        height,
        0,
        0,
        6 if is_cube else 1,
        len(levels),
        _ZSTD_SCHEME,
        descriptor_at,
        len(descriptor),
        0,
        0,
        0,
        0,
    )
    table = b"".join(struct.pack("<3Q", places[i], len(packed[i]), len(raw[i])) for i in range(len(levels)))
    path.write_bytes(header + table + descriptor + body)
    return path.stat().st_size


def read(path: Path) -> list[np.ndarray]:
    """The levels of a file that `write` made, as it took them."""
    data = path.read_bytes()
    _, _, width, height, _, _, faces, count = struct.unpack_from("<8I", data, len(_IDENTIFIER))
    levels = []
    for index in range(count):
        offset, packed_bytes, _ = struct.unpack_from("<3Q", data, len(_IDENTIFIER) + 13 * 4 + 2 * 8 + 24 * index)
        packed = np.frombuffer(zstandard.ZstdDecompressor().decompress(data[offset : offset + packed_bytes]), "<u4")
        shape = (max(1, height >> index), max(1, width >> index))
        levels.append(_unpacked(packed.reshape((6, *shape) if faces == 6 else shape)))
    return levels


def _unpacked(packed: np.ndarray) -> np.ndarray:
    unit = 2.0 ** ((packed >> 27).astype(float) - _EXPONENT_BIAS - _MANTISSA_BITS)
    return np.stack([(packed >> shift & 511) * unit for shift in (0, 9, 18)], axis=-1)


def _data_format_descriptor() -> bytes:
    """Khronos Data Format 1.3, basic block, for E5B9G9R9: a mantissa and the shared exponent for each colour."""
    samples = b""
    for channel in range(3):
        samples += struct.pack("<HBB4B2I", 9 * channel, _MANTISSA_BITS - 1, channel, 0, 0, 0, 0, 0, 256)
        samples += struct.pack("<HBB4B2I", 27, _EXPONENT_BITS - 1, channel | 0x20, 0, 0, 0, 0, _EXPONENT_BIAS, 31)
    model_rgb, primaries_bt709, transfer_linear = 1, 1, 1
    block = struct.pack("<2H", 2, 24 + len(samples))
    block += struct.pack("<4B", model_rgb, primaries_bt709, transfer_linear, 0)
    block += struct.pack("<4B8B", 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0)
    block = struct.pack("<I", 0) + block + samples
    return struct.pack("<I", len(block) + 4) + block
