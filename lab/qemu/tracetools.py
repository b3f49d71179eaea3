# SPDX-License-Identifier: GPL-2.0-only
"""usage: tracetools.py FILE

FILE has 246 command lines of QEMU's tracetool.py. This runs all of them in one Python process, because starting a
process takes as long as the work.
"""
import os
import runpy
import shlex
import sys

with open(sys.argv[1], encoding="utf-8") as commands:
    for line in commands:
        sys.argv = shlex.split(line)[1:]
        sys.path[0] = os.path.dirname(sys.argv[0])
        runpy.run_path(sys.argv[0], run_name="__main__")
