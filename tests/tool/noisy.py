# SPDX-License-Identifier: GPL-2.0-only
"""Boots of a noisy source: tests/data/single.log with more CPUIDs in the kernel, by numbers that are chosen here.

usage: noisy.py log MORE >FILE          print one such log
       noisy.py coverage TOOL DIRECTORY medians of 300 samples, as the tool's report --json has them: they hold what
                                        their interval claims, and are at most 1.5 times as wide as the t interval
"""
import binascii, json, math, os, random, re, statistics, subprocess, sys

LINES = [line.rsplit(" *", 1)[0] for line in open("tests/data/single.log")]


def log(more):
    def grown(match):
        return match[1] + str(int(match[2]) + more)

    text = []
    for line in LINES:
        entry = re.search(r"entry=(\d+)", line)
        if entry and int(entry[1]) >= 3:
            if " phase " in line:
                line = re.sub(r"( total=)(\d+)", grown, line)
            elif "name=cpuid" in line:
                line = re.sub(r"( count=)(\d+)", grown, line)
        if " sync " in line:
            line = re.sub(r"( after=)(\d+)", grown, line)
        text.append(f"{line} *{binascii.crc_hqx(line.encode(), 0):04x}\n")
    return "".join(text)


def medians(tool, directory):
    out = subprocess.run([tool, "report", "--json", directory], capture_output=True, check=True).stdout
    return json.loads(out)["medians"]


def sample(tool, directory, values):
    """Write the boots and return the interval of the total's exits, and its confidence."""
    os.makedirs(directory, exist_ok=True)
    for i, value in enumerate(values):
        with open(f"{directory}/{i:02}.log", "w") as file:
            file.write(log(value))
    report = medians(tool, directory)
    exits = report["total"]["exits"]
    assert exits["median"] == 44500 + statistics.median(values), (exits, values)
    assert [exits["min"], exits["max"]] == [44500 + min(values), 44500 + max(values)]
    return exits["low"] - 44500, exits["high"] - 44500, report["confidence"]


def coverage(tool, directory):
    random.seed(22)
    kinds = {"normal": (lambda: round(random.gauss(5000, 400)), 5000),
             "skewed": (lambda: round(random.expovariate(1 / 1000)), 1000 * math.log(2))}
    for n, t, rounds in (5, 2.776445, 60), (10, 2.262157, 60), (30, 2.045230, 30):
        for kind, (value, median) in kinds.items():
            covered, width, others = 0, 0, 0
            for _ in range(rounds):
                values = [value() for _ in range(n)]
                low, high, confidence = sample(tool, f"{directory}/{n}", values)
                covered += low <= median <= high
                width += high - low
                others += 2 * t * statistics.stdev(values) / math.sqrt(n)
            least = confidence - 3 * math.sqrt(confidence * (1 - confidence) / rounds)
            print(f"{n} {kind} boots: {covered} of {rounds} at {confidence:.4f}, {width / others:.2f} of t's width")
            assert covered / rounds >= least and (confidence > 0.95 or n == 5), (n, kind)
            assert kind != "normal" or width <= 1.5 * others, (n, kind)


if sys.argv[1] == "log":
    sys.stdout.write(log(int(sys.argv[2])))
else:
    coverage(*sys.argv[2:])
