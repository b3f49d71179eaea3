# SPDX-License-Identifier: GPL-2.0-only
# docs/study.md out of its template, the matrix and what the traces count: measure/study-report.sh calls it.
# Arguments: {boots: [{name, emulator, release, bytes, ports: [{port, hits}], report, advice: {rule: exits}}],
# rules: [what `bootexits advise --print-rules' prints], matrix, settings, packages, template}, the last four as texts.
# A {{figure}} of the template is one of the functions in figure, below, and its words.

include "format";

def trim: gsub("^[ \t]+|[ \t]+$"; "");
def rows($columns):
  split("\n") | map(select(test("^[^#]")) | split("|") | map(trim))
  | map(if length == $columns then . else "not \($columns) columns: \(join("|"))" | wrong end);

def order: ["firmware", "bootloader", "payload", "kernel", "initramfs", "userspace", "total"];

# One boot: phase, total among them, to its exits, ms, and reasons
def phases:
  [.report.phases[], .report.total | {key: .name, value: {exits, ms, kvm,
    reasons: (.reasons | map({key: .name, value: .exits}) | from_entries)}}] | from_entries;

def study:
  (.matrix | rows(7) | map({name: .[0], axis: .[1], against: .[2],
    words: ([.[3], .[4]] + (.[5] | split(" ")) + (.[6] | split(";")) | map(trim) | map(select(. != "")))}))
    as $matrix
  | (.boots | map({key: .name, value: (. + {phases: phases})}) | from_entries) as $boots
  | {$matrix, $boots, rules: .rules[0].rules, settings: (.settings | rows(5)),
     packages: (.packages | rtrimstr("\n") | split("\n"))};

def boot($name): .boots[$name] // ("no such boot: \($name)" | wrong);
def line($name): .matrix | map(select(.name == $name))[0] // ("no such boot: \($name)" | wrong);

# Exits of a boot: all, or of a phase, or of a reason there. A phase or reason that it has not is none,
# but one that no boot has is a mistake.
def exits($name; $phase; $reason):
  if any(.boots[]; .phases | has($phase)) | not then "no boot has a phase \($phase)" | wrong
  elif $reason and (any(.boots[]; .phases.total.reasons | has($reason)) | not)
  then "no boot has a reason \($reason)" | wrong
  else boot($name).phases[$phase] // {exits: 0, reasons: {}}
    | if $reason then .reasons[$reason] // 0 else .exits end end;
def exits($words): exits($words[0]; $words[1] // "total"; $words[2]);
def fewer($words): exits([$words[0]] + $words[2:]) - exits([$words[1]] + $words[2:]);
def bytes($words): boot($words[0]).bytes - boot($words[1]).bytes
  | if . == 0 then "\($words[0]) and \($words[1]) print as many bytes" | wrong else . end;
def files($name): boot($name).report.linux | .kernel + .initrd;
def hits($words): boot($words[0]).ports | map(select(.port | IN($words[1:][])).hits)
  | if length > 0 then add else "\($words[0]) has no hits on \($words[1:])" | wrong end;

# What differs from the boot it stands against, as words of the matrix
def change($name):
  line($name) as $new | line($new.against) as $old
  | ($new.words - $old.words | map(code)) as $more | ($old.words - $new.words | map(code)) as $less
  | if $more == [] then "no " + ($less | join(", no "))
    elif $less == [] then $more | join(", ")
    else ($more | join(", ")) + " for " + ($less | join(", ")) end;

def largest($names; f):	# the three that differ most
  [$names[] as $name | {$name, n: ($name | f)} | select(.n != 0)] | sort_by(-(.n | fabs))[:3]
  | map("\(.name) \(.n | signed)") | join(", ");

def vendor($name): boot($name).report.tracer.vendor;
def reasons: [.boots[].phases.total.reasons | keys[]] | unique;

def changes($axis):
  . as $study
  | [.matrix[] | select(.axis == $axis and .against != "-")] as $lines
  | if $lines == [] then "no boot of axis \($axis)" | wrong else . end
  | table(["boot", "change", "against", "exits", "more or less", "by phase", "by reason"]; "lllrrll"),
    ($lines[] | .name as $b | .against as $a
      | ($study | fewer([$b, $a])) as $more
      | [($b | code), ($study | change($b)), ($a | code), ($study | exits([$b]) | commas),
         "\($more | signed) (\($more | signed_percent($study | exits([$a]))))",
         largest(order - ["total"]; . as $p | $study | fewer([$b, $a, $p])),
         if ($study | vendor($a) != vendor($b)) then "the names are others"
         else largest($study | reasons; . as $r | $study | fewer([$b, $a, "total", $r])) end] | cells);

def all_phases:
  . as $study
  | table(["boot"] + order + ["seconds"]; "l" + 8 * "r"),
    (.matrix[] | select(.axis != "ports").name as $name | $study | boot($name).phases as $phases
      | [($name | code), (order[] | $phases[.] | if . then .exits | commas else "-" end),
         ($phases.total.ms / 1000 | fixed(1))] | cells);

def top($names; $n): . as $study
  | reasons | sort_by(-([. as $r | $names[] as $b | $study | exits([$b, "total", $r])] | add))[:$n];

def all_reasons($vendor):
  . as $study
  | [.matrix[] | select(.axis != "ports").name | select(. as $name | $study | vendor($name) == $vendor)] as $names
  | if $names == [] then "no boot on \($vendor)" | wrong else top($names; 9) end | . as $top
  | table(["boot"] + $top + ["other"]; "l" + 10 * "r"),
    ($names[] as $name | [$top[] as $r | $study | exits([$name, "total", $r])] as $n
      | [($name | code), ($n[] | commas), (($study | exits([$name])) - ($n | add) | commas)] | cells);

def by_phase($name):
  . as $study | top([$name]; 8) as $top
  | table(["phase"] + $top + ["other", "all", "share"]; "l" + 11 * "r"),
    (order[] as $p | ($study | exits([$name, $p])) as $all | select($all > 0)
      | [$top[] as $r | $study | exits([$name, $p, $r])] as $n
      | [$p, (($n + [$all - ($n | add), $all])[] | commas),
         ($all | percent($study | exits([$name])))] | cells);

# What a rule of `bootexits advise' promises, from the trace of the boot without the setting
def promised($name; $rule):
  if any(.rules[]; .id == $rule) or $rule == "-" then boot($name).advice[$rule] | if . then commas else "-" end
  else "no such rule: \($rule)" | wrong end;

def savings:
  . as $study
  | table(["setting", "saves", "promised", "of", "boots", "what it takes away"]; "lrrrll"),
    (.settings | map({line: ., saved: (. as $s | $study | fewer([$s[1], $s[2]]))}) | sort_by(-.saved)[]
      | .line as $s | ($study | exits([$s[1]])) as $all
      | [$s[0], (.saved | commas), ($study | promised($s[1]; $s[3])),
         "\($all | commas): \(.saved | percent($all))",
         "\($s[1] | code), \($s[2] | code)", $s[4]] | cells);

def figure($text):
  ($text | split(" ")) as $all | $all[1:] as $words | $all[0] as $what | . as $study
  | if $what == "exits" then exits($words) | commas
    elif $what == "fewer" then fewer($words) | commas
    elif $what == "saved" then fewer($words) | percent($study | exits([$words[0]] + $words[2:]))
    elif $what == "part" then exits($words) | percent($study | exits($words[:1]))
    elif $what == "times" then exits([$words[0]] + $words[2:]) / ($study | exits([$words[1]] + $words[2:])) | fixed(1)
    elif $what == "ports" then hits($words) | commas
    elif $what == "more-ports" then hits($words[:1] + $words[2:]) - hits($words[1:]) | commas
    elif $what == "bytes" then bytes($words) | commas
    elif $what == "perbyte" then fewer($words[:2] + ["total", "io"]) / ($study | bytes($words)) | fixed(2)
    elif $what == "persector" then fewer($words[:2] + ["bootloader"])
      / (($study | files($words[0]) - files($words[1])) / 2048) | fixed(2)
    elif $what == "megabytes" then files($words[0]) / 1e6 | fixed(1)
    elif $what == "seconds" then boot($words[0]).phases[$words[1] // "total"].ms / 1000 | fixed(1)
    elif $what == "release" then boot($words[0]).release
    elif $what == "emulator" then boot($words[0]).emulator
    elif $what == "boots" then .matrix | length | tostring
    elif $what == "package" then [.packages[] | select(startswith($words[0] + " "))][0]
      // ("no such package: \($words[0])" | wrong)
    elif $what == "changes" then [changes($words | join(" "))] | join("\n")
    elif $what == "all-phases" then [all_phases] | join("\n")
    elif $what == "all-reasons" then [all_reasons($words[0])] | join("\n")
    elif $what == "by-phase" then [by_phase($words[0])] | join("\n")
    elif $what == "savings" then [savings] | join("\n")
    else "no such figure: {{\($text)}}" | wrong end;

{$boots, $rules, $matrix, $settings, $template, $packages}
| study as $study | .template | fill(. as $text | $study | figure($text))
