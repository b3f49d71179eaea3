# SPDX-License-Identifier: GPL-2.0-only
# usage: awk -v scripts=DIR -f cheaper.awk build.ninja build.ninja
#
# Changes QEMU's build.ninja so that the build takes less CPU time. The result goes to standard output.
# - The code that QEMU generates (QAPI's types, trace points) becomes one object, unity.c, instead of 230.
# - One Python process generates the code of the trace points, from trace.list, instead of 246.
# - Code that runs a few times a second is compiled with -O1. Code that executes L1 keeps -O2.
# DIR is this file's folder.

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

# a precompiled header fits only the optimization level that it was made with
/^ ARGS = / {
	sub(/ -O2 /, hot ? " -O2 -iquote O2 " : " -O1 -iquote O1 ")
}

!skip

/^$/ {
	skip = 0
}
