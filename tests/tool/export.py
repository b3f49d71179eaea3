#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: export.py FORMAT REPORT.json < OUTPUT

Reads the output of `bootexits export --format=FORMAT' as other programs do. Python reads JSON, and checks what the
Trace Event Format demands of each kind of event. Prometheus's own parsers read OpenMetrics and Prometheus's text. The
figures must be those of REPORT.json, which `bootexits report --json' printed of the same log.
Exit status: 0 they are; 1 not, or the output is malformed.
"""
import json
import sys
from collections import Counter, defaultdict

NUMBERS = {"X": {"pid", "tid", "ts", "dur"}, "C": {"pid", "tid", "ts"}, "M": {"pid", "tid"}}


def same(what, got, want):
    if isinstance(want, dict):
        for key in got | want:
            same(f"{what}, {key}", got.get(key, "missing"), want.get(key, "missing"))
    elif got != want:
        sys.exit(f"{what}: {got}, not {want}")


def named(report):
    """The runs of a report, by the names that an export gives them"""
    return {run["run"] or str(number): run for number, run in enumerate(report["runs"], 1)}


def number_reasons(run):
    """If several reasons have one name, all but the one with the lowest slot get their slot's number."""
    phases = run["phases"] + [row for vcpu in run.get("vcpus", []) for row in vcpu["phases"]]
    reasons = [reason for row in phases for reason in row["reasons"] or []]
    lowest = {}
    for slot, name in sorted({(reason["slot"], reason["name"]) for reason in reasons}):
        lowest.setdefault(name, slot)
    for reason in reasons:
        if lowest[reason["name"]] != reason["slot"]:
            reason["name"] += f" (slot {reason['slot']})"


def counts(row, key="exits"):
    """The counts by reason; empty if they are not known"""
    return {reason["name"]: reason[key] for reason in row["reasons"] or [] if reason[key]}


def check_event(event, names, ends):
    kind = event["ph"]
    for key in NUMBERS[kind]:
        assert type(event[key]) is int and event[key] >= 0, event
    assert event["name"] and isinstance(event["name"], str), event
    if kind == "M":
        assert event["name"] in ("process_name", "thread_name"), event
        names[event["name"], event["pid"], event["tid"]] = event["args"]["name"]
    elif kind == "C":
        assert event["args"] or event["name"] == "exits by reason", event
        assert all(type(value) is int for value in event["args"].values()), event
    else:
        assert ("thread_name", event["pid"], event["tid"]) in names, event
        assert event["ts"] >= ends[event["tid"]], f"slices overlap: {event}"
        ends[event["tid"]] = event["ts"] + event["dur"]


def slices(events, pid, tid):
    return [(event["name"], event["args"]["guest_exits" if pid == tid else "exits"], event["args"]["reasons"],
             event["args"]["cycles"])
            for event in events if event["ph"] == "X" and (event["pid"], event["tid"]) == (pid, tid)]


def rows(phases, timed):
    """The phases that have a slice: a vCPU's phase needs exits, and each phase needs a time."""
    return [(row["name"], row["exits"], counts(row) if row["reasons"] is not None else None,
             {clock: row[clock] for clock in ("kvm", "user", "idle", "preempted")})
            for row in phases if (row["exits"] or "entry" in row) and row["name"] in timed]


def timed_phases(run):
    """The names of phases that have a time, and that do not begin before the last one ended"""
    timed, end = set(), 0
    for row in run["phases"]:
        if row["begin_tsc"] is not None and row["begin_tsc"] >= end:
            end = row["end_tsc"]
            timed.add(row["name"])
    return timed


def check_curves(events, run):
    curves = defaultdict(list)
    for event in events:
        if event["ph"] == "C":
            curves[event["name"]].append(event)
    exits = [event["args"]["guest_exits"] for event in sorted(curves["exits"], key=lambda e: e["ts"])]
    if not run["defects"]:
        same("exits never go back", exits, sorted(exits))
    marks = 1 + len(run["phases"])
    if "observer" in run and not any("unknown" in row for row in run["phases"]):
        same("points of the curve", len(exits), marks + run["observer"]["samples_read"])
    if run["phases"] and not any("unknown" in row for row in run["phases"]):
        same("exits at the end", curves["exits"][marks - 1]["args"]["guest_exits"],
             sum(row["exits"] for row in run["phases"]))
        by_reason = sum((Counter(counts(row)) for row in run["phases"]), Counter())
        same("reasons at the end", curves["exits by reason"][-1]["args"], by_reason)


def check_chrome(report):
    trace = json.load(sys.stdin)
    events, names, ends = trace["traceEvents"], {}, Counter()
    for event in events:
        check_event(event, names, ends)
    same("unit", trace["displayTimeUnit"], "ms")
    timed = {name: run for name, run in named(report).items()
             if run.get("tracer", {}).get("tsc_khz")}
    same("runs", [run["run"] for run in trace["otherData"]["runs"]], list(timed))
    for pid, (name, run) in enumerate(timed.items(), 1):
        same("process", names["process_name", pid, pid], f"run {name}")
        names_of = timed_phases(run)
        same("phases", slices(events, pid, pid), rows(run["phases"], names_of))
        for vcpu in run.get("vcpus", []):
            same(f"vCPU {vcpu['vcpu']}", slices(events, pid, pid * 10000 + vcpu["vcpu"]),
                 rows(vcpu["phases"], names_of))
        check_curves([event for event in events if event["pid"] == pid], run)


def check_folded(report):
    got = Counter()
    for line in sys.stdin.read().splitlines():
        frames, count = line.rsplit(" ", 1)
        got[tuple(frames.split(";"))] += int(count)
    many = len(report["runs"]) > 1
    want = {tuple(frame.replace(";", ":") for frame in ([name] if many else []) + [row["name"], reason]): count
            for name, run in named(report).items() for row in run["phases"]
            for reason, count in counts(row).items()}
    same("stacks", got, want)


def check_openmetrics(report):
    from prometheus_client.openmetrics.parser import text_string_to_metric_families

    check_families(report, text_string_to_metric_families(sys.stdin.read()))


def check_prometheus(report):
    from prometheus_client.parser import text_string_to_metric_families

    check_families(report, text_string_to_metric_families(sys.stdin.read()))


def check_families(report, families):
    got = {}
    for family in families:
        assert family.type in ("counter", "gauge") and family.documentation, family
        for name, labels, value, *_ in family.samples:
            key = (name.removeprefix("bootexits_"), *(labels.get(label) for label in
                   ("run", "phase", "reason", "clock")))
            assert key not in got, f"twice: {key}"
            got[key] = value if name != "bootexits_run_info" else labels
    info = {key[1]: got.pop(key) for key in list(got) if key[0] == "run_info"}
    same("runs", [*info], [*named(report)])
    clocks = Counter()
    for key in [key for key in got if key[0] == "cycles_total"]:
        clocks[key[1], key[2], key[4]] += got[key]
        if key[4] != "kvm":
            del got[key]
    want = {}
    for name, run in named(report).items():
        same("truncated", info[name]["truncated"], "yes" if run["truncated"] else "no")
        for row in run["phases"]:
            key = (name, row["name"])
            want |= {("exits_total", *key, reason, None): count
                     for reason, count in counts(row).items()}
            want |= {("cycles_total", *key, reason, "kvm"): count
                     for reason, count in counts(row, "kvm").items()}
            if row["exits"] is not None:
                want["self_exits_total", *key, None, None] = row["self"]
            if row["induced"] is not None:
                want["induced_exits_total", *key, None, None] = row["induced"]
            if row.get("observer") is not None:
                want["observer_exits_total", *key, None, None] = row["observer"]
            if row.get("elapsed") is not None:
                want["guest_cycles_total", *key, None, None] = row["in_guest"]
                want["elapsed_cycles_total", *key, None, None] = row["elapsed"]
            if row.get("ms") is not None:
                ticks = row["end_tsc"] - row["begin_tsc"]
                want["phase_seconds", *key, None, None] = \
                    ticks * 1000 // run["tracer"]["tsc_khz"] / 1000000
            if "observer" in row and not run["defects"]:
                for clock in ("kvm", "user", "idle", "preempted"):
                    same(f"{clock} of {key}", clocks[*key, clock], row[clock])
    same("samples", got, want)


with open(sys.argv[2], encoding="utf-8") as file:
    REPORT = json.load(file)
for each in REPORT["runs"]:
    number_reasons(each)
{"chrome": check_chrome, "folded": check_folded, "openmetrics": check_openmetrics,
 "prometheus": check_prometheus}[sys.argv[1]](REPORT)
