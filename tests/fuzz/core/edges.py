#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: edges.py DIRECTORY

Writes inputs for replay-core-san with operations that chance seldom finds. The two inputs svm and vmx have each leaf
with indexes at every edge that docs/abi.md names, each counter next to the end of 32 and 64 bits, and a new vCPU of a
VM that was switched off. In the inputs back-*, the TSC goes back wherever a vCPU can be. For created-*, late-*,
nested-* and vmfail-*, see their functions.
"""
import os
import struct
import sys

CREATE_VCPU, SET, TIME, FILES, FAIL, LEAVE, SWITCH, CPL, BACK, CREATED = 0, 1, 2, 5, 6, 8, 9, 10, 11, 12  # core.c
EXIT, GUEST, AWAY, CPUID, PORT, PAGE, POKE, STORM, SYNTHETIC, VMFAIL = 16, 17, 18, 19, 22, 23, 26, 27, 28, 29
FIRST, FIXED, MARK = 0x4fffff00, 0x4ffffffc, 0x4fffff08
SLOTS = 0, 1, 127, 128, 167, 168, 175, 176, 179, 180, 181, 191, 192, 254, 255
CLOCKS = 0, 3, 4, 5, 6, 15
# Steps to just before 2^32, on past 2^63, and to just before 2^64, in CPUID's slot of SVM
ENDS = 0xffffffe0, 0x8000000000000000, 0x7fffffff00000000 - 160
CPUIDS = 0x72
SHORT = [0, 0xff, CPUIDS, 0x4ff, 0x5ff, 0xffff0000 | CPUIDS, 0xffff00ff, 0x10000 | CPUIDS, 0x100ff]
LEAVES = [*range(FIRST - 1, FIRST + 0x14), FIRST + 0xfb, *range(FIXED, FIXED + 5)]


def number(value):
    return struct.pack('>BQ', 6, value)


def cpuid(leaf, index, vcpu=0):
    return bytes((CPUID, vcpu << 1, 97)) + number(leaf) + number(index)


def indexes():
    """Indexes of a counter (slot, clock, reserved bit, vCPU), and then those next to each edge of other indexes"""
    yield from (clock << 8 | slot for slot in SLOTS for clock in CLOCKS)
    for slot in (0, 255):
        yield from (1 << bit | slot for bit in range(12, 32))
        yield from (owner << 16 | slot for owner in (0, 1, 2, 3, 31, 32, 33, 0xfffe, 0xffff))
    for base in (0x100, 0x3ff, 0x400, 0x404, 0x407, 0x408, 0x7ff, 0x800, 0xfff, 0x1000, 0x17ff, 0x1800):
        yield from (base, base ^ 1, base | 0x10000)
    yield from (0xffffffff, 0xfffffffe, 0x80000000)


def ask(of):
    """Each leaf; the mark's only with an invalid index, because the log is short"""
    for leaf in LEAVES:
        for index in of:
            if leaf != MARK or index > 0xff:
                yield cpuid(leaf, index)


def operations():
    yield from (bytes((CREATE_VCPU, vm)) for vm in (0, 0, 1))
    yield from (bytes((SET, 0, option)) for option in (1, 2, 3, 0))
    for vcpu in (0, 2):
        yield bytes((STORM, vcpu)) + struct.pack('>HBB', 0x160, 1, 0) + bytes((0, 0))
        yield from (bytes((EXIT, vcpu, 0, 2 * edge + 1)) for edge in range(32))
    yield bytes((PORT, 0, 0x10, 0))
    yield cpuid(MARK, 0x20, 1)
    yield from (bytes((PORT, 0, 0x80, how)) for how in (200, 201))
    yield cpuid(FIRST + 6, 0xffff)
    yield from ask(list(indexes()))
    for more in ENDS:
        for clock in range(4):
            yield bytes((POKE, 0, CPUIDS, clock, 31)) + number(0 if clock else more) + number(more)
        for _ in range(4):
            yield bytes((STORM, 0)) + struct.pack('>HBB', 20, 0, 0) + bytes((0, 2)) + struct.pack('>I', CPUIDS)
            yield cpuid(FIRST + 6, 0xffff) + cpuid(MARK, 0x80)
            yield cpuid(FIXED + 2, CPUIDS) + cpuid(FIRST + 0xe, CPUIDS | 0x700)
            yield from ask(SHORT)
    yield from (bytes((PORT, 0, 0x80, 0)) for _ in range(40))
    yield from (cpuid(FIRST + 0xa, entry) + cpuid(FIRST + 0xb, entry << 16) for entry in range(34))
    yield bytes((FILES, 0))
    yield bytes((SWITCH, 0, 1)) + bytes((CREATE_VCPU, 0)) + cpuid(FIRST, 0, 2)  # one VM is off, the parameter on


def exits(vcpu=0):
    return bytes((EXIT, vcpu, 0, 0x41)) + bytes((TIME, 0)) + number(1000)


def back(seen, tsc=1):
    return bytes((seen,)) + number(tsc)


def clocks():
    """The TSC goes back in KVM, in the guest, and away, noticed by KVM or not. The counts are read after each."""
    yield from (bytes((SET, 0, option)) for option in (1, 2, 3))
    yield bytes((CREATE_VCPU, 0)) * 2 + bytes((SET, 0, 0)) + bytes((PAGE, 0, 2))
    for seen in (0, 1):
        for away in (16, 16 | 1, 16 | 3, 16 | 8):   # in the VMM, preempted, idle, in an ioctl
            yield bytes((TIME, 0)) + number(1 << 40) + exits() * 3 + exits(2)
            if away & 8:
                for first, then in ((back(seen), back(seen, 5)), (back(seen, 1 << 60), back(seen))):
                    yield bytes((AWAY, 0, away)) + number(50) + first + number(50) + then + number(50) + back(seen, 1 << 60)
            else:
                yield bytes((AWAY, 0, away)) + number(50) + back(seen)
            yield exits() + bytes((FILES, 0)) + cpuid(FIRST + 6, 0xffff) + cpuid(MARK, 0x80)
        for inside in (exits(), b''):
            yield bytes((TIME, 0)) + number(1 << 40) + exits() + bytes((BACK, 0)) + back(seen) + inside + bytes((SYNTHETIC, 0))
        # Another vCPU reads it while it is in the guest, before and after the TSC goes back.
        yield bytes((TIME, 0)) + number(1 << 40) + exits() + bytes((GUEST, 0)) + bytes((TIME, 0)) + number(100)
        yield cpuid(FIRST + 5, 0xffff04ff, 1) + bytes((BACK, 0)) + back(seen, 9) + cpuid(FIRST + 5, 0xffff04ff, 1)
        yield bytes((FILES, 0)) + bytes((LEAVE, 0)) + bytes((0, 0x41)) + exits() * 2 + bytes((FILES, 0))
    yield bytes((SWITCH, 0, 1)) + bytes((BACK, 0)) + back(0) + bytes((SWITCH, 0, 0)) + exits() * 2 + bytes((FILES, 0))


def nested():
    """With exit_trace_cpl0 a nested guest's kernel reads and marks, and then the guest's kernel"""
    yield bytes((CREATE_VCPU, 0)) + bytes((SET, 0, 0)) + bytes((CPL, 0, 3)) + bytes((CPL, 0, 32))
    yield cpuid(FIRST, 0) + bytes((PORT, 0, 0x10, 0)) + bytes((CPL, 0, 0)) + cpuid(FIRST, 0)


def vmfail():
    """VMX: a failed entry is in no site"""
    yield bytes((SET, 0, 2)) + bytes((CREATE_VCPU, 0)) + bytes((SET, 0, 0))
    yield (bytes((VMFAIL, 0, 0x20, 0x41)) + exits()) * 2 + bytes((FILES, 0))


def creations():
    """A VM gets its first vCPU while all VMs are switched on."""
    yield bytes((CREATE_VCPU, 0)) + bytes((CREATED, 1, 0, 0, 0)) + bytes((FILES, 1)) + exits(1) + bytes((FILES, 1))


def late():
    """A vCPU gets no memory and runs, and the next one gets it. A vCPU runs before its VM has memory."""
    yield bytes((SET, 0, 0)) + bytes((CREATE_VCPU, 0)) + bytes((FAIL, 0, 2)) + bytes((CREATE_VCPU, 0))
    yield cpuid(FIRST + 1, 0) + exits(2) + bytes((CREATE_VCPU, 0)) + cpuid(FIRST + 1, 0)
    yield bytes((CREATE_VCPU, 1)) + bytes((CREATED, 1, 0, 0x41, 64)) + cpuid(FIRST + 1, 0, 1)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for name, cpu in (('vmx', 0x50), ('svm', 0x51)):
        for kind, made in (('', operations), ('back-', clocks), ('created-', creations), ('late-', late),
                           ('nested-', nested), ('vmfail-', vmfail)):
            with open(os.path.join(sys.argv[1], kind + name), 'wb') as file:
                file.write(bytes((cpu,)) + b''.join(made()))


main()
