#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2016 # the scripts expand it
# usage: prove tests/tool/record-hostile.t     O=DIRECTORY: where the tools are built (default build)
#
# root runs `bootexits record' where another user can write: in a sticky directory, in one that all can write, and in
# the user's own. The user puts files there before, and meanwhile. No file of root's is written, removed or shown.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
tool=$O/bootexits
full=$root/tests/data/full.log
user=(setpriv --reuid=65534 --regid=65534 --clear-groups)

diagnose() {
	cat "$work/said"
	ls -la "$there"
}

if [[ $(id -u) != 0 ]]; then
	skip "root beside another user" "this is not root"
	done_testing
fi
mkdir "$work/private"
mount -t tmpfs -o mode=755 none "$work/private" 2>/dev/null && trap 'umount "$work/private"; rm -rf "$work"' EXIT
chmod 755 "$work"
roots=$work/private/roots
mkdir "$roots"

# The other user's script. It repeats each step as soon as record undoes it. It ends when $there/stop is there.
cat >"$work/attacker" <<'END'
there=$1 victim=$2 names=$3
umask 0
cd "$there" || exit
plant() {
	mkdir -p boot.trace.logs
	for name in serial observer console host; do
		ln -sn "$victim" "boot.trace.logs/$name.log"
	done
	for name in $names; do
		[[ -e $name || -L $name ]] || ln -sn "$victim" "$name"
	done
	for dir in boot.trace.logs.*; do	# replace a directory of root's, if it can be moved away
		[[ ! -d $dir || -L $dir || -O $dir ]] || { mv "$dir" "moved.$RANDOM" && ln -sn "$(dirname "$victim")" "$dir"; }
	done
	for file in boot.trace.new.*; do
		[[ ! -f $file || -L $file || -O $file ]] || { mv "$file" "moved.$RANDOM" && ln -sn "$victim" "$file"; }
	done
}
until [[ -e stop ]]; do plant; : > planted; done 2>/dev/null
END
# qemu TEXT STATUS: it takes a second, which is long enough for the attacker
cat >"$work/qemu" <<END
#!/bin/bash
exec "$root/tests/lib/fake-qemu.sh" /dev/null 'sleep 0.5; head -n 20 "\$3" >>"\$log"; sleep 0.5; tail -n +21 "\$3" >>"\$log"; exit "\$4"' "\$@"
END
chmod +x "$work/qemu"

# make_place MODE OWNER: make the directory $there, with the files that the user put there before; sets before
make_place() {
	there=$work/private/there
	rm -rf "${there:?}" "${roots:?}"/*
	mkdir "$there"
	chmod "$1" "$there"
	chown "$2" "$there"
	for name in victim serial.log observer.log console.log host.log messages .lock; do
		echo "of root's alone: $name" >"$roots/$name"
		chmod 600 "$roots/$name"
	done
	before=$(cd "$roots" && md5sum .lock ./* && stat -c '%n %a %u' .lock ./*)
}

untouched() {
	diff <(cd "$roots" && md5sum .lock ./* && stat -c '%n %a %u' .lock ./*) - <<<"$before" >>"$work/said"
}

private() {	# others can't read or write any file that root has made there
	[[ -z $(find "$there" -user 0 ! -type l ! -path "$there" -perm /077) ]]
}

places=('1777 0' '777 0' '755 65534' '1777 65534')
for place in "${places[@]}"; do
	# shellcheck disable=SC2086 # two words: mode and owner
	make_place $place

	# The user plants the files before, and then again and again.
	for names in "boot.trace.old boot.trace.sorted boot.trace.new boot.trace.failed" boot.trace; do
		"${user[@]}" bash "$work/attacker" "$there" "$roots/victim" "$names" &
		attacker=$!
		until [[ -e $there/planted ]]; do sleep 0.1; done
		for command in "$work/qemu $full 33" "$work/qemu $full 0" "sh -c :"; do
			# shellcheck disable=SC2086 # its words
			(cd "$there" && timeout -s KILL 600 "$tool" record -o boot.trace -- $command) >"$work/said" 2>&1 </dev/null
			untouched && private
			ok $? "in $place, '${command##*/}', links as ${names%% *}: root's files are what they were, and private"
		done
		"${user[@]}" touch "$there/stop"
		{ wait $attacker; } 2>/dev/null
		rm "$there"/{stop,planted}
	done
	"${user[@]}" ln -s "$roots/victim" "$there/new.trace.sorted"
	for options in "--from-log -o $there/new.trace $full" "--from-log -o $there/boot.trace $full"; do
		# shellcheck disable=SC2086 # its words
		"$tool" record $options >"$work/said" 2>&1
		untouched && private
		ok $? "in $place, record ${options% *}, links: root's files are what they were, and private"
	done

	# OUT.logs that is a link to a directory of logs
	# shellcheck disable=SC2086
	make_place $place
	"${user[@]}" ln -s "$roots" "$there/o.trace.logs"
	"${user[@]}" ln -s "$roots" "$there/o.trace.old.logs"
	for status in 33 0 33; do
		"$tool" record -o "$there/o.trace" -- "$work/qemu" "$full" $status >"$work/said" 2>&1 </dev/null
		untouched && private && [[ -s $there/o.trace ]]
		ok $? "in $place, OUT.logs is a link, QEMU ends with $status: nothing in there is removed, and there is a trace"
	done
	"${user[@]}" ln -s "$roots" "$there/way"
	"$tool" record -o "$there/way/new.trace" --from-log "$full" >"$work/said" 2>&1
	[[ $? -eq 3 ]] && untouched && grep -q 'its path has a link' "$work/said"
	ok $? "in $place, a link on the way: status 3, and it is not followed"
done

# root's own link is followed. What root writes is readable for root only.
make_place 1777 0
ln -s "$roots/real.trace" "$there/mine.trace"
"$tool" record -o "$there/mine.trace" --from-log "$full" >"$work/said" 2>&1 && [[ -s $roots/real.trace && -L $there/mine.trace ]]
ok $? "a link of root's own in a sticky directory is followed"
"${user[@]}" bash -c "umask 0; : >$there/theirs.trace; mkdir $there/theirs.trace.logs"
"$tool" record -o "$there/theirs.trace" -- "$work/qemu" "$full" 0 >"$work/said" 2>&1 </dev/null
[[ $(stat -c '%a %u' "$there/theirs.trace") == '600 0' ]] && private
ok $? "another user's file and directory: the trace and its logs are root's alone"
logs=$(sed -n 's/.*what was captured is also in \(.*\)$/\1/p' "$work/said")
check "the logs are where record says, ${logs#"$there"/}" test -s "$logs/serial.log"

# record opens the directory once, and then names in it, and follows no link. QEMU itself gets descriptors.
make_place 1777 0
iso=$O/bootexits.iso
cp "$iso" "$roots/bootexits.iso"
(cd "$there" && timeout -s KILL 3600 strace -f -y -o "$work/calls" -e trace=open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,symlinkat,truncate,chmod,chown,fchmodat,fchownat \
	"$tool" record -t 3000 -o boot.trace -- qemu-system-x86_64 -accel tcg -m 64 -nodefaults -display none -no-reboot \
	-cdrom "$roots/bootexits.iso") >"$work/said" 2>&1
check "QEMU runs in a sticky directory: status 4" test $? -eq 4
grep -v ENOENT "$work/calls" | grep -E "boot\.trace|serial\.log|observer\.log" >"$work/ours"
check "the calls that make its files were seen" test "$(wc -l <"$work/ours")" -ge 6
# A name with a slash is a path. A name without one must be relative to a descriptor, and opening it may follow no link.
! grep -E ', "[^"]*/[^"]*(boot\.trace|\.log)' "$work/ours" | grep -v '"/proc/self/fd/[0-9]*"' &&
	! grep -E '^[0-9]+ +open(at)?2?\(' "$work/ours" | grep -v 'O_NOFOLLOW\|"/proc/self/fd/[0-9]*"' &&
	! grep 'AT_FDCWD[^,]*, "\(boot\|serial\|observer\)' "$work/ours"
ok $? "nothing is opened by a path there"
check "QEMU opens its logs by descriptor" test "$(grep -c '"/proc/self/fd/[0-9]*", O_WRONLY' "$work/calls")" -ge 2

done_testing
