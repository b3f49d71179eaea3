# SPDX-License-Identifier: GPL-2.0-only
# usage: awk -f vmx-flags.awk vmxfeatures.h REPORT
#
# Prints the "vmx flags" that Linux's /proc/cpuinfo should show on the CPU of REPORT, a line each. Names and places are
# from the kernel's own list (arch/x86/include/asm/vmxfeatures.h). The words are filled as by init_vmx_capabilities() in
# arch/x86/kernel/cpu/feat_ctl.c.

FNR == NR && /^#define VMX_FEATURE_/ {
	name = tolower(substr($2, 13))
	split($0, part, /[(*+)]/)
	place = part[2] + 0 " " part[4] + 0
	if (split($0, quoted, "\"") > 2 && $0 ~ /\/\* "/)
		name = quoted[2]	# "": not shown
	if (name != "")
		flag[place] = name
	next
}
FNR == NR	{ next }
/^[A-Z]/	{ group = $1 " " $2; next }
$1 == "bit" && (/can set=yes/ || $NF == "yes") { has[group, $2 + 0] = 1 }

function show(place, group, bit) {
	if ((group, bit) in has && place in flag)
		print flag[place]
}
END {
	for (bit = 0; bit < 32; bit++) {
		if (bit < 16)
			show("0 " bit, "Pin-based VM-execution", bit)
		show("1 " bit, "Primary processor-based", bit)
		show("2 " bit, "Secondary processor-based", bit)
		show("3 " bit, "Tertiary processor-based", bit)
		show("4 " bit, "Tertiary processor-based", 32 + bit)
	}
	show("0 16", "VPID and", 32)
	show("0 17", "VPID and", 0)
	show("0 18", "VPID and", 21)
	show("0 19", "VPID and", 17)
	if (has["Primary processor-based", 21]) {
		show("0 24", "Secondary processor-based", 0)
		if (has["Secondary processor-based", 8] && has["Secondary processor-based", 9])
			show("0 25", "Pin-based VM-execution", 7)
	}
	# Not eptp_switching: Linux looks for it in the wrong half of IA32_VMX_VMFUNC.
}
