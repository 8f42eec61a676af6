// @ts-check
// What comes in far more often than usual: terms, and countries with their topics, each a link to its articles.
import { ask, isSearch, leading, wantedNow } from "./address.js";
import { byId, node } from "./dom.js";
import { condition } from "./facets.js";
import { clock } from "./times.js";
/** @typedef {import("./address.js").Wanted} Wanted */

const SPAN = "24h", ASKED = "200", SHOWN = 8;

/** The search for a trend's articles. @param {any} trend */
function queryOf({ key, label, forms }) {
  if (key.term) return [key.term, ...forms || []].map(form => `"${form.replaceAll('"', "")}"`).join(" OR ");
  const topic = label.split(": ").slice(1).join(": ");
  return key.topic ? `${condition("region", key.country)} AND ${condition("topic", topic || key.topic)}` : condition("region", key.country);
}

/** The latest record of each subject's trend; a term may have been shown in another form before. @param {any[]} trends the newest first */
export function latest(trends) {
  const found = /** @type {any[]} */ ([]), seen = /** @type {Set<string>} */ (new Set());
  for (const trend of trends) {
    const names = trend.key.term ? [trend.key.term, ...trend.forms || []] : [JSON.stringify(trend.key)];
    if (!names.some(name => seen.has(name))) found.push(trend);
    names.forEach(name => seen.add(name));
  }
  return found;
}
/** What a trend is, or was, in figures: of one that is over the most articles. @param {any} trend */
function figures({ state, count, peak_count, expected }) {
  return state === "over" ? `over, at most ${peak_count}` : `${count}, usually ${expected.toFixed(1)}`;
}
/** The same in words, with its times. @param {any} trend */
function said({ state, at, begun_at, count, peak_count, sources, window_hours, expected }) {
  const since = begun_at && begun_at !== at ? `, since ${clock(begun_at)}` : "";
  if (state === "over") return `over at ${clock(at)}${since}: at most ${peak_count} articles in ${window_hours} h`;
  return `${count} articles of ${sources} sources in ${window_hours} h, usually ${expected.toFixed(1)}${since}`;
}
/** The order: what goes on before what is over, the most unusual first. @param {any} a @param {any} b */
const order = (a, b) => Number(a.state === "over") - Number(b.state === "over") || (b.peak_score ?? b.score) - (a.peak_score ?? a.score);

/** Show what is unusual, where the address asks for no search. @param {Wanted} wanted */
export async function drawUnusual(wanted) {
  const panel = byId("unusual-panel");
  if (isSearch(wanted) || wanted.story) { panel.hidden = true; return; }
  const answer = await ask("/trends", { since: SPAN, limit: ASKED }).catch(() => ({ trends: [] })), now = wantedNow();
  if (isSearch(now) || now.story) return;
  const shown = latest(answer.trends).sort(order).slice(0, SHOWN);
  byId("unusual").replaceChildren(...shown.map(trend => {
    const item = node("li"), link = node("a");
    link.append(node("bdi", trend.label), " ", node("span", figures(trend), "number"));
    link.title = said(trend);
    if (trend.state === "over") item.className = "over";
    item.append(leading(link, { query: queryOf(trend), since: SPAN }));
    return item;
  }));
  panel.hidden = !shown.length;
}
