#!/bin/sh
# The first process of exitstat.t's guest. It prints nothing before all steps are done, because a serial line causes
# exits, and Linux sends it at any time.

/bin/busybox --install -s /bin
export PATH=/bin:/
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mkdir /out
chmod 1777 /out
echo nobody:x:65534:65534::/:/bin/sh > /etc/passwd

step() {	# NAME COMMAND...: run it, and keep its output and its status
	name=$1
	shift
	"$@" > "/out/$name.stdout" 2> "/out/$name.stderr"
	echo $? > "/out/$name.status"
}

step none exitstat --json run -- known 0 0
step none exitstat --json run -- known 0 0
step cpuids exitstat --json run -- known 1000 0
step ports exitstat --json run -- known 0 500
step true exitstat --json run -- true

step text exitstat
step before exitstat --json
step ten ten
[ ! -e /bin/cpuid-tool ] || step cpuid cpuid-tool -1 -i -l 0x4fffffff
step after exitstat show -j

step run exitstat run known 1000 500
step status exitstat run -- sh -c 'echo out; echo err >&2; exit 7'
step signal exitstat run -- sh -c 'kill -9 $$'
step missing exitstat run -- /no/such/file
step no-program exitstat run /etc/passwd
step usage exitstat run
step no-phase exitstat mark nonsense
step watch exitstat watch -i 0.1 -n 3
exitstat watch > /out/interrupted.stdout &
sleep 0.5
kill -INT $!
step interrupted wait $!
step mark exitstat --json mark initramfs
step unprivileged su nobody -c 'exitstat mark userspace && exitstat run known 10 0'
step log exitstat log
i=0
while step full exitstat mark 0x9$((i % 10)); [ "$(cat /out/full.status)" = 0 ] && [ $i -lt 300 ]; do
	i=$((i + 1))
done

# Through the kernel's log, which polls the serial port: tests/l2/init.sh tells why.
for file in /out/*; do
	echo "@ $(basename "$file")"
	cat "$file"
done > /all
echo "@ end" >> /all
while IFS= read -r line; do
	printf '<0>%s\n' "$line" > /dev/kmsg
done < /all
printf '\020' | dd of=/dev/port bs=1 seek=244 2> /dev/null
