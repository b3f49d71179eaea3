# The devices of the lab's machine. lab/machine.sh, lab.sh and qemu.sh use no others.
CONFIG_I440FX=y
CONFIG_HPET=y
CONFIG_ISA_DEBUG=y
CONFIG_NVDIMM=y
CONFIG_PVPANIC_ISA=y
