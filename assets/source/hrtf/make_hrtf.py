"""Converts measured head-related responses (SOFA, AES69) into assets/hrtf/NAME.hrtf, and reports what that costs.

    make_hrtf.py ../shared/data/hrtf/MIT_KEMAR_normal_pinna.sofa

See README.md beside this file for the choices and the layout of the output.
"""

import argparse
import pathlib
import struct

import h5py
import numpy as np
from scipy.signal import butter, resample_poly, sosfiltfilt

RATE_HZ = 48_000
FFT = 8_192
FREQUENCIES_HZ = np.fft.rfftfreq(FFT, 1 / RATE_HZ)
TAPS = 96
FADE_TAPS = 16
OCTAVES_HZ = (250, 500, 1_000, 2_000, 4_000, 8_000)
# Below, the loudspeaker of the measurement gave too little sound; the head is small there, and both ears hear alike.
LOWEST_MEASURED_HZ = 200
# Above, the loudspeaker fades; its roll-off is not to be undone.
HIGHEST_EQUALISED_HZ = 16_000
# Interaural delay is heard in the fine structure of low frequencies.
DELAY_BAND_HZ = (200, 3_000)
DELAY_OVERSAMPLING = 32


def read_sofa(path):
    """Directions (N, 2: azimuth counter-clockwise from the front, elevation; degrees) and responses (N, 2 ears, samples)."""
    with h5py.File(path) as sofa:
        if sofa.attrs["SOFAConventions"] != b"SimpleFreeFieldHRIR":
            raise SystemExit(f"{path}: not a SimpleFreeFieldHRIR file")
        rate_hz = float(sofa["Data.SamplingRate"][0])
        directions = sofa["SourcePosition"][:, :2]
        responses = sofa["Data.IR"][:]
    # The same sound, sampled more often: the sum over a response must stay, so that its spectrum does.
    up, down = RATE_HZ // 300, int(rate_hz) // 300
    responses = resample_poly(responses, up, down, axis=-1, window=("kaiser", 14.0)) * (rate_hz / RATE_HZ)
    order = np.lexsort((directions[:, 0], directions[:, 1]))
    return directions[order], responses[order]


def solid_angle_weights(elevations_deg):
    """Share of the sphere that each direction stands for; the lowest ring also stands for what is below it."""
    rings = np.unique(elevations_deg)
    edges = np.radians(np.concatenate(([-90], (rings[1:] + rings[:-1]) / 2, [90])))
    weights = np.zeros(len(elevations_deg))
    for ring, low, high in zip(rings, edges[:-1], edges[1:]):
        members = elevations_deg == ring
        weights[members] = (np.sin(high) - np.sin(low)) / 2 / members.sum()
    return weights


def smoothed_db(level_db, octaves):
    """Mean over a window of constant width on the logarithmic axis."""
    summed = np.concatenate(([0], np.cumsum(level_db)))
    low = np.floor(np.arange(len(level_db)) * 2 ** (-octaves / 2)).astype(int)
    high = np.minimum(np.ceil(np.arange(len(level_db)) * 2 ** (octaves / 2)).astype(int) + 1, len(level_db))
    return (summed[high] - summed[low]) / (high - low)


def diffuse_field_db(magnitudes, weights):
    """Level that sound from everywhere has at an ear: loudspeaker, microphone and ear canal, without direction."""
    power = np.einsum("n,nef->f", weights, magnitudes**2) / 2
    level_db = smoothed_db(10 * np.log10(power + 1e-12), 1 / 3)
    held = level_db[np.searchsorted(FREQUENCIES_HZ, HIGHEST_EQUALISED_HZ)]
    return np.where(FREQUENCIES_HZ > HIGHEST_EQUALISED_HZ, held, level_db)


def equalised(magnitudes, weights):
    """What direction alone does to the spectrum; 0 dB towards 0 Hz."""
    level_db = 20 * np.log10(magnitudes + 1e-6) - diffuse_field_db(magnitudes, weights)
    # A floor: notches deeper than this are inaudible, and would ring on in a minimum-phase response.
    level_db = np.maximum(level_db, -50)
    known = np.searchsorted(FREQUENCIES_HZ, LOWEST_MEASURED_HZ)
    low = np.arange(known) / known
    level_db[..., :known] = level_db[..., known, None] * low
    return 10 ** (level_db / 20)


def minimum_phase(magnitudes):
    """The shortest responses with these magnitudes, by the folded real cepstrum."""
    cepstra = np.fft.irfft(np.log(np.maximum(magnitudes, 1e-6)), FFT)
    cepstra[..., 1 : FFT // 2] *= 2
    cepstra[..., FFT // 2 + 1 :] = 0
    return np.fft.irfft(np.exp(np.fft.rfft(cepstra, FFT)), FFT)


def shortened(responses, taps=TAPS):
    fade = np.ones(taps)
    fade[-FADE_TAPS:] = 0.5 + 0.5 * np.cos(np.pi * (np.arange(FADE_TAPS) + 0.5) / FADE_TAPS)
    return responses[..., :taps] * fade


def lag_samples(a, b):
    """How many samples (fractions too) `a` comes after `b`, by the peak of their correlation; rows of signals."""
    size = 2 * a.shape[-1]
    cross = np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size))
    padded = np.zeros(cross.shape[:-1] + (size * DELAY_OVERSAMPLING // 2 + 1,), complex)
    padded[..., : cross.shape[-1]] = cross
    correlation = np.fft.irfft(padded)
    peak = np.argmax(correlation, axis=-1)
    peak = np.where(peak > correlation.shape[-1] // 2, peak - correlation.shape[-1], peak)
    return peak / DELAY_OVERSAMPLING


def low_band(responses):
    """What interaural delay is read from; room before and after, since the filter spreads both ways."""
    padded = np.zeros(responses.shape[:-1] + (2_048,))
    heard = responses[..., :1_024]
    padded[..., 512 : 512 + heard.shape[-1]] = heard
    return sosfiltfilt(butter(2, DELAY_BAND_HZ, "bandpass", fs=RATE_HZ, output="sos"), padded)


def delays(responses, minimum):
    """Delay of each ear's response behind its minimum-phase part, in samples; the earliest of all is 0.

    Only the difference between the ears is kept, half of it in each: what they have in common differs by up to 0.2 ms
    from ring to ring, since the loudspeaker was moved, and would be heard as a comb between two rings.
    """
    a, b = low_band(responses), low_band(minimum)
    lags = np.array([[lag_samples(a[n, ear], b[n, ear]) for ear in (0, 1)] for n in range(len(a))])
    lags -= lags.mean(axis=1, keepdims=True)
    return lags - lags.min()


def delayed(responses, delays_samples):
    """Responses with their delays put back, exactly, for comparison."""
    spectrum = np.fft.rfft(responses, FFT)
    turn = np.exp(-2j * np.pi * FREQUENCIES_HZ / RATE_HZ * (delays_samples[..., None] + 64))
    return np.fft.irfft(spectrum * turn, FFT)


def interaural_delay_us(responses):
    ears = low_band(responses)
    return np.array([lag_samples(pair[0], pair[1]) for pair in ears]) / RATE_HZ * 1e6


def octave_levels_db(magnitudes):
    bands = [(FREQUENCIES_HZ >= f / 2**0.5) & (FREQUENCIES_HZ < f * 2**0.5) for f in OCTAVES_HZ]
    return np.stack([10 * np.log10((magnitudes[..., band] ** 2).mean(-1)) for band in bands], -1)


def write(path, directions, filters, delays_samples):
    """See README.md for the layout."""
    scales = np.abs(filters).max(-1) / 32_767
    with open(path, "wb") as out:
        out.write(struct.pack("<4sIII", b"AHR1", RATE_HZ, len(filters), filters.shape[-1]))
        for direction, scale, taps, delay in zip(directions, scales, filters, delays_samples):
            out.write(np.float32(direction).astype("<f4").tobytes())
            for ear in (0, 1):
                out.write(struct.pack("<ff", delay[ear] / RATE_HZ, scale[ear]))
                out.write(np.rint(taps[ear] / scale[ear]).astype("<i2").tobytes())


def report(name, errors, unit):
    p50, p95 = np.percentile(errors, (50, 95))
    print(f"{name}: p50 {p50:.2f}, p95 {p95:.2f}, most {errors.max():.2f} {unit}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("sofa", type=pathlib.Path)
    default = pathlib.Path(__file__).resolve().parents[2] / "hrtf" / "mit_kemar.hrtf"
    arguments.add_argument("--output", type=pathlib.Path, default=default)
    arguments.add_argument("--taps", type=int, default=TAPS)
    arguments = arguments.parse_args()

    directions, responses = read_sofa(arguments.sofa)
    measured = np.abs(np.fft.rfft(responses, FFT))
    directional = equalised(measured, solid_angle_weights(directions[:, 1]))
    filters = shortened(minimum_phase(directional), arguments.taps)
    delays_samples = delays(responses, minimum_phase(measured))
    write(arguments.output, directions, filters, delays_samples)

    kept = np.abs(np.fft.rfft(filters, FFT))
    heard = (directions[:, 1] >= -30) & (directions[:, 1] <= 60)
    errors_db = np.abs(octave_levels_db(kept) - octave_levels_db(directional))[heard]
    for band, frequency in enumerate(OCTAVES_HZ):
        report(f"level at {frequency} Hz", errors_db[..., band], "dB")
    report("level in octaves", errors_db, "dB")
    errors_us = np.abs(interaural_delay_us(delayed(filters, delays_samples)) - interaural_delay_us(responses))[heard]
    report("interaural delay", errors_us, "µs")
    print(f"delays up to {delays_samples.max() / RATE_HZ * 1e3:.3f} ms; {arguments.output.stat().st_size} bytes")
    front = np.flatnonzero((directions[:, 0] == 0) & (directions[:, 1] == 0))[0]
    print("front, dB per octave:", octave_levels_db(kept)[front, 0].round(1))


if __name__ == "__main__":
    main()
