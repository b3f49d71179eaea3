// SPDX-License-Identifier: GPL-2.0-only
// Adds a <title> to each part of a bar and to each band that gnuplot drew, so that pointing there shows its figures.

const near = 2.5;	// pixels by which a part's width may be off, because of gaps and rounding

function tell(node, text) {
	const title = document.createElementNS("http://www.w3.org/2000/svg", "title");

	title.textContent = text;
	node.append(title);
	node.setAttribute("class", "told");
}

function spanOf(polygon) {
	const xs = polygon.getAttribute("points").trim().split(/\s+/).map((point) => Number(point.split(",")[0]));

	return Math.max(...xs) - Math.min(...xs);
}

// The key may have a reason's name cut, and in another case
const isCalled = (name, key) => key.endsWith("\u2026") ? name.toLowerCase().startsWith(key.slice(0, -1).toLowerCase()) :
	name.toLowerCase() === key.toLowerCase();

function partsOf(runs, keys, key) {
	const names = [...new Set(runs.flatMap((run) => run.phases.map((phase) => phase.name)))];
	const mine = (name) => key === "all others" ? !keys.some((other) => isCalled(name, other)) : isCalled(name, key);

	return names.flatMap((name) => runs.map((run, at) => {
		const of = reasonsOf(run)(run.phases.find((phase) => phase.name === name));
		const found = [...of].filter(([reason]) => mine(reason));
		const exits = found.reduce((sum, [, reason]) => sum + reason.exits, 0);
		const called = found.length === 1 && key !== "all others" ? found[0][0] : key;

		return { exits, text: `${runs.length > 1 ? `${"AB"[at]}, ` : ""}${name}, ${called}: ${count(exits)} exits` };
	})).filter((part) => part.exits);
}

// Parts are in the order of the phases. A part whose width doesn't fit gets no title.
function tellBars(figure, runs) {
	const groups = [...figure.querySelectorAll(`g[id$="${runs.length > 1 ? "b" : "c"}"]`)]
		.filter((group) => group.querySelector("text") && group.querySelectorAll("polygon").length > 1);
	const keys = groups.map((group) => group.querySelector("text").textContent);
	const found = groups.flatMap((group, at) => {
		const parts = partsOf(runs, keys, keys[at]);
		const polygons = [...group.querySelectorAll("polygon")].slice(1);

		return parts.length === polygons.length ? parts.map((part, nr) => ({ ...part, node: polygons[nr], span: spanOf(polygons[nr]) })) : [];
	});
	const widest = found.reduce((best, part) => part.exits > best.exits ? part : best, { exits: 0 });

	for (const part of found)
		if (Math.abs(part.span - part.exits * widest.span / widest.exits) < near)
			tell(part.node, part.text);
}

function tellBands(figure, run) {
	const bands = [...figure.querySelectorAll('polygon[fill-opacity^="0.16"], polygon[fill-opacity="0.000000"]')];
	const second = run.tracer.tsc_khz * 1000;

	if (bands.length !== 2 * run.phases.length)
		return;
	bands.forEach((band, at) => {
		const phase = run.phases[at % run.phases.length];
		const rate = phase.exits === null || !phase.ms ? "" : `, ${count(Math.round(1000 * phase.exits / phase.ms))} per second`;

		tell(band, `${phase.name}: ${decimal(phase.begin_tsc / second, 3)} s to ${decimal(phase.end_tsc / second, 3)} s, ` +
			`${count(phase.exits)} exits${rate}`);
	});
}

function tellPicture(figure, runs) {
	tellBars(figure, runs);
	if (runs.length === 1)
		tellBands(figure, runs[0]);
}
