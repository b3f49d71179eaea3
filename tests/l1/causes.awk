# SPDX-License-Identifier: GPL-2.0-only
# Finds why vCPU 0 exited, for three reasons that don't tell it alone. It reads L1's trace, and prints
# "cause reason=REASON what=WHAT count=N". Each exit is in one WHAT.
#   interrupt  the timers of L1 that expired: poll (the observer's APIC timer), guest (vCPU 0's own), host (any other),
#              several with '+', or other if there was none. 6.1 lets the timers of an SVM exit expire before it traces
#              the exit. 6.12 traces the exit first: then the timers of the next timer interrupt count. Timers of a
#              second interrupt don't count: the vCPU was out of the guest by then.
#   msr        the MSR's number
#   npf        the page, in hex, if it is a device's, else ram
# It ends where the guest pauses the VM.

function pid(line) {	# of "COMM-PID [CPU] ..."
	sub(/ *\[.*/, "", line)
	sub(/.*-/, "", line)
	return line
}

function field(line, name) {
	sub(".*" name "[= ]", "", line)
	sub(/ .*/, "", line)
	return line
}

function settle() {	# count the exit that waits for its timers
	if (waits) {
		what = (poll ? "+poll" : "") (guest ? "+guest" : "") (host ? "+host" : "")
		count["interrupt what=" (what == "" ? "other" : substr(what, 2))]++
	}
	waits = 0
}

/: kvm_entry: /	{ settle(); vcpu0 = pid($0); inside = 1; poll = guest = host = over = 0; next }
/: hrtimer_start: / {	# later ones may be the host's, on whichever thread's time
	timer = field($0, "hrtimer")
	if (!(timer in owner))
		owner[timer] = pid($0)
	next
}
/: hrtimer_expire_entry: / && !over {
	if (field($0, "function") !~ /^apic_timer_fn/)
		host = 1
	else if (owner[field($0, "hrtimer")] == vcpu0)
		guest = 1
	else
		poll = 1
	next
}
/: local_timer_exit: /	{ settle(); over = 1; next }
/: kvm_exit: / {
	waits = inside && / reason interrupt /
	if (poll || guest || host)
		settle()
	inside = 0
	next
}
/: kvm_msr: / {
	if (pid($0) == vcpu0)
		count["msr what=" field($0, "msr_[a-z]*")]++
	next
}
/: kvm_page_fault: / {
	page = substr(field($0, "address"), 3)
	sub(/^0*/, "", page)
	page = substr(page, 1, length(page) - 3)
	count["npf what=" (page ~ /^fe[0-9a-f][0-9a-f][0-9a-f]$/ ? page : "ram")]++
	next
}
/: kvm_pio: /	{ exit }

END {
	settle()
	for (what in count)
		print "cause reason=" what " count=" count[what]
}
