# SPDX-License-Identifier: GPL-2.0-only
# The kernel headers that fit the source. Include this where modules are built in $(D).

KERNEL	:= $(abspath $(O))/kernel/$(KVER)
HEADERS	= $(KERNEL)/usr/src/linux-headers-$(firstword $(shell cat $(D)/release))
UNPACK	:= $(dir $(lastword $(MAKEFILE_LIST)))../lab/images/kernel.sh
FITS	= O=$(abspath $(O)) $(UNPACK) && cat $(KERNEL)/release

.PHONY: FORCE

# Release and version of the headers. If they change, all is built again.
$(D)/release: FORCE
	$(Q)mkdir -p $(@D)
	$(Q)fits=$$($(FITS)) && { echo "$$fits" | cmp -s - $@ || echo "$$fits" > $@; }
