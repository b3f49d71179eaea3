// SPDX-License-Identifier: GPL-2.0-only
/*
 * Debian 13's libelf.a takes a search tree from elfutils' internal libeu, which
 * no package has.  Each Elf has such a tree.  Only elf_getdata_rawchunk() puts
 * something into it, and libbpf does not call that function.  If it ever does,
 * eu_search_tree_find() is missing, and this program does not link.
 */
void eu_search_tree_init(void *tree, int (*compare)(const void *a, const void *b));
void eu_search_tree_fini(void *tree, void (*free_node)(void *node));

void __attribute__((weak)) eu_search_tree_init(void *tree,
					       int (*compare)(const void *a, const void *b))
{
	(void)tree;
	(void)compare;
}

void __attribute__((weak)) eu_search_tree_fini(void *tree, void (*free_node)(void *node))
{
	(void)tree;
	(void)free_node;
}
