// @ts-check
// A search that finds nothing: what is doubtful about it, and what may bring articles.
import { ask, searched } from "./address.js";
/** @typedef {import("./address.js").Wanted} Wanted */

const MOST_PARTS = 8; // that are asked for by themselves
/** A word, a phrase or a condition. */
const SINGLE = /^(?!NOT\b)(?:[a-z]+:)?(?:"[^"]+"|[^\s()"{}\[\]/|]+)$/u;

/** Return what may bring articles where nothing fits. @param {Wanted} wanted */
export function advice(wanted) {
  const words = (wanted.query ?? "").trim().split(/\s+/).filter(Boolean).length;
  const ways = words > 1 ? ["take a word away"] : words ? ["look at the word's spelling"] : [];
  if (wanted.since || wanted.until) ways.push("choose a longer time");
  const said = ways.join(", or ");
  return `${said[0].toUpperCase()}${said.slice(1)}.`;
}

/** Return what is doubtful about a query: a place of another name, a word that no article has. @param {Wanted} wanted @param {AbortSignal} signal @returns {Promise<string[]>} */
export async function doubtsOf(wanted, signal) {
  const trying = ask("/watches/try", { query: wanted.query ?? "", days: "1" }, { signal }).catch(() => ({ findings: [] }));
  const [{ findings }, missing] = await Promise.all([trying, partsOfNone(wanted, signal)]);
  const when = wanted.since || wanted.until ? " of that time" : "";
  const isSaid = /** @param {string} each */ each => each.startsWith("no match in") || missing.some(part => each.startsWith(`\`${part}\` is in none of`));
  return [...findings.filter(/** @param {string} each */ each => !isSaid(each)), ...missing.map(part => `no article${when} has ${part}`)];
}

/** Whether there is an article; where that is not known, too. @param {Record<string, string>} search @param {AbortSignal} signal @returns {Promise<boolean>} */
export async function hasAny(search, signal) {
  return ask("/articles", { ...search, limit: "1" }, { signal }).then(page => page.articles.length > 0 || !page.complete, () => true);
}

/** Return the parts between AND that no article has by themselves. @param {Wanted} wanted @param {AbortSignal} signal @returns {Promise<string[]>} */
async function partsOfNone(wanted, signal) {
  const parts = (wanted.query ?? "").trim().split(/\s+AND\s+/);
  if (parts.length < 2 || parts.length > MOST_PARTS || !parts.every(part => SINGLE.test(part))) return [];
  const missing = [];
  for (const part of parts) if (!await hasAny(searched({ ...wanted, query: part }), signal)) missing.push(part); // one by one: a worker answers few at a time
  return missing;
}
