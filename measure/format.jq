# SPDX-License-Identifier: GPL-2.0-only
# Numbers and tables of the documents that are made from measurements
def wrong: error("measure/\($ARGS.named.of): \(.)");

def commas:
  if . < 0 then "-" + (-. | commas)
  elif . < 1000 then tostring
  else (. / 1000 | floor | commas) + "," + (. % 1000 + 1000 | tostring | .[1:]) end;
def signed: if . > 0 then "+" + commas else commas end;
def fixed($digits):	# a number as a text with so many digits behind the point
  if . < 0 then "-" + (-. | fixed($digits))
  else pow(10; $digits) as $scale | (. * $scale + 0.5 | floor) as $n
    | ($n / $scale | floor | commas) as $whole
    | if $digits == 0 then $whole
      else $whole + "." + ($n % $scale + $scale | tostring | .[1:]) end end;
def percent($of): if $of == 0 then "-" else (100 * . / $of | fixed(1)) + " %" end;
def signed_percent($of): if . > 0 then "+" + percent($of) else percent($of) end;
def cells: "| " + join(" | ") + " |";
def table($head; $align):	# l or r a column
  ($head | cells), ($align | gsub("l"; "|---") | gsub("r"; "|--:") + "|");
def code: "`" + . + "`";

# A template with its {{figures}}, each as f makes it of the words in the braces
def fill(f):
  split("{{") as $parts
  | $parts[0] + ([$parts[1:][] | split("}}") as $ends
      | if ($ends | length) == 2 then ($ends[0] | f) + $ends[1]
        else "not closed: {{\(.[:40])" | wrong end] | add // "");
