# SPDX-License-Identifier: GPL-2.0-only
# Draws exits over a boot's time and by phase. `bootexits plot' puts these variables and blocks in front of it:
#
# png, name                        1 for PNG, 0 for SVG; the SVG's name
# files, phases, reasons           their numbers
# whose                            which exits these are, for example guest exits
# end, exits_max, rate_max, bar_max    where the axes end
# $title $file $phase $reason $colour  texts, a dot before each; $lit: the colour of text on $colour
# $short $key                      phases and reasons, cut to fit beside the bars and into the key
# $phase_px $reason_px             about how many pixels these texts take
# room                             how many pixels a text of $short takes at most
# $bands                           for file 1: seconds from, to
# $marks1, $marks2...              seconds, exits until then
# $curve1, $curve2...              the same for samples
# $rate, $mean                     seconds, exits per second: with samples, and without
# $segments                        file, phase, reason, exits from, to
# $totals                          file, phase, exits, the same as text
#
# A text is only taken from its block, as $title[1][2:], because gnuplot does not interpret it there.
# Colours can be read on white and on black. An SVG has no background.

set encoding utf8
grey = "#757b84"
array hue[8] = ["#2f81f7", "#d9822b", "#2da44e", "#cf4b9a", "#8b6cef", "#a09020", "#c0504d", "#2aa1b3"]
power(x) = 10 ** floor(log10(x))
tidy(x) = power(x) * (x / power(x) <= 1 ? 1 : x / power(x) <= 2 ? 2 : x / power(x) <= 5 ? 5 : 10)

# The page, in pixels from its top left corner
width = 900
left = 116
right = width - 24
lying(i) = (word($bands[i], 2) - word($bands[i], 1)) / end * (right - left) > real($phase_px[i]) + 4
upright = 0
do for [i = 1:files == 1 ? phases : 0] {
	if (!lying(i)) { upright = upright < real($phase_px[i]) ? real($phase_px[i]) : upright }
}
upright = upright < room ? upright : room
exits_top = 40 + (files > 1 ? 18 * files + 6 : upright > 0 ? upright + 12 : 20)
exits_bottom = exits_top + 230
rate_top = exits_bottom + 16
rate_bottom = files == 1 ? rate_top + 120 : exits_bottom
rows = phases * (files == 1 ? 26 : 8 + 20 * files)
rows = rows < 20.5 * reasons ? 20.5 * reasons : rows		# as high as the key
bars_top = rate_bottom + 88
bars_bottom = bars_top + rows
height = bars_bottom + 64
sx(x) = 1.0 * x / width
sy(y) = 1 - 1.0 * y / height

if (png) {
	set terminal pngcairo size 2 * width, 2 * height noenhanced font "sans-serif,10" fontscale 2.2 \
		linewidth 2 pointscale 2
} else {
	set terminal svg size width, height dynamic noenhanced font "sans-serif,13" name name
}

set multiplot
set border 3 lc rgb grey
set tics nomirror textcolor rgb grey
set grid y lc rgb grey lw 0.3 dt 3
set format y "%.0f"
set lmargin at screen sx(left)
set rmargin at screen sx(right)
set label 1 $title[1][2:] at screen sx(left), sy(22) left textcolor rgb grey

# Over time. Every second phase is a visible band, and the others are transparent. A name is upright if it is too wide.
set xrange [0:end * 1.005]
set yrange [0:exits_max * 1.05]
set xtics tidy(end / 8)
set ytics tidy(exits_max / 5)
set tmargin at screen sy(exits_top)
set bmargin at screen sy(exits_bottom)
set ylabel whose." so far" textcolor rgb grey
if (files == 1) {
	array at[phases]
	pixel(x) = left + x / (end * 1.005) * (right - left)
	free = 0
	do for [i = 1:phases] {
		from = word($bands[i], 1) + 0.0
		to = word($bands[i], 2) + 0.0
		at[i] = pixel((from + to) / 2)
		if (!lying(i)) {
			at[i] = at[i] < free ? free : at[i]
			free = at[i] + 15
		}
		set object i rectangle from first from, graph 0 to first to, graph 1 \
			behind fc rgb grey fs transparent solid (i % 2 ? 0 : 0.16) noborder
	}
	free = right + 12
	do for [i = phases:1:-1] {
		if (lying(i)) {
			set label i + 1 $phase[i][2:] at screen sx(at[i]), sy(exits_top - 12) \
				center textcolor rgb grey
		} else {
			at[i] = at[i] > free ? free : at[i]
			free = at[i] - 15
			set label i + 1 $short[i][2:] at screen sx(at[i]), sy(exits_top - 9) \
				left rotate textcolor rgb grey
			set arrow i from screen sx(at[i]), sy(exits_top - 6) \
				to first (word($bands[i], 1) + word($bands[i], 2)) / 2.0, graph 1 \
				nohead lc rgb grey lw 0.6
		}
	}
	unset key
	set format x ""
} else {
	set key at screen sx(left), sy(36) left top Left reverse maxcols 1 samplen 2 textcolor rgb grey
	set xlabel "seconds since the guest began" textcolor rgb grey offset 0, 0.4
}

# Before the first poll, the curve has only the totals at the marks.
plot for [f = 1:files] "$marks".f using 1:2 with linespoints \
	lc rgb (files == 1 ? grey : hue[f]) lw 1 dt 2 pt 7 ps 0.5 title files == 1 ? "exits at the marks" : "", \
	for [f = 1:files] "$curve".f using 1:2 with lines lw 2 lc rgb hue[f] title files == 1 ? "exits" : "", \
	for [f = 1:(files == 1 ? 0 : files)] NaN with lines lw 2 lc rgb hue[f] title $file[f][2:]

# The curve's slope. Grey: no sample is there, so it is a mean between samples or marks.
if (files == 1) {
	do for [i = 1:phases + 1] { unset label i }
	unset arrow
	set tmargin at screen sy(rate_top)
	set bmargin at screen sy(rate_bottom)
	set yrange [0:rate_max * 1.05]
	set ytics tidy(rate_max / 4)
	set ylabel "exits per second"
	set xlabel "seconds since the guest began" textcolor rgb grey offset 0, 0.4
	set format x "%g"
	plot $rate using 1:2 with filledcurves y=0 fs solid noborder lc rgb hue[1] title "exits per second", \
		$mean using 1:2 with filledcurves y=0 fs transparent solid 0.55 noborder lc rgb grey title "exits per second, no sample"
}

# Phases by reason: a bar for each file
unset label
unset object
unset ylabel
set rmargin at screen sx(width - 210)
set tmargin at screen sy(bars_top)
set bmargin at screen sy(bars_bottom)
set label 1 whose." by phase and reason" at screen sx(left), sy(bars_top - 16) left textcolor rgb grey
set border 2
unset ytics
unset grid
set grid x lc rgb grey lw 0.3 dt 3
set xlabel "exits"
set format x "%.0f"
set xrange [0:bar_max * 1.1]
set xtics tidy(bar_max / 6)
set yrange [phases + 0.5:0.5]
set key at screen sx(width - 200), sy(bars_top) left top Left reverse maxcols 1 samplen 2 textcolor rgb grey
half = phases * 12.0 / rows
half = half * files > 0.45 ? 0.45 / files : half
y(file, phase) = phase + half * (2 * file - 1 - files)
fits(from, to, reason) = (to - from) / (bar_max * 1.1) * (width - 210 - left) > \
	real($reason_px[reason]) + 6
do for [i = 1:phases] {
	set label i + 1 $short[i][2:] at screen sx(left - (files == 1 ? 8 : 28)), first i \
		right textcolor rgb grey
}
if (files > 1) {
	do for [f = 1:files] {
		do for [i = 1:phases] {
			set label phases + f * phases + i $file[f][2:2] at screen sx(left - 8), first y(f, i) \
				right textcolor rgb hue[f]
		}
	}
}
gap = bar_max * 1.1 / (width - 210 - left)		# a pixel, so that similar colours don't run together
begin(from, to) = from > 0 && to - from > 3 * gap ? from + gap : from
plot for [r = 1:reasons] $segments using ($3 == r ? ($4 + $5) / 2 : NaN):(y($1, $2)):(begin($4, $5)):5:(y($1, $2) - half * 0.9):(y($1, $2) + half * 0.9) \
	with boxxyerror fs solid noborder lc rgb $colour[r][2:] title $key[r][2:], \
	$segments using (fits($4, $5, int($3)) ? ($4 + $5) / 2 : NaN):(y($1, $2)):($reason[int($3)][2:]):(int($lit[int($3)][2:])) \
	with labels textcolor rgb variable notitle, \
	$totals using 3:(y($1, $2)):4 with labels left offset char 0.6, 0 textcolor rgb grey notitle
unset multiplot
