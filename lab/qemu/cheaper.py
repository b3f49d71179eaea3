# SPDX-License-Identifier: GPL-2.0-only
"""usage: cheaper.py BUILD.NINJA [OUTPUT...] > CHEAPER.NINJA

Changes QEMU's build.ninja so that the build takes less CPU time:
- Only the code that executes L1 keeps -O2. All else runs a few times a second, and is compiled with -O0.
- A small file takes most of its time for a process and its headers. So files are compiled several at once, by new files
  unit-N.c that include them. What one file defines for itself must not occur in another one. If a unit does not
  compile nevertheless, give its OUTPUT: its files are then compiled one by one. If the program does not link, give its
  OUTPUT: files of QEMU's library util are then linked only if something needs them.
- One Python process, tracetools.py, generates the code of all trace points. It reads the commands from trace.list.
"""
import collections
import os
import re
import sys

HOT = re.compile(r"(^tcg/lib.*/|[/_]accel_|_tcg_|target_i386_(cpu\.|helper)|cpu-common|hw_core_cpu-|(softmmu|system)_(memory|physmem|io|icount|cpu)"
                 r"|qom_object|util_(bitops|qemu-t|qht|rcu))[^/]*\.c\.o$")
COLD = re.compile(r"meson-generated|_(fpu_helper|tcg-runtime-gvec|vl|qtest|device_tree)\.c\.o$")
# What QEMU generates itself: QAPI's types, and trace points
GENERATED = re.compile(r"^libqemuutil\.a\.p/.*_(qapi_qapi-[^c]|trace_trace-)[^ ]*\.c\.o$")
# A library's object is linked only if something needs it, so it stays by itself, if it could need what isn't there, or
# stands for it
LIBRARY = re.compile(r"^libqemuutil\.a\.p/(?!qapi_|qobject_|util_)|meson-generated|_(vhost-user-server|channel-null)\.c\.o$")
UTIL = re.compile(r"^libqemuutil\.a\.p/util_")
PROGRAM = "qemu-system-x86_64"
OWN = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)"
                 r"|^static\b[^;={(]*?(\w+)[ \t]*(?:\[[^]]*\][ \t]*)*[;=(]"
                 r"|^(?:typedef[ \t]+)?(?:struct|enum|union)[ \t]+(\w+)[ \t]*{", re.MULTILINE)
MOST = 12       # files in a unit

Build = collections.namedtuple("Build", "output inputs rest lines")


class Unit:
    """Files that are compiled at once."""

    def __init__(self):
        self.builds, self.words, self.own = [], set(), set()

    def takes(self, words, own):
        return len(self.builds) < MOST and not own & self.words and not words & self.own

    def add(self, build, words=frozenset(), own=frozenset()):
        self.builds.append(build)
        self.words |= words
        self.own |= own

    def combined(self, number):
        """Write unit-NUMBER.c, and return the build that compiles it in place of the first file."""
        name = f"unit-{number}.c"
        sources = [source for build in self.builds for source in build.inputs]
        text = "".join(f'#include "{source}"\n' for source in ["qemu/osdep.h"] + sources)
        if not os.path.exists(name) or open(name, encoding="utf-8").read() != text:
            with open(name, "w", encoding="utf-8") as file:
                file.write(text)
        waits = sorted({word for build in self.builds for word in build.rest} - {"|", "||"})
        return self.builds[0]._replace(inputs=[name], rest=["|", *sources, "||", *waits])


def parse(block):
    """Return the Build that a block of lines describes, or None."""
    words = block[0].split(" ")
    if words[0] != "build" or words[2] != "c_COMPILER":
        return None
    end = next((i for i, word in enumerate(words) if word in ("|", "||")), len(words))
    return Build(words[1][:-1], words[3:end], words[end:], block[1:])


def optimized(build):
    """Return a build with the optimization that its file needs, and the precompiled header for that."""
    level = "O2" if HOT.search(build.output) and not COLD.search(build.output) else "O0"
    return build._replace(lines=[line.replace(" -O2 ", f" -{level} -iquote {level} ") for line in build.lines])


def read(sources):
    """Return all words of files, and those that they define for themselves."""
    text = ""
    for source in sources:
        with open(source, encoding="utf-8", errors="replace") as file:
            text += re.sub(r"/\*.*?\*/|//[^\n]*", " ", file.read(), flags=re.DOTALL)
    own = {word for match in OWN.finditer(text) for word in match.groups() if word}
    return set(re.findall(r"[A-Za-z_]\w*", text)), own


def unite(builds, linked, apart):
    """Return the builds, with those combined that are linked and not optimized, and the outputs that are gone then."""
    generated, units, kept = Unit(), collections.defaultdict(list), []
    for build in builds:
        if GENERATED.search(build.output):
            generated.add(build)
        elif (build.output not in linked or LIBRARY.search(build.output) or " -O2 " in build.lines[-1] or
              PROGRAM in apart and UTIL.search(build.output)):
            kept.append(build)
        else:
            words, own = read(build.inputs)
            alike = units[os.path.dirname(build.output), build.lines[-1]]
            unit = next((unit for unit in alike if unit.takes(words, own)), None)
            if not unit:
                unit = Unit()
                alike.append(unit)
            unit.add(build, words, own)
    gone = set()
    for number, unit in enumerate([generated, *(unit for alike in units.values() for unit in alike)]):
        if unit.builds[0].output in apart:
            kept += unit.builds
        else:
            kept.append(unit.combined(number))
            gone |= {build.output for build in unit.builds[1:]}
    return kept, gone


def trace_points(blocks):
    """Move the commands that generate trace points to trace.list. Return the blocks, with one that runs them all."""
    outputs, inputs, others = [], [], []
    with open("trace.list", "w", encoding="utf-8") as commands:
        for block in blocks:
            if block[0].startswith("build trace/") and "/tracetool.py " in block[1]:
                words = block[0].split(" ")
                outputs.append(words[1][:-1])
                inputs.append(words[3])
                print(block[1].replace(" COMMAND = ", "", 1), file=commands)
            else:
                others.append(block)
    here = os.path.dirname(os.path.abspath(__file__))
    return others + [[f"build {' '.join(outputs)}: CUSTOM_COMMAND {' '.join(inputs)}",
                      f" COMMAND = python3 {here}/tracetools.py trace.list"]]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        blocks = trace_points([block.strip().split("\n") for block in file.read().split("\n\n")])
    targets = {block[0].split(" ")[1][:-1]: block[0].split(" ") for block in blocks if block[0].startswith("build ")}
    program = targets[PROGRAM]
    libraries = [word for word in program if word.endswith(".fa")] + ["libqemuutil.a"]
    linked = {word for words in [program, *(targets[name] for name in libraries)] for word in words}
    parsed = [(block, parse(block)) for block in blocks]
    builds, gone = unite([optimized(build) for _, build in parsed if build], linked, sys.argv[2:])
    for block in [block for block, build in parsed if not build]:
        block[0] = " ".join(word for word in block[0].split(" ") if word not in gone)
        print("\n".join(block), end="\n\n")
    for build in builds:
        print(" ".join([f"build {build.output}: c_COMPILER", *build.inputs, *build.rest]), *build.lines, sep="\n", end="\n\n")


main()
