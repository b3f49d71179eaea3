#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/report.t         O=DIRECTORY: where to build (default build)
#        UPDATE=1 tests/report.t      write what is printed as what is expected
#
# Tests `bootexits report' as tests/tools.t does the others.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
. "$root/tests/golden.sh"
export SAN=0

make -s -C tools all >"$work/make" 2>&1
ok $? "the tool builds"

case_of report-good 0 report --host good.host good.log
case_of report-alone 0 report good.log
case_of report-interrupts 0 report --unit=instructions --host interrupts.host interrupts.log
case_of report-interrupts-json 0 report --json --host interrupts.host interrupts.log
case_of report-garbage 0 report --host good.host garbage.log
case_of report-host-fewer 1 report --host fewer.host good.log
case_of report-host-fd 1 report --host fd.host good.log
case_of report-host-reasons 1 report --host reasons.host good.log
case_of report-host-sync 1 report --host other-sync.host good.log
case_of report-truncated 1 report truncated.log
case_of report-fail 1 report fail.log
case_of report-reboot 1 report reboot.log
case_of report-untraced 0 report bench.log
case_of report-skip 4 report --host good.host skip.log
case_of report-full 0 report --unit=instructions --host full.host full.log
case_of report-full-json 0 report --json --host full.host full.log
case_of report-full-fewer 1 report --host full-fewer.host full.log
case_of report-full-more 1 report --host full-more.host full.log
case_of report-full-truncated 1 report full-truncated.log
case_of report-three 0 report three.log
case_of report-three-json 0 report --json three.log
case_of report-single 0 report single.log
case_of report-lone 1 report lone.log
case_of report-boot-defects 1 report boot-defects.log

status_of 0 'HOST.log' report --help
status_of 2 'more than one log' report good.log good.log
status_of 2 'unit is cycles or' report --unit miles good.log
status_of 3 'No such file' report missing.log
status_of 3 'No such file' report --host missing.host good.log

done_testing
