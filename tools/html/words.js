// SPDX-License-Identifier: GPL-2.0-only
// The parts around the tables: the glossary, a filter of rows, and the list of contents.

const words = {
	"exit": "the CPU left the guest, and KVM took over",
	"self": "exits that only the payload's measuring caused",
	"induced": "exits that only the observer's timer caused on other vCPUs",
	"net": "all other exits",
	"net <=": "all other exits, at most: it is unknown how many the observer's timer caused",
	"observer": "exits of the vCPU that polls, in no other column",
	"total": "as time: KVM's and the VMM's work on the exits; as a row or a column: the sum",
	"kvm/exit": "KVM's work, by exit",
	"total/exit": "KVM's and the VMM's work, by exit",
	"cycles": "the unit of time: ticks of the host's TSC",
	"instructions": "the unit of time in the lab: instructions of its host, of which 10^9 are a second",
	"time": "the reason's share of the time",
	"share": "of all exits, or of the time, in percent",
	"guest": "time in which the guest ran",
	"outside": "time outside the guest, if nothing tells KVM, the VMM and sleep apart",
	"KVM": "time in KVM, the host's kernel",
	"userspace": "as a clock: time in the VMM, QEMU; as a phase: from the first program to the login",
	"idle": "time in which the vCPU was halted",
	"preempted": "time in which another task had the CPU",
	"firmware": "phase: from power-on until the boot loader runs",
	"bootloader": "phase: GRUB, until the payload runs",
	"payload": "phase: the program that measures, until it starts Linux",
	"kernel": "phase: Linux, until its first process",
	"initramfs": "phase: the first process, until the root file system's own",
	"io": "a port was read or written",
	"IO_INSTRUCTION": "a port was read or written",
	"npf": "nested page fault: memory that the host has not mapped yet, or a device's",
	"EPT_VIOLATION": "nested page fault: memory that the host has not mapped yet",
	"EPT_MISCONFIG": "a device's memory was read or written",
	"cpuid": "the instruction CPUID",
	"msr": "a model specific register was read or written",
	"hlt": "the guest halted, because it had nothing to do",
	"interrupt": "an interrupt of the host",
	"vintr": "the guest can now take a waiting interrupt",
	"cr0_sel_write": "control register 0 was written",
	"MAD": "median of the distances from the median",
};
const meaning = (text) => words[text] ?? words[text.replace(/ per exit$/, "")] ?? words[text.toLowerCase()];
const explained = (text) => meaning(text) ? el("abbr", { title: meaning(text) }, text) : text;

function glossary() {
	return el("section", { id: "words" }, el("h2", null, "Words"), el("dl", null, ...Object.entries(words).flatMap(([word, text]) =>
		[el("dt", null, word), el("dd", null, text)])));
}

// Only rows with the text stay, and totals
function filter(text, told) {
	const wanted = text.trim().toLowerCase();
	const rows = [...document.querySelectorAll("table tbody tr")];
	const left = rows.filter((row) => {
		row.hidden = !row.textContent.toLowerCase().includes(wanted);
		return !row.hidden;
	});

	told.textContent = wanted ? `${count(left.length)} of ${count(rows.length)} rows` : "";
}

function filterBox() {
	const told = el("output", { id: "rows", for: "filter" });
	const input = el("input", { id: "filter", type: "search", autocomplete: "off", spellcheck: "false", placeholder: "io, kernel \u2026" });

	input.addEventListener("input", () => filter(input.value, told));
	document.addEventListener("keydown", (event) => {
		if (event.key === "/" && event.target !== input && !event.ctrlKey && !event.metaKey && !event.altKey) {
			event.preventDefault();
			input.focus();
		} else if (event.key === "Escape" && event.target === input) {
			input.value = "";
			filter("", told);
		}
	});
	return el("p", { class: "filter" }, el("label", { for: "filter" }, "Show rows with "), input, " ", told,
		el("span", { class: "quiet" }, " / to type, Esc to end"));
}

function contents() {
	const list = el("ul");
	let under = list;

	for (const head of document.querySelectorAll("main h2, main h3")) {
		const entry = el("li", null, el("a", null, head.textContent));

		head.id = `part-${list.querySelectorAll("li").length + 1}`;
		entry.firstChild.setAttribute("href", `#${head.id}`);
		if (head.tagName === "H2") {
			list.append(entry);
			under = el("ul");
			entry.append(under);
		} else {
			under.append(entry);
		}
	}
	return el("nav", { "aria-label": "Contents" }, filterBox(), list);
}
