# SPDX-License-Identifier: GPL-2.0-only
# usage: awk -v scripts=DIR -f cheaper.awk build.ninja build.ninja
#
# QEMU's build.ninja, on standard output, so that it takes less of the CPU:
# - The code that QEMU generates (QAPI's types, trace points) becomes one object in place of 230: unity.c.
# - One Python writes that of the trace points, by trace.list, in place of 246.
# - What runs a few times a second is compiled by -O1. What executes L1 keeps -O2.
# DIR is this file's.

FNR == 1 {
	pass++
}

/^build libqemuutil\.a\.p\/[^ ]*_(qapi_qapi-[^c]|trace_trace-)[^ ]*\.c\.o: c_COMPILER / {
	object = substr($2, 1, length($2) - 1)
	if (pass == 1) {
		generated[object]
		sources = sources " " $4
		print "#include \"" $4 "\"" > "unity.c"
	} else if (united) {
		skip = 1
	} else {
		united = object
		sub(/c_COMPILER [^ ]*/, "c_COMPILER unity.c |" sources)
	}
}

/^build trace\/[^ ]*: CUSTOM_COMMAND / {
	output = substr($2, 1, length($2) - 1)
	input = $4
	skip = output in traced
	if (skip && !traces++)
		print "build" outputs ": CUSTOM_COMMAND" inputs "\n COMMAND = python3 " scripts "/tracetools.py trace.list\n"
}

pass == 1 && / COMMAND = .*\/tracetool\.py / && output {
	traced[output]
	outputs = outputs " " output
	inputs = inputs " " input
	sub(/ COMMAND = /, "")
	print > "trace.list"
}

/^$/ {
	output = ""
}

pass == 1 {
	next
}

/^build libqemuutil\.a:/ {
	line = $1 " " $2 " " $3
	for (i = 4; i <= NF; i++)
		if (!($i in generated) || $i == united)
			line = line " " $i
	$0 = line
}

/^build / {
	hot = $2 ~ /(accel|tcg|fpu|target|softmmu|system|util|qom)_[^\/]*\.c\.o:$/ && $2 !~ /meson-generated/
}

# a precompiled header is only good for the level that it was made with
/^ ARGS = / {
	sub(/ -O2 /, hot ? " -O2 -iquote O2 " : " -O1 -iquote O1 ")
}

!skip

/^$/ {
	skip = 0
}
