/* SPDX-License-Identifier: GPL-2.0-only */
/* How our hosted programs end. */
#ifndef STATUS_H
#define STATUS_H

/* The exit status, as everywhere in bootexits. */
enum status {
	STATUS_OK = 0,
	STATUS_FAIL = 1,	/* a mismatch, a defect, or the verdict fail */
	STATUS_USAGE = 2,
	STATUS_UNREADABLE = 3,
	STATUS_SKIP = 4,	/* the verdict skip: there was nothing to count */
	STATUS_TIMEOUT = 124,	/* only record has this one and the next two */
	STATUS_HANG = 125,	/* in the lab */
	STATUS_INTERRUPTED = 130,
};

#endif /* STATUS_H */
