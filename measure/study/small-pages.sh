#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A probe of lab/l1/linux.sh: the guest's memory comes in pages of 4 KiB. Without it, L1 gives huge pages, as Debian does.
#   lab/lab.sh -e probe=small-pages.sh [as else] linux measure/study/small-pages.sh FILE...

probe_start() {
	echo never > /sys/kernel/mm/transparent_hugepage/enabled
}

probe_stop() { :; }
