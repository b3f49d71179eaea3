# Compares what the patched KVM and bootexits-bpf counted over one boot, cell by cell: mark x vCPU x reason.
# Input: the guest's records of the two traces, those of the patched KVM first. Output: lines of text. The last one
# begins with "cells:".

# {"entry vcpu slot": record of its exits}. A VM with one vCPU has no parts.
def cells:
	(map(select(.guest == "part")) | if . == [] then null else . end)
		// map(select(.guest == "reason") | .vcpu = 0)
	| map({key: "\(.entry) \(.vcpu) \(.slot)", value: .}) | from_entries;
def names: map(select(.guest == "reason") | {key: "\(.slot)", value: .name}) | from_entries;
def marks: map(select(.guest == "phase"));
def exits($cells; $key): $cells[$key].count // 0;
def clocks: [.in_guest, .kvm, .user, .idle, .preempted];

(.[0] | cells) as $a | (.[1] | cells) as $b
| ((.[0] | names) + (.[1] | names)) as $names
| (.[0] | marks) as $marks | (.[1] | marks) as $others
| [range([$marks, $others | length] | max) as $i
	| select($marks[$i].id != $others[$i].id or $marks[$i].vcpu != $others[$i].vcpu)
	| "mark \($i): \($marks[$i].name) by vCPU \($marks[$i].vcpu), but \($others[$i].name) by vCPU \($others[$i].vcpu)"] as $strange
| ($a + $b | keys_unsorted) as $keys
| [$keys[] | . as $key | (split(" ") | map(tonumber)) as [$entry, $vcpu, $slot]
	| (exits($b; $key) - exits($a; $key)) as $more
	| select($more != 0)
	# Both copy the vCPUs one after the other. A vCPU that does not mark may exit in between. At the next mark, both have
	# that exit.
	| ([$entry + 1, $vcpu, $slot] | map(tostring) | join(" ")) as $next
	| ($marks[$entry] and $others[$entry] and $marks[$entry].vcpu != $vcpu and exits($a; $next) == exits($b; $next)) as $flight
	| {$flight, text: ("\($marks[$entry].name // $others[$entry].name), vCPU \($vcpu), \($names["\($slot)"]): patched \(exits($a; $key)), bpf \(exits($b; $key)): "
		+ if $flight then "it ran while the mark was copied" else "no cause is known" end)}] as $differ
| $strange[], ($differ[] | .text),
	(range($marks | length) as $i | ($marks[$i] | clocks) as $x | ($others[$i] | clocks) as $y
		| "clocks up to \($marks[$i].name), ns per exit that bpf has more: "
		+ ([["guest", "kvm", "user", "idle", "preempted"], $x, $y] | transpose
			| map("\(.[0]) \((.[2] - .[1]) * 10 / $marks[$i].total | round / 10)") | join(", "))),
	"cells: \($keys | length) in \($marks | length) marks, \($differ | length) differ, \($differ | map(select(.flight | not)) | length + ($strange | length)) with no known cause"
