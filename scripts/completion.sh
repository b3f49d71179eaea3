#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: completion.sh zsh|fish PROGRAM
#
# Prints a completion of bootexits for that shell. Subcommands and options come from PROGRAM's --help.
# The values of options come from tools/completion.bash.
# Exit codes: 0 printed, 2 usage.
set -euo pipefail

if [[ $# -ne 2 || $1 != @(zsh|fish) ]]; then
	sed -n 's/^# \{0,1\}//; 3,7p' "$0" >&2
	exit 2
fi
complete() { :; }
# shellcheck source=tools/completion.bash
. "$(dirname "${BASH_SOURCE[0]}")/../tools/completion.bash"
program=$2

# Prints "NAME<tab>ABOUT" for each subcommand
subcommands() {
	"$program" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]*\)  *\(.*\)/\1\t\2/p'
}

# Prints "SHORT|LONG|KIND|ABOUT" for each option. KIND is "=" if it takes a value, "[" if it may take one
options() {	# SUBCOMMAND
	"$program" "$1" --help | awk -F '  +' '
		function flush() { if (long != "") print short "|" long "|" kind "|" about; long = "" }
		substr($0, 1, 8) ~ /^  (    |-[^ -], )--/ {
			flush()
			match($0, /--[a-z-]+/)
			long = substr($0, RSTART + 2, RLENGTH - 2)
			kind = substr($0, RSTART + RLENGTH, 1)
			short = match($0, /-[^ -], /) ? substr($0, RSTART + 1, 1) : ""
			about = $3
			next
		}
		substr($0, 1, 20) ~ /^ *$/ && $2 != "" && long != "" { about = about " " $2; next }
		{ flush() }'
}

# Prints the values that an option may have: "-" any file, "" unknown, else words. Status 1: it takes no value
values() {	# SUBCOMMAND LONG KIND
	[[ $3 == [=\[] ]] || return 1
	_bootexits_values "$1" "--$2" || true
}

fish_quoted() {
	local text=${1//\\/\\\\}
	printf "'%s'" "${text//\'/\\\'}"
}

print_fish() {
	local name about short long kind words

	echo "# Completion of bootexits for fish, made by scripts/completion.sh"
	echo "complete -c bootexits -n __fish_use_subcommand -f"
	while IFS=$'\t' read -r name about; do
		echo "complete -c bootexits -n __fish_use_subcommand -a $name -d $(fish_quoted "$about")"
		while IFS='|' read -r short long kind about; do
			printf "complete -c bootexits -n '__fish_seen_subcommand_from %s' -l %s" "$name" "$long"
			[[ ! $short ]] || printf ' -s %s' "$(fish_quoted "$short")"
			if words=$(values "$name" "$long" "$kind"); then
				case $words in
				-)	printf ' -rF' ;;
				"")	printf ' -x' ;;
				*)	printf ' -%s -a %s' "$([[ $kind == = ]] && echo x || echo f)" "$(fish_quoted "$words")" ;;
				esac
			fi
			printf ' -d %s\n' "$(fish_quoted "${about:0:70}")"
		done < <(options "$name")
	done < <(subcommands)
}

# Some characters have a meaning in the words of _arguments
zsh_quoted() {
	local text=${1//\\/\\\\}
	text=${text//\'/\'\\\'\'}
	text=${text//:/\\:}
	text=${text//\[/\\[}
	printf '%s' "${text//\]/\\]}"
}

print_zsh() {
	local name about short long kind words value

	# shellcheck disable=SC2016 # zsh expands it
	printf '#compdef bootexits\n# Completion of bootexits for zsh, made by scripts/completion.sh\n\nlocal -a subcommands=(\n'
	while IFS=$'\t' read -r name about; do
		printf "\t'%s:%s'\n" "$name" "$(zsh_quoted "$about")"
	done < <(subcommands)
	# shellcheck disable=SC2016
	printf ')\n\nif ((CURRENT == 2)); then\n\t_describe subcommand subcommands\n\treturn\nfi\nshift words\n((CURRENT--))\ncase $words[1] in\n'
	while IFS=$'\t' read -r name about; do
		printf '%s)\n\t_arguments -s' "$name"
		while IFS='|' read -r short long kind about; do
			value=
			if words=$(values "$name" "$long" "$kind"); then
				value=":$long:"
				[[ $kind == = ]] || value=":$value"
				case $words in
				-)	value+=_files ;;
				"")	value+=' ' ;;
				*)	value+="($words)" ;;
				esac
			fi
			about="[$(zsh_quoted "${about:0:70}")]$value'"
			case $kind in
			=)	long+="=" ;;
			\[)	long+="=-" ;;
			esac
			printf " \\\\\n\t\t'--%s%s" "$long" "$about"
			[[ ! $short ]] || printf " \\\\\n\t\t'-%s%s%s" "${short/\?/\\?}" "${kind:+$([[ $kind != = ]] || echo +)}" "$about"
		done < <(options "$name")
		printf " \\\\\n\t\t'*:file:_files'\n\t;;\n"
	done < <(subcommands)
	printf 'esac\n'
}

"print_$1"
