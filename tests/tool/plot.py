#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: plot.py PICTURE.svg REPORT.json [REPORT.json...] [BURST]

Reads a picture of `bootexits plot' with an XML parser, and measures it. Bands and bars must be those of the phases and
reasons in REPORTs, which `bootexits report --json' printed of the same logs. The curve must show BURST exits at once.
Exit status: 0 they are; 1 not, or the picture is malformed.
"""
import json
import re
import sys
import xml.etree.ElementTree as ET
from collections import Counter

SVG = "{http://www.w3.org/2000/svg}"
LEFT, RIGHT, BARS = 116, 876, 690	# of plot.gp, in pixels
NEAR = 1.1
SHOWN = 8


def boxes(node):
    """(left, right, top) of each rectangle below a node"""
    for polygon in node.iter(SVG + "polygon"):
        points = [tuple(map(float, pair.split(","))) for pair in polygon.get("points").split()]
        if len(points) == 4:
            xs, ys = zip(*points)
            yield min(xs), max(xs), min(ys)


def expect(what, good):
    if not good:
        sys.exit(f"wrong: {what}")


def check_bands(svg, run):
    """Every second phase has two bands, from where it began to where it ended."""
    bands = Counter((round(a, 1), round(b, 1)) for node in svg.iter(SVG + "polygon")
                    if node.get("fill-opacity", "").startswith("0.16")
                    for a, b, _ in boxes(wrap(node)))
    phases = run["phases"]
    last = run.get("observer", {}).get("last", {"tsc": 0})["tsc"]
    end = max([phase["end_tsc"] for phase in phases] + [last]) * 1.005
    want = [[LEFT + phase[key] / end * (RIGHT - LEFT) for key in ("begin_tsc", "end_tsc")]
            for phase in phases[1::2]]
    expect(f"{len(bands)} bands of {len(phases)} phases", len(bands) == len(want))
    for (a, b), (left, right) in zip(sorted(bands), sorted(want)):
        expect(f"band {a} to {b}, not {left:.1f} to {right:.1f}",
               abs(a - left) < NEAR and abs(b - right) < NEAR and bands[a, b] == 2)


def stands_for(text, name):
    """A name, or its beginning if there is no room for all"""
    return text == name or (text.endswith("…") and len(text) > 4 and name.startswith(text[:-1]))


def width(text):
    """The most pixels that a text can take in DejaVu Sans of 13 pixels"""
    return sum(13 if char in "mwMWOQ@%<>=+~^&#…" or ord(char) > 126 else 6 if char in "fijlrtI.,:;|!'()[]{}-/ *" else 9.2 for char in text)


def check_room(svg):
    """No text leaves the picture. An upright text does not reach the title."""
    for node in svg.iter(SVG + "g"):
        where = node.get("transform") or ""
        text = next(node.iterfind(SVG + "text"), None)
        place = re.match(r"translate\(([\d.]+),([\d.]+)\)( rotate)?", where)
        if text is None or not place:
            continue
        x, y = float(place[1]), float(place[2])
        wide = width("".join(text.itertext()).strip())
        anchor = node.get("text-anchor")
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        if place[3]:
            expect(f"{text.text} is over the title", y < 300 and y - wide > 26 or y > 300)
        else:
            expect(f"{text.text} leaves the picture: {left:.0f}", left > -1 and left + wide < 901)


def wrap(node):
    group = ET.Element("g")
    group.append(node)
    return group


def check_bars(svg, runs):
    """The segments of a reason, over all bars, are as wide as its exits."""
    totals = Counter()
    for run in runs:
        for reason in run["total"]["reasons"]:
            totals[reason["name"].lower()] += reason["exits"]
    top = sorted(totals, key=lambda name: (-totals[name], name))[:SHOWN]
    most = max(phase["exits"] for run in runs for phase in run["phases"])
    scale = (BARS - LEFT) / (most * 1.1)
    groups = [node for node in svg.iter(SVG + "g") if (node.get("id") or "").startswith("exits_plot_")]
    drawn = Counter()
    for group in groups[-len(top) - 2 - (len(totals) > SHOWN):-2]:
        text = next(group.iter(SVG + "text")).text
        rectangles = list(boxes(group))[1:]	# the first one is in the key
        drawn[text.lower()] = sum(right - left for left, right, _ in rectangles)
    for name in top:
        shown = next((text for text in drawn if stands_for(text, name)), name)
        expect(f"{name} is {drawn[shown] / scale:.0f} exits wide, not {totals[name]}",
               abs(drawn[shown] - totals[name] * scale) < NEAR * len(runs) * 10)
    rest = sum(totals[name] for name in totals if name not in top)
    expect("all others", abs(drawn["all others"] - rest * scale) < NEAR * len(runs) * 10)


def check_burst(svg, run, burst):
    """Within two pixels, the curve rises somewhere by that many exits."""
    curve = next(node for node in svg.iter(SVG + "g") if node.get("id") == "exits_plot_2a")
    points = [point[1:].split(",") for path in curve.iter(SVG + "path") for point in path.get("d").split()]
    points = [(float(x), float(y)) for x, y in points]
    height = 230 / 1.05 * burst / run["total"]["exits"]
    rises = [y - v for (x, y), (u, v) in zip(points, points[1:]) if u - x < 2 * NEAR]
    expect(f"no burst of {height:.0f} pixels", max(rises) > height - 3)


def main():
    burst = int(sys.argv.pop()) if sys.argv[-1].isdigit() else 0
    svg = ET.parse(sys.argv[1]).getroot()
    expect("the root", svg.tag == SVG + "svg" and svg.get("viewBox"))
    expect("an element that does something", not [node for node in svg.iter() if node.tag.split("}")[1] in
           ("script", "image", "foreignObject", "b", "img", "a")])
    runs = [json.load(open(path))["runs"][0] for path in sys.argv[2:]]
    texts = Counter("".join(node.itertext()) for node in svg.iter(SVG + "text"))
    for name, exits in {(phase["name"], phase["exits"]) for run in runs for phase in run["phases"]}:
        expect(f"phase {name} is not named", any(stands_for(text, name) for text in texts))
        expect(f"{exits:,} exits of {name} are missing", texts[f"{exits:,}"])
    check_room(svg)
    expect("a tooltip that is gnuplot's own", not [node for node in svg.iter(SVG + "title") if "_plot_" in node.text])
    if len(runs) == 1:
        check_bands(svg, runs[0])
    check_bars(svg, runs)
    if burst:
        check_burst(svg, runs[0], burst)
    for path in svg.iter(SVG + "path"):
        expect("a path of more than 2,000 points", path.get("d").count(" ") < 2000)


main()
