// SPDX-License-Identifier: GPL-2.0-only
/* Judges the end of a recording.  The verdict is the guest's, in its records. */
#include <ctype.h>
#include <error.h>
#include <string.h>
#include <sys/wait.h>

#include "tools/record/record.h"
#include "lib/text.h"

/* Print the last messages of the lab and of QEMU.  Returns whether there are any. */
static bool show_messages(const struct record *record)
{
	int fd = record_log_open(record, "messages");
	char line[512], last[2][512] = { "", "" };
	unsigned int i, nr = 0;
	FILE *file;

	file = fd < 0 ? NULL : fdopen(fd, "r");
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (isalpha((unsigned char)*line) && !strstr(line, ": warning: "))
			strcpy(last[nr++ % 2], line);
	}
	if (file)
		fclose(file);
	for (i = 0; i < 2; i++)
		if (*last[(nr + i) % 2])
			error(0, 0, "%s", text_shown(last[(nr + i) % 2]));
	return nr;
}

bool record_captured(const struct record *record)
{
	return record_streams_taken(record) || record_logs_size(record);
}

bool record_has_records(const struct record *record)
{
	return log_has_records(&record->live.runs);
}

bool record_guest_ended(const struct record *record)
{
	const struct run *run = log_last_run(&record->live.runs);

	return run && run->end.line;
}

static int verdict_of(const struct run *run)
{
	if (!strcmp(run->verdict.result, "pass"))
		return STATUS_OK;
	return strcmp(run->verdict.result, "skip") ? STATUS_FAIL : STATUS_SKIP;
}

/* Returns what the guest's records lack, or NULL. */
static const char *lacks(const struct record *record)
{
	const struct run *run;

	if (!record_has_records(record))
		return "no record came from the guest";
	for_each(run, &record->live.runs) {
		if (!run->end.line)
			return "the guest's last record is missing";
		if (!run->verdict.line)
			return "the guest's verdict is missing";
	}
	return NULL;
}

/* The guest can choose QEMU's exit status, so it counts only if the records are complete. */
static int judge_guest(const struct record *record, int status, const char **why)
{
	if (!*why)
		*why = lacks(record);
	return *why ? (int)status_worse(status, STATUS_FAIL) : status;
}

/* The worst verdict of all guests */
static int worst_of(const struct record *record, int status)
{
	const struct run *run;

	for_each(run, &record->live.runs)
		status = status_worse(status, verdict_of(run));
	return status;
}

static int judge_lab(const struct record *record, const char **why)
{
	int status = WEXITSTATUS(record->wait_status);
	bool said = status && status != STATUS_SKIP && show_messages(record);

	if (record->vmm_status > 0)
		error(0, 0, "the VMM ended with status %d", record->vmm_status);
	if (record->own_vmm && status == STATUS_OK)
		status = worst_of(record, status);

	if (status == STATUS_TIMEOUT)
		*why = "timeout";
	else if (status == STATUS_HANG)
		*why = "hang";
	else if (status == STATUS_INTERRUPTED)
		*why = "interrupted";
	else if (status == STATUS_UNREADABLE || status == STATUS_USAGE)
		*why = "the lab did not start";
	else if (status == STATUS_FAIL && !record_guest_ended(record))
		*why = "the guest ended with no verdict";
	else if (status == STATUS_FAIL && said)
		*why = "L1 ended with no verdict";
	return status == STATUS_OK || status == STATUS_SKIP ? judge_guest(record, status, why) : status;
}

/*
 * Without I/O ports, as under lockdown, bootexits-init can only print the verdict and switch off.
 * A guest without the payload has no verdict, but bootexits-bpf has counted it all the same.
 */
static bool switched_off(const struct record *record)
{
	const struct run *run;

	for_each(run, &record->live.runs)
		if (run->end.line && (!strcmp(run->hello.start, "init") ||
				      (!strcmp(run->hello.start, "bpf") && record->live.runs.nr == 1)))
			return true;
	return false;
}

static int judge_qemu(const struct record *record, const char **why)
{
	int code = WEXITSTATUS(record->wait_status), status = STATUS_OK;

	if (code == 35) {
		status = STATUS_FAIL;
	} else if (code == 37) {
		status = STATUS_SKIP;
	} else if (record->bpf && code == STATUS_UNREADABLE && !record_captured(record)) {
		*why = "the BPF programs were not attached";	/* bootexits-bpf has said why */
		return STATUS_UNREADABLE;
	} else if (code != 33 && !(code == 0 && switched_off(record))) {
		*why = "QEMU ended with no verdict of the guest";
		error(0, 0, "QEMU ended with status %d and no verdict of the guest", code);
		return record_captured(record) ? STATUS_FAIL : STATUS_UNREADABLE;
	}
	return judge_guest(record, worst_of(record, status), why);
}

static int judge_attached(const struct record *record, const char **why)
{
	const struct run *run = log_last_run(&record->live.runs);

	if (WEXITSTATUS(record->wait_status) && !record_captured(record)) {
		*why = "the BPF programs were not attached";	/* bootexits-bpf has said why */
		return STATUS_UNREADABLE;
	}
	if (run && run->attached.signal) {
		*why = "the VM was killed";
		error(0, 0, "%s, by signal %llu", *why, run->attached.signal);
		return STATUS_FAIL;
	}
	return judge_guest(record, run ? verdict_of(run) : STATUS_FAIL, why);
}

int record_judge(const struct record *record, const char **why)
{
	const struct run *run = log_last_run(&record->live.runs);

	switch (record->source) {
	case RECORD_LOG:	/* if the logs lack something, so does the trace */
		*why = *record->cut ? record->cut : NULL;
		return *why ? STATUS_UNREADABLE : STATUS_OK;
	case RECORD_SERIAL:
		if (!record_guest_ended(record))
			*why = "the line ended before the guest did";
		return run ? verdict_of(run) : STATUS_FAIL;
	case RECORD_QEMU:
	case RECORD_LAB:
	case RECORD_ATTACH:
		break;
	}
	if (!WIFEXITED(record->wait_status)) {
		*why = record->source == RECORD_LAB ? "the lab was killed" :
		       record->source == RECORD_ATTACH ? "bootexits-bpf was killed" : "QEMU was killed";
		error(0, 0, "%s, by signal %d", *why, WTERMSIG(record->wait_status));
		return STATUS_FAIL;
	}
	if (record->source == RECORD_ATTACH)
		return judge_attached(record, why);
	return record->source == RECORD_LAB ? judge_lab(record, why) : judge_qemu(record, why);
}
