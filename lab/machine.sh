# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# L1 as a machine. lab.sh sources this file, which reads lab.sh's variables. fill_second makes what this run adds to
# l1.cpio. set_machine sets machine[], the emulator's command line.
# shellcheck disable=SC2034,SC2154

# Slabs have one page. Otherwise hardened usercopy needs one more instruction for an object on a later page of its slab,
# and chance decides whether KVM's emulation context is on one.
cmdline="console=ttyS0 quiet nokaslr norandmaps tsc=reliable slub_max_order=0 oops=panic panic=-1"

# fill_second FILE...: puts the scenario and its files into $tmp. With L1_SEED, some pages that nobody reads come first.
# So all that L1 puts into its memory is at other addresses, and all that it does happens a little later.
fill_second() {
	local name value kvm=$build/kvm/$flavour

	mkdir -p "$tmp"/{files,modules/patched}
	[[ -z $disk ]] || cp -r "$lab/modules/nvdimm" "$tmp/modules/"
	cp "$here"/l1/{init,l1.sh,l2.sh,configurations.sh} "$tmp/"
	[[ -z $scenario ]] || cp "$scenario" "$tmp/scenario"
	echo "console_port=$(contract PORT_CONSOLE)" > "$tmp/env"
	for pair in "${variables[@]}"; do
		name=${pair%%=*} value=${pair#*=}
		printf "%s='%s'\n" "$name" "${value//\'/\'\\\'\'}" >> "$tmp/env"
	done
	if [[ -e $kvm/kvm.ko ]]; then
		[[ -e $kvm/kvm-$lane.ko ]] || die 3 "$kvm/kvm-$lane.ko is missing: make host-kvm"
		cp "$kvm"/{kvm,kvm-"$lane"}.ko "$tmp/modules/patched/"
	fi
	[[ $# -eq 0 ]] || cp -- "$@" "$tmp/files/"
	[[ ${L1_SEED:-0} == 0 ]] || head -c $((10#$L1_SEED * 5 * 4096)) /dev/zero > "$tmp/.seed"
}

# A disk whose I/O is L1's own instructions: memory that holds the image. L0 never writes it back to the file.
set_dimm() {
	local size

	dimm=()
	[[ -n $disk ]] || return 0
	size=$(stat -L -c %s "$disk")
	(( size > 0 && size % (2 << 20) == 0 )) || die 3 "the size of $disk is no multiple of 2 MiB"
	dimm=(
		-machine nvdimm=on -m "slots=1,maxmem=$((${L1_RAM:-1024} + (size >> 20) + 1024))M"
		-object "memory-backend-file,id=disk,mem-path=${disk//,/,,},size=$size,share=off,readonly=off"
		-device nvdimm,memdev=disk,unarmed=off
	)
}

# The emulator is $QEMU, else our own, else Debian's. If it has firmware beside it, it uses that.
set_emulator() {
	emulator=("${QEMU:-$build/qemu/qemu-system-x86_64}")
	if [[ -z ${QEMU-} && ! -x ${emulator[0]} ]]; then
		emulator=(qemu-system-x86_64)
		say "with Debian's QEMU a boot can hang, or get an interrupt twice; make qemu builds one without this fault"
	fi
	[[ ! -d ${emulator[0]%/*}/firmware ]] || emulator+=(-L "${emulator[0]%/*}/firmware")
}

# A run repeats because it has one CPU, time that is counted in instructions, no entropy and no disk. One tick of
# L1's TSC is one instruction. Features of that CPU that TCG lacks are switched off by name, or QEMU would warn.
set_machine_amd() {
	local cpu=EPYC,+svm,+npt,-rdrand,-rdseed
	cpu+=,-sha-ni,-fxsr-opt,-misalignsse,-3dnowprefetch,-osvw,-topoext,-nrip-save,-xsavec
	local clock=(-icount "shift=0,sleep=off" -rtc "base=2026-01-01,clock=vm")

	if [[ -n $shell || ${L1_CPUS:-1} != 1 ]]; then
		clock=()
		cmdline+=" no_timer_check"	# on a busy L0 the check can fail
	fi
	set_dimm
	set_emulator
	machine=(
		"${emulator[@]}" -accel "${L1_ACCEL:-tcg}" "${clock[@]}" -seed 1 -machine pc "${dimm[@]}"
		-cpu "${L1_CPU:-$cpu}" -smp "${L1_CPUS:-1}" -nodefaults -display none -no-reboot
	)
}

# Bochs's time is always counted in instructions. The model is the first one with PAUSE-loop exiting. On older models
# a second vCPU spins in SeaBIOS with interrupts off, and L1's timer never gets it out of there. L1's Linux must not
# use the model's RDRAND, or no two runs would be the same. A second of L1's time takes some 17 s of CPU time.
set_machine_intel() {
	[[ -z $shell && -z $disk && ${L1_CPUS:-1} == 1 ]] ||
		die 2 "LANE=intel has one CPU, no shell and no disk: use LANE=amd"
	window=${L1_HANG:-240}
	cmdline+=" mitigations=off clearcpuid=rdrand,rdseed"
	machine=("$here/bochs.sh" -cpu "${L1_CPU:-corei7_haswell_4770}")
}

set_machine() {
	case $lane in
	amd | intel)	"set_machine_$lane" ;;
	*)		die 2 "unknown LANE=$lane: use amd or intel" ;;
	esac
	machine+=(-m "${L1_RAM:-1024}" -kernel "$lab/vmlinux" -initrd "$initrd" -append "$cmdline")
}
