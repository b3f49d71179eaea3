# SPDX-License-Identifier: GPL-2.0-only
# The tables of docs/full-boot.md out of scripts/boots.sh's:
#   awk -f docs/full-boot/tables.awk [BY=reason] docs/full-boot/boots.tsv
# Exits by phase, or of the whole boot by reason.

function commas(n) {
	n = sprintf("%d", n)
	while (match(n, /[0-9][0-9][0-9][0-9](,|$)/))
		n = substr(n, 1, RSTART) "," substr(n, RSTART + 1)
	return n
}

function row(name, list, n,	i, text) {
	text = "| " name
	for (i = 1; i <= n; i++)
		text = text " | " list[i]
	print text " |"
}

function rule(n,	i, text) {
	text = "|---"
	for (i = 1; i <= n; i++)
		text = text "|--:"
	print text "|"
}

BEGIN {
	FS = "\t"
	n = split("firmware bootloader payload kernel initramfs userspace total seconds", phases, " ")
}
FNR == 1 {
	for (i = 8; i < NF; i++)
		reasons[++m] = $i
	if (BY == "reason") {
		row("boot", reasons, m)
		rule(m)
	} else {
		row("boot", phases, n)
		rule(n)
	}
	next
}
{ exits[$2] = commas($4) }
$2 == "total" {
	for (i = 1; i < n; i++)
		line[i] = phases[i] in exits ? exits[phases[i]] : "-"
	line[n] = sprintf("%.1f", $3 / 1000)
	for (i = 1; i <= m; i++)
		sum[i] = commas($(i + 7))
	if (BY == "reason")
		row("`" $1 "`", sum, m)
	else
		row("`" $1 "`", line, n)
	split("", exits)
}
