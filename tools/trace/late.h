/* SPDX-License-Identifier: GPL-2.0-only */
/* A VM that was attached to while it ran: its earlier exits were not counted. */
#ifndef BOOTEXITS_LATE_H
#define BOOTEXITS_LATE_H

#include "tools/trace/phases.h"

/** late_unseen() - exits, of those that a view has, that came before counting began */
__u64 late_unseen(const struct run *run, struct phases_view view);

/** late_check() - add defects of a run's records of this */
void late_check(struct run *run);

/** late_text() - say that a run was attached to late; false if it was counted from its start */
bool late_text(const struct run *run, char text[LOG_MESSAGE]);

#endif /* BOOTEXITS_LATE_H */
