#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/isolation.t
#
# Each VM has its own counts, all of them and no others. This holds for VMs beside each other, while tracing is
# switched, with late vCPUs, with a nested guest, and after a migration.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. tests/lib/vmm.sh

vmm_lab isolation tests/l1/isolation.sh
judged switching 19
judged neighbours 16
judged hotplug 24
judged nested 12
judged restore 16

done_testing
