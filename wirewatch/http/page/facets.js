// @ts-check
// Counts by country, topic, source and language: each is a link that narrows the search, or widens it again.
import { leading } from "./address.js";
import { byId, nameOf, node, sourceName } from "./dom.js";
/** @typedef {import("./address.js").Wanted} Wanted */

const FACET_COUNT = 8;

/**
 * The query with one more condition, or without it where it has it already. `story.` conditions stand outside
 * of all parentheses, so a query with one is not put into them.
 * @param {string} query @param {string} condition
 */
export function narrowed(query, condition) {
  const now = query.trim();
  if (!now) return condition;
  if (now === condition) return "";
  if (now.startsWith(`${condition} AND `)) return now.slice(`${condition} AND `.length);
  if (now.endsWith(` AND ${condition}`)) return now.slice(0, -` AND ${condition}`.length);
  if (now.includes(` AND ${condition} AND `)) return now.replace(` AND ${condition} AND `, " AND ");
  return /\bOR\b/.test(now) && !now.includes("story.") && !everyOrWithin(now) ? `(${now}) AND ${condition}` : `${now} AND ${condition}`;
}
/** Say whether every OR stands within parentheses. @param {string} query */
function everyOrWithin(query) {
  let depth = 0;
  for (const part of query.match(/"(\\.|[^"\\])*"|[()]|\bOR\b/g) || []) {
    if (part === "(") depth += 1;
    else if (part === ")") depth -= 1;
    else if (part === "OR" && depth === 0) return false;
  }
  return true;
}
/** @param {string} query @param {string} condition */
const holds = (query, condition) => ` AND ${query.trim()} AND `.includes(` AND ${condition} AND `);
/** @param {string} value */
const quoted = value => /^[^\s()"\\]+$/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`;
/** A condition of the language of watches. @param {string} field @param {string} value */
export const condition = (field, value) => `${field}:${quoted(value)}`;

/** The address with one more condition in its search, without a story or another view. @param {Wanted} wanted @param {string} condition */
export function narrower(wanted, condition) {
  const { story, view, ...search } = wanted;
  return { ...search, query: narrowed(wanted.query || "", condition) };
}

/** @param {any} counts a CountsAnswer of the API @param {Wanted} wanted */
export function drawFacets(counts, wanted) {
  const kinds = [
    { title: "Countries", field: "region", counts: counts.countries, name: code => nameOf("region", code), value: code => code },
    { title: "Topics", field: "topic", counts: counts.topics, name: id => counts.topic_names[id] || id, value: id => counts.topic_names[id] || id },
    { title: "Sources", field: "source", counts: counts.sources, name: source => sourceName(source, Object.keys(counts.sources)), value: source => source },
    { title: "Languages", field: "lang", counts: counts.languages, name: code => nameOf("language", code), value: code => code },
  ];
  const groups = kinds.map(kind => {
    const group = node("section"), list = node("ul");
    const entries = Object.entries(kind.counts).filter(([key]) => key).sort((a, b) => b[1] - a[1]).slice(0, FACET_COUNT);
    for (const [key, count] of entries) {
      const item = node("li");
      item.append(facetLink(kind.name(key), count.toLocaleString("en"), condition(kind.field, kind.value(key)), wanted));
      list.append(item);
    }
    group.append(node("h3", kind.title), list);
    return entries.length ? group : null;
  });
  byId("facets-of").textContent = counts.counted < counts.articles ? `of the newest ${counts.counted.toLocaleString("en")}` : "by country, topic, source, language";
  byId("facet-groups").replaceChildren(...groups.filter(group => group !== null));
  byId("facets").hidden = !byId("facet-groups").childElementCount;
}
/** @param {string} name @param {string} figure @param {string} condition @param {Wanted} wanted */
export function facetLink(name, figure, condition, wanted) {
  const link = node("a"), active = holds(wanted.query || "", condition);
  link.append(node("bdi", name), " ", node("span", figure, "number"));
  link.title = active ? `Take away ${condition}` : `Add ${condition}`;
  if (active) link.setAttribute("aria-current", "true");
  return leading(link, narrower(wanted, condition));
}
