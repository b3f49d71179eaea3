#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/isolation.t
#
# VMs beside each other, while tracing is switched, with vCPUs that come late, with a nested guest, and moved: each
# has its own counts, all of them and no more.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
. tests/vmm.sh

vmm_lab isolation tests/l1/isolation.sh
judged switching 19
judged neighbours 16
judged hotplug 24
judged nested 12
judged restore 16

done_testing
