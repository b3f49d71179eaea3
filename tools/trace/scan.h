/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the records in a line of a serial log, and the other text. */
#ifndef BOOTEXITS_SCAN_H
#define BOOTEXITS_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* The functions that scan_line() calls for the parts of a line, in their order. */
struct scan {
	/* "bx SEQ TAG [KEY=VALUE ...]" with a right checksum, which is cut off; may be changed */
	void (*record)(void *data, char *text);
	/*
	 * The line begins like a record, but isn't one.  It says that its checksum is @got
	 * (above 0xffff if it says none), but its bytes give @want.
	 */
	void (*bad)(void *data, unsigned int got, unsigned int want);
	/* bytes outside of good records; may be NULL */
	void (*text)(void *data, const char *text, size_t len);
};

/**
 * scan_line() - find the records of a line
 * @text: @len bytes and a NUL; is changed
 *
 * The line should be one record, or none.  But there may be other text before and
 * after it, and the line's end may be lost.  So a record is a text whose checksum
 * is right (docs/abi.md, section 5).
 */
void scan_line(const struct scan *scan, void *data, char *text, size_t len);

/**
 * scan_crc16() - CRC-16/XMODEM: polynomial 0x1021, start 0, not reflected
 * @crc: 0, or what an earlier call returned
 *
 * Return: the checksum, continued over @len bytes.
 */
unsigned int scan_crc16(unsigned int crc, const void *bytes, size_t len);

#define SCAN_COMPLAINT	80	/* bytes of a complaint, its NUL included */

/** scan_complaint() - write a message on a bad record, with @got and @want of struct scan */
void scan_complaint(char text[SCAN_COMPLAINT], unsigned int got, unsigned int want);

/** scan_printable() - whether all bytes are printable ASCII */
bool scan_printable(const char *text, size_t len);

#endif /* BOOTEXITS_SCAN_H */
