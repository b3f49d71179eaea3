# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Completion of bootexits for bash, installed where bash-completion looks for it. Subcommands and
# options come from the program's --help. The values of options are here, and tests/house/man.t tries each.

_bootexits_subcommands() {	# PROGRAM
	"$1" --help 2>/dev/null | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

# Prints one option a line. An option that needs a value ends with "=".
_bootexits_options() {	# PROGRAM SUBCOMMAND
	"$1" "$2" --help 2>/dev/null | sed -nE 's/^ {2,6}(-[^ -], )?(--[a-z-]+=?).*/\2/p'
}

# Prints the values of an option: "-" for any file, "" for unknown ones. Status 1: it takes none.
_bootexits_values() {	# SUBCOMMAND OPTION
	case $1:$2 in
	report:-s | report:--sort) echo exits share kvm total kvm/exit total/exit name time ;;
	compare:-s | compare:--sort) echo boot delta ;;
	compare:--format | baseline:--format) echo text json markdown junit github ;;
	compare:-b | compare:--by) echo exits ms kvm user total ;;
	*:-c | *:--vcpu) echo all 0 ;;
	report:--color) echo auto always never ;;
	report:-p | report:--phase) echo firmware bootloader payload kernel initramfs userspace ;;
	report:-u | html:-u | *:--unit) echo cycles instructions ns ;;
	export:-f | export:--format) echo csv chrome folded openmetrics prometheus ;;
	export:-l | export:--label | import:-p | import:--pid) ;;
	plot:-f | plot:--format) echo svg png ;;
	doctor:-r | doctor:--ready) echo run bpf build load lab ;;
	*:--symbols) echo - ;;
	advise:-r | advise:--rules) echo - ;;
	advise:-t | advise:--try) echo microvm direct cd-virtio ;;
	advise:-p | advise:--print-rules) return 1 ;;
	record:-b | record:--baud) echo 9600 19200 38400 57600 115200 230400 460800 921600 ;;
	bisect:-b | bisect:--baseline | bisect:-g | bisect:--good) echo - ;;
	*:-o | *:--output | *:-H | *:--host | record:-s | record:--from-serial) echo - ;;
	record:-[aBlL] | record:--attach | record:--bpf | record:--lab | record:--from-log) return 1 ;;
	*:-[jF] | export:-p | *:--json | *:--force | *:--csv | *:--no-chart | *:--ascii | *:--phases) return 1 ;;
	esac
}

_bootexits_files() {	# SUBCOMMAND CUR: traces, logs and directories; for import any file
	local file

	compopt -o filenames 2>/dev/null
	while IFS= read -r file; do
		[[ $1 == import || -d $file || $file == *.trace || $file == *.log ]] && COMPREPLY+=("$file")
	done < <(compgen -f -- "$2")
}

_bootexits_command() {	# INDEX CUR: INDEX is that of the command's first word
	if declare -F _command_offset >/dev/null; then
		_command_offset "$1"
	elif [[ $COMP_CWORD -eq $1 ]]; then
		mapfile -t COMPREPLY < <(compgen -c -- "$2")
	else
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$2")
	fi
}

_bootexits() {
	local program=${COMP_WORDS[0]} subcommand=${COMP_WORDS[1]} cur=${COMP_WORDS[COMP_CWORD]}
	local option=${COMP_WORDS[COMP_CWORD - 1]} values i

	COMPREPLY=()
	if [[ $COMP_CWORD -eq 1 ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_bootexits_subcommands "$program") --help --version" -- "$cur")
		return
	fi
	for ((i = 2; i < COMP_CWORD; i++)); do
		if [[ $subcommand == record && ${COMP_WORDS[i]} == -- ]]; then
			_bootexits_command $((i + 1)) "$cur"
			return
		fi
	done
	# readline splits "--option=value" into three words
	if [[ $cur == = ]]; then
		cur=
	elif [[ $option == = ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $option == --color ]]; then
		option=
	fi
	if [[ $option == -?* ]] && values=$(_bootexits_values "$subcommand" "$option"); then
		if [[ $values == - ]]; then
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		else
			mapfile -t COMPREPLY < <(compgen -W "$values" -- "$cur")
		fi
	elif [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_bootexits_options "$program" "$subcommand")" -- "$cur")
		[[ ${COMPREPLY[*]} != *= ]] || compopt -o nospace 2>/dev/null
	else
		_bootexits_files "$subcommand" "$cur"
	fi
}

complete -F _bootexits bootexits
