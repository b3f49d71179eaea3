# SPDX-License-Identifier: GPL-2.0-only
# Draws what tracing adds, to a CPUID's exit and to a boot, by configuration: one picture, a colour for each lane.
# Variables: amd, intel: files of lane, configuration, instructions more per exit, percent more per boot; an
# intel of "" is not drawn.

set terminal svg size 900, 640 dynamic noenhanced font "sans-serif,13" name "benchmarks"
set encoding utf8
grey = "#757b84"
amd_hue = "#2f81f7"
intel_hue = "#d9822b"
two = intel ne ""
intel = two ? intel : amd	# gnuplot looks for a file even where it draws nothing
shift = two ? 0.2 : 0
width = two ? 0.38 : 0.6

set multiplot layout 2, 1 margins 0.09, 0.98, 0.1, 0.93 spacing 0, 0.16
set border 3 lc rgb grey
set tics nomirror textcolor rgb grey
set xtics font ",10"
set grid y lc rgb grey lw 0.3 dt 3
set style fill solid 0.9 noborder
set boxwidth width
set logscale y
set key top left textcolor rgb grey
set xrange [-0.6:*]
# Off may cost less than nothing: nothing of it is drawn then, but its figure.
at(x) = x > low ? x : low
label(x) = sprintf(x == int(x) ? "%+.0f" : "%+.3f", x)

do for [panel = 3:4] {
	low = panel == 3 ? 1 : 0.001
	set title (panel == 3 ? "instructions more than stock, per CPUID exit" : "% more instructions of L1 than stock, over a whole boot") \
		textcolor rgb grey
	set yrange [low:panel == 3 ? 20000 : 100]
	set format y (panel == 3 ? "%.0f" : "%g %%")
	plot amd using ($0 - shift):(at(column(panel))):xtic(2) with boxes lc rgb amd_hue title "SVM (QEMU TCG)", \
		amd using ($0 - shift):(at(column(panel))):(label(column(panel))) with labels offset 0, 0.6 \
			textcolor rgb amd_hue font ",11" notitle, \
		for [i = 1:two] intel using ($0 + shift):(at(column(panel))) with boxes lc rgb intel_hue title "VMX (Bochs)", \
		for [i = 1:two] intel using ($0 + shift):(at(column(panel))):(label(column(panel))) with labels offset 0, 0.6 \
			textcolor rgb intel_hue font ",11" notitle
}
