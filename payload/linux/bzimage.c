// SPDX-License-Identifier: GPL-2.0-only
#include <asm/bootparam.h>

#include "payload/linux/bzimage.h"
#include "payload/lib/lib.h"

#define HEADER_OFFSET	0x1f1
#define HEADER_END	0x201	/* a byte: how many bytes of the header follow 0x202 */
#define HEADER_END_BASE	0x202
#define SECTOR_BYTES	512
#define BOOT_FLAG	0xaa55
#define HEADER_MAGIC	0x53726448	/* "HdrS" */
#define VERSION_BASE	0x200
#define LOADER_OTHER	0xff
#define PARAGRAPH_BYTES	16

const char *bzimage_read(const struct module *file, struct bzimage *image)
{
	const struct setup_header *header = (const void *)(file->start + HEADER_OFFSET);
	u32 setup_bytes, version;

	if (file->bytes < HEADER_OFFSET + sizeof(*header) || header->boot_flag != BOOT_FLAG ||
	    header->header != HEADER_MAGIC)
		return "is not a bzImage";
	if (header->version < BZIMAGE_PROTOCOL)
		return "is too old: its boot protocol is below 2.10";
	if (!(header->loadflags & LOADED_HIGH))
		return "is a zImage, which loads low: a bzImage is wanted";
	if (!header->kernel_alignment ||
	    header->kernel_alignment & (header->kernel_alignment - 1))
		return "is damaged: its alignment is no power of two";
	setup_bytes = ((header->setup_sects ?: 4) + 1) * SECTOR_BYTES;
	if (!header->syssize || header->syssize > (~0u - setup_bytes) / PARAGRAPH_BYTES ||
	    file->bytes < setup_bytes + header->syssize * PARAGRAPH_BYTES)
		return "is truncated: shorter than its header says";

	image->header = header;
	image->code = (const u8 *)file->start + setup_bytes;
	image->code_bytes = file->bytes - setup_bytes;
	version = header->kernel_version + VERSION_BASE;
	image->version = header->kernel_version && version < setup_bytes ?
			 (const char *)file->start + version : "";
	return NULL;
}

void bzimage_set_params(const struct bzimage *image, u32 at, struct boot_params *params)
{
	const u8 *start = (const u8 *)image->header;
	u32 bytes = HEADER_END_BASE + start[HEADER_END - HEADER_OFFSET] - HEADER_OFFSET;

	if (bytes > sizeof(params->hdr))
		bytes = sizeof(params->hdr);
	memcpy(&params->hdr, start, bytes);
	params->hdr.type_of_loader = LOADER_OTHER;
	params->hdr.loadflags &= ~(KEEP_SEGMENTS | CAN_USE_HEAP | QUIET_FLAG);
	params->hdr.code32_start = at;
}
