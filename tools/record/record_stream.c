// SPDX-License-Identifier: GPL-2.0-only
/* Writes the output of QEMU, or the input of a port, line by line into the trace. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "lib/text.h"
#include "tools/trace/input.h"
#include "tools/record/record.h"

const char *const record_log_names[RECORD_LOGS] = {
	"observer", "serial", "host", "console", "bpf",
};

/* Names are printed, and are JSON. */
static char *printable(const char *name)
{
	char *copy = strdup(name), *c;

	for (c = copy; c && *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '_';
	return copy;
}

struct stream *record_stream(struct record *record, const char *name,
			     const char *path)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		record_fail("no memory");
	stream->trace.name = printable(name);
	stream->trace.rank = record->streams.nr + 1;
	stream->trace.kind = strcmp(name, "host") ? LOG_SERIAL : LOG_HOST;
	stream->path = path ? strdup(path) : record_format("%s.log", name);
	stream->made = !path;
	stream->fd = -1;
	list_append(&record->streams, &stream, sizeof(stream));
	return stream;
}

/* Keep the last line that isn't a record, for the progress line. */
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

/* Print what a VMM in the lab prints, and find how it ended.  The scenario vmm.sh says that. */
static void pass_on(struct record *record, const struct stream *stream)
{
	bool apart = strcmp(record->path, TRACE_STDOUT);

	if (!strcmp(stream->trace.name, "host"))
		sscanf(stream->text, "vmm status=%d", &record->vmm_status);
	if (strcmp(stream->trace.name, "serial") || !strncmp(stream->text, "bx ", 3))
		return;
	record_progress_end();
	fprintf(apart ? stdout : stderr, "%s\n", text_shown(stream->text));
	fflush(stdout);
}

static void take_line(struct record *record, struct stream *stream)
{
	stream->text[stream->len] = '\0';
	record_texts_find(record, stream);
	if (record->own_vmm)
		pass_on(record, stream);
	remember(record, stream->text, stream->len);
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

/* Whether a read won't block.  Only a port or the standard input may block. */
static bool ready(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	return poll(&pollfd, 1, 0) > 0;
}

/* Returns whether there was something to read. */
static bool read_stream(struct record *record, struct stream *stream)
{
	char bytes[1 << 16];
	ssize_t len;

	if (stream->fd < 0 && stream->made)
		stream->fd = record_log_open(record, stream->path);
	if (stream->fd < 0 || !ready(stream->fd))
		return false;
	len = read(stream->fd, bytes, sizeof(bytes));
	if (len > 0) {
		take_bytes(record, stream, bytes, len);
		record_texts_find(record, stream);	/* a prompt has no end of line */
	} else if (!len)
		stream->ended = true;	/* the end of a file, until it grows again */
	else if (errno == EIO && record->source == RECORD_SERIAL)
		stream->ended = true;	/* the terminal's other end is gone */
	else if (errno != EAGAIN && errno != EINTR)
		record->unread = stream->path;
	return len > 0;
}

bool record_streams_read(struct record *record)
{
	struct stream **stream;
	bool any = false;

	for_each(stream, &record->streams)
		any |= read_stream(record, *stream);
	return any;
}

void record_streams_end(struct record *record)
{
	struct stream **stream;

	for_each(stream, &record->streams)
		if ((*stream)->len)
			take_line(record, *stream);
}

void record_streams_free(struct record *record)
{
	struct stream **stream;

	for_each(stream, &record->streams) {
		if ((*stream)->fd >= 0)
			close((*stream)->fd);
		free((char *)(*stream)->trace.name);
		free((*stream)->path);
		free(*stream);
	}
	free(record->streams.items);
}

__u64 record_streams_taken(const struct record *record)
{
	struct stream **stream;
	__u64 most = 0;

	for_each(stream, &record->streams)
		if ((*stream)->at > most)
			most = (*stream)->at;
	return most;
}

__u64 record_logs_size(const struct record *record)
{
	struct stream **stream;
	struct stat of;
	__u64 most = 0;

	for_each(stream, &record->streams)
		if ((*stream)->made && (*stream)->fd >= 0 && !fstat((*stream)->fd, &of) &&
		    (__u64)of.st_size > most)
			most = of.st_size;
	return most;
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

/* Set a port to raw.  If it isn't a terminal, there is nothing to set. */
static bool set_port(int fd, unsigned int baud)
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

/* Follow a log that exists, unless it is the file that the trace will replace. */
static void add_log(struct record *record, const char *name, const char *path)
{
	struct stream *stream = record_stream(record, name, path);
	struct stat trace, log;
	char cut[LOG_MESSAGE];
	FILE *file;

	if (strcmp(path, "-") ? stat(path, &log) : fstat(STDIN_FILENO, &log))
		record_fail("%s: %s", path, strerror(errno));
	if (S_ISREG(log.st_mode) && record->trace.out.old >= 0 && !fstat(record->trace.out.old, &trace) &&
	    log.st_dev == trace.st_dev && log.st_ino == trace.st_ino)
		record_fail("%s: the trace would overwrite this log", path);
	file = input_open(path, cut);
	if (!file)
		exit(STATUS_UNREADABLE);
	if (*cut && !*record->cut)
		snprintf(record->cut, sizeof(record->cut), "%s", cut);
	stream->fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
	if (stream->fd < 0 || lseek(stream->fd, ftello(file), SEEK_SET) < 0)
		record_fail("%s: %s", path, strerror(errno));
	fclose(file);
}

/* Whether any log has a record of the guest's.  Without one, there is no boot. */
static bool any_record(const struct record *record)
{
	struct stream **stream;
	bool any = false;
	struct log log;
	off_t begin;
	FILE *file;

	for_each(stream, &record->streams) {
		if (any || (*stream)->trace.kind != LOG_SERIAL)
			continue;
		begin = lseek((*stream)->fd, 0, SEEK_CUR);
		file = fdopen(fcntl((*stream)->fd, F_DUPFD_CLOEXEC, 0), "r");
		if (!file || log_read(file, LOG_SERIAL, &log))
			record_fail("%s: %s", (*stream)->path, strerror(errno));
		any = log_has_records(&log.runs);
		if (log.meta)
			record_fail("%s: is a trace already", (*stream)->path);
		log_free(&log);
		fclose(file);
		lseek((*stream)->fd, begin, SEEK_SET);
	}
	return any;
}

void record_logs(struct record *record)
{
	char **word, *path, *name;
	struct stat stat_of;
	size_t i;

	for (word = record->words; *word; word++) {
		if (!strcmp(*word, "-")) {
			add_log(record, "serial", "-");
			continue;
		}
		if (stat(*word, &stat_of))
			record_fail("%s: %s", *word, strerror(errno));
		for (i = 0; S_ISDIR(stat_of.st_mode) && i < RECORD_LOGS; i++) {
			path = record_format("%s/%s.log", *word, record_log_names[i]);
			if (!access(path, F_OK))
				add_log(record, record_log_names[i], path);
			free(path);
		}
		if (S_ISDIR(stat_of.st_mode))
			continue;
		name = strdup(basename(*word));
		name[strcspn(name, ".")] = '\0';
		add_log(record, *name ? name : "log", *word);
		free(name);
	}
	if (!record->streams.nr)
		record_fail("%s: no observer.log, serial.log or host.log in it",
			    record->words[0]);
	if (!any_record(record))
		record_fail("%s: no record in it, so no trace is made",
			    record->words[0]);
}

void record_port(struct record *record)
{
	const char *path = record->words[0];
	struct stream *stream;

	if (!strcmp(path, "-")) {
		record_stream(record, "serial", path)->fd = STDIN_FILENO;
		return;
	}
	stream = record_stream(record, "serial", path);
	stream->fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (stream->fd < 0)
		record_fail("%s: %s", path, strerror(errno));
	if (!set_port(stream->fd, record->baud))
		record_fail("%s: can't be set to %u baud", path, record->baud);
}
