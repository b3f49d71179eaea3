// SPDX-License-Identifier: GPL-2.0-only
/* On a KVM that is not patched, bootexits-bpf counts exits and starts QEMU (docs/bpf.md). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/bootexits.h"
#include "tools/record/record.h"

const char *record_bpf_program(void)
{
	const char *path = program_beside(BPF_PROGRAM);

	if (!path || access(path, X_OK))
		record_fail("%s: %s: run make bpf", path ?: BPF_PROGRAM, strerror(errno));
	return path;
}

static bool uses_kvm(char *const *words)
{
	for (; *words; words = record_next(words))
		if (record_is_option(*words, "enable-kvm") ||
		    (record_is_option(*words, "accel") && words[1] && !strncmp(words[1], "kvm", 3)) ||
		    ((record_is_option(*words, "machine") || record_is_option(*words, "M")) &&
		     words[1] && strstr(words[1], "accel=kvm")))
			return true;
	return false;
}

static bool is_there(const char *path)
{
	return !access(path, F_OK);
}

bool record_bpf_wanted(char *const *words)
{
	return uses_kvm(words) && !geteuid() && is_there(program_beside(BPF_PROGRAM) ?: "") &&
		(is_there("/sys/module/kvm_amd") || is_there("/sys/module/kvm_intel")) &&
		!is_there("/sys/module/kvm/parameters/exit_trace");
}
