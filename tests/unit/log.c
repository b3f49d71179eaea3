// SPDX-License-Identifier: GPL-2.0-only
/* The parser's unit tests.  Each gives a log of a few lines to log_read(). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tools/trace/log.h"
#include "tools/trace/decode.h"
#include "tools/trace/scan.h"

static struct log parsed;

static void parse_bytes(const void *bytes, size_t len, enum log_kind kind)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	rewind(file);
	assert_int_equal(log_read(file, kind, &parsed), 0);
	fclose(file);
}

static void parse_text(const char *text)
{
	parse_bytes(text, strlen(text), LOG_SERIAL);
}

/* "bx SEQ BODY *CRC", with the right checksum, and without a line's end. */
static const char *record(unsigned int seq, const char *body)
{
	static char texts[8][512];
	static unsigned int turn;
	char *text = texts[turn++ % 8];
	int len = snprintf(text, 480, "bx %u %s", seq, body);

	sprintf(text + len, " *%04x", scan_crc16(0, text, len));
	return text;
}

static void parse_format(const char *format, ...)
{
	char text[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	parse_text(text);
}

static const struct run *run(size_t i)
{
	assert_true(i < parsed.runs.nr);
	return (struct run *)parsed.runs.items + i;
}

static const char *defect(size_t i)
{
	assert_true(i < run(0)->defects.nr);
	return ((struct log_defect *)run(0)->defects.items)[i].text;
}

static int teardown(void **state)
{
	(void)state;
	log_free(&parsed);
	return 0;
}

/* The check value for this CRC in catalogues of CRCs. */
static void crc_is_xmodem(void **state)
{
	(void)state;
	assert_int_equal(scan_crc16(0, "123456789", 9), 0x31c3);
	assert_int_equal(scan_crc16(scan_crc16(0, "1234", 4), "56789", 5), 0x31c3);
	assert_int_equal(scan_crc16(0, "", 0), 0);
}

static void values_are_decoded(void **state)
{
	const struct log_phase *phase;

	(void)state;
	parse_format("%s\r\n", record(0, "phase entry=7 id=16 name=\"two words\" total=18446744073709551615 kvm=3 self=0"));
	assert_int_equal(run(0)->nr_defects, 0);
	assert_int_equal(run(0)->phases.nr, 1);
	phase = run(0)->phases.items;
	assert_int_equal(phase->line, 1);
	assert_int_equal(phase->entry, 7);
	assert_string_equal(phase->name, "two words");
	assert_true(phase->all.exits == UINT64_MAX);
	assert_int_equal(phase->all.cycles[KVM_EXIT_TRACE_CLOCK_USER], 0);
}

static void unknown_is_ignored(void **state)
{
	(void)state;
	parse_format("%s\n%s\n", record(0, "hello proto=1 colour=blue start=rom"),
		     record(1, "thermometer celsius=41"));
	assert_int_equal(run(0)->nr_defects, 0);
	assert_int_equal(run(0)->records, 2);
	assert_string_equal(run(0)->hello.start, "rom");
}

static void parts_are_decoded(void **state)
{
	const struct counter numbers = { 7, { 8, 9, 10, 11 } };
	const struct log_part *part;

	(void)state;
	parse_format("%s\n%s\n%s\n",
		     record(0, "part entry=31 vcpu=4095 slot=123 count=7 kvm=8 user=9 idle=10 preempted=11"),
		     record(1, "observer vcpu=2 interval=1000"),
		     record(2, "linux version=\"6.1 (x)\" major=2 minor=15 kernel=5 initrd=6"));
	assert_int_equal(run(0)->nr_defects, 0);
	assert_int_equal(run(0)->parts.nr, 1);
	part = run(0)->parts.items;
	assert_int_equal(part->entry, 31);
	assert_int_equal(part->vcpu, 4095);
	assert_int_equal(part->slot, 123);
	assert_memory_equal(&part->counter, &numbers, sizeof(numbers));
	assert_int_equal(run(0)->observer.vcpu, 2);
	assert_int_equal(run(0)->observer.interval, 1000);
	assert_string_equal(run(0)->booted.version, "6.1 (x)");
	assert_int_equal(run(0)->booted.initrd, 6);
}

static const struct log_sample *sample(size_t i)
{
	assert_true(i < run(0)->samples.nr);
	return (struct log_sample *)run(0)->samples.items + i;
}

static void samples_are_added_up(void **state)
{
	const struct log_samples *head;

	(void)state;
	parse_format("%s\n%s\n%s\n",
		     record(0, "samples n=0 tsc=1000 others=10 own=3 gap=9 d=5:1,7:20"),
		     record(1, "samples n=3 tsc=2000 others=40 own=4 gap=8"),
		     record(2, "observed polls=9 kept=4 gap=9"));
	assert_int_equal(run(0)->nr_defects, 0);
	assert_int_equal(run(0)->samples.nr, 4);
	assert_int_equal(sample(2)->tsc, 1012);
	assert_int_equal(sample(2)->others, 31);
	assert_int_equal(sample(3)->tsc, 2000);
	assert_int_equal(run(0)->heads.nr, 2);
	head = (struct log_samples *)run(0)->heads.items + 1;
	assert_int_equal(head->first, 3);
	assert_int_equal(head->nr, 1);
	assert_int_equal(head->own, 4);
	assert_null(head->d);
	assert_int_equal(run(0)->observed.kept, 4);
}

/* The samples before the fault stay, and so does the number that the record announced. */
static void malformed_samples_are_a_defect(void **state)
{
	static const char *const tails[] = {
		"", ",", "x", "1", "1;1", "1:", ":1", "1:1,", "1:1,,1:1", "-1:1", "1:-1",
		"1:1;1:1", "1:1x", "0x1:1", "18446744073709551616:1",
		"18446744073709551615:1", "1:18446744073709551615",
		"\"1:1, 1:1\"", "1:1:1",
	};
	char text[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		snprintf(text, sizeof(text), "samples n=0 tsc=1000 others=10 own=3 gap=9 d=%s",
			 tails[i]);
		parse_format("%s\n%s\n", record(0, text),
			     record(1, "samples n=9 tsc=2000 others=40"));
		assert_int_equal(run(0)->nr_defects, 1);
		assert_int_equal(run(0)->heads.nr, 2);
		assert_int_equal(sample(0)->tsc, 1000);
		assert_int_equal(sample(run(0)->samples.nr - 1)->tsc, 2000);
		log_free(&parsed);
	}
}

static void samples_have_a_bound(void **state)
{
	size_t pairs = 1000, lines = LOG_MAX_SAMPLES / pairs + 2, i, len, at = 0;
	char *text = malloc(lines * (pairs * 4 + 100));

	(void)state;
	for (i = 0; i < lines; i++) {
		len = sprintf(text + at, "bx %zu samples n=0 tsc=1 others=1 d=", i);
		while (len < 50 + (pairs - 1) * 4)
			len += sprintf(text + at + len, "1:1,");
		len += sprintf(text + at + len, "1:1");
		at += len + sprintf(text + at + len, " *%04x\n",
				    scan_crc16(0, text + at, len));
	}
	parse_text(text);
	free(text);
	assert_true(run(0)->samples.nr == LOG_MAX_SAMPLES);
	assert_true(run(0)->nr_defects > 0);
	assert_non_null(strstr(defect(0), "not kept"));
}

static void values_are_refused(void **state)
{
	static const char *const bodies[] = {
		"end records=18446744073709551616", "end records=-1",
		"end records=", "end records=1x", "end records=0x10", "end",
		"end records", "end =3", "verdict result=\"pass",
		"verdict result=\"pass\"x",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		parse_format("%s\n", record(0, bodies[i]));
		assert_int_equal(run(0)->nr_defects, 1);
		assert_int_equal(run(0)->end.line, 0);
		assert_int_equal(run(0)->verdict.line, 0);
		log_free(&parsed);
	}
}

static void bad_crc_is_one_defect(void **state)
{
	(void)state;
	parse_format("%s\nbx 1 end records=2 *0000\n%s\n",
		     record(0, "hello proto=1"), record(2, "x"));
	assert_int_equal(run(0)->nr_defects, 1);
	assert_memory_equal(defect(0), "CRC: the record says 0000", 25);
	assert_int_equal(run(0)->records, 2);
}

static void gaps_are_found(void **state)
{
	(void)state;
	parse_format("%s\n%s\n%s\n%s\n", record(0, "a"), record(3, "b"),
		     record(4, "c"), record(4, "d"));
	assert_int_equal(run(0)->nr_defects, 2);
	assert_string_equal(defect(0), "sequence: it is 3, but must be 1: 2 missing");
	assert_string_equal(defect(1), "sequence: 4 after 4");
}

static void records_are_found_in_noise(void **state)
{
	(void)state;
	parse_format("\033[2Jbx bx %s tail%s\r\r\nbx\nabx y\n%s",
		     record(0, "hello proto=1"), record(1, "x"), record(2, "y"));
	assert_int_equal(run(0)->nr_defects, 0);
	assert_int_equal(run(0)->records, 3);
}

static void control_bytes_are_no_record(void **state)
{
	(void)state;
	parse_format("%s\n", record(0, "hello start=\033[2J"));
	assert_int_equal(run(0)->nr_defects, 1);
	assert_int_equal(run(0)->hello.line, 0);
}

static void long_lines_are_cut(void **state)
{
	size_t len = 3 * LOG_MAX_LINE;
	char *text = malloc(len + 64);

	(void)state;
	memset(text, 'x', len);
	memcpy(text, "bx 0 ", 5);
	sprintf(text + len, "\n%s\n", record(1, "hello proto=1"));
	parse_text(text);
	free(text);
	assert_int_equal(run(0)->nr_defects, 1);
	assert_string_equal(defect(0), "CRC: the record has none");
	assert_int_equal(run(0)->hello.line, 2);
}

static void runs_are_told_apart(void **state)
{
	(void)state;
	parse_format("# run on\n%s\n%s\n# run on\r\n%s\n%s\n# run off\n",
		     record(0, "hello proto=1"), record(1, "x"),
		     record(0, "hello proto=1"), record(0, "hello proto=1"));
	assert_int_equal(parsed.runs.nr, 4);
	assert_string_equal(run(0)->name, "on");
	assert_string_equal(run(1)->name, "on#2");
	assert_int_equal(run(2)->nr_defects, 0);
	assert_string_equal(run(3)->name, "off");
	assert_int_equal(run(3)->records, 0);
}

/* A boot without observer: the payload's half is on one line, bootexits-init's on another. */
static void parse_halves(const char *start, const char *end)
{
	parse_format("%s\n%s\n%s\n%s\n%s\n%s\n", record(0, start),
		     record(1, "phase entry=0 id=32 name=bootloader vcpu=0 total=7 kvm=1 user=0 "
			       "idle=0 preempted=0 self=0 tsc=9"),
		     record(0, "hello proto=1 version=1 start=multiboot1"),
		     record(1, "linux version=6.1 major=2 minor=15 kernel=5 initrd=6"),
		     record(2, "verdict result=pass"), record(3, end));
}

static void halves_of_a_boot_are_joined(void **state)
{
	(void)state;
	parse_halves("hello proto=1 version=1 start=init", "end records=4");
	assert_int_equal(parsed.runs.nr, 1);
	assert_int_equal(run(0)->phases.nr, 1);
	assert_string_equal(run(0)->hello.start, "multiboot1");
	assert_string_equal(run(0)->booted.version, "6.1");
	assert_int_equal(run(0)->nr_defects, 0);
}

static void other_runs_are_not_joined(void **state)
{
	(void)state;
	parse_halves("hello proto=1 version=1 start=pvh", "end records=4");
	assert_int_equal(parsed.runs.nr, 2);
	log_free(&parsed);
	parse_halves("hello proto=1 version=1 start=init", "end records=9");
	assert_int_equal(parsed.runs.nr, 2);
	log_free(&parsed);
	parse_halves("hello proto=1 version=1 start=init", "msg text=x");
	assert_int_equal(parsed.runs.nr, 2);
}

static void runs_have_a_bound(void **state)
{
	const char *line = "# run r\n";
	size_t n = LOG_MAX_RUNS + 10, i;
	char *text = malloc(n * strlen(line) + 1);

	(void)state;
	*text = '\0';
	for (i = 0; i < n; i++)
		strcpy(text + i * strlen(line), line);
	parse_text(text);
	free(text);
	assert_int_equal(parsed.runs.nr, LOG_MAX_RUNS);
	assert_int_equal(run(LOG_MAX_RUNS - 1)->nr_defects, 10);
}

static void host_log_is_read(void **state)
{
	static const char text[] = "boot noise\nhost foo\nrun name=boot a=b\nhost sync=1 exits=10 exits_fd=11\r\n"
		"hist sync=1 reason=0x400 count=9\nhist sync=1 reason=7\n"
		"hist reason=7 count=8\n";
	const struct log_hist *hist;
	const struct log_host *host;

	(void)state;
	parse_bytes(text, sizeof(text) - 1, LOG_HOST);
	host = run(0)->hosts.items;
	hist = run(0)->hists.items;
	assert_string_equal(run(0)->name, "boot");
	assert_int_equal(host->exits, 10);
	assert_int_equal(host->exits_fd, 11);
	assert_int_equal(run(0)->hists.nr, 1);
	assert_int_equal(hist->reason, 0x400);
	assert_int_equal(run(0)->nr_defects, 1);
	assert_string_equal(defect(0), "hist: no count");
}

static void empty_has_no_run(void **state)
{
	(void)state;
	parse_text("");
	assert_int_equal(parsed.runs.nr, 0);
	log_free(&parsed);
	parse_bytes("\0\0\n\r\n\r", 6, LOG_SERIAL);
	assert_int_equal(parsed.runs.nr, 0);
}

/*
 * Damage a log in thousands of ways, while the sanitizers watch.  The same seed gives the same
 * damage.
 */
static void damage_is_survived(void **state)
{
	static const char bytes[] = "\n\r\0 *=\"bx0#\377";
	char text[1024], broken[1024];
	unsigned int seed = 1, i, hits;
	size_t len;

	(void)state;
	len = snprintf(text, sizeof(text), "# run a\n%s\r\n%s\r\n%s\r\n%s\r\n%s\r\n",
		       record(0, "hello proto=1 start=rom version=\"a b\""),
		       record(1, "phase entry=0 id=1 name=x total=1 kvm=2 self=0"),
		       record(2, "reason entry=0 slot=3 name=y count=1"),
		       record(3, "verdict result=pass"), record(4, "end records=5"));
	for (i = 0; i < 5000; i++) {
		memcpy(broken, text, len);
		for (hits = rand_r(&seed) % 6; hits; hits--)
			broken[rand_r(&seed) % len] =
				bytes[rand_r(&seed) % (sizeof(bytes) - 1)];
		parse_bytes(broken, rand_r(&seed) % (len + 1), i % 2);
		log_free(&parsed);
	}
}

/* The same with right checksums, so that wrong values reach the parser. */
static void damaged_values_are_survived(void **state)
{
	static const char *const bodies[] = {
		"phase entry=0 id=1 name=x total=1 kvm=2 self=0",
		"part entry=0 vcpu=1 slot=3 count=1 kvm=1 user=2 idle=3",
		"samples n=0 tsc=1000 others=10 own=3 gap=9 d=5:1,7:20,8:9",
		"linux version=\"6.1 (x)\" major=2 minor=15",
		"observed polls=9 kept=4 gap=9",
	};
	static const char bytes[] = " =\"0,:9-x";
	unsigned int seed = 2, i, hits;
	char text[200];
	size_t len;

	(void)state;
	for (i = 0; i < 20000; i++) {
		len = sprintf(text, "%s", bodies[i % (sizeof(bodies) / sizeof(bodies[0]))]);
		for (hits = rand_r(&seed) % 4; hits; hits--)
			text[rand_r(&seed) % len] =
				bytes[rand_r(&seed) % (sizeof(bytes) - 1)];
		text[len - rand_r(&seed) % 8] = '\0';
		parse_format("%s\n", record(0, text));
		log_free(&parsed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(crc_is_xmodem, teardown),
		cmocka_unit_test_teardown(values_are_decoded, teardown),
		cmocka_unit_test_teardown(unknown_is_ignored, teardown),
		cmocka_unit_test_teardown(parts_are_decoded, teardown),
		cmocka_unit_test_teardown(samples_are_added_up, teardown),
		cmocka_unit_test_teardown(malformed_samples_are_a_defect, teardown),
		cmocka_unit_test_teardown(samples_have_a_bound, teardown),
		cmocka_unit_test_teardown(values_are_refused, teardown),
		cmocka_unit_test_teardown(bad_crc_is_one_defect, teardown),
		cmocka_unit_test_teardown(gaps_are_found, teardown),
		cmocka_unit_test_teardown(records_are_found_in_noise, teardown),
		cmocka_unit_test_teardown(control_bytes_are_no_record, teardown),
		cmocka_unit_test_teardown(long_lines_are_cut, teardown),
		cmocka_unit_test_teardown(runs_are_told_apart, teardown),
		cmocka_unit_test_teardown(halves_of_a_boot_are_joined, teardown),
		cmocka_unit_test_teardown(other_runs_are_not_joined, teardown),
		cmocka_unit_test_teardown(runs_have_a_bound, teardown),
		cmocka_unit_test_teardown(host_log_is_read, teardown),
		cmocka_unit_test_teardown(empty_has_no_run, teardown),
		cmocka_unit_test_teardown(damage_is_survived, teardown),
		cmocka_unit_test_teardown(damaged_values_are_survived, teardown),
	};

	return cmocka_run_group_tests_name("the log's reader", tests, NULL, NULL);
}
