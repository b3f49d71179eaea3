# SPDX-License-Identifier: GPL-2.0-only
"""usage: tracetools.py FILE

Runs the command lines of QEMU's tracetool.py that FILE holds, 246 of them, in one Python. It takes as long to
start one as to do the work.
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
