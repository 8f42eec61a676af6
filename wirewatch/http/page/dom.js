// @ts-check
// Parts that the page is made of. Text goes in as text: nothing of an article is ever read as markup.
import { at, clock, published } from "./times.js";

/** An element by its id. @param {string} id @returns {any} */
export const byId = id => document.getElementById(id);

/** The elements that a selector finds and that are shown. @param {string} selector */
export const visible = selector => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]).filter(each => each.checkVisibility());

/** A new element with a text and a class. @param {string} tag @param {string} [text] @param {string} [name] @returns {any} */
export function node(tag, text, name) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (name) made.className = name;
  return made;
}

/** A button that does something. @param {string | undefined} text @param {() => any} press @param {string} [name] its class @returns {any} */
export function button(text, press, name = "button") {
  const made = Object.assign(node("button", text, name), { type: "button" });
  made.addEventListener("click", () => press());
  return made;
}
/** Do the work of a button once until it is done. It is not disabled meanwhile: a button that is loses the focus. @param {any} button @param {() => Promise<void>} work */
export async function once(button, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try { await work(); } finally { button.removeAttribute("aria-disabled"); }
}

// The worker's token, where one is set, comes in this page's own address and goes on to what the page asks for.
export const token = new URLSearchParams(location.search).get("token");

/** The address of a path on this worker, with the token. @param {string} path @param {Record<string, string>} [parameters] */
export function address(path, parameters = {}) {
  const query = new URLSearchParams(token === null ? parameters : { ...parameters, token }).toString();
  return query ? `${path}?${query}` : path;
}

/**
 * A text with marked parts. Offsets count code points, JavaScript's strings count UTF-16 units: go by code points.
 * @param {string} text @param {number[][]} spans first and last + 1 of each part
 */
export function marked(text, spans) {
  const points = Array.from(text), out = document.createDocumentFragment();
  let at = 0;
  for (const [first, last] of spans.sort((a, b) => a[0] - b[0])) {
    const start = Math.max(first, at), end = Math.min(last, points.length);
    if (start >= end) continue;
    out.append(points.slice(at, start).join(""));
    out.append(node("mark", points.slice(start, end).join("")));
    at = end;
  }
  out.append(points.slice(at).join(""));
  return out;
}

const AROUND = 100; // characters that are shown on each side of a fault
/** The line of a query that is wrong, with a mark at its place. @param {string} query @param {number} line from 1 @param {number} column from 1 */
export function spot(query, line, column) {
  const shown = node("code", undefined, "spot"), points = Array.from(query.split("\n")[line - 1] || ""), at = column - 1;
  const from = Math.max(0, at - AROUND), end = at + 1 + AROUND;
  shown.append(from ? "… " : "", points.slice(from, at).join(""), node("mark", points[at] || " "), points.slice(at + 1, end).join(""), end < points.length ? " …" : "");
  return shown;
}
/** A title, or what stands in its place where no sign of it can be seen: a link of nothing leads nowhere. @param {string} title */
export const seen = title => /[\p{L}\p{N}\p{P}\p{S}]/u.test(title) ? title : "(no title)";
const MOST_LISTED = 200; // code points of a title in a list: headlines have 60 to 120
/** A title as a line of a list has it: seen, and cut where it has no end. @param {string} title */
export function listed(title) {
  const points = Array.from(seen(title));
  return points.length > MOST_LISTED ? `${points.slice(0, MOST_LISTED).join("").trimEnd()} …` : points.join("");
}
/** A title that leads to its article, where the address is one of the web. @param {string} title @param {string | null} url @param {number[][]} spans @param {string} [text] that is shown */
export function linked(title, url, spans, text = seen(title)) {
  const link = node("a");
  link.append(marked(text, seen(title) === title ? spans : []));
  if (text !== seen(title)) link.title = title; // cut: whole where the pointer rests
  if (/^https?:\/\//i.test(url || "")) { link.href = url; link.rel = "noopener noreferrer"; }
  return link;
}

/** A title in a list that leads to its article. @param {string} title @param {string | null} url @param {number[][]} [spans] */
export const inList = (title, url, spans = []) => linked(title, url, spans, listed(title));

/** A source's name without `www.`, which says nothing, unless another source has that name. @param {string} name @param {Iterable<string>} [others] */
export function sourceName(name, others = []) {
  const short = name.replace(/^www\./, "");
  return short !== name && new Set(others).has(short) ? name : short;
}

/** A host that may break at its dots, and not within its words. @param {any} place @param {string} host */
export function appendHost(place, host) {
  (host.match(/[^.]+\.*|\.+/g) || []).forEach((part, n) => { if (n) place.append(node("wbr")); place.append(part); });
}

/** An element whose text is in a language, in the direction that its letters have. @param {string} tag @param {string | null} language @param {string} [name] */
export function speaking(tag, language, name) {
  const made = node(tag, undefined, name);
  made.dir = "auto";
  if (language) made.lang = language;
  return made;
}

/** An element of a picture. @param {string} tag @param {Record<string, string | number>} attributes */
export function drawn(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/** An element with a text in a language. @param {string} tag @param {string | null} language @param {string} text */
export const withText = (tag, language, text) => Object.assign(speaking(tag, language), { textContent: text });

/** A name in English of a code. @param {"region" | "language"} type @param {string} code */
export function nameOf(type, code) {
  try { return new Intl.DisplayNames(["en"], { type }).of(code) || code; } catch { return code; }
}

/** @type {Record<string, string>} */
const REASONS = { cool_down: "cool-down", limit: "limit of the hour", quiet: "quiet hours" };
const MOST_HELD = 10; // matches that a worker names
/** Matches of a watch that raised no alert, each with its reason. @param {any[]} held @param {string} when @param {number} [many] all of them, where that is known */
export function heldBack(held, when, many) {
  const part = node("details", undefined, "versions"), items = node("ul");
  items.append(...held.map(each => {
    const item = node("li"), title = speaking("span", null);
    title.append(inList(each.title, each.url));
    item.append(title, " ", node("span", `${each.source}, ${each.related_to ? `also told in ${nameOf("language", each.language || "und")}` : each.muted_until ? `muted until ${clock(each.muted_until)}` : REASONS[each.reason] || each.reason}, `, "meta"), at(each.at));
    return item;
  }));
  const all = many === undefined ? `${held.length < MOST_HELD ? "" : "The latest "}${held.length}` : `${many}`;
  part.append(node("summary", `${all} held back ${when}${many && held.length && held.length < many ? `, the latest ${held.length}` : ""}`), items);
  return part;
}

/**
 * @typedef {object} Card an article as the page shows it; spans are code points of the title and of the snippet
 * @property {string} title @property {string | null} url @property {string} source @property {string | null} language
 * @property {string | null} published_at @property {string[]} [authors] @property {any[]} regions @property {any[]} topics
 * @property {string} snippet @property {boolean} cutBefore @property {boolean} cutAfter
 * @property {number[][]} titleSpans @property {number[][]} snippetSpans
 */
const MOST_PLACES = 4, MOST_TOPICS = 3, CLEAR = 0.5; // of a lower score a tag is drawn with a broken line
let titles = 0;

/** An article's card. @param {Card} article @param {(chip: any, field: string, value: string) => any} [leads] makes a tag a link */
export function drawCard(article, leads) {
  const card = node("article"), heading = speaking("h3", article.language), text = speaking("p", article.language);
  card.tabIndex = -1;
  heading.id = `title-${titles += 1}`;
  card.setAttribute("aria-labelledby", heading.id); // who goes from article to article by ear hears the title, in its language
  heading.append(linked(article.title, article.url, article.titleSpans));
  const meta = node("p", undefined, "meta");
  const authors = (article.authors || []).join(", ");
  const about = [node("bdi", sourceName(article.source)), published(article.published_at), article.language, authors && node("bdi", authors)].filter(Boolean);
  about.forEach((part, index) => meta.append(...index ? ["\u00a0· ", part] : [part]));
  const chips = node("p", undefined, "chips");
  for (const region of article.regions.filter(region => region.role !== "publisher").slice(0, MOST_PLACES))
    chips.append(chip(region.name, `place${region.role === "about" && region.score >= CLEAR ? "" : " unsure"}`, `${region.role}, ${region.code}, score ${region.score.toFixed(2)}`, leads, "region", region.code));
  for (const topic of [...article.topics].sort((a, b) => b.level - a.level || b.score - a.score).slice(0, MOST_TOPICS))
    chips.append(chip(topic.label || topic.id, `topic${topic.score >= CLEAR ? "" : " unsure"}`, `${topic.id}, score ${topic.score.toFixed(2)}, ${topic.method}`, leads, "topic", topic.label || topic.id));
  text.append(article.cutBefore ? "… " : "", marked(article.snippet, article.snippetSpans), article.cutAfter ? "…" : "");
  card.append(heading, meta, text);
  if (chips.childElementCount) card.append(chips);
  return card;
}
/** @param {string} text @param {string} name @param {string} title @param {any} leads @param {string} field @param {string} value */
function chip(text, name, title, leads, field, value) {
  const made = Object.assign(node(leads ? "a" : "span", text, `chip ${name}`), { title });
  return leads ? leads(made, field, value) : made;
}
