#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/house/ci.t            O=DIRECTORY: where to build (default build)
#
# The recipes of docs/ci.md are YAML and shell, and what the tool writes for a CI is read by programs that are not
# ours. tests/lab/ci.t runs the recipes.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
tool=$O/bootexits

for recipe in once exits.sh save update 'github bundle' 'github exits' 'gitlab exits'; do
	# shellcheck disable=SC2086 # its words
	python3 tests/lab/recipe.py $recipe >"$work/$recipe"
	check "$recipe: there are commands" grep -q "bootexits\|exits.sh" "$work/$recipe"
	check "$recipe: shellcheck has nothing to say" shellcheck -s sh "$work/$recipe"
done
check "GitHub: each job has a container, steps, and no privileges" python3 - <<'END'
import re, yaml
text = re.search(r"<!-- recipe: github -->\n```yaml\n(.*?)```", open("docs/ci.md").read(), re.S)[1]
flow = yaml.safe_load(text)
assert set(flow) == {"name", True, "permissions", "jobs"} and set(flow["jobs"]) == {"bundle", "exits"}, flow
for job in flow["jobs"].values():
    assert job["container"].startswith("debian:") and not job.get("options")
    for step in job["steps"]:
        assert set(step) <= {"name", "run", "uses", "with", "if"}, step
        assert "/dev/kvm" not in str(step) and "privileged" not in str(step)
assert all(value in ("read", "write") for value in flow["permissions"].values())
END
check "GitLab: a job with an image and its reports" python3 - <<'END'
import re, yaml
text = re.search(r"<!-- recipe: gitlab -->\n```yaml\n(.*?)```", open("docs/ci.md").read(), re.S)[1]
job = yaml.safe_load(text)["exits"]
assert job["image"].startswith("debian:") and job["artifacts"]["reports"]["junit"] == "exits.xml"
END

# What compare and baseline write, of names that a guest or a user chose
hostile=$'|`x`<b>&"@me#1 [a](b)\\\n::error::x%0A'
mkdir "$work/hostile"
jq -c 'if .name == "io" then .name = "c|p<u>i@d&" else . end' tests/data/study/cd.trace >"$work/hostile/$hostile.trace"
formatted() {	# FORMAT: print it
	"$tool" compare --format "$1" -f 'total>+0' "$work/hostile/$hostile.trace" tests/data/study/cd-ahci.trace
}
formatted markdown >"$work/hostile.md"
formatted junit >"$work/hostile.xml"
formatted github >"$work/hostile.github"
check "Markdown: cmark-gfm makes a heading, lists and a table, and no link or other markup" python3 - "$work/hostile.md" <<'END'
import re, subprocess, sys
html = subprocess.run(["cmark-gfm", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tagfilter", sys.argv[1]],
                      capture_output=True, text=True, check=True).stdout
tags = set(re.findall(r"<([a-z0-9]+)", html))
assert tags == {"h3", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}, tags
rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", html, re.S)]
assert len({len(row) for row in rows}) == 1 and len(rows) > 5, rows
assert any("c|p&lt;u&gt;i@d&amp;" in row for row in rows), rows
END
check "JUnit: xmllint reads it" xmllint --noout --nonet "$work/hostile.xml"
check "JUnit: as many tests and failures as it says" test "$(xmllint --xpath 'concat(/testsuite/@tests = count(//testcase), /testsuite/@failures = count(//failure))' "$work/hostile.xml")" = truetrue
# GitHub's own runner: actions/runner, ActionCommand.cs
check "GitHub: each line is a command of ours, with all of its text" python3 - "$work/hostile.github" <<'END'
import re, sys
lines = open(sys.argv[1]).read().splitlines()
assert lines
for line in lines:
    command = re.fullmatch(r"::(error|notice) title=bootexits::((?:[^%\r\n]|%25|%0D|%0A)*)", line)
    assert command, line
END

done_testing
