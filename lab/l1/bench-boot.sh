#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Measures what tracing adds to a whole boot. It boots /files/linux.iso to its getty, in one configuration of
# configurations.sh. There is no payload, so nobody reads the counters. The host log gets the instructions that L1
# executed meanwhile, without those of its idle loop. Variable: configuration.

. /l1.sh
. /configurations.sh

configure "${configuration:?}"
mark_run "$configuration"
start=$(busy)
status=0
l2 -m 256 -boot d -cdrom /files/linux.iso || status=$?
busy=$(($(busy) - start))
unconfigure
emit "bench name=boot n=1 min=$busy median=$busy bytes=$bytes lost=$lost"
exit $status
