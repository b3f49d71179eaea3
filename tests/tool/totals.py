#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: totals.py BOOTEXITS A.trace B.trace

Adds up the raw records of two traces, and checks that all outputs have the same totals: report, compare, its gates,
html, plot and each format of export. It does so for guest exits, for all vCPUs and for vCPU 0. If B has no parts, all
of its exits are vCPU 0's. Prints TAP.
Exit status: 0 the totals are the same; 1 not.
"""
import csv
import html.parser
import io
import json
import math
import os
import re
import subprocess
import sys
import tempfile

TOOL, *TRACES = sys.argv[1:]
CLOCKS = ("kvm", "user", "idle", "preempted")
KEYS = {None: "guest_exits", "all": "all_vcpus", "0": "vcpu_0", "1": "vcpu_1"}
failed = []


def ok(got, want, name):
    print(("ok" if got == want else "not ok") + f" - {name}: {want}")
    if got != want:
        failed.append(name)
        print(f"# {got}")


def records(path, kind):
    with open(path, encoding="utf-8") as file:
        return [record for record in map(json.loads, file) if record.get("guest") == kind]


class Boot:
    """A boot's totals by the last mark's records, read without the tool: {view: (exits, {clock: ticks})}"""
    def __init__(self, path):
        self.path = path
        marks = records(path, "phase")
        last = marks[-1]
        self.khz = records(path, "host")[0]["tsc_khz"]
        self.ms = 10 ** 6 * last["tsc"] // self.khz / 10 ** 6  # cut to six digits, as docs/json.md says
        parts = [part for part in records(path, "part") if part["entry"] == last["entry"]]
        observer = [record["vcpu"] for record in records(path, "observer")]
        whole = (last["total"], {clock: last[clock] for clock in CLOCKS})
        vcpus = {part["vcpu"] for part in parts}
        one = {str(vcpu): self.add([part for part in parts if part["vcpu"] == vcpu]) for vcpu in vcpus} or {"0": whole}
        guest = self.add([part for part in parts if part["vcpu"] not in observer]) if observer else whole
        self.views = {None: guest, "all": whole, **one}

    @staticmethod
    def add(parts):
        return sum(part["count"] for part in parts), {clock: sum(part[clock] for part in parts) for clock in CLOCKS}


def run(*arguments, status=(0,), path=None):
    done = subprocess.run([TOOL, *arguments], capture_output=True, check=False,
                          env={**os.environ, "PATH": path or os.environ["PATH"]})
    assert done.returncode in status, (arguments, done.returncode, done.stderr)
    return done.stdout.decode()


def column(text, name):
    return sum(int(row[name]) for row in csv.DictReader(io.StringIO(text)))


class Data(html.parser.HTMLParser):
    """The text of the element with the id data"""
    text, inside = "", False

    def handle_starttag(self, tag, attributes):
        self.inside = ("id", "data") in attributes

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        self.text += data if self.inside else ""


def plotted(arguments, path):
    """What gnuplot gets: the sum of the bars' totals, and the total in the title"""
    with tempfile.TemporaryDirectory() as bin_:
        with open(f"{bin_}/gnuplot", "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\ncat >{bin_}/script; echo '<svg></svg>'\n")
        os.chmod(f"{bin_}/gnuplot", 0o755)
        run("plot", *arguments, path, path=f"{bin_}:{os.environ['PATH']}")
        with open(f"{bin_}/script", encoding="utf-8") as file:
            script = file.read()
    totals = re.search(r"\$totals << END\n(.*?)END\n", script, re.S)[1].splitlines()
    title = re.search(r"\$title << END\n\.(.*?)\n", script)[1]
    return sum(int(line.split()[2]) for line in totals), int(title.split(": ")[1].split()[0].replace(",", ""))


def check_report(boot, view, options, name):
    exits, clocks = boot.views[view]
    table = [line.split() for line in run("report", *options, boot.path).splitlines()]
    row = next(row for row in table if row[:1] == ["total"])
    total = clocks["kvm"] + clocks["user"]
    ok([int(row[at].replace(",", "")) for at in (2, 4, 5, 6)],
       [exits, total, (2 * clocks["kvm"] + exits) // (2 * exits), (2 * total + exits) // (2 * exits)], f"report{name}")
    report = json.loads(run("report", "--json", *options, boot.path))["runs"][0]
    ok([report["view"], report["total"]["exits"], report["total"]["total"], report["guest_exits"], report["all_vcpus"]],
       [KEYS[view], exits, total, boot.views[None][0], boot.views["all"][0]], f"report --json{name}")
    ok(sum(reason["exits"] for row in report["phases"] for reason in row["reasons"]), exits, f"its reasons{name}")
    ok(column(run("report", "--csv", *options, boot.path), KEYS[view]), exits, f"report --csv{name}")
    data = Data()
    data.feed(run("html", *options, boot.path))
    report = json.loads(data.text)["boots"][0]["report"]
    ok([report["view"], report["total"]["exits"], report["total"]["total"]], [KEYS[view], exits, total], f"html{name}")
    ok(plotted(options, boot.path), (exits, exits), f"plot{name}")


def check_export(boot, view, options, name):
    exits, clocks = boot.views[view]
    ok(column(run("export", "--phases", *options, boot.path), KEYS[view]), exits, f"export --phases{name}")
    folded = run("export", "-f", "folded", *options, boot.path).splitlines()
    ok(sum(int(line.rsplit(" ", 1)[1]) for line in folded), exits, f"export -f folded{name}")
    events = json.loads(run("export", "-f", "chrome", *options, boot.path))["traceEvents"]
    slices = [event["args"] for event in events if event["ph"] == "X" and event["cat"] == "phase"]
    ok([sum(args[KEYS[view]] for args in slices), sum(sum(args["reasons"].values()) for args in slices)],
       [exits, exits], f"export -f chrome{name}")
    for form in ("openmetrics", "prometheus"):
        text = run("export", "-f", form, *options, boot.path)
        ok([sum(map(int, re.findall(rf"^{metric}_total{{.*view=\"{KEYS[view]}\".*}} (\d+)$", text, re.M)))
            for metric in ("bootexits_exits", "bootexits_cycles")], [exits, sum(clocks.values())], f"export -f {form}{name}")


def check_compare(boots, view, options, name):
    a, b = boots
    measures = {"exits": [boot.views[view][0] for boot in boots], "ms": [boot.ms for boot in boots],
                **{clock: [boot.views[view][1][clock] for boot in boots] for clock in ("kvm", "user")}}
    measures["total"] = [sum(pair) for pair in zip(measures["kvm"], measures["user"])]
    gates = []
    for by, (first, second) in measures.items():
        told = json.loads(run("compare", "--json", "--by", by, *options, a.path, b.path, status=(0, 1)))
        ok([told["view"], told["total"]["a"], told["total"]["b"]], [KEYS[view], first, second], f"compare --by {by}{name}")
        # A gate's number has three decimals at most
        least, most = math.floor(1000 * (second - first)) / 1000, math.ceil(1000 * (second - first)) / 1000
        gates += ["-f", f"total.{by}<{least:+.14g}", "-f", f"total.{by}>{most:+.14g}"]
        if least == most:
            gates += ["-f", f"total.{by}!={least:+.14g}"]
    ok(run("compare", *gates, *options, a.path, b.path).splitlines()[-1], f"{len(gates) // 2} gates hold", f"gates{name}")


def check_samples(boot):
    guest = list(csv.DictReader(io.StringIO(run("export", boot.path))))
    whole = list(csv.DictReader(io.StringIO(run("export", "--vcpu", "all", boot.path))))
    own = {row["seconds"]: int(row["guest_exits"]) + int(row["own_exits"]) for row in guest if row["own_exits"]}
    ok({row["seconds"]: int(row["all_vcpus"]) for row in whole}, own, "export of samples, all vCPUs: guest exits and the observer's own")


def main():
    boots = [Boot(trace) for trace in TRACES]
    ok(boots[0].views[None][0] < boots[0].views["all"][0], True, "A has an observer")
    for view in boots[0].views:
        options = ["--vcpu", view] if view else []
        name = f", {' '.join(options)}" if view else ""
        check_report(boots[0], view, options, name)
        check_export(boots[0], view, options, name)
        if view in boots[1].views:
            check_compare(boots, view, options, name)
    check_samples(boots[0])
    sys.exit(bool(failed))


main()
