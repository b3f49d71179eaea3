#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: many.py N < LOG > LOG

Writes a log of the golden full.log's boot with N samples in place of its own. Each record has 24 of them, as the
observer prints them. Between the two samples in the middle is a burst of 5,000 exits.
"""
import binascii
import sys

EACH = 24
nr = int(sys.argv[1])
records = [line.split(" ", 2)[2].rsplit(" *", 1)[0] for line in sys.stdin.read().splitlines()]
at = next(i for i, record in enumerate(records) if record.startswith("samples"))
records = [record for record in records if not record.startswith(("samples", "observed", "end"))]
step = 2900000000 // nr
records[at:at] = [
    f"samples n={n} tsc={1001000000 + n * step} own=245 gap=9 others="
    f"{12170 + n // 20 + 5000 * (n >= nr // 2)} d=" +
    ",".join(f"{step}:{int(i % 20 == 0)}" for i in range(1, min(EACH, nr - n)))
    for n in range(0, nr, EACH)]
records += [f"observed polls={nr} kept={nr} gap=9", f"end records={len(records) + 2}"]
for seq, record in enumerate(records):
    line = f"bx {seq} {record}"
    print(f"{line} *{binascii.crc_hqx(line.encode(), 0):04x}")
