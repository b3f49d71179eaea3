#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: cuts.py BOOTEXITS LOG...

Cuts each log, which has one run. It cuts off the head and the tail, at every line and within lines, and cuts holes
into the middle. All numbers that the tool then prints for a phase must be those of the whole log, or be left out, or be
called unknown.
Exit status: 0 they are; 1 not.
"""
import csv
import io
import json
import re
import subprocess
import sys
import tempfile

TOOL = sys.argv[1]
FORMATS = {
    "json": ["report", "--json"], "text": ["report", "--no-chart"],
    "csv": ["report", "--csv"], "split": ["report", "--csv", "--split"],
    "phases": ["export", "--phases"], "folded": ["export", "-f", "folded"],
    "openmetrics": ["export", "-f", "openmetrics"], "chrome": ["export", "-f", "chrome"],
    "compare": ["compare", "--force", "--json"],
}
OF_PHASES = ("exits", "kvm", "user", "idle", "preempted", "self", "induced", "net", "observer",
             "in_guest", "elapsed", "ms", "begin_tsc", "end_tsc", "reasons")


def run(what, *paths):
    done = subprocess.run([TOOL, *FORMATS[what], *paths], capture_output=True, check=False)
    assert done.returncode in (0, 1, 3), (what, done.returncode, done.stderr)
    return done.stdout.decode()


def json_numbers(text):
    """(phase, key): value. Reasons are without their sites."""
    for report in json.loads(text)["runs"]:
        for phase in report["phases"]:
            for key in OF_PHASES:
                if key == "reasons" and phase[key] is not None:
                    for reason in phase[key]:
                        reason.pop("sites", None)
                yield (phase["name"], key), phase.get(key)
        for vcpu in report.get("vcpus", []):
            for phase in vcpu["phases"]:
                yield (phase["name"], "vcpu", vcpu["vcpu"]), phase["exits"]


def text_numbers(text):
    """(phase, table, column): cell, for each table whose first column has phases"""
    head = []
    for line in text.splitlines():
        cells = re.split(r"  +", line.strip())
        if cells[0] in ("phase", "exits by vCPU"):
            head = cells
        elif len(cells) == len(head) and cells[0] not in ("total", "all vCPUs"):
            for column, cell in zip(head[1:], cells[1:]):
                # A cut tail makes the total smaller, and so shares differ. A column may be missing.
                if column != "share" and column != "other" and cell not in ("?", "-"):
                    yield (cells[0], head[0], column), cell


def csv_numbers(text):
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        for key, value in row.items():
            if key not in ("phase", "reason"):
                yield (row["phase"], row.get("reason"), key), value or None


def lines(text):
    for line in text.splitlines():
        if not line.startswith("#") and "_info{" not in line:
            line = re.sub(r',vendor="[^"]*"|file="[^"]*",', "", line)
            yield (line.rsplit(" ", 1)[0],), line


def chrome_numbers(text):
    for event in json.loads(text or '{"traceEvents": []}')["traceEvents"]:
        if event["ph"] == "X":
            assert event["dur"] >= 0, event
            args = event["args"]
            for key in ("guest_exits" if event["cat"] == "phase" else "exits", "reasons", "begin_tsc", "end_tsc"):
                yield (event["tid"], event["name"], key), args[key]
        elif event["ph"] == "C" and event["name"] != "observer":
            yield (event["ts"], event["name"]), event["args"]


def compare_numbers(text):
    """(phase,): B's exits in a comparison of A and B"""
    for phase in json.loads(text or '{"phases": []}')["phases"]:
        yield (phase["name"],), phase["b"]
        assert phase["b"] is None or not phase["reasons_differing"], phase


READERS = {"json": json_numbers, "text": text_numbers, "csv": csv_numbers, "split": csv_numbers,
           "phases": csv_numbers, "folded": lines, "openmetrics": lines,
           "chrome": chrome_numbers, "compare": compare_numbers}


def numbers(what, path, whole):
    paths = (whole, path) if what == "compare" else (path,)
    return dict(READERS[what](run(what, *paths)))


def cuts(data):
    """Pairs of what was cut, and what is left"""
    ends = [match.end() for match in re.finditer(b"\n", data)]
    for number, end in enumerate(ends):
        yield f"head to line {number + 1}", data[end:]
        yield f"tail from line {number + 2}", data[:end]
        begin = ends[number - 1] if number else 0
        yield f"line {number + 1}", data[:begin] + data[end:]
        for inside in (begin + 1, (begin + end) // 2, end - 3):
            yield f"head to byte {inside}", data[inside:]
            yield f"tail from byte {inside}", data[:inside]
        for size in (2, 5, 17):
            if number + size < len(ends):
                yield f"lines {number + 1} to {number + size}", data[:begin] + data[ends[number + size - 1]:]
                yield f"{size} lines from the middle of {number + 1}", \
                    data[:(begin + end) // 2] + data[(begin + ends[number + size - 1]) // 2:]


def main():
    tried, told = 0, 0
    for log in sys.argv[2:]:
        with open(log, "rb") as file:
            data = file.read()
        whole = {what: numbers(what, log, log) for what in FORMATS}
        with tempfile.NamedTemporaryFile(suffix=".log") as cut:
            for name, left in cuts(data):
                cut.seek(0)
                cut.truncate()
                cut.write(left)
                cut.flush()
                tried += 1
                # All formats are made of the same phases, so each cut is tried with JSON and one other, in turn.
                for what in ("json", list(FORMATS)[1 + tried % (len(FORMATS) - 1)]):
                    for key, value in numbers(what, cut.name, log).items():
                        told += value is not None
                        # If several phases have one name, the number of a single one can't be known.
                        if value is not None and "(entry " not in str(key) and value != whole[what].get(key):
                            sys.exit(f"{log}, without {name}: {what}: {key}: {value}, "
                                     f"not {whole[what].get(key)}")
    print(f"{tried} cuts, {told} numbers")
    assert tried > 500 and told > 50 * tried


main()
