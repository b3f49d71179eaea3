// SPDX-License-Identifier: GPL-2.0-only
// Renders what `bootexits report --json' says of one boot, or of two and how they differ.

const { boots, differs } = JSON.parse(document.getElementById("data").textContent);

function facts(name, entries) {
	const rows = entries.filter(([, value]) => value !== undefined && value !== null && value !== "").map(([key, value]) =>
		el("tr", null, el("th", { scope: "row", class: "name text" }, key), el("td", { class: "text wide" }, String(value))));

	return el("table", { class: "facts", "aria-label": name, "data-table": name }, el("tbody", null, ...rows));
}

function list(title, entries) {
	return entries.length ? [el("h3", null, title), el("ul", null, ...entries.map((entry) => el("li", null, entry)))] : [];
}

// The reasons of a row by name. If two slots have the same name, the slot is added, as in the plots.
function reasonsOf(run) {
	const slots = new Map();
	const names = new Map();

	for (const row of run.phases)
		for (const reason of row.reasons ?? [])
			slots.set(reason.slot, reason);
	for (const slot of [...slots.keys()].sort((a, b) => a - b)) {
		const name = slots.get(slot).name;

		names.set(slot, [...names.values()].includes(name) ? `${name} (slot ${slot})` : name);
	}
	return (row) => Object.assign(new Map((row?.reasons ?? []).map((reason) => [names.get(reason.slot),
		{ exits: Number(reason.exits), kvm: reason.kvm === null ? null : Number(reason.kvm), total: Number(reason.total) }])),
	{ unknown: row?.reasons === null });
}

const exitsOf = (reasons, name) => reasons.unknown ? null : reasons.get(name)?.exits ?? 0;
const most = (values) => Math.max(1, ...values);

// Ticks by exit; null: unknown
const each = (ticks, exits) => number(ticks === null || exits === null ? null : exits ? Math.round(ticks / exits) : 0);
const guest = (run) => run.view === "guest_exits";
const whose = ({ view }) => guest({ view }) ? "guest exits" : view === "all_vcpus" ? "exits of all vCPUs" :
	`exits of vCPU ${view.slice(5)}`;

function phaseTable(run, title) {
	const { phases, total } = run;
	const timed = total.ms !== undefined;
	const watched = total.observer !== undefined;
	const row = (phase, name, max) => [name, ...timed ? [{ text: decimal(phase.ms, 1), key: phase.ms }] : [],
		number(phase.exits, max), share(phase.exits, total.exits), number(phase.total), each(phase.kvm, phase.exits),
		each(phase.total, phase.exits),
		...guest(run) ? [number(phase.self), ...watched ? [number(phase.induced)] : [], number(phase.net)] : [],
		...watched ? [number(phase.observer)] : []];
	const bounded = [...phases, total].some((phase) => phase.exits !== null && phase.induced === null);

	return table(`phases${title}`, ["phase", ...timed ? ["ms"] : [], "exits", "share", "total", "kvm/exit", "total/exit",
		...guest(run) ? ["self", ...watched ? ["induced"] : [], bounded ? "net <=" : "net"] : [], ...watched ? ["observer"] : []],
	phases.map((phase, at) => row(phase, ordered(phase.name, at), most(phases.map((other) => other.exits)))),
	row(total, named("total")));
}

function reasonTable(run, title) {
	const of = reasonsOf(run);
	const total = [...of(run.total)].sort(([, a], [, b]) => b.exits - a.exits);
	const max = most(total.map(([, reason]) => reason.exits));
	const rows = total.map(([name, reason]) => {
		const [phase, part] = run.phases.some((row) => row.reasons === null) ? ["?", null] :
			run.phases.map((row) => [row.name, exitsOf(of(row), name)])
				.reduce((best, next) => next[1] > best[1] ? next : best);

		return [named(name), number(reason.exits, max), share(reason.exits, run.total.exits), number(reason.total),
			share(reason.total, run.total.total), each(reason.kvm, reason.exits), each(reason.total, reason.exits), text(phase), share(part, reason.exits)];
	});

	return table(`reasons${title}`, ["reason", "exits", "share", "total", "time", "kvm/exit", "total/exit",
		"most in phase", "of them"], rows);
}

// Rows are reasons and columns are phases, because there are more reasons.
function matrix(run, title) {
	const of = reasonsOf(run);
	const columns = run.phases.map(of);
	const names = [...of(run.total)].sort(([, a], [, b]) => b.exits - a.exits).map(([name]) => name);
	const max = most(columns.flatMap((column) => [...column.values()].map((reason) => reason.exits)));
	const rows = names.map((name) => [named(name), ...columns.map((column) => number(exitsOf(column, name), max)),
		number(exitsOf(of(run.total), name))]);

	return table(`matrix${title}`, ["reason", ...run.phases.map((phase) => phase.name), "total"], rows,
		[named("total"), ...run.phases.map((phase) => number(phase.exits)), number(run.total.exits)]);
}

function vcpuTable(run, title) {
	const shown = whole(run) ? [["outside", "outside"]] : clocks.slice(1);
	const row = (vcpu) => [{ text: `vCPU ${vcpu.vcpu}${vcpu.observer ? " (observer)" : ""}`, key: Number(vcpu.vcpu), kind: "name" },
		...["exits", ...shown.map(([key]) => key)].map((key) => number(vcpu.total[key]))];

	return table(`vCPUs${title}`, ["vCPU", "exits", ...shown.map(([, name]) => name)], run.vcpus.map(row));
}

// A recording that was imported has one clock outside the guest. It is KVM's, the VMM's and the vCPU's sleep.
const whole = (run) => run.total.outside !== undefined;
const clocks = [["in_guest", "guest"], ["kvm", "KVM"], ["user", "userspace"], ["idle", "idle"], ["preempted", "preempted"]];

function timeTable(run, title) {
	const shown = whole(run) ? [clocks[0], ["outside", "outside"]] : clocks;
	const row = (phase, name) => [name, number(phase.elapsed),
		...shown.flatMap(([key]) => [number(phase[key]), share(phase[key], phase.elapsed)])];

	return table(`time${title}`, ["phase", `${run.unit} of all`, ...shown.flatMap(([, name]) => [name, "share"])],
		run.phases.map((phase, at) => row(phase, ordered(phase.name, at))), row(run.total, named("total")));
}

const sitesShown = 200;
const hex = (value) => ({ text: `0x${BigInt(value).toString(16)}`, key: Number(value) });

function siteTable(run, title) {
	const named = run.symbols !== undefined;
	const rows = run.phases.flatMap((phase, at) => (phase.reasons ?? []).flatMap((reason) => (reason.sites ?? []).map((site) =>
		[ordered(phase.name, at), text(reason.name), hex(site.code), text(site.name ?? ""), number(site.exits),
			share(site.exits, reason.exits), hex(site.rip), ...named ? [text(site.symbol ?? "")] : []])));

	return table(`sites${title}`, ["phase", "reason", "code", "device", "exits", "of reason's", "mostly at RIP",
		...named ? ["symbol"] : []],
		rows.sort((a, b) => b[4].key - a[4].key).slice(0, sitesShown));
}

function agreement(run, title) {
	const rows = run.syncs.map((sync) => [ordered(`sync ${sync.sync}`, Number(sync.sync)),
		{ ...text(sync.ok ? "equal to the unit" : "not equal"), kind: sync.ok ? "text good" : "text bad" },
		number(sync.guest ?? 0), number(sync.host ?? 0), number(sync.host_window ?? 0),
		{ text: sync.reasons_compared === undefined ? "-" :
			`${sync.reasons_differing.length} of ${sync.reasons_compared}`,
		key: sync.reasons_differing?.length ?? -1 }]);

	return table(`host${title}`, ["pause", "verdict", "guest's count at its mark", "host's count", "in the host's window",
		"reasons differing"], rows);
}

// A value of the metadata as text: a line for a command, and for each file, package and key
function told(value) {
	if (Array.isArray(value) && value.some((entry) => entry && typeof entry === "object"))
		return value.map((entry) => Object.values(entry).join("  ")).join("\n");
	if (Array.isArray(value))
		return value.join(" ");
	if (value && typeof value === "object")
		return Object.entries(value).map(([key, entry]) => `${key}  ${told(entry)}`).join("\n");
	return String(value);
}

function factsOf({ report: run, meta }, title) {
	const { tracer, observer, linux } = run;
	const exact = meta?.exact;

	return facts(`facts${title}`, [
		["file", run.file], ["run", run.run], ["verdict", run.verdict], ["whole", run.truncated ? "no: truncated" : "yes"],
		["vendor", tracer?.vendor], ["vCPUs", tracer?.vcpus], ["TSC", tracer && `${count(tracer.tsc_khz)} kHz`],
		["Linux", linux?.version],
		["observer", observer && `vCPU ${observer.vcpu}, every ${count(observer.interval_us)} \u00b5s: ` +
			`${count(observer.polls ?? 0)} polls, ${count(observer.samples)} samples, ${count(observer.dropped)} dropped`],
		["exact", exact === undefined ? "not known" : exact ? "yes: the same boot gives the same bytes" : "no: another such boot may differ"],
		["unit of time", run.unit], ["guest exits", run.guest_exits && count(run.guest_exits)], ["exits of all vCPUs", run.all_vcpus && count(run.all_vcpus)],
		...Object.entries(meta ?? {}).filter(([key]) => !["trace", "exact", "unit"].includes(key))
			.map(([key, value]) => [key, told(value)])]);
}

function tiles(entries) {
	return el("ul", { class: "tiles" }, ...entries.map(([label, value, more]) => el("li", null,
		el("span", { class: "quiet" }, label), el("b", null, value), el("span", { class: "quiet" }, more ?? ""))));
}

const seconds = (run) => run.total.ms === undefined || run.total.ms === null ? "" : `in ${decimal(run.total.ms / 1000, 2)} s`;

function summary({ report: run }) {
	if (!run.total)
		return tiles([["verdict", run.verdict]]);
	const measured = run.total.self === null ? null : Number(run.total.self) + Number(run.total.induced ?? 0);
	const top = (rows) => rows.reduce((best, row) => row.exits > best.exits ? row : best, rows[0]);
	const phase = top(run.phases);
	const reasons = [...reasonsOf(run)(run.total)].map(([name, reason]) => ({ name, exits: reason.exits }));
	const reason = top(reasons);

	return tiles([[whose(run), count(run.total.exits), seconds(run)],
		...run.phases.some((row) => row.exits === null) ? [] :
			[["phase with most", phase.name, `${count(phase.exits)}, ${percent(phase.exits, run.total.exits)}`]],
		...reason ? [["reason with most", reason.name, `${count(reason.exits)}, ${percent(reason.exits, run.total.exits)}`]] : [],
		...guest(run) ? [["only for measuring", (run.total.induced === null ? "at least " : "") + count(measured),
			percent(measured, run.total.exits)]] : []]);
}

// The largest difference that one reason makes in one phase
function difference(a, b) {
	const [of, to] = [reasonsOf(a), reasonsOf(b)];
	const phases = new Set([...a.phases, ...b.phases].map((phase) => phase.name));
	const row = (run, name) => run.phases.find((phase) => phase.name === name);
	let best = { by: 0 };

	for (const phase of phases) {
		const [x, y] = [of(row(a, phase)), to(row(b, phase))];

		for (const name of new Set([...x.keys(), ...y.keys()])) {
			const by = x.unknown || y.unknown ? 0 : exitsOf(y, name) - exitsOf(x, name);

			if (Math.abs(by) > Math.abs(best.by))
				best = { by, phase, name };
		}
	}
	return tiles([...[["A", a], ["B", b]].map(([letter, run]) => [`${letter}: ${whose(run)}`, count(run.total.exits),
		seconds(run)]),
	["B \u2212 A", change(a.total.exits, b.total.exits).text, changePercent(a.total.exits, b.total.exits).text],
	...best.by ? [["largest difference", change(0, best.by).text, `${best.name} in ${best.phase}`]] : []]);
}

function about({ report: run, meta }) {
	return [run.tracer && `${run.tracer.vendor}, ${run.tracer.vcpus} vCPU${run.tracer.vcpus === 1 ? "" : "s"}`,
		run.linux && `Linux ${run.linux.version.split(" ")[0]}`, `verdict ${run.verdict}`,
		meta?.exact === undefined ? "" : meta.exact ? "exact" : "not exact", run.truncated ? "truncated" : ""]
		.filter(Boolean).join(" \u00b7 ");
}

function boot(entry, letter, picture) {
	const run = entry.report;
	const title = letter ? ` ${letter}` : "";
	const part = (name, what) => [el("h3", null, name), what];

	return el("section", null, el("h2", null, letter ? `${letter}: ${run.file}` : "This boot"),
		...letter ? [el("p", { class: "quiet" }, about(entry)), summary(entry)] : [],
		...picture ? [picture] : [],
		...run.defects.length ? [el("p", { class: "note bad" }, `${count(run.defects.length)} defect${run.defects.length === 1 ? "" : "s"}: figures may be wrong`)] : [],
		...run.total ? [...part("Phases", phaseTable(run, title)), ...part("Reasons", reasonTable(run, title)),
			...part("Reasons by phase", matrix(run, title))] : [],
		...run.total?.elapsed ? part("Where the time went", timeTable(run, title)) : [],
		...run.phases.some((phase) => phase.reasons?.some((reason) => reason.sites)) ?
			part(`Sites: the ${sitesShown} with most exits`, siteTable(run, title)) : [],
		...run.vcpus ? part(`vCPUs, and ${run.unit} by clock`, vcpuTable(run, title)) : [],
		...run.syncs.length ? part("Beside KVM's own count", agreement(run, title)) : [],
		...list("Notes", run.notes),
		...list("Defects", run.defects.map((defect) => `line ${defect.line}: ${defect.text}`)),
		...part("Facts", factsOf(entry, title)));
}

function compared([{ report: a }, { report: b }]) {
	const [ofA, ofB] = [reasonsOf(a), reasonsOf(b)];
	const names = [...new Set([...a.phases, ...b.phases].map((phase) => phase.name))];
	const pairs = names.map((name) => [a, b].map((run) => run.phases.find((phase) => phase.name === name)));
	const exits = (row) => row?.exits === null ? null : Number(row?.exits ?? 0);
	const differences = (list) => most(list.map(([x, y]) => Math.abs(y - x)));
	const both = (name, x, y, max) => [name, number(x), number(y), change(x, y, max), changePercent(x, y)];
	const absent = { text: "-", key: 0, kind: "zero" };
	const heads = ["A", "B", "B \u2212 A", "in percent"];
	const phases = pairs.map(([x, y], at) => [ordered(names[at], at), exits(x), exits(y)]);
	const [totalA, totalB] = [ofA(a.total), ofB(b.total)];
	const reasons = [...new Set([...totalA.keys(), ...totalB.keys()])]
		.map((name) => [named(name), exitsOf(totalA, name), exitsOf(totalB, name)])
		.sort((x, y) => Math.abs(y[2] - y[1]) - Math.abs(x[2] - x[1]));
	const counts = reasons.map(([name]) => pairs.map(([x, y]) => [exitsOf(ofA(x), name.text), exitsOf(ofB(y), name.text)]));
	const max = differences(counts.flat());
	const delta = ([x, y]) => {
		const entry = change(x, y, max);

		return x === y || x === null || y === null ? entry : { ...entry, text: `${entry.text} (${changePercent(x, y).text})` };
	};
	const rows = (list) => list.map(([name, x, y]) => both(name, x, y, differences(list.map((entry) => entry.slice(1)))));
	const phaseRows = rows(phases).map((row, at) => row.map((entry, column) =>
		(column === 1 || column === 2) && !pairs[at][column - 1] ? absent : entry));
	const total = both(named("total"), exits(a.total), exits(b.total));

	return el("section", null, el("h2", null, "What differs"),
		...differs.map((note) => el("p", { class: "note" }, note)),
		el("h3", null, "Phases"), table("phases compared", ["phase", ...heads], phaseRows, total),
		el("h3", null, "Reasons"), table("reasons compared", ["reason", ...heads], rows(reasons)),
		el("h3", null, "Reasons by phase: B \u2212 A"),
		table("matrix compared", ["reason", ...names, "total"], reasons.map(([name, x, y], at) =>
			[name, ...counts[at].map(delta), delta([x, y])]).filter((row) => row.slice(1).some((entry) => entry.key))));
}

function page() {
	const head = document.getElementById("head");
	const two = boots.length === 2;
	const pictures = [...document.querySelectorAll("#plots figure")];
	const [first, second] = boots.map((entry) => entry.report);

	document.getElementById("whose").textContent = `The tables count ${whose(first)}${guest(first) ?
		", without those of the observer's vCPU" : ""}. Time is in ${first.unit}.`;
	document.title = two ? `${first.file} and ${second.file}: VM exits` : `${first.file}: VM exits`;
	head.append(el("h1", null, two ? "VM exits of two boots" : "VM exits of a boot"),
		...boots.map((entry, at) => el("p", null, two ? `${"AB"[at]}: ` : "", el("b", null, entry.report.file), el("br"),
			el("span", { class: "quiet" }, about(entry)))));
	if (!two)
		head.append(summary(boots[0]));
	else if (first.total && second.total) {
		head.append(difference(first, second));
		document.getElementById("compared").append(compared(boots));
	}
	document.getElementById("boots").append(...boots.map((entry, at) =>
		two ? boot(entry, "AB"[at], pictures[at + 1]) : boot(entry, "")), glossary());
	pictures.forEach((picture, at) => tellPicture(picture, boots.map((entry) => entry.report)
		.filter((_, which) => !two || !at || which === at - 1)));
	head.append(contents());
}

page();
