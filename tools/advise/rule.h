/* SPDX-License-Identifier: GPL-2.0-only */
/* One rule, from JSON. */
#ifndef BOOTEXITS_RULE_H
#define BOOTEXITS_RULE_H

#include "tools/advise/rules.h"

#define RULE_WRONG	160	/* bytes of a message, its NUL included */

/**
 * rule_read() - read a rule
 * @object: has to stay, because the rule keeps its texts
 * @wrong: filled in with what is wrong
 *
 * Return: whether it is right.  In both cases, free it by rule_free().
 */
bool rule_read(struct rule *rule, const json_t *object, char wrong[RULE_WRONG]);

/** rule_free() - free what rule_read() stored */
void rule_free(struct rule *rule);

#endif /* BOOTEXITS_RULE_H */
