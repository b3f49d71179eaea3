# SPDX-License-Identifier: GPL-2.0-only
# bootexits counts the VM exits of a guest's boot. `make help` lists what you can do.
# Each part has its own Makefile. This one builds the parts in order.

ifndef KVER
KVER := $(shell L1_SUITE='$(L1_SUITE)' bash -c '. scripts/common.sh; echo $$kver')
endif
LANE ?= amd
O ?= build
ifneq ($(words $(CURDIR)):$(words $(O)),1:1)
$(error the path of the checkout or of the build directory (O) has a blank in it, which make can't handle, or is empty)
endif
override O := $(abspath $(O))
export KVER LANE O V QEMU
# O goes to the parts through the environment only. From make's command line they would get it as you typed it.
MAKEOVERRIDES :=

# L1=BUNDLE: boot from a bundle, not from what is built here. Its words: where it is unpacked, its kernel, its suite
ifneq ($(L1),)
BUNDLE := $(shell O=$(O) lab/bundle.sh -x '$(L1)')
ifneq ($(words $(BUNDLE)),3)
$(error L1=$(L1) can't be used)
endif
ifneq ($(filter-out $(word 2,$(BUNDLE)),$(if $(filter command environment,$(origin KVER)),$(KVER))),)
$(error L1=$(L1) has kernel $(word 2,$(BUNDLE)), not $(KVER))
endif
ifeq ($(LANE),intel)
$(error L1=$(L1) has no Bochs, so it can't run LANE=intel)
endif
KVER := $(word 2,$(BUNDLE))
export L1_SUITE := $(word 3,$(BUNDLE))
endif
# The folder that a boot takes L1 from
PARTS := $(or $(word 1,$(BUNDLE)),$(O))

MAKEFLAGS += --no-print-directory $(if $(filter 1,$(V)),,-s)
.DELETE_ON_ERROR:
.PHONY: run run-debian run-best cases boot boot-itself boot-debian parts check study study-parts sample bench bench-all bench-parts benchmarks lab-shell all packages test-packages browser l1 ksrc qemu l1-bundle update guest debian \
	host-kvm host-bpf bpf payload iso tools install deb dist install-host uninstall-host clean help
.DEFAULT_GOAL := help

# The most that tracing may cost
BARS = $(shell sed -n "s/^[^\#].*/--bar '&'/p" measure/bars)

# What make run boots: any Linux, given by its files. DISK is an image, and is never written to.
OUR_KERNEL := $(if $(filter kvm,$(ACCEL)),/boot/vmlinuz-$(shell uname -r),$(PARTS)/lab/$(KVER)/vmlinuz)
OUR_INITRD := $(PARTS)/guest/initrd.gz
USUAL := console=ttyS0 quiet
KERNEL ?= $(OUR_KERNEL)
INITRD ?= $(OUR_INITRD)
CMDLINE ?= $(USUAL)
VCPUS ?= $(if $(ITSELF),1,2)
GROUP ?= main
RAM ?= $(if $(value DISK),512,256)
# 1: KVM's kvm_exit histogram counts as well, to check each reason. Its cost is then part of KVM's.
HIST ?= $(if $(filter intel,$(LANE)),1,0)
# 1: KVM also keeps how long exits took (HISTOGRAM), or what they were for (SITES). PAGE=1: the observer polls
# without a CPUID.
KEPT := $(foreach what,HISTOGRAM SITES PAGE,$(if $(filter 1,$($(what))),$(what)))
PARAMETERS = $(patsubst %,exit_trace_%=1,$(shell echo $(KEPT) | tr A-Z a-z))
# How the lab's L2 is made: QEMU's -machine, qboot or ovmf, and how L2 gets the ISO, ahci or virtio. DIRECT=1: there is
# no ISO, and QEMU loads the Linux itself.
L2 := $(MACHINE:%=-e machine=%) $(FIRMWARE:%=-e firmware=%) $(CD:%=-e cd=%)
DIRECTLY := $(filter 1,$(DIRECT))
ifneq ($(and $(strip $(L2) $(DIRECTLY)),$(L1)$(filter kvm,$(ACCEL))),)
$(error MACHINE, FIRMWARE, CD and DIRECT work in the lab only, and with no bundle)
endif
# KSRC=DIR: L1's kernel is built from this source tree, and BPF programs count (docs/lab.md). Exported as ON_KSRC, because
# environments where modules are built have a KSRC.
ifeq ($(origin KSRC),command line)
export ON_KSRC := $(value KSRC)
endif
override KSRC := $(value ON_KSRC)
# Which KVM L1 loads: patched; stock, where BPF programs count; or both, where both count (docs/bpf.md)
KVM ?= $(or $(ON_L1),$(if $(value KSRC),stock,patched))
# Exported as ON_L1, because KVM's own Makefile reads KVM as the path of its source.
export ON_L1 := $(KVM)
unexport KVM
ifeq ($(filter $(KVM),patched stock both),)
$(error unknown KVM=$(KVM): use patched, stock or both)
endif
ifneq ($(value KSRC),)
ifneq ($(KVM)$(L1)$(filter kvm,$(ACCEL)),stock)
$(error KSRC=$(value KSRC) works in the lab only, with no bundle, and with KVM=stock)
endif
export L1_KERNEL := ksrc
endif
BY_BPF = $(filter-out patched,$(KVM))
ifneq ($(and $(BY_BPF),$(L1)$(filter kvm,$(ACCEL))),)
$(error KVM=$(KVM) works in the lab only, and with no bundle; on this host use bootexits record --bpf)
endif
ON_KVM = $(if $(BY_BPF),-a $(PARTS)/lab/$(KVER)$(if $(value KSRC),-ksrc)/bpf.cpio -e host=$(KVM))
# Kept as they were given: make would expand a dollar. Recipes read them from the environment, because a name may have
# blanks, quotes and other characters that make and the shell would interpret.
$(foreach name,KERNEL INITRD DISK CMDLINE OPTIONS,$(if $(filter command,$(origin $(name))),$(eval override $(name) := $$(value $(name)))))
export KERNEL INITRD DISK CMDLINE OPTIONS
# With a bundle, its ISO is taken too, if it boots what is asked for
equal = $(and $(findstring $1,$2),$(findstring $2,$1))
USUALS = $(and $(call equal,$(value KERNEL),$(OUR_KERNEL)),$(call equal,$(value INITRD),$(OUR_INITRD)),$(call equal,$(value CMDLINE),$(USUAL)))
BUNDLED = $(if $(L1),$(USUALS))

# SITES=1: the report names functions of our own guest kernel, and of the files SYMBOLS=FILE... The Intel lane's emulator
# can't print that kernel's symbols.
OWN_SYMBOLS := $(if $(filter SITES,$(KEPT)),$(if $(L1)$(filter intel,$(LANE)),,$(if $(call equal,$(value KERNEL),$(OUR_KERNEL)),$(O)/symbols/$(KVER).map)))
NAMED = $(if $(OWN_SYMBOLS),$$(! test -f $(OWN_SYMBOLS) || echo --symbols $(OWN_SYMBOLS))) $(foreach file,$(SYMBOLS),--symbols '$(file)')

# DISK=IMAGE without KERNEL= and INITRD= boots that disk by itself, up to the text UNTIL (docs/run.md). The payload is not
# in it, so BPF programs count. Exported as ON_DISK, because KERNEL and INITRD reach the next make by the environment.
ASKED = $(if $(value DISK),$(if $(filter-out file default undefined,$(origin KERNEL) $(origin INITRD)),no,itself),no)
export ON_DISK := $(or $(if $(filter environment,$(origin DISK)),$(ON_DISK)),$(ASKED))
ITSELF := $(filter itself,$(ON_DISK))
UNTIL ?= login:
export UNTIL
ifneq ($(and $(ITSELF),$(L1)$(DIRECTLY)$(CD)$(filter kvm,$(ACCEL))$(filter intel,$(LANE))$(filter both,$(KVM))$(value KSRC)),)
$(error DISK=$(value DISK) without KERNEL= and INITRD= works in the lab with SVM and Debian's own KVM only, with no L1, KSRC, DIRECT and CD)
endif

# The trace, by its shortest path, or TRACE=FILE. Exported as ON_TRACE, because many environments have a TRACE.
ifeq ($(origin TRACE),command line)
ifneq ($(word 2,$(TRACE)),)
$(error TRACE=$(TRACE) has a blank in it: give another name)
endif
export ON_TRACE := $(TRACE)
endif
SHORT_O := $(patsubst $(CURDIR)/%,%,$(O))
override TRACE = $(or $(ON_TRACE),$(SHORT_O)/$(RUN)$(IN_LANE).trace)
RUN = run
ISO = linux
IN_LANE = $(if $(filter kvm,$(ACCEL)),-kvm,$(if $(filter intel,$(LANE)),-intel))$(if $(value KSRC),-ksrc,$(BY_BPF:%=-%))$(ITSELF:itself=-disk)

# In the Intel lane the emulator is Bochs. With QEMU= it is the user's own. Neither needs `make qemu`.
EMULATOR = $(if $(QEMU)$(filter intel,$(LANE)),,qemu)
# What a boot needs, if L1's KVM is the user's
KSRC_PARTS = ksrc iso payload tools $(EMULATOR)

AS_ROOT = $(if $(filter 0,$(shell id -u)),,sudo)

# If a file of the user's is missing, one clear line says so
NEEDED = for file in "$$KERNEL" "$$INITRD" $${DISK:+"$$DISK"}; do test -f "$$file" || \
	{ printf 'make $(RUN): there is no %s (KERNEL=, INITRD=, DISK=)\n' "$$file" >&2; exit 2; }; done
# The commands that follow run in another folder, so paths are made absolute
ABSOLUTE = KERNEL=$$(realpath -ms -- "$$KERNEL") INITRD=$$(realpath -ms -- "$$INITRD")

# With DIRECT=1, linux.sh expects the files by these names. QEMU splits the initrd's words at commas.
GATHERED = mkdir -p $(O)/direct && cp -- "$$KERNEL" $(O)/direct/vmlinuz && cp -- "$$INITRD" $(O)/direct/initrd.gz
DIRECT_BOOT = -e direct="$$(printf %s "$$CMDLINE" | sed 's/,/,,/g')" \
	linux $(O)/bootexits.elf $(O)/direct/vmlinuz $(O)/direct/initrd.gz

# How the parts with many files are built
ALL_CPUS := -j$(shell nproc)
# Whatever builds everything, or boots it, must be the only one that does
ALONE = scripts/alone.sh $(MAKE)

run: ## boot a Linux in the lab and print its exits (build/run.trace). ACCEL=kvm: on this host's patched KVM
	@$(ALONE) $(if $(ITSELF),boot-itself,boot)

run-debian: ## like run, with a whole Debian 12 and its systemd on a disk
	@$(ALONE) boot-debian

# ACCEL=kvm: this host's own KVM, if it is patched. There is no lab then.
ifeq ($(ACCEL),kvm)
boot: tools
	@$(O)/bootexits doctor --ready=run || exit 3
	$(MAKE) iso guest
	@$(NEEDED)
	$(ABSOLUTE) $(MAKE) -C iso linux NAME=$(ISO)
	scripts/run-kvm.sh -o $(TRACE) -v $(VCPUS) -m $(RAM) $(if $(value DISK),-d "$$DISK") $(O)/$(ISO).iso
else
# Only what this lane's L1 loads
boot: export KVM_VENDOR = $(filter amd intel,$(LANE))
boot: $(if $(L1),tools,$(if $(value KSRC),$(KSRC_PARTS),parts) guest) $(if $(value KSRC),,$(if $(BY_BPF),bpf))
	@$(NEEDED)
	$(if $(BUNDLED),,$(if $(DIRECTLY),$(GATHERED),$(ABSOLUTE) $(MAKE) -C iso linux NAME=$(ISO)))
	$(if $(OWN_SYMBOLS),lab/images/symbols.sh || test $$? -eq 3)
	O=$(PARTS) $(O)/bootexits record --lab -o $(TRACE) -- -p $(if $(value DISK),-d "$$DISK" -e disk=virtio) \
		-e vcpus=$(VCPUS) -e ram=$(RAM) -e hist=$(HIST) $(if $(PARAMETERS),-e kvm='$(PARAMETERS)') \
		$(if $(value OPTIONS),-e options="$$OPTIONS") $(L2) $(ON_KVM) \
		$(if $(DIRECTLY),$(DIRECT_BOOT),linux $(if $(BUNDLED),$(PARTS),$(O))/$(ISO).iso)
	$(O)/bootexits --no-pager report $(if $(filter HISTOGRAM,$(KEPT)),--latency) $(NAMED) $(TRACE)
	$(if $(filter both,$(KVM)),O=$(O) lab/both.sh $(TRACE))
endif

# A disk by itself. Its vCPUs are all its own. GRUB that waits for a key writes to pages of code all the time. A second of
# it takes the emulator half a minute, which is no hang.
boot-itself: export KVM_VENDOR = amd
boot-itself: bpf tools $(EMULATOR)
	@test -f "$$DISK" || { printf 'make $(RUN): there is no %s (DISK=)\n' "$$DISK" >&2; exit 2; }
	lab/images/whole-disk.sh -- "$$DISK"
	L1_HANG=$(or $(L1_HANG),300) $(O)/bootexits record --lab -t $(or $(L1_LIMIT),1800) -o $(TRACE) -- -p -d $(O)/disk/image $$(cat $(O)/disk/options) -a $(O)/lab/$(KVER)/bpf.cpio \
		-e vcpus=$(VCPUS) -e ram=$(RAM) -e until="$$UNTIL" $(L2) disk || { status=$$?; \
		sed -n 's/^{"console":"console",.*"text":"\(qemu-system.*\)"}$$/make $(RUN): \1/p' $(TRACE) | tail -n 1 >&2; \
		! grep -qs 'disk status=0 seen=none' $(TRACE) || echo "make $(RUN): the guest ended before it printed $$UNTIL (UNTIL=)" >&2; \
		exit $$status; }
	$(O)/bootexits --no-pager report $(TRACE)

boot-debian: KERNEL = $(O)/debian/vmlinuz
boot-debian: INITRD = $(O)/debian/initrd.img
boot-debian: DISK = $(O)/debian/disk.img
boot-debian: CMDLINE = root=/dev/vda ro console=ttyS0 quiet
boot-debian: RUN = run-debian
boot-debian: ISO = linux-debian
boot-debian: debian boot

# The boot of make run, and the same with all advice that applies to it. An observer would add exits to both.
BEST := DIRECT=1 FIRMWARE=qboot MACHINE=microvm,rtc=on,pic=off,pit=off
run-best:
	$(MAKE) run VCPUS=1 SITES=1 TRACE=$(SHORT_O)/default.trace
	$(MAKE) run VCPUS=1 SITES=1 $(BEST) TRACE=$(SHORT_O)/best.trace
	$(O)/bootexits --no-pager advise $(SHORT_O)/best.trace
	$(O)/bootexits --no-pager compare $(SHORT_O)/default.trace $(SHORT_O)/best.trace || test $$? -eq 1

# The three boots of docs/cases.md, and what it shows of them
cases:
	$(MAKE) run SITES=1 DIRECT=1 CMDLINE=console=ttyS0 TRACE=$(SHORT_O)/case-console.trace
	$(MAKE) run SITES=1 DIRECT=1 MACHINE=q35 TRACE=$(SHORT_O)/case-buses.trace
	$(MAKE) run SITES=1 FIRMWARE=ovmf TRACE=$(SHORT_O)/case-timer.trace
	measure/sample.sh -c $(O)

# What the tests of a group need besides `make all`
main-takes := bpf
slow-takes := bench-parts study-parts browser

ifneq ($(filter check,$(MAKECMDGOALS)),)
GROUPS := $(shell sed -n 's/^\([a-z-]*\): ##.*/\1/p' tests/Makefile)
$(if $(filter $(GROUP),$(GROUPS)),,$(error unknown GROUP=$(GROUP): use one of $(filter-out help,$(GROUPS))))
endif

check: all guest test-packages $($(GROUP)-takes) ## run the tests. GROUP=NAME: another group than main; `make -C tests` lists them
	$(MAKE) -C tests $(GROUP)

study: study-parts ## run the study's boots that have no trace yet, and write docs/study.md
	measure/study.sh
	measure/study-report.sh > $(O)/study/study.md
	cd $(O)/study && ../bootexits plot -t 'cd, with an observer' -o cd.svg observer.trace
	cd $(O)/study && ../bootexits plot -t 'cd and microvm-bare, with an observer' -o least.svg \
		observer.trace observer-bare.trace
	mv $(O)/study/study.md docs/
	mv $(O)/study/cd.svg $(O)/study/least.svg docs/study/

# Write the samples in README.md and docs/run.md from the trace of your last make run
sample:
	measure/sample.sh $(TRACE)

study-parts: all guest debian test-packages
	$(MAKE) KVER=6.1 host-kvm l1
	$(MAKE) KVER=6.12 host-kvm l1

bench-parts: all guest test-packages
	lab/images/bench-image.sh

# Like bench, and measure perf, bpftrace, more vCPUs, several VMs and memory too
bench-all: bench-parts
	measure/bench.sh -a
	$(O)/bootexits bench $(BARS) --host $(O)/bench-all$(IN_LANE)/host.log $(O)/bench-all$(IN_LANE)/serial.log

benchmarks: ## measure all that tracing costs, in both lanes, and write docs/benchmarks.md
	$(MAKE) LANE=amd bench-all
	$(MAKE) LANE=intel bench-all
	measure/bench-report.sh
	mv $(O)/bench-all/benchmarks.md $(O)/bench-all/benchmarks.svg docs/

bench: all guest test-packages ## measure in the lab what tracing costs, per exit and per boot
	measure/bench.sh
	$(O)/bootexits bench $(BARS) --host $(O)/bench$(IN_LANE)/host.log $(O)/bench$(IN_LANE)/serial.log

lab-shell: $(if $(value KSRC),ksrc,l1) $(EMULATOR) ## open a shell in L1. Build first what you want to try there
	lab/lab.sh --shell $(wildcard $(O)/bootexits.iso $(O)/bootexits.elf)

all: ## build everything
	@$(ALONE) parts

parts: host-kvm host-bpf iso payload tools l1 $(EMULATOR)

packages:
	scripts/packages.sh $(if $(filter intel,$(LANE)),-i)

test-packages:
	scripts/packages.sh -t

l1: packages
	lab/images/l1-image.sh
	$(MAKE) -C lab/vmm

# Build L1's kernel from the source tree KSRC
ksrc: l1
	scripts/packages.sh -B
	scripts/packages.sh -g
	$(MAKE) -C host-bpf
	lab/images/ksrc.sh "$$ON_KSRC"

# Build the lab's emulator: Debian's QEMU, with its faults fixed
qemu: packages
	lab/images/qemu-build.sh

l1-bundle: ## pack what your last make run executed. L1=build/l1-bundle.tar.zst gives the same bytes on any machine
	lab/bundle.sh

update: packages ## build L1, the small guest and the emulator again, if Debian has newer packages
	lab/images/l1-image.sh -u
	lab/images/guest-image.sh -u
	$(if $(EMULATOR),lab/images/qemu-build.sh -u)

guest: payload
	lab/images/guest-image.sh

browser: packages
	scripts/packages.sh -b

# Build a Debian 12 on a disk, for run-debian
debian: packages
	lab/images/debian-image.sh

host-kvm: packages
	$(MAKE) $(ALL_CPUS) -C host-kvm
	$(if $(KVM_VENDOR),,$(MAKE) -C capabilities)

payload: packages
	$(MAKE) $(ALL_CPUS) -C payload

iso: payload
	$(MAKE) -C iso

# Build bootexits-bpf, which counts on a stock KVM, and its image for L1
bpf: host-kvm l1
	scripts/packages.sh -B
	$(MAKE) -C host-bpf
	lab/images/bpf-image.sh

# `make all` builds bootexits-bpf only if its packages are there
host-bpf:
	$(MAKE) -C host-bpf

tools: packages
	$(MAKE) $(ALL_CPUS) -C tools

deb: all ## make a Debian package of everything, with the modules' source for DKMS
	scripts/deb.sh

# Pack the sources of the last commit, with its version
dist:
	scripts/dist.sh

install-host: deb ## install the package on this Debian, build and load the patched KVM (docs/host.md)
	$(AS_ROOT) apt-get -y install --reinstall --no-install-recommends $(O)/bootexits_*.deb
	$(AS_ROOT) bootexits-host install

uninstall-host: ## load the stock KVM again, and remove the package
	$(AS_ROOT) bootexits-host uninstall
	$(AS_ROOT) apt-get -y purge bootexits

install: tools ## install bootexits, its man pages and its completions (PREFIX=/usr/local, DESTDIR=)
	$(MAKE) -C tools install

clean: ## remove the build directory
	rm -rf $(O)

help:
	@echo "usage: make TARGET [KVER=$(KVER)] [O=build] [V=1]"
	@sed -n 's/^\([a-z0-9-]*\):.* ## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 17
	@echo "Each part is a target, too: packages host-kvm payload iso tools l1 qemu bpf guest debian."
