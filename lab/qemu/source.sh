# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Fetches what the lab's emulator is built of: Debian's packages, and our patches. qemu-build.sh sources this file,
# which has set $root and $tmp.
# shellcheck disable=SC2154

firmware=(usr/share/seabios/bios-256k.bin usr/share/qemu/{kvmvapic,pvh}.bin)

archive() {	# COMMAND ARGUMENT...: calls archive.sh for this machine's suite
	"$root/lab/images/archive.sh" -s "$(machine_suite)" "$@"
}

choose_version() {	# sets version
	local installed versions

	versions=$(archive versions src:qemu | awk '{ print $2 }') || die 3 "apt can't list QEMU's source"
	[[ -n $versions ]] || die 3 "apt has no source of QEMU"
	version=
	[[ -n $update || ! -f $out/lock ]] || version=$(sed -n 's/^qemu \([^ ]*\) .*/\1/p' "$out/lock")
	! grep -qxF -- "$version" <<< "$versions" || return 0	# keep the version that is built already
	installed=$(dpkg-query -W -f '${source:Version}' qemu-system-x86 2> /dev/null) || installed=
	version=$(head -n 1 <<< "$versions")
	if grep -qxF -- "$installed" <<< "$versions"; then
		version=$installed
	elif [[ -n $installed ]]; then
		say "the archive has no source of the installed QEMU, $installed, any more: using the suite's newest"
	fi
}

apply() {	# FILE: applies that patch to the source
	patch -s -d "$tmp/source" -p1 -F0 -N -u -E -V never --no-backup-if-mismatch -i "$1" > "$tmp/log" 2>&1 ||
		{ cat "$tmp/log" >&2; die 3 "$1 does not fit QEMU $version"; }
}

unpack() {	# unpacks the source, as dpkg-source -x does
	local name

	mkdir "$tmp/source"
	tar -xf "$tmp"/qemu_*.orig.tar.xz -C "$tmp/source" --strip-components=1
	tar -xf "$tmp"/qemu_*.debian.tar.xz -C "$tmp/source"
	while read -r name _; do
		apply "$tmp/source/debian/patches/$name"
	done < <(grep -Ev '^(#|[[:space:]]*$)' "$tmp/source/debian/patches/series")
}

patch_source() {	# sets patches
	local patch
	local -a all=("$root"/lab/qemu/*.patch)

	patches=()
	read -r upstream < "$tmp/source/VERSION"
	[[ ! -d $root/lab/qemu/${upstream%.*} ]] || all+=("$root/lab/qemu/${upstream%.*}"/*.patch)
	for patch in "${all[@]}"; do
		# before QEMU 10 the folder is called sysemu
		sed "$([[ -d $tmp/source/target/i386/tcg/system ]] || echo 's|/tcg/system/|/tcg/sysemu/|')" "$patch" > "$tmp/patch"
		if patch -s -d "$tmp/source" -p1 -F0 -R -f --dry-run -i "$tmp/patch" > /dev/null; then
			say "QEMU $version has ${patch##*/} already"
			continue
		fi
		apply "$tmp/patch"
		patches+=("$patch")
	done
}

copy_firmware() {	# of the same source package, if the archive has it
	local name versions
	local -a packages=()

	versions=$(archive versions seabios qemu-system-data) || die 3 "apt can't list the firmware"
	for name in seabios qemu-system-data; do
		packages+=("$(awk -v name="$name" -v like="$version" '$1 != name { next }
			!best || $2 == like { best = $2 }
			END { print name "=" best }' <<< "$versions")")
	done
	mkdir "$tmp/debs" "$tmp/files" "$tmp/firmware"
	archive fetch "$tmp/debs" "${packages[@]}" || die 3 "can't fetch the firmware"
	for name in "$tmp"/debs/*.deb; do
		dpkg-deb -x "$name" "$tmp/files"
	done
	cp "${firmware[@]/#/$tmp/files/}" "$tmp/firmware/"
}

sum() {	# FILE: prints its SHA256
	sha256sum < "$1" | cut -d' ' -f 1
}

static_libraries() {	# prints NAME VERSION SHA256 of this machine's libraries that are linked into the program
	local name

	for name in libc6-dev libglib2.0-dev libpixman-1-dev libfdt-dev zlib1g-dev; do
		# shellcheck disable=SC2016 # dpkg-query expands it
		dpkg-query -W -f '${Package} ${Version} ' "$name" 2> /dev/null || continue
		# Debian 13's libpixman-1-dev has no static library
		dpkg-query -L "$name" | sed -n '/\.a$/p' | LC_ALL=C sort | xargs -r cat | sha256sum | cut -d ' ' -f 1
	done
}

lock() {	# prints NAME VERSION SHA256 of all that the program was made of. A patch has - as version
	local file

	static_libraries

	echo "qemu $version $(sum "$tmp"/qemu_*.dsc)"
	for file in "${patches[@]}"; do
		echo "${file##*/} - $(sum "$file")"
	done
	for file in "$tmp"/debs/*.deb; do
		lock_line "$file"
	done
}
