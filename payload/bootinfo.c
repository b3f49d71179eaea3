// SPDX-License-Identifier: GPL-2.0-only
#include "bootinfo.h"
#include "lib.h"
#include "self.h"
#include "start.h"

/* QEMU's docs/specs/fw_cfg: the DMA interface, the file directory and its key */
#define FW_CFG_DMA		0x514	/* high half of the address; read, a signature */
#define FW_CFG_DMA_LOW		0x518	/* low half: starts the transfer */
#define FW_CFG_DMA_SIGNATURE	0x554d4551	/* "QEMU" */
#define FW_CFG_DMA_ERROR	0x01
#define FW_CFG_DMA_READ		0x02
#define FW_CFG_DMA_SELECT	0x08
#define FW_CFG_KEY_DIRECTORY	0x0019
#define FW_CFG_OPTIONS		"opt/org.bootexits/options"

/* All big endian */
struct fw_cfg_dma {
	u32 control;		/* key << 16 | what to do; what is left to do */
	u32 bytes;
	u64 address;
};

struct fw_cfg_directory {
	u32 count;
	struct {
		u32 size;
		u16 key;
		u16 reserved;
		char name[56];
	} files[63];
};

/* Multiboot 0.6.96, section 3.3: flag 2 says that the command line is there. */
struct mb1_info {
	u32 flags;
	u32 mem_lower, mem_upper;
	u32 boot_device;
	u32 command_line;
};

#define MB1_HAS_COMMAND_LINE 0x4

/* Multiboot 2.0, section 3.6: tags, each on eight bytes, type 0 is the last. */
struct mb2_tag {
	u32 type;
	u32 size;
	char text[];
};

#define MB2_END			0
#define MB2_COMMAND_LINE	1
#define MB2_FRAMEBUFFER		8

/* Multiboot 2.0, section 3.6.12 */
struct mb2_framebuffer {
	u32 type;
	u32 size;
	u64 address;
	u32 pitch, width, height;
	u8 bits;
	u8 kind;
};

#define MB2_EGA_TEXT		2

/* Xen's start_info.h, the fields up to the one that we want */
struct pvh_info {
	u32 magic, version, flags, modules;
	u64 module_list;
	u64 command_line;
};

const char *bootinfo_start(u32 magic)
{
	switch (magic) {
	case START_MB1_MAGIC:
		return "multiboot1";
	case START_MB2_MAGIC:
		return "multiboot2";
	case START_PVH_MAGIC:
		return "pvh";
	case START_ROM_MAGIC:
		return "rom";
	}
	return "unknown";
}

static const char *mb1_command_line(const struct mb1_info *info)
{
	return info->flags & MB1_HAS_COMMAND_LINE ? (const char *)info->command_line : "";
}

/* Returns the first tag of that type, or NULL. */
static const struct mb2_tag *mb2_find(u32 info, u32 type)
{
	const struct mb2_tag *tag = (const struct mb2_tag *)(info + 8);

	while (tag->type != MB2_END) {
		if (tag->type == type)
			return tag;
		tag = (const struct mb2_tag *)((u32)tag + ((tag->size + 7) & ~7u));
	}
	return NULL;
}

static const char *mb2_command_line(u32 info)
{
	const struct mb2_tag *tag = mb2_find(info, MB2_COMMAND_LINE);

	return tag ? tag->text : "";
}

static const char *pvh_command_line(const struct pvh_info *info)
{
	if (info->magic != START_PVH_MAGIC || !info->command_line || info->command_line >> 32)
		return "";
	return (const char *)(u32)info->command_line;
}

const char *bootinfo_command_line(u32 magic, u32 info)
{
	switch (magic) {
	case START_MB1_MAGIC:
		return mb1_command_line((const struct mb1_info *)info);
	case START_MB2_MAGIC:
		return mb2_command_line(info);
	case START_PVH_MAGIC:
		return pvh_command_line((const struct pvh_info *)info);
	}
	return "";
}

/* GRUB passes it on by multiboot2; QEMU's multiboot1 knows of no screen. */
struct text_screen bootinfo_screen(u32 magic, u32 info)
{
	const struct mb2_framebuffer *f = NULL;

	if (magic == START_MB2_MAGIC)
		f = (const struct mb2_framebuffer *)mb2_find(info, MB2_FRAMEBUFFER);
	if (!f || f->kind != MB2_EGA_TEXT || f->address >> 32)
		return (struct text_screen){ 0, 0, 0, 0 };
	return (struct text_screen){ f->address, f->pitch, f->width, f->height };
}

/*
 * Reads the first bytes of an item; what it lacks reads as zeros.  One exit,
 * however much: a string instruction costs one that nobody can foretell.
 */
static bool fw_cfg_read(u16 key, void *to, u32 bytes)
{
	volatile struct fw_cfg_dma dma = {
		.control = __builtin_bswap32(key << 16 | FW_CFG_DMA_SELECT | FW_CFG_DMA_READ),
		.bytes = __builtin_bswap32(bytes),
		.address = __builtin_bswap64((u32)to),
	};

	asm volatile("" : : "r"(&dma) : "memory");
	self_outl(FW_CFG_DMA_LOW, __builtin_bswap32((u32)&dma));
	while (dma.control & ~__builtin_bswap32(FW_CFG_DMA_ERROR))
		;
	asm volatile("" : : : "memory");
	return !dma.control;
}

const char *bootinfo_fw_cfg_options(void)
{
	static struct fw_cfg_directory directory;
	static char text[1024];
	u32 count;

	if (self_inl(FW_CFG_DMA) != FW_CFG_DMA_SIGNATURE ||
	    !fw_cfg_read(FW_CFG_KEY_DIRECTORY, &directory, sizeof(directory)))
		return "";
	count = __builtin_bswap32(directory.count);
	for (u32 i = 0; i < count && i < ARRAY_SIZE(directory.files); i++) {
		if (!str_equal(directory.files[i].name, FW_CFG_OPTIONS))
			continue;
		if (!fw_cfg_read(__builtin_bswap16(directory.files[i].key), text, sizeof(text) - 1))
			return "";
		return text;
	}
	return "";
}
