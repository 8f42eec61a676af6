// @ts-check
// What comes in far more often than usual: terms, and countries with their topics, each a link to its articles.
import { ask, isSearch, leading, wantedNow } from "./address.js";
import { byId, node } from "./dom.js";
import { condition } from "./facets.js";
/** @typedef {import("./address.js").Wanted} Wanted */

const SPAN = "24h", ASKED = "200", SHOWN = 8;

/** The search for a trend's articles. @param {any} trend */
function queryOf({ key, label, forms }) {
  if (key.term) return [key.term, ...forms || []].map(form => `"${form.replaceAll('"', "")}"`).join(" OR ");
  const topic = label.split(": ").slice(1).join(": ");
  return key.topic ? `${condition("region", key.country)} AND ${condition("topic", topic || key.topic)}` : condition("region", key.country);
}

/** The latest trend of each subject, the most unusual first; a term may have been shown in another form before. @param {any[]} trends the newest first */
function latest(trends) {
  const found = /** @type {any[]} */ ([]), seen = /** @type {Set<string>} */ (new Set());
  for (const trend of trends) {
    const names = trend.key.term ? [trend.key.term, ...trend.forms || []] : [JSON.stringify(trend.key)];
    if (!names.some(name => seen.has(name))) found.push(trend);
    names.forEach(name => seen.add(name));
  }
  return found.sort((a, b) => b.score - a.score).slice(0, SHOWN);
}

/** Show what is unusual, where the address asks for no search. @param {Wanted} wanted */
export async function drawUnusual(wanted) {
  const panel = byId("unusual-panel");
  if (isSearch(wanted) || wanted.story) { panel.hidden = true; return; }
  const answer = await ask("/trends", { since: SPAN, limit: ASKED }).catch(() => ({ trends: [] })), now = wantedNow();
  if (isSearch(now) || now.story) return;
  const shown = latest(answer.trends);
  byId("unusual").replaceChildren(...shown.map(trend => {
    const item = node("li"), link = node("a");
    link.append(node("bdi", trend.label), " ", node("span", `${trend.count}, usually ${trend.expected.toFixed(1)}`, "number"));
    link.title = `${trend.count} articles of ${trend.sources} sources in ${trend.window_hours} h, usually ${trend.expected.toFixed(1)}`;
    item.append(leading(link, { query: queryOf(trend), since: SPAN }));
    return item;
  }));
  panel.hidden = !shown.length;
}
