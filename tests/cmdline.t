#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/cmdline.t         O=DIRECTORY: where the parts were built (default build)
#
# Linux's command line: the payload reads words as Linux does, all short lines compared with next_arg() of
# linux-source.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/tap.sh"

tar -xJOf "$O/kernel/$KVER/usr/src/linux-source-$KVER.tar.xz" --occurrence=1 "linux-source-$KVER/lib/cmdline.c" |
	sed -n '/^char \*next_arg/,/^}/p' > "$work/next_arg.inc"
check "Linux's own next_arg() is there" grep -q in_quote "$work/next_arg.inc"
check "the payload's reading builds beside it" gcc -O2 -g -fsanitize=address,undefined -fno-sanitize-recover -Wall -Wextra -Werror \
	-I"$work" -Ipayload -Dmemcpy=lib_memcpy -Dmemset=lib_memset -o "$work/words" \
	tests/lines/words.c payload/words.c payload/cmdline.c payload/lib.c
check "a million lines have the words that Linux finds, and ours do what they say" "$work/words"
sed 's/^/# /' "$work/output" | tail -n 3

done_testing
