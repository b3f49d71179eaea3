// SPDX-License-Identifier: GPL-2.0-only
/* The input of the targets that take two boots, and the output of all targets. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/target.h"

#define BETWEEN		0x1e	/* the byte between two boots */

/* In the C locale all output is ASCII. */
static ssize_t look(void *cookie, const char *bytes, size_t size)
{
	size_t i;

	(void)cookie;
	for (i = 0; i < size; i++)
		fuzz_finding((bytes[i] >= ' ' && bytes[i] <= '~') || bytes[i] == '\n',
			     "a byte that is no text reaches the terminal");
	return size;
}

/* Sanitizers and libFuzzer write to file descriptor 2. */
void fuzz_silence(void)
{
	static FILE *looked;

	if (!looked)
		looked = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = look });
	if (!looked)
		abort();
	setenv("LC_ALL", "C", 1);
	stdout = looked;
	stderr = looked;
}

static void add_boot(struct fuzz_input *input, const uint8_t *data, size_t size)
{
	unsigned int i = input->boots++;

	input->fds[i] = memfd_create("boot", 0);
	if (input->fds[i] < 0 || write(input->fds[i], data, size) != (ssize_t)size)
		abort();
	snprintf(input->paths[i], sizeof(input->paths[i]), "/proc/self/fd/%d", input->fds[i]);
}

bool fuzz_open(struct fuzz_input *input, const uint8_t *data, size_t size)
{
	const uint8_t *end, *between;
	size_t word;

	*input = (struct fuzz_input){ 0 };
	end = size ? memchr(data, '\n', size) : NULL;
	if (!end || end == data)
		return false;
	input->flags = *data;
	word = end - data - 1;
	if (word >= sizeof(input->word))
		word = sizeof(input->word) - 1;
	memcpy(input->word, data + 1, word);
	size -= ++end - data;
	between = memchr(end, BETWEEN, size);
	add_boot(input, end, between ? (size_t)(between - end) : size);
	if (between)
		add_boot(input, between + 1, end + size - between - 1);
	return true;
}

void fuzz_close(struct fuzz_input *input)
{
	unsigned int i;

	fflush(stdout);
	for (i = 0; i < input->boots; i++)
		close(input->fds[i]);
}
