#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/host/doctor.t          O=DIRECTORY: where to build (default build)
#        UPDATE=1 tests/host/doctor.t       write the output as the new golden files
#
# `bootexits doctor' on made-up hosts, which are trees of files, and on this machine. tests/host/host.t and
# tests/host/host-intel.t run it on whole hosts in the lab.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/golden.sh"
export SAN=0 USER=somebody

check "the tool builds" make -s -C tools all
release=6.1.0-56-amd64

# host NAME [FROM]: make a new tree, empty or a copy of FROM
host() {
	tree=$work/$1
	mkdir -p "$tree"
	[[ -z ${2-} ]] || cp -a "$work/$2/." "$tree/"
}

put() {	# PATH [TEXT]: write a file of that tree
	mkdir -p "$tree/$(dirname "$1")"
	printf '%s\n' "${2-}" > "$tree/$1"
}

package() {	# NAME VERSION [STATUS]
	printf 'Package: %s\nStatus: %s\nPriority: optional\nVersion: %s\nDescription: of a test\n\n' \
		"$1" "${3:-install ok installed}" "$2" >> "$tree/var/lib/dpkg/status"
}

lab_packages() {
	local name

	put usr/bin/qemu-system-x86_64
	for name in $(scripts/packages.sh -l); do
		package "$name" 1
	done
}

# process PID NAME FILE: one that has that file open
process() {
	put "proc/$1/comm" "$2"
	mkdir -p "$tree/proc/$1/fd"
	ln -s "$3" "$tree/proc/$1/fd/9"
}

# examined NAME STATUS [OPTION]: compare doctor's output for this tree with a golden file; only root can
examined() {
	if [[ $(id -u) -eq 0 ]]; then
		case_of "doctor-$1" "$2" doctor --root "$tree" "${@:3}"
	else
		skip "doctor-$1" "this is not root"
	fi
}

# is_ready WHAT: doctor finds nothing wrong
is_ready() {
	"$O/bootexits" doctor --ready="$1" --root "$tree" > "$work/out" 2>&1
	[[ $? -eq 0 && ! -s $work/out ]]
	ok $? "${tree##*/} is ready: $1"
}

host none
put proc/cpuinfo 'flags		: fpu vme'
put proc/sys/kernel/osrelease 5.10.0-28-amd64
examined none 3

host lab none
put var/lib/dpkg/status
lab_packages
examined lab 1

host both lab
put "$O/lab/6.1/l1.cpio"
status_of 1 '^ok  lab  *built, with Linux 6.1$' doctor --root "$tree"
put "$O/lab/6.12/l1.cpio"
status_of 1 '^ok  lab  *built, with Linux 6.1 6.12$' doctor --root "$tree"
is_ready lab

host bare lab
put proc/cpuinfo 'flags		: fpu svm npt'
put proc/sys/kernel/osrelease $release
examined bare 1

host stock bare
put sys/module/kvm_amd/parameters/nested 1
put sys/module/kvm_amd/refcnt 0
put sys/module/kvm/parameters/nx_huge_pages Y
put dev/kvm
put sys/kernel/security/lockdown '[none] integrity confidentiality'
put sys/module/module/parameters/sig_enforce N
package linux-headers-$release 6.1.192-2
put usr/src/linux-headers-$release/Makefile
package linux-source-6.1 6.1.192-2
put usr/src/linux-source-6.1.tar.xz
package dkms 3.0.10
process 7 sshd /dev/null
examined stock 1

host counting stock
put sys/kernel/btf/vmlinux
put sys/kernel/btf/kvm
put sys/kernel/btf/kvm_amd
status_of 1 '^ *-> make bpf' doctor --root "$tree"
put "$O/bootexits-bpf"
examined counting 0
is_ready bpf
rm "$tree/sys/kernel/btf/kvm_amd"
status_of 1 '^-   bpf  *kvm_amd was built without BTF$' doctor --root "$tree"
put lib/modules/$release/modules.builtin kernel/arch/x86/kvm/kvm.ko
status_of 0 '^ok  bpf ' doctor --root "$tree"
put sys/kernel/security/lockdown 'none integrity [confidentiality]'
status_of 1 '^no  bpf  *kernel lockdown is on' doctor --root "$tree"
put sys/kernel/security/lockdown 'none [integrity] confidentiality'
put proc/sys/kernel/osrelease 5.10.0-28-amd64
status_of 1 '^no  bpf  *it needs Linux 6.1 or later$' doctor --root "$tree"

host patched stock
put sys/module/kvm/parameters/exit_trace N
examined patched 0
examined json 0 --json

host tracing patched
put sys/module/kvm/parameters/exit_trace Y
put proc/cpuinfo 'flags		: fpu vmx smx'
mv "$tree/sys/module/kvm_amd" "$tree/sys/module/kvm_intel"
put sys/module/kvm_intel/parameters/nested N
examined tracing 0
is_ready run
is_ready lab
[[ $(id -u) -ne 0 ]] || { is_ready build; is_ready load; }

# lacks READY FINDING SAYS: one line, status 3
lacks() {
	status_of 3 "^bootexits doctor: not ready to $1: $2: $3" doctor --ready="$1" --root "$tree"
	[[ $(wc -l < "$work/err") -eq 1 && ! -s $work/out ]]
	ok $? "in one line"
}

host x tracing
process 1234 qemu-system-x86 /dev/kvm
lacks load vms 'process 1234 (qemu-system-x86) has KVM open'
process 5 $'q\e[31mu' /dev/kvm
"$O/bootexits" doctor --root "$tree" > "$work/out" 2>&1
grep -q 'process 5 (q?\[31mu)' "$work/out" && ! grep -q $'\e' "$work/out"
ok $? "another user's name for a process sends the terminal nothing"
rm -r "$tree/proc/5"
process 99 qemu anon_inode:kvm-vm
lacks load vms 'process 99 (qemu) has KVM open (shut that VM down)'
host counted tracing
put sys/module/kvm_intel/refcnt 2
lacks load vms 'KVM is in use, 2 times'

# found NAME REGEX [FIX]: doctor finds this in that tree, and names FIX
found() {
	"$O/bootexits" doctor --root "$tree" > "$work/out"
	check "$1" grep -Eq "$2" "$work/out"
	[[ -z ${3-} ]] || check "and what mends it: $3" grep -qF -e "-> $3" <(grep -EA1 "$2" "$work/out")
}

amd='vendor_id	: AuthenticAMD
cpu family	: 25'

# put_msr NUMBER OCTAL: set that MSR's lowest byte; the others are 0
put_msr() {
	mkdir -p "$tree/dev/cpu/0"
	rm -f "$tree/dev/cpu/0/msr"
	# shellcheck disable=SC2059 # the format is an octal number
	printf "\\$2\\0\\0\\0\\0\\0\\0\\0" | dd of="$tree/dev/cpu/0/msr" bs=1 seek=$(($1)) 2> /dev/null
}

host firmware bare
found "SVM is shown, kvm_amd not loaded: it may be off" '^no  modules  *kvm_amd is not loaded' \
	"modprobe kvm_amd. If it says \`Operation not supported': switch SVM on in the firmware's setup"
put_msr 0xc0010114 030
found "VM_CR.SVMDIS" '^no  cpu  *SVM \(AMD-V\) is switched off by the firmware$' "switch SVM on in the firmware's setup"
check "no modprobe then" test -z "$(grep modprobe "$work/out")"
put_msr 0xc0010114 010
found "VM_CR that is locked only" '^ok  cpu '
rm "$tree/dev/cpu/0/msr"
for line in 'kvm_amd: SVM disabled (by BIOS) in MSR_VM_CR on CPU 3' 'kvm: disabled by bios' \
	'SVM disabled (by BIOS) in MSR_VM_CR'; do
	put dev/kmsg "6,1,1,-;Linux
3,2,2,-;$line"
	found "the kernel's log: $line" '^no  cpu  *SVM .* switched off by the firmware$' "switch SVM on in the firmware's setup"
done
put dev/kmsg '6,1,1,-;x86/cpu: SGX disabled by BIOS.'
found "but not of SGX" '^ok  cpu '
put proc/cpuinfo "$amd
flags		: fpu vme"
found "an AMD CPU without the flag" '^no  cpu  *SVM .* is hidden' "switch SVM on in the firmware's setup"
put proc/cpuinfo "$amd
flags		: fpu vme hypervisor"
found "the same in a VM" "^no  cpu  *this VM gets neither" 'switch on nesting on its host'
put proc/cpuinfo 'vendor_id	: GenuineIntel
flags		: fpu vme'
for value in 1 3; do
	put_msr 0x3a 00$value
	found "IA32_FEATURE_CONTROL $value" '^no  cpu  *VMX \(Intel VT-x\) is switched off' "switch VMX on in the firmware's setup"
done
for value in 0 5; do
	put_msr 0x3a 00$value
	found "IA32_FEATURE_CONTROL $value" '^no  cpu  *the CPU has neither VMX nor SVM, or they are hidden'
done
put dev/kmsg '3,2,2,-;x86/cpu: VMX (outside TXT) disabled by BIOS'
found "the kernel's log: VMX disabled" '^no  cpu  *VMX .* switched off by the firmware$' "switch VMX on in the firmware's setup"

# Each of these is found by a single sign.
builtin='boot a kernel that has KVM as modules'
host listed stock
put lib/modules/$release/modules.builtin "kernel/fs/nls/nls_base.ko
kernel/arch/x86/kvm/kvm.ko"
found "KVM built in, by modules.builtin" '^no  modules  *kvm is built into this kernel' "$builtin"
lacks load modules 'kvm is built into this kernel'
check "nothing is to be installed" test -z "$(grep install-host "$work/out")"
host configured stock
put boot/config-$release "# Linux
CONFIG_KVM=y
CONFIG_KVM_AMD=m"
found "by the kernel's configuration" '^no  modules  *kvm is built into this kernel' "$builtin"
put boot/config-$release "# Linux
CONFIG_KVM=m
CONFIG_KVM_AMD=m
CONFIG_KVM_INTEL=y"
found "modules by it, too" '^no  modules  *kvm and kvm_amd are stock' 'make install-host'
put lib/modules/$release/modules.builtin kernel/arch/x86/kvm/kvm-amd.ko
found "kvm_amd by modules.builtin" '^no  modules  *kvm_amd is built into this kernel' "$builtin"
host counted-none stock
rm "$tree/sys/module/kvm_amd/refcnt" "$tree/dev/kvm"
found "by what was not loaded" '^no  modules  *kvm_amd is built into this kernel' "$builtin"
found "and does not work" '^no  device  *there is no /dev/kvm' "switch virtualization on in the firmware's setup"
check "no modprobe then" test -z "$(grep modprobe "$work/out")"

for other in VirtualBox:vboxdrv VMware:vmmon; do
	host "${other%:*}" tracing
	put "sys/module/${other#*:}/refcnt" 2
	mkdir -p "$tree/sys/module/${other#*:}/holders"/{vboxnetflt,vboxnetadp}
	found "${other%:*} is loaded" "^-   others  *${other%:*}'s ${other#*:} is loaded: while its VMs run"
	is_ready run
	put "sys/module/${other#*:}/refcnt" 3
	lacks run others "${other%:*} has the CPU: its ${other#*:} is in use (shut ${other%:*}'s VMs down)"
	process 77 other "/dev/${other#*:}"
	lacks run others "${other%:*} has the CPU: process 77 (other) (shut"
done

# GVT-g's module is built for the stock KVM.
host gvt stock
is_ready load
put sys/module/i915/refcnt 3
put lib/modules/$release/modules.dep "kernel/drivers/gpu/drm/i915/kvmgt.ko: kernel/arch/x86/kvm/kvm.ko"
put boot/config-$release "CONFIG_MODVERSIONS=y
CONFIG_DRM_I915_GVT_KVMGT=m"
found "kvmgt is built" "^-   kvmgt  *kvmgt .GVT-g. won't load beside the patched KVM"
is_ready load
put boot/config-$release "# CONFIG_MODVERSIONS is not set"
found "and nothing would stop it" "^-   kvmgt  *this kernel would let kvmgt .GVT-g. load beside the patched KVM, and break"
rm -r "$tree/sys/module/i915"
check "no such GPU: not a word" test -z "$("$O/bootexits" doctor --root "$tree" | grep kvmgt)"
put sys/module/kvmgt/refcnt 0
lacks load kvmgt 'kvmgt (GVT-g) is loaded, but the patched KVM would break it (modprobe -r kvmgt)'
host gvt-tracing tracing
put sys/module/kvmgt/refcnt 0
lacks run kvmgt "kvmgt (GVT-g) is loaded, but doesn't know the patched KVM's structures (modprobe -r kvmgt)"

secure=sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
host locked tracing
put sys/kernel/security/lockdown 'none [integrity] confidentiality'
mkdir -p "$tree/$(dirname $secure)"
printf '\6\0\0\0\1' > "$tree/$secure"
lacks load signatures "modules need a signature, Secure Boot is on, but the kernel doesn't know DKMS's key (mokutil"
put proc/keys '1a2b I------ 1 perm 1f030000 0 0 asymmetri DKMS module signing key: 12ab: X509.rsa 12ab []'
[[ $(id -u) -ne 0 ]] || is_ready load
host enforced tracing
put sys/module/module/parameters/sig_enforce Y
lacks load signatures 'modules need a signature, but'

host other tracing
put proc/sys/kernel/osrelease 6.5.0-1-amd64
lacks build kernel '6.5.0-1-amd64: there are hooks for 6.1 6.12 only'
put proc/sys/kernel/osrelease 6.10.0-1-amd64
lacks build kernel '6.10.0-1-amd64: there are hooks'
put proc/sys/kernel/osrelease 6.12.117+deb12-amd64
lacks build headers 'no linux-headers-6.12.117+deb12-amd64 (apt-get install linux-headers-6.12'
host newer tracing
sed -i '/^Package: linux-source-6.1$/,/^$/s/192/190/' "$tree/var/lib/dpkg/status"
lacks build source "linux-source-6.1 is 6.1.190-2, but the kernel's headers are 6.1.192-2 (apt-get install linux-source-6.1=6.1.192-2)"
host removed tracing
sed -i '/^Package: dkms$/,/^$/s/install ok installed/deinstall ok config-files/' "$tree/var/lib/dpkg/status"
lacks build dkms 'no dkms (apt-get'
sed -i '/^Package: nasm$/,/^$/d; /^Package: xorriso$/,/^$/d' "$tree/var/lib/dpkg/status"
is_ready run
lacks lab packages 'the lab lacks nasm xorriso (make packages)'

status_of 2 'ready takes run, bpf, build, load or lab' doctor --ready=nothing
status_of 2 'use either --ready or --json' doctor --ready=run --json
status_of 2 'unexpected argument: this' doctor this

as_nobody() {	# doctor on that tree, run by a user who is not root
	setpriv --reuid=65534 --regid=65534 --clear-groups "$O/bootexits" doctor --root "$tree" > "$work/out"
}
if [[ $(id -u) -ne 0 ]]; then
	skip "another user" "only root can become one"
else
	host foreign tracing
	chmod 755 "$work"
	chmod 600 "$tree/dev/kvm"
	as_nobody
	check "not root: told so" grep -q '^-   user  *not root' "$work/out"
	check "a /dev/kvm for root: told so" grep -A1 '^no  device  *this user may not open /dev/kvm' "$work/out"
	check "and what mends it" grep -q -e '-> adduser somebody kvm' "$work/out"
fi

# This machine
if grep -Eq '^flags.* (vmx|svm)( |$)' /proc/cpuinfo; then
	skip "this machine" "its CPU has VMX or SVM"
else
	status_of 1 'This host traces in the lab only' doctor
	check "this machine: no VMX, no SVM" grep -q '^no  cpu ' "$work/out"
	check "this machine: all packages" grep -q '^ok  packages' "$work/out"
fi

done_testing
