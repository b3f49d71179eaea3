// SPDX-License-Identifier: GPL-2.0-only
/*
 * Target "image": reads an ELF file, or a map, of symbols.  What is found at an address must be a
 * symbol that is there, and no two pieces of code may begin at one address.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/target.h"
#include "tools/symbols/image.h"

static void look(const struct image *image)
{
	const struct symbol *symbol, *found, *before = NULL;
	const struct image_range *range;
	const char *name;

	for_each(symbol, &image->symbols) {
		fuzz_finding(!before || before->address < symbol->address, "symbols are in no order");
		before = symbol;
		fuzz_finding(symbol->name < image->size, "a symbol has no name");
		name = image->names + symbol->name;
		fuzz_finding(strnlen(name, IMAGE_NAME) < IMAGE_NAME, "a name is too long");
		for (; *name; name++)
			fuzz_finding(*name > ' ' && *name <= '~', "a name has a byte that isn't visible");
		found = image_find(image, symbol->address);
		fuzz_finding(found == (symbol_is_code(symbol) && symbol->address < symbol->end ? symbol : NULL),
			     "another symbol is found");
	}
	for_each(range, &image->ranges) {
		fuzz_finding(range->low < range->high, "a range is empty");
		found = image_find(image, range->high - 1);
		fuzz_finding(!found || found->address < range->high, "a symbol is found that begins later");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image image;
	char path[32];
	__u64 at;
	int fd;

	fuzz_silence();
	fd = memfd_create("image", 0);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!image_read(&image, path)) {
		look(&image);
		image_overlap(&image, 0, &image, 4096, &at);
	}
	image_free(&image);
	close(fd);
	return 0;
}
