#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: line.py TOOL SEEDS LOG...

A bad serial line between a log and `TOOL record --from-serial -'. It loses, doubles, swaps and breaks bits, bytes and
lines, differently for each seed. The tool may print nothing that the log does not say. If the log did not arrive whole,
it must say so.

Prints a line for each seed that failed, and a line with the totals. Status: 1 if any failed, else 0.
"""
import json
import os
import random
import subprocess
import sys
import tempfile

SECONDS = 1200	# enough for a busy machine


def bits(r, line):
    at = r.randrange(len(line))
    return [line[:at] + bytes([line[at] ^ 1 << r.randrange(8)]) + line[at + 1:]]


def noise(r, line):
    at, size = r.randrange(len(line)), r.randrange(1, 40)
    return [line[:at] + r.randbytes(size) + line[at + r.choice([0, size]):]]


def lost(r, line):
    at, size = r.randrange(len(line)), r.choice([1, 1, 2, 16, 400])
    return [line[:at] + line[at + size:]]


def doubled(r, line):
    at, size = r.randrange(len(line)), r.choice([1, 1, 16])
    return [line[:at + size] + line[at:]]


def swapped(r, line):
    a, b = sorted(r.randrange(len(line)) for _ in range(2))
    return [line[:a] + line[b:b + 1] + line[a + 1:b] + line[a:a + 1] + line[b + 1:]]


def digit(r, line):
    """Change a digit: a reader of the line can't see that."""
    at = r.choice([i for i, c in enumerate(line) if chr(c).isdigit()] or [0])
    return [line[:at] + b"%d" % r.randrange(10) + line[at + 1:]]


OF_BYTES = bits, noise, lost, doubled, swapped, digit


def hurt(r, lines):
    """The lines as they come out of the bad serial line"""
    lines = list(lines)
    for _ in range(r.choice([0, 1, 1, 2, 5, 20])):
        at = r.randrange(len(lines))
        if r.random() < 0.6:
            if lines[at]:
                lines[at:at + 1] = r.choice(OF_BYTES)(r, lines[at])
            continue
        to = r.choice([at + 1, r.randrange(len(lines))])
        how = r.choice(["lose", "double", "move"])
        line = lines.pop(at) if how != "double" else lines[at]
        if how != "lose":
            lines.insert(to, line)
        lines = lines or [b""]
    whole = b"".join(lines)
    return whole[:r.randrange(len(whole) + 1)] if r.random() < 0.1 else whole


class Line:
    def __init__(self, tool, log, work):
        self.tool, self.log, self.work = tool, log, work
        with open(log, "rb") as file:
            self.lines = file.read().splitlines(True)
        self.record(b"".join(self.lines))
        self.right, self.report = self.records(), self.numbers()[1]

    def run(self, *args, data=b""):
        done = subprocess.run([self.tool, *args], input=data, capture_output=True, timeout=SECONDS)
        if done.returncode not in (0, 1, 3, 4) or b"Sanitizer" in done.stderr:
            raise AssertionError(f"{args[0]}: status {done.returncode}: {done.stderr[-500:]}")
        return done

    def record(self, data):
        self.trace = os.path.join(self.work, "trace")
        if os.path.exists(self.trace):  # it would stay if no record gets through
            os.unlink(self.trace)
        done = self.run("record", "-t", str(SECONDS), "-o", self.trace, "--from-serial", "-", data=data)
        said = done.stderr.splitlines()
        assert len(said) == 1 and b" records" in said[0], f"record says {done.stderr}"
        return said[0].decode()

    def records(self):
        """The trace's records, as texts"""
        with open(self.trace, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        for line in lines:
            line.pop("t", None)
        return [json.dumps(line) for line in lines if "guest" in line]

    def numbers(self):
        done = self.run("report", "--json", self.trace)
        return done.returncode, json.loads(done.stdout)

    def judge(self, data):
        """Check that what the tool says is true. Returns whether the log arrived whole."""
        said, checked = self.record(data), self.run("check", self.trace)
        got, (status, report) = self.records(), self.numbers()
        more = set(got) - set(self.right)
        assert not more, f"a record that nobody sent: {min(more)}"
        if got == self.right and report == self.report:
            return True
        assert checked.returncode == 1 and checked.stdout.count(b"\n") > 1, f"check: status {checked.returncode}"
        assert status == 1, f"report: status {status}"
        assert "defect" in said or "truncated" in said, f"record says {said}"
        log = self.run("check", "-", data=data)
        assert log.returncode == 1, f"check of the log: status {log.returncode}"
        compared = self.run("compare", self.log, self.trace)
        assert compared.returncode != 0, "compare takes it for the same"
        return False


def main():
    tool, seeds, logs = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    wrong = whole = damaged = 0
    with tempfile.TemporaryDirectory() as work:
        lines = [Line(tool, log, work) for log in logs]
        for seed in range(seeds):
            line = lines[seed % len(lines)]
            try:
                intact = line.judge(hurt(random.Random(seed), line.lines))
            except (AssertionError, subprocess.TimeoutExpired, ValueError) as error:
                print(f"{logs[seed % len(lines)]}, seed {seed}: {error}")
                wrong += 1
                continue
            whole += intact
            damaged += not intact
    print(f"{seeds} seeds: {whole} whole, {damaged} not, {wrong} wrong")
    return wrong > 0 or not whole or not damaged


sys.exit(main())
