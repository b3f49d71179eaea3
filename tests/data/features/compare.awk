# SPDX-License-Identifier: GPL-2.0-only
# usage: awk -f compare.awk -v model=NAME bochs.rules REPORT
#
# Compares a report of bootexits-features with the rules for that model, bit by bit, in each group that both have. It
# prints each bit that differs, and at the end how many were compared.

FNR == 1	{ file++ }
/^#/ || !NF	{ next }
file == 1 {
	if ($1 == "model" && $2 == model)
		for (i = 3; i <= NF; i++)
			has[$i] = 1
	if ($1 == "model")
		next
	group = $1 == "set" ? $3 : $2
	for (i = $1 == "set" ? 4 : 3; i <= NF; i++) {
		rule[group, $i] = $1
		if ($1 == "set")
			needs[group, $i] = $2
	}
	next
}
/^[A-Z]/	{ group = title($0); shown[group]; next }
group != "" && $1 == "bit" {
	rule_of = rule[group, $2]
	if (rule_of == "set" && needs[group, $2] != "-" && !(needs[group, $2] in has))
		rule_of = ""
	want = rule_of == "must" ? "forced" : rule_of == "set" ? "yes" : rule_of == "default" ? "default" : "no"
	seen[group, $2] = 1
	compared++
	if ($NF != want) {
		print model ": " group " bit " $2 ": the source says " want ", the report " $NF
		bad = 1
	}
}
function title(line) {
	if (line ~ /^Pin-based/)	return "pin"
	if (line ~ /^Primary proc/)	return "proc"
	if (line ~ /^Secondary proc/)	return "proc2"
	if (line ~ /^Primary VM-exit/)	return "exit1"
	if (line ~ /^VM-entry/)		return "entry"
	if (line ~ /^Miscell/)		return "misc"
	if (line ~ /^VPID and EPT/)	return "ept_vpid"
	if (line ~ /^VM functions/)	return "vmfunc"
	if (line ~ /^SVM features \(/)	return "svm_edx"
	return ""
}
END {
	for (key in rule) {
		split(key, part, SUBSEP)
		if (rule[key] != "set" && (part[1] in shown) && !(key in seen)) {
			print model ": " part[1] " bit " part[2] " must be 1, and is not in the report"
			bad = 1
		}
	}
	print model ": " compared + 0 " bits compared"
	exit bad || !compared
}
