// SPDX-License-Identifier: GPL-2.0-only
/* Reads the symbols of ELF files, by libelf.  Only the table of symbols is read, so a large file takes no longer. */
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

#include "tools/symbols/image.h"

static int compare_ranges(const void *a, const void *b)
{
	const struct image_range *one = a, *other = b;

	return (one->low > other->low) - (one->low < other->low);
}

/* Collect the sections with code, and return one of the tables of symbols; SHT_SYMTAB has the most. */
static Elf_Scn *walk(struct image *image, Elf *elf)
{
	Elf_Scn *section = NULL, *found = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header))
			continue;
		if ((header.sh_flags & SHF_EXECINSTR) && (header.sh_flags & SHF_ALLOC) && header.sh_size &&
		    header.sh_addr + header.sh_size > header.sh_addr)
			list_append(&image->ranges, &(struct image_range){
				header.sh_addr, header.sh_addr + header.sh_size }, sizeof(struct image_range));
		if (header.sh_type == SHT_SYMTAB || (header.sh_type == SHT_DYNSYM && !found))
			found = section;
	}
	if (image->ranges.nr)
		qsort(image->ranges.items, image->ranges.nr, sizeof(struct image_range), compare_ranges);
	return found;
}

/* Copy the text that Linux keeps of its own version. */
static void read_banner(struct image *image, Elf *elf, const GElf_Sym *symbol)
{
	Elf_Scn *section = elf_getscn(elf, symbol->st_shndx);
	GElf_Shdr header;
	Elf_Data *data;

	if (!section || !gelf_getshdr(section, &header) || header.sh_type == SHT_NOBITS ||
	    symbol->st_value < header.sh_addr)
		return;
	data = elf_rawdata(section, NULL);
	if (data && data->d_buf && symbol->st_value - header.sh_addr < data->d_size)
		image_banner(image, (const char *)data->d_buf + (symbol->st_value - header.sh_addr),
			     data->d_size - (symbol->st_value - header.sh_addr));
}

/* Add a symbol if it is in code.  Its end is unknown if the table has no size. */
static bool add(struct image *image, const GElf_Sym *from, const char *name)
{
	static const enum symbol_kind kinds[] = {
		[STB_LOCAL] = SYMBOL_LOCAL, [STB_GLOBAL] = SYMBOL_GLOBAL, [STB_WEAK] = SYMBOL_WEAK,
	};
	unsigned int type = GELF_ST_TYPE(from->st_info), bind = GELF_ST_BIND(from->st_info);
	struct symbol symbol = { .address = from->st_value, .kind = SYMBOL_LABEL };

	if ((type != STT_FUNC && type != STT_NOTYPE && type != STT_GNU_IFUNC) || !*name || *name == '.' ||
	    from->st_shndx == SHN_UNDEF || from->st_shndx == SHN_ABS || !image_covers(image, from->st_value))
		return true;
	if (type != STT_NOTYPE && bind <= STB_WEAK)
		symbol.kind = kinds[bind];
	if (from->st_size && from->st_value + from->st_size > from->st_value)
		symbol.end = from->st_value + from->st_size;
	return image_add(image, symbol, name, strlen(name));
}

static const char *read_table(struct image *image, Elf *elf, Elf_Scn *section)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Shdr header;
	const char *name;
	GElf_Sym symbol;
	size_t nr, i;

	if (!data || !gelf_getshdr(section, &header) || !header.sh_entsize)
		return "has a damaged table of symbols";
	nr = data->d_size / header.sh_entsize;
	for (i = 0; i < nr && gelf_getsym(data, i, &symbol); i++) {
		name = elf_strptr(elf, header.sh_link, symbol.st_name);
		if (!name)
			continue;
		if (!strcmp(name, "linux_banner"))
			read_banner(image, elf, &symbol);
		if (!add(image, &symbol, name))
			return "has more than 4,194,304 symbols";
	}
	return NULL;
}

/* Where each section of code ends, no symbol goes on. */
static bool add_ends(struct image *image)
{
	struct symbol symbol = { .kind = SYMBOL_END };
	const struct image_range *range;

	for_each(range, &image->ranges) {
		symbol.address = range->high;
		symbol.end = range->high;
		if (!image_add(image, symbol, "", 0))
			return false;
	}
	return true;
}

static const char *read_elf(struct image *image, Elf *elf)
{
	GElf_Ehdr header;
	Elf_Scn *section;

	if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
		return "is a damaged ELF file";
	if (header.e_machine != EM_X86_64 && header.e_machine != EM_386)
		return "is an ELF file, but not for x86";
	if (header.e_type == ET_REL)
		return "is an object file or a module, which has no addresses yet";
	image->unplaced = header.e_type == ET_DYN;
	image->typed = true;
	section = walk(image, elf);
	if (!section)
		return "is an ELF file without symbols: give the file with debug information (vmlinux, .debug)";
	return read_table(image, elf, section) ?: add_ends(image) ? NULL : "has too many sections";
}

const char *image_elf(struct image *image, int fd)
{
	const char *wrong;
	Elf *elf;

	if (elf_version(EV_CURRENT) == EV_NONE)
		return "can't be read by this version of libelf";
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	wrong = read_elf(image, elf);
	elf_end(elf);
	return wrong;
}
