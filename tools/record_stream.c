// SPDX-License-Identifier: GPL-2.0-only
/* What QEMU writes, or a port brings, line by line into the trace. */
#include <ctype.h>
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "record.h"

struct stream *record_stream(struct record *record, const char *name,
			     const char *path)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		record_fail("no memory");
	stream->trace.name = strdup(name);
	stream->trace.rank = record->streams.nr + 1;
	stream->trace.kind = strcmp(name, "host") ? LOG_SERIAL : LOG_HOST;
	stream->path = strdup(path);
	stream->fd = -1;
	list_append(&record->streams, &stream, sizeof(stream));
	return stream;
}

/* For the progress line: text of people, not records. */
static void remember(struct record *record, const char *text, size_t len)
{
	size_t i, to = 0;

	if (len > 2 && !memcmp(text, "bx ", 3))
		return;
	for (i = 0; i < len && to < sizeof(record->last) - 1; i++)
		if (isprint((unsigned char)text[i]))
			record->last[to++] = text[i];
	if (to)
		record->last[to] = '\0';
}

static void take_line(struct record *record, struct stream *stream)
{
	char copy[LOG_MAX_LINE + 1];

	stream->text[stream->len] = '\0';
	remember(record, stream->text, stream->len);
	if (stream->trace.kind == LOG_SERIAL) {
		memcpy(copy, stream->text, stream->len + 1);
		log_take_line(&record->live, ++stream->lines, copy, stream->len);
	}
	trace_line(&record->trace, &stream->trace, stream->at - stream->len,
		   stream->text, stream->len);
	stream->len = 0;
}

static void take_bytes(struct record *record, struct stream *stream,
		       const char *bytes, size_t len)
{
	const char *end;
	size_t part;

	while (len) {
		end = memchr(bytes, '\n', len);
		part = end ? (size_t)(end - bytes) : len;
		if (part > LOG_MAX_LINE - stream->len)
			part = LOG_MAX_LINE - stream->len;
		memcpy(stream->text + stream->len, bytes, part);
		stream->len += part;
		stream->at += part;
		bytes += part;
		len -= part;
		if (len && *bytes == '\n') {
			take_line(record, stream);
			stream->at++;
			bytes++;
			len--;
		} else if (stream->len == LOG_MAX_LINE) {
			take_line(record, stream);
		}
	}
}

/* Whether there was something to read. */
static bool read_stream(struct record *record, struct stream *stream)
{
	char bytes[1 << 16];
	ssize_t len;

	if (stream->fd < 0 && !stream->ended)
		stream->fd = open(stream->path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (stream->fd < 0)
		return false;
	len = read(stream->fd, bytes, sizeof(bytes));
	if (len > 0)
		take_bytes(record, stream, bytes, len);
	else if (!len || errno != EAGAIN)
		stream->ended = true;	/* a file's, until it grows again */
	return len > 0;
}

bool record_streams_read(struct record *record)
{
	struct stream **stream;
	bool any = false;

	for_each(stream, &record->streams)
		while (read_stream(record, *stream))
			any = true;
	return any;
}

void record_streams_end(struct record *record)
{
	struct stream **stream;

	for_each(stream, &record->streams) {
		if ((*stream)->len)
			take_line(record, *stream);
		if ((*stream)->fd >= 0)
			close((*stream)->fd);
		free((char *)(*stream)->trace.name);
		free((*stream)->path);
		free(*stream);
	}
	free(record->streams.items);
}

static speed_t speed_of(unsigned int baud)
{
	static const struct {
		unsigned int baud;
		speed_t speed;
	} speeds[] = {
		{ 9600, B9600 }, { 19200, B19200 }, { 38400, B38400 },
		{ 57600, B57600 }, { 115200, B115200 }, { 230400, B230400 },
		{ 460800, B460800 }, { 921600, B921600 },
	};
	size_t i;

	for (i = 0; i < sizeof(speeds) / sizeof(speeds[0]); i++)
		if (speeds[i].baud == baud)
			return speeds[i].speed;
	return B0;
}

bool record_port(int fd, unsigned int baud)
{
	speed_t speed = speed_of(baud);
	struct termios termios;

	if (!isatty(fd))
		return true;
	if (speed == B0 || tcgetattr(fd, &termios))
		return false;
	cfmakeraw(&termios);
	termios.c_cflag |= CLOCAL | CREAD;
	return !cfsetspeed(&termios, speed) && !tcsetattr(fd, TCSANOW, &termios);
}
