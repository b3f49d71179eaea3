# SPDX-License-Identifier: GPL-2.0-only
# Draws exits over a boot's time, from what `bootexits export' prints, as an SVG.
#
# usage: gnuplot -c docs/plot.gp OUT.svg PHASES.csv SAMPLES.csv [SAMPLES.csv...]
#
#   bootexits export --phases observer.log >phases.csv
#   bootexits export observer.log >boot.csv
#   gnuplot -c docs/plot.gp boot.svg phases.csv boot.csv
#
# PHASES.csv gives the phases, and dots where they end.  Each curve is named after
# its file.  Up to seven curves.  The same input gives the same bytes; colours are such
# as can be read on white and on black, and the background is left open.

if (ARGC < 3) {
	print "usage: gnuplot -c plot.gp OUT.svg PHASES.csv SAMPLES.csv [SAMPLES.csv...]"
	exit status 2
}
files = ARG3." ".ARG4." ".ARG5." ".ARG6." ".ARG7." ".ARG8." ".ARG9
name(file) = system("basename '".file."' .csv")

grey = "#808890"
set terminal svg size 900,480 dynamic font "sans-serif,13" name "exits"
set output ARG1
set datafile separator ","

array colour[7] = ["#2f81f7", "#d9822b", "#2da44e", "#cf4b9a", "#8b6cef", "#a09020", "#c0504d"]

set border 3 lc rgb grey
set tics nomirror textcolor rgb grey
set xlabel "seconds since the guest began" textcolor rgb grey
set ylabel "exits" textcolor rgb grey
set format y "%.0f"
set xrange [0:*]
set yrange [0:*]
set grid y lc rgb grey lw 0.3 dt 3
set key right bottom Left reverse noenhanced textcolor rgb grey
if (words(files) == 1) { unset key }

# Phases: every second one is a band; a name is upright where it has no room to lie.
set tmargin 2
stats ARG2 using 3 skip 1 nooutput
end = STATS_max
phases = STATS_records
set xrange [0:end * 1.01]
do for [i = 0:phases - 1] {
	stats ARG2 using 2 skip 1 every ::i::i nooutput
	from = STATS_min
	stats ARG2 using 3 skip 1 every ::i::i nooutput
	to = STATS_min
	label = system(sprintf("sed -n %dp '%s' | cut -d, -f1 | tr -d '\"'", i + 2, ARG2))
	if (i % 2) {
		set object rectangle from first from, graph 0 to first to, graph 1 \
			behind fc rgb grey fs transparent solid 0.18 noborder
	}
	if (to - from > end * 0.012 * strlen(label)) {
		set label label at first (from + to) / 2, graph 1.03 \
			center noenhanced textcolor rgb grey
	} else {
		set label label at first (from + to) / 2, graph 0.98 \
			right rotate noenhanced textcolor rgb grey
	}
}

# No more points than the eye can tell: a picture stays small whatever the boot.
array step[7]
do for [i = 1:words(files)] {
	stats word(files, i) using 1 skip 1 nooutput
	step[i] = 1 + STATS_records / 2000
}

# The totals at the marks reach back to where no one polled yet.
plot ARG2 using 3:4 skip 1 smooth cumulative with linespoints \
	lc rgb grey lw 1 dt 2 pt 7 ps 0.5 notitle, \
	for [i = 1:words(files)] word(files, i) using 1:2 skip 1 every step[i] with steps \
	lw 2 lc rgb colour[i] title name(word(files, i))
