// SPDX-License-Identifier: GPL-2.0-only
// Tables that sort if you click a heading. All that comes from a log becomes text, never markup.
"use strict";

function el(tag, attributes, ...children) {
	const node = document.createElement(tag);

	for (const [key, value] of Object.entries(attributes || {}))
		node.setAttribute(key, value);
	node.append(...children);
	return node;
}

// null: unknown, because records are missing
const count = (value) => value === null ? "?" : Number(value).toLocaleString("en-US");
const decimal = (value, digits) => value === null ? "?" : Number(value).toLocaleString("en-US",
	{ minimumFractionDigits: digits, maximumFractionDigits: digits });
const percent = (part, whole) => part === null || whole === null ? "?" : !whole ? "-" : part && part / whole < 0.0005 ? "<0.1 %" :
	decimal(100 * part / whole, 1) + " %";
const signed = (value, text) => value > 0 ? "+" + text : text.replace("-", "\u2212");

// A cell: its text, its key for sorting, and the strength and the colour of its shade
const number = (value, max) => ({ text: count(value), key: Number(value), kind: value === null || Number(value) ? "" : "zero",
	part: max ? Math.sqrt(value / max) : 0, tint: "--heat" });
const share = (part, whole) => ({ text: percent(part, whole), key: whole ? part / whole : 0 });
const text = (value) => ({ text: String(value), key: String(value), kind: "text" });
const ordered = (value, at) => ({ text: value, key: at, kind: "name" });
const named = (value) => ({ text: value, key: value, kind: "name" });

function change(a, b, max) {
	const difference = b - a;

	if (a === null || b === null)
		return { text: "?", key: 0, kind: "" };
	return { text: signed(difference, count(difference)), key: difference, kind: difference ? "" : "zero",
		part: max ? Math.sqrt(Math.abs(difference) / max) : 0,
		tint: difference > 0 ? "--more" : "--less" };
}

function changePercent(a, b) {
	const value = 100 * (b - a) / a;

	if (a === null || b === null)
		return { text: "?", key: 0 };
	if (!a)
		return { text: b ? "new" : "-", key: b ? Infinity : 0 };
	return { text: signed(value, decimal(value, 1) + " %"), key: value };
}

function cell(entry, heading) {
	const node = el(heading ? "th" : "td", heading ? { scope: "row", title: meaning(entry.text) ?? entry.text } : {}, entry.text);

	if (entry.kind)
		node.className = entry.kind;
	if (entry.part) {
		node.style.setProperty("--tint", `var(${entry.tint})`);
		node.style.setProperty("--part", Math.min(entry.part, 1).toFixed(3));
	}
	return node;
}

function line(entries) {
	const row = el("tr", null, ...entries.map((entry, at) => cell(entry, !at)));

	row.keys = entries.map((entry) => entry.key);
	return row;
}

// A first click sorts numbers from the largest, and names from the first. Equal rows keep their order.
function sort(table, at) {
	const body = table.tBodies[0];
	const heads = [...table.tHead.rows[0].cells];
	const rows = [...body.rows];
	const numeric = rows.every((row) => typeof row.keys[at] === "number");
	const was = heads[at].getAttribute("aria-sort");
	const first = numeric && at ? "descending" : "ascending";
	const now = was ? (was === "ascending" ? "descending" : "ascending") : first;
	const sign = now === "ascending" ? 1 : -1;

	const key = (row) => numeric ? row.keys[at] : row.keys[at].toLowerCase();

	rows.sort((a, b) => sign * ((key(a) > key(b)) - (key(a) < key(b))));
	heads.forEach((head) => head.removeAttribute("aria-sort"));
	heads[at].setAttribute("aria-sort", now);
	body.append(...rows);
}

// heads: names of the columns; rows and total: cells, of which the first is the row's name
function table(name, heads, rows, total) {
	const body = el("tbody", null, ...rows.map(line));
	const node = el("table", { "aria-label": name, "data-table": name }, el("thead", null, el("tr")), body);

	heads.forEach((head, at) => {
		const button = el("button", { type: "button" }, explained(head));

		button.addEventListener("click", () => sort(node, at));
		node.tHead.rows[0].append(el("th", { scope: "col", class: !at ? "name" : rows[0]?.[at].kind?.startsWith("text") ? "text" : "" },
			button));
	});
	if (total)
		node.append(el("tfoot", null, line(total)));
	return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": name }, node);
}
