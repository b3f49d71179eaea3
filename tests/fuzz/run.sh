#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: run.sh [-h | -m] [SECONDS [TARGET...]]
#
# Fuzzes the tool's targets, or the TARGETs that you name, for SECONDS each (default: 600). They start from the corpus
# in this folder, by libFuzzer with ASan and UBSan. The tool's targets are reader, writer, compare, html, plot, advise,
# import, image and symbols. The target core is the tracer itself. Needs Debian's clang and libclang-rt-14-dev.
#
#   -m  then add inputs that reach new code to the corpus
#   -h  print this help
#
# Environment: O=DIRECTORY: where to build (default build); KVER=6.1: core's kernel headers
#
# Exit codes: 0 no finding, 1 a finding, whose file is named, 2 usage, 3 no clang.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export ASAN_OPTIONS=quarantine_size_mb=16	# by default most of the time is spent in the quarantine
O=$(realpath -m "${O:-$here/../../build}")
merge=
case ${1-} in
-h)	sed -n 's/^# \{0,1\}//; 3,14p' "$0"; exit ;;
-m)	merge=1; shift ;;
esac
seconds=${1:-600}
targets=("${@:2}")
[[ $# -gt 1 ]] || targets=(reader writer compare html plot advise import image symbols)
[[ $seconds =~ ^[0-9]+$ ]] || { "$0" -h >&2; exit 2; }
for target in "${targets[@]}"; do
	[[ -d $here/corpus/$target ]] || { "$0" -h >&2; exit 2; }
done

command -v clang > /dev/null ||
	{ echo "run.sh: there is no clang: apt-get install --no-install-recommends clang libclang-rt-14-dev" >&2; exit 3; }
for target in "${targets[@]}"; do
	folder=$here/../../tools
	[[ $target != core ]] || folder=$here/core
	make -s -C "$folder" SAN=fuzz O="$O" "$O/fuzz-$target"
done

# Inputs that were found stay in the build directory, and the next run begins with them.
status=0
for target in "${targets[@]}"; do
	found=$O/fuzz/$target
	mkdir -p "$found"
	echo "$target: $seconds s"
	# One byte of core's input may be a thousand exits.
	options=(-max_len=4096 -timeout=10 -dict="$here/reader.dict")
	[[ $target != @(compare|html|plot|advise|image|symbols) ]] || options[0]=-max_len=24576	# two boots
	[[ $target != core ]] || options=(-max_len=1024 -timeout=60)
	nice -n 19 "$O/fuzz-$target" -max_total_time="$seconds" "${options[@]}" -rss_limit_mb=1024 \
		-print_final_stats=1 -artifact_prefix="$O/fuzz/$target-" \
		"$found" "$here/corpus/$target" > "$O/fuzz/$target.log" 2>&1 || status=1
	grep -aE 'SUMMARY|Test unit written|another|finding:|kernel:|runtime error|DONE|operations' "$O/fuzz/$target.log"
	[[ $merge ]] || continue
	"$O/fuzz-$target" -merge=1 -use_counters=0 "${options[0]}" "$here/corpus/$target" "$found" 2> /dev/null
done
exit "$status"
