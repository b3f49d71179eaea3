#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: dist.sh [-h]
#
# Makes build/bootexits-VERSION.tar.xz of the last commit. The same commit and the same xz give the same bytes.
# All can be built from the tarball, which has no .git.
#
# Environment: O is the build directory.
# Exit codes: 0 made, 2 usage, 3 this is no git checkout, or a change is not committed.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

only_help "$@"

# A tarball may be unpacked within a checkout of something else
[[ -e $root/.git ]] || die 3 "there is no $root/.git: make the tarball in a git checkout"
[[ -z $(git -C "$root" status --porcelain) ]] || die 3 "commit your changes first: git status lists them"
name=bootexits-$(release_version)
mkdir -p "$build"
tmp=$(mktemp -d "$build/dist.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
# Settings of this user may change neither modes nor line ends
git -C "$root" -c tar.umask=022 -c core.autocrlf=false archive --prefix="$name/" -o "$tmp/$name.tar" HEAD
xz -9 -T1 "$tmp/$name.tar"
mv "$tmp/$name.tar.xz" "$build/"
echo "  DIST    $build/$name.tar.xz"
