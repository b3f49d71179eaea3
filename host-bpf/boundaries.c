// SPDX-License-Identifier: GPL-2.0-only
#include "host-bpf/boundaries.h"
#include "host-bpf/exits.h"
#include "payload/lib/names.h"

static const char *const names[EXITS_BOUNDARIES] = {
	[EXITS_SECOND_CPU]	= "to-second-cpu",
	[EXITS_LONG_MODE]	= "to-long-mode",
	[EXITS_OS]		= "to-os",
	[EXITS_CPL3]		= "to-cpl3",
};

static const char *texts[EXITS_TEXTS];
static int nr_texts;

int boundary_text(const char *name)
{
	if (nr_texts == EXITS_TEXTS)
		return -1;
	texts[nr_texts] = name;
	return nr_texts++;
}

int boundary_texts(void)
{
	return nr_texts;
}

const char *boundary_name(u32 phase)
{
	if (phase == EXITS_PHASE_REST)
		return "to-end";
	if (phase >= EXITS_PHASE_TEXT && phase - EXITS_PHASE_TEXT < (u32)nr_texts)
		return texts[phase - EXITS_PHASE_TEXT];
	if (phase >= EXITS_PHASE_BOUNDARY && phase - EXITS_PHASE_BOUNDARY < EXITS_BOUNDARIES)
		return names[phase - EXITS_PHASE_BOUNDARY];
	return name_of_phase(phase);
}
