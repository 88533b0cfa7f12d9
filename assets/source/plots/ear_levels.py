"""Draws how loud a stereo recording is in each ear over time.

    python3 assets/source/plots/ear_levels.py HEARD.wav docs/images/circle-walk.svg [START_SECS] [END_SECS]

Needs nothing but Python. Levels are those of 100 ms windows; a window counts only where somebody speaks. Below them stands
the difference of the ears, as a mean over a second.
"""

import array
import math
import sys
import wave

WINDOW_SECS = 0.1
SPOKEN_DB = -50.0
WIDTH, HEIGHT, LEFT, RIGHT, TOP = 900, 460, 56, 16, 34
LEVELS = (TOP, 210, -40.0, -15.0)
DIFFERENCE = (300, 120, -6.0, 6.0)


def levels_db(path, start_secs, end_secs):
    """Windows of (seconds, left dB, right dB)."""
    with wave.open(path) as recording:
        if (recording.getnchannels(), recording.getsampwidth()) != (2, 2):
            sys.exit(f"{path} is no stereo recording of 16 bits, as atrium-bot --listen writes it")
        rate = recording.getframerate()
        samples = array.array("h", recording.readframes(recording.getnframes()))
    window = int(WINDOW_SECS * rate)
    windows = []
    for first in range(int(start_secs * rate), min(int(end_secs * rate), len(samples) // 2) - window, window):
        ears = []
        for ear in (0, 1):
            part = samples[2 * first + ear : 2 * (first + window) + ear : 2]
            power = sum(sample * sample for sample in part) / len(part) / 32768.0**2
            ears.append(10.0 * math.log10(power + 1e-12))
        windows.append((first / rate - start_secs, *ears))
    return windows


def smooth(points, secs):
    """A mean over `secs` round each point; points without words round them are left out."""
    means = []
    for at, _ in points:
        near = [value for other, value in points if abs(other - at) <= secs / 2]
        means.append((at, sum(near) / len(near)))
    return means


def main():
    path, out = sys.argv[1:3]
    start_secs = float(sys.argv[3]) if len(sys.argv) > 3 else 0.0
    end_secs = float(sys.argv[4]) if len(sys.argv) > 4 else math.inf
    spoken = [w for w in levels_db(path, start_secs, end_secs) if max(w[1:]) > SPOKEN_DB]
    last_secs = spoken[-1][0]

    def x(secs):
        return LEFT + (WIDTH - LEFT - RIGHT) * secs / last_secs

    def y(value, frame):
        top, height, low, high = frame
        return top + height * (high - min(max(value, low), high)) / (high - low)

    def line(points, frame, colour, width=2):
        path = " ".join(f"{x(at):.1f},{y(value, frame):.1f}" for at, value in points)
        return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"/>'

    svg = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for frame, step in ((LEVELS, 5), (DIFFERENCE, 3)):
        top, height, low, high = frame
        for value in range(int(low), int(high) + 1, step):
            at = y(value, frame)
            svg.append(f'<line x1="{LEFT}" y1="{at:.1f}" x2="{WIDTH - RIGHT}" y2="{at:.1f}" stroke="#dddddd"/>')
            svg.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end" fill="#444444">{value}</text>')
        for secs in range(0, int(last_secs) + 1, 5):
            svg.append(
                f'<line x1="{x(secs):.1f}" y1="{top}" x2="{x(secs):.1f}" y2="{top + height}" stroke="#eeeeee"/>'
                f'<text x="{x(secs):.1f}" y="{top + height + 16}" text-anchor="middle" fill="#444444">{secs} s</text>'
            )
    for ear, (name, colour) in enumerate((("left ear", "#1f6fb4"), ("right ear", "#d1495b"))):
        points = [(w[0], w[1 + ear]) for w in spoken]
        svg.append(line(smooth(points, 1.0), LEVELS, colour))
        svg.append(f'<text x="{LEFT + 8 + 90 * ear}" y="{TOP - 12}" fill="{colour}">{name} [dB]</text>')
    difference = smooth([(w[0], w[1] - w[2]) for w in spoken], 1.0)
    svg.append(line([(0, 0), (last_secs, 0)], DIFFERENCE, "#888888", 1))
    svg.append(line(difference, DIFFERENCE, "#333333"))
    svg.append(f'<text x="{LEFT + 8}" y="{DIFFERENCE[0] - 12}" fill="#333333">left less right [dB]</text>')
    svg.append("</svg>")
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(svg) + "\n")

    crossings = [a for (a, d), (_, e) in zip(difference, difference[1:]) if d < 0 <= e]
    laps = [f"{b - a:.1f} s" for a, b in zip(crossings, crossings[1:])]
    print(f"difference {min(d for _, d in difference):.1f} to {max(d for _, d in difference):.1f} dB, laps of {', '.join(laps)}")


main()
