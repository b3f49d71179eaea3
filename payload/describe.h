/* SPDX-License-Identifier: GPL-2.0-only */
/* The records that open a log: who speaks, and of which tracer. */
#ifndef DESCRIBE_H
#define DESCRIBE_H

/* Prints `hello`; start: the word for how the speaker was started. */
void describe_speaker(const char *start);

/* Prints `host`, or `skip` where there is no tracer. */
void describe_tracer(void);

#endif
