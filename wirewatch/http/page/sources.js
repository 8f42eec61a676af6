// @ts-check
// The sources: how many articles each brings, and how it does. Loaded when it is opened.
import { ask, leading } from "./address.js";
import { address, appendHost, node, sourceName } from "./dom.js";
import { condition } from "./facets.js";
import { later, since } from "./times.js";
/** @typedef {import("./address.js").Wanted} Wanted */

const CHANGES = "200";
const GOOD = new Set(["new", "healthy", "moved", "paused"]); // in any other somebody should look at a source

/** The sources that this worker polls, those in trouble first, by name; none where it polls none. @param {AbortSignal} signal @returns {Promise<Map<string, any>>} */
async function polledHere(signal) {
  const answer = await fetch(address("/status.json", { parts: "sources" }), { signal }).then(response => response.ok ? response.json() : {}).catch(() => ({}));
  signal.throwIfAborted();
  return new Map((answer.sources?.rows || []).map(row => [row.name, row]));
}
/** When a source was polled, what went wrong where its state has not `said` it, and when it is polled next. @param {any} row a SourceRow of /status.json @param {string} said */
function pollOf(row, said) {
  const part = node("div", undefined, "meta"), time = /** @param {number} seconds */ seconds => new Date(seconds * 1000).toISOString();
  const isNew = Boolean(row.error) && !said.includes(row.error);
  if (row.polled_at) part.append(isNew ? "the last poll failed: " : "polled ", ...isNew ? [node("span", row.error, "bad"), " "] : [], since(time(row.polled_at)));
  else if (row.enabled) part.append("not polled yet");
  if (row.enabled) part.append(...row.next_at ? [" · next ", later(time(row.next_at))] : row.polled_at ? [" · not polled again by itself"] : []);
  return part;
}
/** How long ago a source's state changed. @param {any} change */
function sinceThen(change) {
  const made = node("span", undefined, "meta");
  made.append(since(change.since));
  return made;
}

/** Show the view. @param {any} place @param {Wanted} _ @param {AbortSignal} signal */
export async function show(place, _, signal) {
  const [day, week, health, polled] = await Promise.all([
    ask("/counts", { since: "24h" }, { signal }), ask("/counts", { since: "7d" }, { signal }), ask("/sources/health", { limit: CHANGES }, { signal }), polledHere(signal),
  ]);
  /** @type {Map<string, any>} the latest change of each source */
  const states = new Map();
  for (const change of health.changes) if (!states.has(change.source)) states.set(change.source, change);
  const names = [...new Set([...polled.keys(), ...states.keys(), ...Object.keys(week.sources)])];
  const stateOf = /** @param {string} name @returns {string} */ name => polled.get(name)?.state || states.get(name)?.to || "";
  const isBad = /** @param {string} name */ name => Boolean(polled.get(name)?.error) || stateOf(name) !== "" && !GOOD.has(stateOf(name));
  names.sort((a, b) => Number(isBad(b)) - Number(isBad(a)) || (week.sources[b] || 0) - (week.sources[a] || 0) || a.localeCompare(b));
  const rows = names.map(name => {
    const row = node("tr"), source = node("td"), state = node("td"), change = states.get(name);
    const link = node("a");
    appendHost(link, sourceName(name, names));
    source.append(leading(link, { query: condition("source", name), since: "7d" }));
    if (stateOf(name)) {
      const known = polled.get(name), reason = !known || known.state === change?.to ? change?.reason : known.reason;
      state.append(node("span", stateOf(name).replace("_", " "), isBad(name) ? "bad" : "good"), " ", node("span", known && known.state === "healthy" ? "" : reason || "", "meta"), ...change && change.to === stateOf(name) ? [reason && known?.state !== "healthy" ? node("span", " · ", "meta") : " ", sinceThen(change)] : []);
      if (known) state.append(pollOf(known, reason || ""));
    } else state.append(Object.assign(node("span", "–", "meta"), { title: "No change of its health is kept: it is not polled, or nothing has happened to it" }));
    row.append(source, node("td", (day.sources[name] || 0).toLocaleString("en"), "number"), node("td", (week.sources[name] || 0).toLocaleString("en"), "number"), state);
    return row;
  });
  const bar = node("div", undefined, "bar"), frame = node("div", undefined, "scroll"), table = node("table"), head = node("tr");
  bar.append(node("h2", "Sources"), node("span", names.length ? `${names.length.toLocaleString("en")}, those in trouble first` : "none yet", "soft"));
  head.append(...["source", "24 h", "7 days", "state"].map(name => Object.assign(node("th", name), { scope: "col" })));
  const top = node("thead"), body = node("tbody");
  top.append(head); body.append(...rows); table.append(top, body); frame.append(table); frame.tabIndex = 0;
  frame.setAttribute("role", "region"); frame.setAttribute("aria-label", "Sources");
  const how = node("p", undefined, "note"), legend = node("p", "– no change of its health is kept: it is not polled, or nothing has happened to it.", "meta");
  how.append("Add a feed, a sitemap or a site with ", node("code", "wirewatch sources add https://…"), ". When one goes silent or fails, the change appears here and on the topic ", node("code", "news.health"), ".");
  place.className = "view sources";
  place.replaceChildren(bar, ...names.length ? [frame] : [], ...names.some(name => !stateOf(name)) ? [legend] : [], how);
  if (week.counted < week.articles) bar.append(node("span", `counted over the newest ${week.counted.toLocaleString("en")} articles`, "soft"));
}
