# SPDX-License-Identifier: GPL-2.0-only
# Included where modules are built in $(D): the headers that fit the source.

HEADERS	= /usr/src/linux-headers-$(firstword $(shell cat $(D)/release))
PACKAGES := $(dir $(lastword $(MAKEFILE_LIST)))../scripts/packages.sh

.PHONY: FORCE

# Their release and version: with another one all is built again
$(D)/release: FORCE
	$(Q)mkdir -p $(@D)
	$(Q)fits=$$($(PACKAGES) -k) && { echo "$$fits" | cmp -s - $@ || echo "$$fits" > $@; }
