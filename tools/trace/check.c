// SPDX-License-Identifier: GPL-2.0-only
/* Checks whether a log is whole, and whether its numbers agree with each other. */
#include <argp.h>
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "include/kvm_exit_trace.h"

#include "tools/trace/check.h"
#include "tools/trace/host.h"
#include "tools/trace/clocks.h"
#include "tools/trace/input.h"
#include "tools/trace/late.h"
#include "tools/trace/parts.h"
#include "tools/trace/phases.h"
#include "tools/trace/samples.h"
#include "tools/trace/sites.h"
#include "lib/text.h"

enum status check_status(const struct run *run)
{
	if (run->nr_defects || !strcmp(run->verdict.result, "fail"))
		return STATUS_FAIL;
	return strcmp(run->verdict.result, "skip") ? STATUS_OK : STATUS_SKIP;
}

static void check_hello(struct run *run)
{
	if (!run->hello.line)
		log_defect(run, run->first_line, "no hello record");
	else if (run->other_first)
		log_defect(run, run->hello.line, "hello: it is not the first record");
	if (run->hello.line && run->hello.proto != LOG_PROTO)
		log_defect(run, run->hello.line, "hello: proto is %llu, but this tool reads %u",
			   run->hello.proto, LOG_PROTO);
}

static void check_tracer(struct run *run)
{
	const struct log_tracer *tracer = &run->tracer;

	if (!tracer->line) {
		if (run->phases.nr)
			log_defect(run, run->last_line, "no host record");
		return;
	}
	if (tracer->abi_major != KVM_EXIT_TRACE_REVISION >> 16)
		log_defect(run, tracer->line, "host: ABI is %llu.%llu, but this tool reads %u",
			   tracer->abi_major, tracer->abi_minor,
			   KVM_EXIT_TRACE_REVISION >> 16);
	if (strcmp(tracer->vendor, "svm") && strcmp(tracer->vendor, "vmx"))
		log_defect(run, tracer->line, "host: vendor %s is neither svm nor vmx",
			   tracer->vendor);
}

/* The host may mark while a vCPU runs.  The time that just passes is then on no clock yet. */
static bool clock_less(const struct log_phase *mark, const struct log_phase *last)
{
	if (mark->vcpu == KVM_EXIT_TRACE_MARK_HOST || last->vcpu == KVM_EXIT_TRACE_MARK_HOST)
		return false;
	return counter_below(&mark->all, &last->all) || mark->in_guest < last->in_guest ||
	       mark->elapsed < last->elapsed;
}

/*
 * If a TSC goes back, the guest has set it back, or it is another vCPU's and the
 * two are not synchronized.
 */
static void check_order(struct run *run, const struct log_phase *mark,
			const struct log_phase *last)
{
	if (mark->all.exits < last->all.exits || mark->self < last->self ||
	    mark->all.cycles[KVM_EXIT_TRACE_CLOCK_KVM] < last->all.cycles[KVM_EXIT_TRACE_CLOCK_KVM])
		log_defect(run, mark->line, "phase %s: total, kvm or self is less than in line %lu",
			   mark->name, last->line);
	else if (clock_less(mark, last))
		log_defect(run, mark->line, "phase %s: a clock is less than in line %lu",
			   mark->name, last->line);
	if (mark->tsc < last->tsc)
		log_defect(run, mark->line, "phase %s: tsc %llu of vCPU %llu is before %llu of vCPU %llu in line %lu: set back, or not synchronized",
			   mark->name, mark->tsc, mark->vcpu, last->tsc, last->vcpu,
			   last->line);
}

/* Marks are cumulative: each entry follows the last one, and no counter shrinks. */
static void check_marks(struct run *run)
{
	const struct log_phase *mark, *last = NULL;

	if (run->phases.nr > LOG_MAX_MARKS)
		log_defect(run, run->last_line, "%zu marks: only the first %u are checked",
			   run->phases.nr, LOG_MAX_MARKS);
	for_each(mark, &run->phases) {
		if (mark->entry != (last ? last->entry + 1 : 0))
			log_defect(run, mark->line, "phase %s: entry is %llu, but must be %llu",
				   mark->name, mark->entry,
				   last ? last->entry + 1 : 0);
		if (last)
			check_order(run, mark, last);
		if (mark->self > mark->all.exits)
			log_defect(run, mark->line, "phase %s: self %llu is more than total %llu",
				   mark->name, mark->self, mark->all.exits);
		last = mark;
	}
}

/* Fill in counts by mark and slot.  A reason that belongs to no mark is a defect. */
static void fill_counts(struct run *run, __u64 (*counts)[KVM_EXIT_TRACE_NR_SLOTS])
{
	const struct log_reason *reason;
	int at;

	for_each(reason, &run->reasons) {
		at = phases_find(run, reason->entry);
		if (at < 0)
			log_defect(run, reason->line, "reason %s: no phase has entry %llu",
				   reason->name, reason->entry);
		else if (reason->slot >= KVM_EXIT_TRACE_NR_SLOTS)
			log_defect(run, reason->line, "reason %s: slot %llu is above the last, %u",
				   reason->name, reason->slot,
				   KVM_EXIT_TRACE_NR_SLOTS - 1);
		else if (counts[at][reason->slot])
			log_defect(run, reason->line, "reason %s: slot %llu comes twice in entry %llu",
				   reason->name, reason->slot, reason->entry);
		else
			counts[at][reason->slot] = reason->counter.exits;
	}
}

static void check_sums(struct run *run)
{
	size_t nr = run->phases.nr < LOG_MAX_MARKS ? run->phases.nr : LOG_MAX_MARKS;
	const struct log_phase *mark = run->phases.items;
	__u64 (*counts)[KVM_EXIT_TRACE_NR_SLOTS];
	size_t i, slot;
	__u64 sum;

	counts = calloc(nr + 1, sizeof(*counts));
	if (!counts)
		error(STATUS_UNREADABLE, errno, "check");
	fill_counts(run, counts);
	for (i = 0; i < nr; i++, mark++) {
		for (sum = 0, slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
			sum += counts[i][slot];
			if (i && counts[i][slot] < counts[i - 1][slot])
				log_defect(run, mark->line, "phase %s: slot %zu has %llu exits, but %llu at the mark before",
					   mark->name, slot, counts[i][slot],
					   counts[i - 1][slot]);
		}
		if (sum != mark->all.exits)
			log_defect(run, mark->line, "phase %s: its reasons add up to %llu exits, but its total is %llu",
				   mark->name, sum, mark->all.exits);
	}
	free(counts);
}

/* The write that pauses the VM and the CPUID that reads are at least two exits. */
static void check_syncs(struct run *run)
{
	const struct log_phase *marks = run->phases.items;
	const struct log_sync *sync;
	int at;

	for_each(sync, &run->syncs) {
		at = phases_find(run, sync->entry);
		if (at < 0)
			log_defect(run, sync->line, "sync %llu: no phase has entry %llu",
				   sync->try, sync->entry);
		else if (sync->after < marks[at].all.exits + 2)
			log_defect(run, sync->line, "sync %llu: after is %llu, but must be at least the mark's total %llu and 2",
				   sync->try, sync->after, marks[at].all.exits);
	}
}

static void check_verdict(struct run *run)
{
	const struct log_verdict *verdict = &run->verdict;
	bool pass = !strcmp(verdict->result, "pass");
	const struct log_selftest *selftest;
	const struct log_fuzz *fuzz;

	if (!verdict->line)
		log_defect(run, run->last_line, "no verdict record");
	else if (!pass && strcmp(verdict->result, "fail") &&
		 strcmp(verdict->result, "skip"))
		log_defect(run, verdict->line, "verdict: %s is not pass, fail or skip",
			   verdict->result);
	for_each(selftest, &run->selftests)
		if (!selftest->ok)
			log_defect(run, selftest->line, "selftest %s: expected %llu, got %llu",
				   selftest->name, selftest->expect,
				   selftest->got);
	for_each(fuzz, &run->fuzzes)
		if (fuzz->bad)
			log_defect(run, fuzz->line, "fuzz: %llu of %llu answers break the ABI",
				   fuzz->bad, fuzz->n);
	if (run->restart.line)
		log_defect(run, run->restart.line, run->restart.began ?
			   "restart: the counters began again while the guest ran" :
			   "restart: the counters disappeared while the guest ran");
	if (run->panic.line)
		log_defect(run, run->panic.line, "panic: vector %llu (%s) at 0x%llx",
			   run->panic.vector, run->panic.name, run->panic.eip);
}

static void check_end(struct run *run)
{
	if (!run->end.line)
		log_defect(run, run->last_line, "truncated: no end record after %llu records",
			   run->records);
	else if (run->end.records != run->end_seq + 1)
		log_defect(run, run->end.line, "end: it says %llu records, but its own number is %llu",
			   run->end.records, run->end_seq);
}

static int compare_lines(const void *a, const void *b)
{
	const struct log_defect *one = a, *other = b;

	return (one->line > other->line) - (one->line < other->line);
}

void check_run(struct run *run)
{
	check_hello(run);
	check_tracer(run);
	late_check(run);
	check_marks(run);
	check_sums(run);
	parts_check(run);
	clocks_check(run);
	latencies_check(run);
	sites_check(run);
	samples_check(run);
	check_syncs(run);
	check_verdict(run);
	check_end(run);
	if (run->defects.nr)
		qsort(run->defects.items, run->defects.nr,
		      sizeof(struct log_defect), compare_lines);
}

enum status check_load(const char *path, enum log_kind kind, struct log *log)
{
	char cut[LOG_MESSAGE];
	struct run *run;
	FILE *file;
	int err;

	*log = (struct log){ .kind = kind };
	file = input_open(path, cut);
	if (!file)
		return STATUS_UNREADABLE;
	err = log_read(file, kind, log);
	fclose(file);
	if (err) {
		error(0, err, "%s", text_shown(path));
		return STATUS_UNREADABLE;
	}
	run = log_last_run(&log->runs);
	if (*cut && run)
		log_defect(run, run->last_line, "%s", cut);
	else if (*cut)
		error(0, 0, "%s: %s", text_shown(path), cut);
	if (kind == LOG_SERIAL)
		for_each(run, &log->runs)
			check_run(run);
	if (log->meta)
		host_join(log, log);
	return STATUS_OK;
}

const char *check_none(const struct log *log)
{
	if (log->empty)
		return "truncated: no record at all, the file is empty";
	return log->meta ? "truncated: no record at all" :
	       "truncated, or neither a trace nor a log: no record at all";
}

enum status check_load_one(const char *path, struct log *log)
{
	enum status status = check_load(path, LOG_SERIAL, log);

	if (status || log->runs.nr == 1)
		return status;
	if (log->runs.nr)
		error(0, 0, "%s: %zu runs, not one", text_shown(path), log->runs.nr);
	else
		error(0, 0, "%s: %s", text_shown(path), check_none(log));
	return STATUS_UNREADABLE;
}

void check_warn(const char *path, const struct run *run)
{
	if (run->nr_defects)
		error(0, 0, "%s: %llu defect%s, see `bootexits check'", text_shown(path),
		      run->nr_defects, run->nr_defects == 1 ? "" : "s");
}

void check_print_defects(const char *path, const struct run *run)
{
	const struct log_defect *defect;

	for_each(defect, &run->defects)
		printf("%s:%lu: %s\n", text_shown(path), defect->line, defect->text);
	if (run->nr_defects > run->defects.nr)
		printf("%s: and %llu more\n", text_shown(path),
		       run->nr_defects - run->defects.nr);
}

bool check_unfinished(const struct run *run, char text[LOG_MESSAGE])
{
	const struct log_phase *mark, *last = NULL;

	if (!run->booted.line && !run->observer.line)
		return false;
	for_each(mark, &run->phases) {
		if (mark->id == KVM_EXIT_TRACE_PHASE_USERSPACE)
			return false;
		last = mark;
	}
	if (last)
		snprintf(text, LOG_MESSAGE, "boot not complete: last phase is %s",
			 last->name);
	else
		snprintf(text, LOG_MESSAGE, "boot not complete: no phase was marked");
	return true;
}

/* Print one line that sums up a run, after its defects. */
static void print_run(const char *path, const struct run *run)
{
	bool skip = !strcmp(run->verdict.result, "skip");
	char text[LOG_MESSAGE];

	if (late_text(run, text))
		printf("%s:%lu: note: %s\n", text_shown(path), run->attached.line, text);
	if (check_unfinished(run, text))
		printf("%s:%lu: note: %s\n", text_shown(path), run->last_line, text);
	printf("%s:%lu: %s%s%llu records, verdict %s, %llu defect%s%s%s\n", text_shown(path),
	       run->first_line, run->name, *run->name ? ": " : "",
	       run->records, run->verdict.line ? run->verdict.result : "missing",
	       run->nr_defects, run->nr_defects == 1 ? "" : "s",
	       skip ? ": " : "", skip ? run->skip.msg : "");
}

static enum status check_path(const char *path)
{
	enum status status;
	struct run *run;
	struct log log;

	status = check_load(path, LOG_SERIAL, &log);
	if (!status && !log.runs.nr) {
		printf("%s:1: %s\n", text_shown(path), check_none(&log));
		status = STATUS_FAIL;
	}
	for_each(run, &log.runs) {
		check_print_defects(path, run);
		print_run(path, run);
		status = status_worse(status, check_status(run));
	}
	for_each(run, &log.host_runs) {
		check_print_defects(path, run);
		status = status_worse(status, check_status(run));
	}
	log_free(&log);
	return status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	enum status *status = state->input;

	if (key == ARGP_KEY_ARG)
		*status = status_worse(*status, check_path(arg));
	else if (key == ARGP_KEY_NO_ARGS)
		argp_error(state, "no FILE");
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

enum status check_main(int argc, char **argv)
{
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "FILE...",
		.doc = "Verify every record of traces and logs: checksum, sequence, sums, verdict and end.\v"
			"You get one line for each defect, with its line number, and one line for each run.",
	};
	enum status status = STATUS_OK;

	text_fit();
	parse_arguments(&argp, argc, argv, 0, &status);
	return status;
}
