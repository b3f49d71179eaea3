// SPDX-License-Identifier: GPL-2.0-only
#include "bootinfo.h"
#include "lib.h"
#include "self.h"
#include "start.h"

/* QEMU's docs/specs/fw_cfg: selector, data, keys, and the file directory */
#define FW_CFG_SELECT		0x510
#define FW_CFG_DATA		0x511
#define FW_CFG_KEY_SIGNATURE	0x0000
#define FW_CFG_KEY_DIRECTORY	0x0019
#define FW_CFG_OPTIONS		"opt/org.bootexits/options"

struct fw_cfg_file {
	u32 size;		/* big endian, as key */
	u16 key;
	u16 reserved;
	char name[56];
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

/* Xen's start_info.h, the fields up to the one that we want */
struct pvh_info {
	u32 magic, version, flags, modules;
	u64 module_list;
	u64 command_line;
};

/* A buffer for one string instruction: within a page, see self_insb() */
static union {
	char text[SELF_INSB_MAX];
	struct fw_cfg_file files[SELF_INSB_MAX / sizeof(struct fw_cfg_file)];
} buffer __attribute__((aligned(SELF_INSB_MAX)));

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

static const char *mb2_command_line(u32 info)
{
	const struct mb2_tag *tag = (const struct mb2_tag *)(info + 8);

	while (tag->type != MB2_END) {
		if (tag->type == MB2_COMMAND_LINE)
			return tag->text;
		tag = (const struct mb2_tag *)((u32)tag + ((tag->size + 7) & ~7u));
	}
	return "";
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

static void fw_cfg_read(void *to, u32 bytes)
{
	self_insb(FW_CFG_DATA, to, bytes);
}

static bool fw_cfg_present(void)
{
	char signature[4];

	self_outw(FW_CFG_SELECT, FW_CFG_KEY_SIGNATURE);
	fw_cfg_read(buffer.text, 4);
	memcpy(signature, buffer.text, 4);
	return signature[0] == 'Q' && signature[1] == 'E' && signature[2] == 'M' &&
	       signature[3] == 'U';
}

/* Returns the file of this name out of the directory, or NULL. */
static const struct fw_cfg_file *fw_cfg_find(const char *name)
{
	const u32 chunk = ARRAY_SIZE(buffer.files);
	u32 left;

	self_outw(FW_CFG_SELECT, FW_CFG_KEY_DIRECTORY);
	fw_cfg_read(&left, 4);
	left = __builtin_bswap32(left);
	while (left) {
		u32 n = left < chunk ? left : chunk;

		fw_cfg_read(buffer.files, n * sizeof(struct fw_cfg_file));
		for (u32 i = 0; i < n; i++)
			if (str_equal(buffer.files[i].name, name))
				return &buffer.files[i];
		left -= n;
	}
	return NULL;
}

const char *bootinfo_fw_cfg_options(void)
{
	const struct fw_cfg_file *file;
	u32 bytes;

	if (!fw_cfg_present())
		return "";
	file = fw_cfg_find(FW_CFG_OPTIONS);
	if (!file)
		return "";
	bytes = __builtin_bswap32(file->size);
	if (bytes > sizeof(buffer.text) - 1)
		bytes = sizeof(buffer.text) - 1;
	self_outw(FW_CFG_SELECT, __builtin_bswap16(file->key));
	fw_cfg_read(buffer.text, bytes);
	buffer.text[bytes] = 0;
	return buffer.text;
}
