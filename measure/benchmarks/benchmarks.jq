# SPDX-License-Identifier: GPL-2.0-only
# docs/benchmarks.md out of its template and what make bench-all measured: measure/bench-report.sh calls it.
# Arguments: {lanes: [{lane, bench, host}], template}: what `bootexits bench --json' prints, and L1's log. With
# $of == "plot" it prints instead what benchmarks.gp draws: lane, configuration, both figures beside stock.
include "format";

def operations: ["cpuid-0", "msr", "vmcall", "port-kernel", "port-user", "fault-mmio", "fault-ram", "hlt", "hlt-timer"];

# A line of L1's log: its first word, and its pairs, numbers as such
def facts:
  split("\n") | map(select(test("=")) | split(" ")
    | [{key: "tag", value: .[0]}, (.[1:][] | split("=") | {key: .[0], value: (.[1] | tonumber? // .)})] | from_entries);

# Each boot is behind the line that names its run.
def boots:
  reduce .[] as $fact ([]; if $fact.tag == "run" then . + [{name: $fact.name}]
    elif $fact.tag == "host" then .[-1].exits = $fact.exits
    elif $fact.tag == "bench" and $fact.name == "boot" then .[-1] += ($fact | {min, bytes, lost})
    else . end);

def lane: . as $of
  | (.host | facts) as $facts
  | {lane, $facts, boots: ($facts | boots),
     figures: ([.bench.benches[] | {key: .name, value: .runs}] | from_entries),
     names: [.bench.benches[] | select(.name == "cpuid-0").runs | keys_unsorted[]]};

def lane($name): map(select(.lane == $name))[0] // ("no such lane: \($name)" | wrong);
def figure($run; $bench): .figures[$bench][$run].min // ("\(.lane) has no \($run)/\($bench)" | wrong);
def more($run; $bench): figure($run; $bench) - figure("stock"; $bench);
def boot($run): .boots | map(select(.name == $run))[0];

def exits: . as $lane
  | (.names - ["stock"]) as $names
  | table(["operation", "exits", "stock"] + $names; "lrr" + ($names | length) * "r"),
    (operations[] as $bench | .figures[$bench] | select(. != null) as $runs
      | [($bench | code), ($runs.on.exits // "-" | tostring), ($runs.stock.min | commas),
         ($names[] as $run | if $runs[$run] then $lane | more($run; $bench) | signed else "-" end)] | cells);

def boot_table:
  (boot("stock").min) as $stock
  | table(["configuration", "instructions", "more", "", "exits", "trace, bytes", "events lost"]; "lrrrrrr"),
    (.boots[] | [.name, (.min | commas), (.min - $stock | signed),
       ((.min - $stock) | if . > 0 then "+" else "" end + (100 * . / $stock | fixed(3)) + " %"),
       (.exits | commas), (.bytes | commas), (.lost | commas)] | cells);

def polls: . as $lane
  | [["on"], (["2", "4", "8", "16", "32", "64"][] | ["on-\(.)-vcpus", .])] as $runs
  | [$runs[] | select($lane.figures["cpuid-4fffffff"][.[0]])] as $there
  | table(["vCPUs"] + [$there[] | .[1] // "1"]; "l" + ($there | length) * "r"),
    (["instructions", ($there[] | .[0] as $run | $lane | figure($run; "cpuid-4fffffff") | commas)] | cells),
    (["more per vCPU", "", (range(1; $there | length) as $i
       | (($lane | figure($there[$i][0]; "cpuid-4fffffff")) - ($lane | figure($there[$i - 1][0]; "cpuid-4fffffff")))
         / (($there[$i][1] | tonumber) - ($there[$i - 1][1] // "1" | tonumber)) | fixed(1))] | cells);

def configurations: reduce .[].configuration as $one ([]; if index([$one]) then . else . + [$one] end);

def vms:
  [.facts[] | select(.tag == "vms")] as $all
  | ([$all[].vms] | unique) as $counts
  | table(["instructions per CPUID, VMs at once"] + [$counts[] | tostring]; "l" + ($counts | length) * "r"),
    ($all | configurations[] as $c
      | [$c, ($counts[] as $n | $all[] | select(.configuration == $c and .vms == $n) | .median | commas)] | cells);

def memory:
  [.facts[] | select(.tag == "memory")] as $all
  | table(["KiB per VM", "1 vCPU", "8 vCPUs"]; "lrr"),
    ($all | configurations[] as $c
      | [$c, (1, 8 | . as $n | $all[] | select(.configuration == $c and .vcpus == $n).kib | commas)] | cells);

def benchmark($text):
  ($text | split(" ")) as [$what, $lane, $run, $bench]
  | if $lane == "intel" and all(.[]; .lane != $lane) and ($what | IN("exits", "boots")) then "(Not measured.)" else
  lane($lane)
  | if $what == "exits" then [exits] | join("\n")
    elif $what == "boots" then [boot_table] | join("\n")
    elif $what == "polls" then [polls] | join("\n")
    elif $what == "vms" then [vms] | join("\n")
    elif $what == "memory" then [memory] | join("\n")
    elif $what == "figure" then figure($run; $bench) | commas
    elif $what == "more" then more($run; $bench) | signed
    elif $what == "percent" then 100 * (boot($run).min - boot("stock").min) / boot("stock").min | fixed(2)
    else "no such figure: {{\($text)}}" | wrong end end;

def plot:
  .[] | .lane as $lane | boot("stock").min as $stock | . as $all
  | .names[] | select(. != "stock") as $run
  | ($all | boot($run)) as $boot
  | [$lane, $run, ($all | more($run; "cpuid-0")), if $boot then 100 * ($boot.min - $stock) / $stock else "nan" end] | @tsv;

{$lanes, $template} | .template as $template | [.lanes[] | lane] as $lanes
| if $ARGS.named.of == "plot" then [$lanes | plot] | join("\n") + "\n"
  else $template | fill(. as $text | $lanes | benchmark($text)) end
