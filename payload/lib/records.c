// SPDX-License-Identifier: GPL-2.0-only
#include "payload/lib/cpu.h"
#include "payload/lib/lib.h"
#include "payload/lib/qemu.h"
#include "payload/lib/records.h"
#include "payload/lib/serial.h"

#define TEXT_MAX	80

/*
 * The longest record is `samples`.  No caller comes near the end.  A record that did
 * would be cut, and nothing would be written after the buffer.
 */
static char line[1024];
static u32 length;
static u64 sequence;
static enum verdict worst;

static const struct {
	const char *name;
	u8 exit;
} verdicts[] = {
	[VERDICT_PASS] = { "pass", 0x10 },
	[VERDICT_SKIP] = { "skip", 0x12 },
	[VERDICT_FAIL] = { "fail", 0x11 },
};

static void put_char(char c)
{
	if (length < sizeof(line))
		line[length++] = c;
}

static void put_string(const char *s)
{
	while (*s)
		put_char(*s++);
}

static void put_number(u64 value)
{
	char digits[U64_DIGITS];
	u32 count = u64_to_digits(digits, value);

	for (u32 i = 0; i < count; i++)
		put_char(digits[i]);
}

static void put_key(const char *key)
{
	put_char(' ');
	put_string(key);
	put_char('=');
}

void record_begin(const char *tag)
{
	length = 0;
	put_string("bx ");
	put_number(sequence);
	put_char(' ');
	put_string(tag);
}

void record_number(const char *key, u64 value)
{
	put_key(key);
	put_number(value);
}

void record_pair(const char *key, u64 a, u64 b)
{
	if (key)
		put_key(key);
	else
		put_char(',');
	put_number(a);
	put_char(':');
	put_number(b);
}

void record_word(const char *key, const char *word)
{
	put_key(key);
	for (; *word; word++)
		put_char(*word == ' ' ? '_' : *word);
}

/* Replaces characters that would end the text or the line, because a user may have typed them. */
void record_text(const char *key, const char *text)
{
	put_key(key);
	put_char('"');
	for (u32 i = 0; i < TEXT_MAX && text[i]; i++)
		put_char(text[i] < ' ' || text[i] > '~' || text[i] == '"' ? '?' : text[i]);
	put_char('"');
}

/* CRC-16/XMODEM: polynomial 0x1021, start 0, no reflection */
static u16 crc16(const char *bytes, u32 count)
{
	u16 crc = 0;

	while (count--) {
		crc ^= (u8)*bytes++ << 8;
		for (u32 bit = 0; bit < 8; bit++)
			crc = crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1;
	}
	return crc;
}

u32 record_end(void)
{
	u16 crc = crc16(line, length);

	put_string(" *");
	for (int shift = 12; shift >= 0; shift -= 4)
		put_char("0123456789abcdef"[crc >> shift & 15]);
	put_string("\r\n");
	sequence++;
	serial_write(line, length);
	return length;
}

void verdict_worsen(enum verdict verdict)
{
	if (verdict > worst)
		worst = verdict;
}

static void selftest_begin(const char *name, u64 n, u64 expected, u64 got, bool ok)
{
	record_begin("selftest");
	record_word("name", name);
	record_number("n", n);
	record_number("expect", expected);
	record_number("got", got);
	record_number("ok", ok);
}

void expect(const char *name, u64 n, u64 expected, u64 got, bool ok)
{
	selftest_begin(name, n, expected, got, ok);
	record_end();
	if (!ok)
		verdict_worsen(VERDICT_FAIL);
}

void expect_none(const char *name, const char *why)
{
	selftest_begin(name, 0, 0, 0, true);
	record_text("msg", why);
	record_end();
}

enum verdict verdict_worst(void)
{
	return worst;
}

u8 verdict_exit(void)
{
	return verdicts[worst].exit;
}

void verdict_print(void)
{
	record_begin("verdict");
	record_word("result", verdicts[worst].name);
	record_end();
	record_begin("end");
	record_number("records", sequence + 1);
	record_end();
}

void finish(void)
{
	verdict_print();
	stop();
}

void stop(void)
{
	outl(QEMU_DEBUG_EXIT_PORT, verdict_exit());
	halt_forever();
	__builtin_unreachable();
}
