// @ts-check
// Parts that the page is made of. Text goes in as text: nothing of an article is ever read as markup.

/** An element by its id. @param {string} id @returns {any} */
export const byId = id => document.getElementById(id);

/** A new element with a text and a class. @param {string} tag @param {string} [text] @param {string} [name] @returns {any} */
export function node(tag, text, name) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (name) made.className = name;
  return made;
}

// The worker's token, where one is set, comes in this page's own address and goes on to what the page asks for.
const token = new URLSearchParams(location.search).get("token");

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

/** A title that leads to its article, where the address is one of the web. @param {string} title @param {string | null} url @param {number[][]} spans */
export function linked(title, url, spans) {
  const link = node("a");
  link.append(marked(title, spans));
  if (/^https?:/i.test(url || "")) { link.href = url; link.rel = "noopener noreferrer"; }
  return link;
}

/** An element whose text is in a language, in the direction that its letters have. @param {string} tag @param {string | null} language @param {string} [name] */
export function speaking(tag, language, name) {
  const made = node(tag, undefined, name);
  made.dir = "auto";
  if (language) made.lang = language;
  return made;
}

/** @param {string | null} time */
export const utc = time => time ? time.slice(0, 16).replace("T", " ") + " UTC" : "no date";

/** @param {string} time */
export function ago(time) {
  const seconds = Math.max(0, (Date.now() - Date.parse(time)) / 1000);
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}

/**
 * @typedef {object} Card an article as the page shows it; spans are code points of the title and of the snippet
 * @property {string} title @property {string | null} url @property {string} source @property {string | null} language
 * @property {string | null} published_at @property {string[]} [authors] @property {any[]} regions @property {any[]} topics
 * @property {string} snippet @property {boolean} cutBefore @property {boolean} cutAfter
 * @property {number[][]} titleSpans @property {number[][]} snippetSpans
 */

/** An article's card. @param {Card} article */
export function drawCard(article) {
  const card = node("article"), heading = speaking("h3", article.language), text = speaking("p", article.language);
  card.tabIndex = -1;
  heading.append(linked(article.title, article.url, article.titleSpans));
  const about = [article.source, utc(article.published_at), article.language, (article.authors || []).join(", ")];
  card.append(heading, node("p", about.filter(Boolean).join(" · "), "meta"));
  const chips = node("p", undefined, "chips");
  for (const region of article.regions.filter(region => region.role !== "publisher").slice(0, 6))
    chips.append(chip(`${region.name} ${region.score.toFixed(2)}`, `place ${region.role}`, `${region.role}, ${region.code}`));
  for (const topic of article.topics.slice(0, 5))
    chips.append(chip(`${topic.label} ${topic.score.toFixed(2)}`, "topic", `${topic.id}, ${topic.method}`));
  if (chips.childElementCount) card.append(chips);
  text.append(article.cutBefore ? "… " : "", marked(article.snippet, article.snippetSpans), article.cutAfter ? "…" : "");
  card.append(text);
  return card;
}

/** @param {string} text @param {string} name @param {string} title */
const chip = (text, name, title) => Object.assign(node("span", text, `chip ${name}`), { title });
