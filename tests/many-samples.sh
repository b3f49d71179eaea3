#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: many-samples.sh [-h] SAMPLES
#
# Writes a trace of a whole boot of two phases and that many samples to the standard output, 24 a
# record as the observer prints them: a file too large to be kept.
# Exit status: 0 written, 2 usage.
set -euo pipefail

if [[ $# -ne 1 || ! $1 =~ ^[1-9][0-9]*$ ]]; then
	sed -n 's/^# \{0,1\}//; 3,7p' "$0"
	[[ ${1-} == -h ]] && exit 0
	exit 2
fi

# %.0f: mawk's %d ends at 2^31
awk -v samples="$1" '
function put(text) {
	printf "{\"guest\":%s}\n", text
}
function pair(key, number) {
	return sprintf(",\"%s\":%.0f", key, number)
}
function record(tag) {
	return "\"" tag "\"" pair("seq", seq++)
}
function mark(entry, id, name, total) {
	put(record("phase") pair("entry", entry) pair("id", id) ",\"name\":\"" name "\"" pair("vcpu", 0) \
		pair("tsc", tsc) pair("total", total) pair("kvm", 4000 * total) pair("self", 1))
	put(record("reason") pair("entry", entry) pair("slot", 123) pair("code", 123) ",\"name\":\"io\"" \
		pair("count", total) pair("kvm", 4000 * total))
	for (vcpu = 0; vcpu < 2; vcpu++) {
		part = vcpu ? 10 : total - 10
		put(record("part") pair("entry", entry) pair("vcpu", vcpu) pair("slot", 123) \
			pair("count", part) pair("kvm", 4000 * part))
	}
}
BEGIN {
	tsc = 900000000
	print "{\"trace\":1,\"unit\":\"instructions\"}"
	put(record("hello") pair("proto", 1) ",\"version\":\"1.0\",\"start\":\"multiboot2\"")
	put(record("host") pair("abi_major", 1) pair("abi_minor", 1) ",\"vendor\":\"svm\"" pair("vcpus", 2) \
		pair("slots", 192) pair("epoch", 1) pair("from_start", 1) pair("tsc_khz", 1000000))
	put(record("observer") pair("vcpu", 1) pair("interval", 1000))
	mark(0, 16, "firmware", 2000)
	for (i = 0; i < samples; i += 24) {
		text = ""
		for (j = i; j < i + 24 && j < samples; j++)
			text = text sprintf(",[%.0f,%.0f]", tsc += 999900 + j % 400, 2000 + (others += j % 3))
		put(record("samples") pair("n", i) pair("own", i) pair("gap", 1000300) ",\"samples\":[" \
			substr(text, 2) "]")
	}
	put(record("observed") pair("polls", samples) pair("kept", samples) pair("gap", 1000300))
	mark(1, 96, "userspace", 3000 + others)
	put(record("verdict") ",\"result\":\"pass\"")
	put(record("end") pair("records", seq))
	print "{\"end\":\"complete\",\"status\":0}"
}'
