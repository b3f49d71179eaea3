# SPDX-License-Identifier: GPL-2.0-only
"""Prints a recipe of docs/ci.md as a shell script.

usage: recipe.py NAME           the block of shell after <!-- recipe: NAME -->
       recipe.py github JOB     the run: steps of that job, in order; a step with if: failure() is left out
       recipe.py gitlab JOB     before_script and script
       recipe.py container FILE the RUN lines of a Containerfile; COPY copies the checkout in /root
"""
import re, sys

import yaml

TEXT = open("docs/ci.md").read()


def block(name):
    return re.search(rf"<!-- recipe: {re.escape(name)} -->\n```\w+\n(.*?)```\n", TEXT, re.S)[1]


def github(job):
    workflow = yaml.safe_load(block("github"))
    assert workflow[True], "on: is read as true by YAML 1.1"
    for step in workflow["jobs"][job]["steps"]:
        assert ("run" in step) != ("uses" in step), step
        if "run" in step and step.get("if") != "failure()":
            yield step["run"]


def gitlab(job):
    job = yaml.safe_load(block("gitlab"))[job]
    yield from job["before_script"] + job["script"]


def container(path):
    lines = [line for line in open(path) if not line.startswith("#")]
    steps = [line.split(" ", 1) for line in "".join(lines).replace("\\\n", "").splitlines() if line.strip()]
    assert steps[0] == ["FROM", "docker.io/library/debian:12-slim"], steps[0]
    for instruction, rest in steps[1:]:
        if instruction == "COPY":
            source, target = rest.split()
            assert source == "."
            yield f"cp -a /root/bootexits {target}"
        else:
            assert instruction == "RUN", instruction
            yield rest


name, *job = sys.argv[1:]
if job:
    print("set -e")
    print("\n".join({"github": github, "gitlab": gitlab, "container": container}[name](*job)))
else:
    print(block(name), end="")
