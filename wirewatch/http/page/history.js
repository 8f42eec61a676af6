// @ts-check
// The search over history: the address of the page says what is searched, /api/v1 answers, and this draws the answer.
import { address, ago, byId, drawCard, node, speaking } from "./dom.js";

const PAGE_SIZE = 30;
const STORY_COUNT = 6;
const FACET_COUNT = 8;
const MIN_DAYS = 14, MAX_DAYS = 366; // bars that fill the width, and that fit beside each other
const REFRESH_MILLISECONDS = 20_000;
const MAX_SNIPPET = 320;
const SVG = "http://www.w3.org/2000/svg";
/** The parts of the address that say what the page shows. */
const PARTS = ["query", "since", "until", "order", "story"];

/** @typedef {Record<string, string>} Wanted what the address asks for, by the names in PARTS */

/** @returns {Wanted} */
function wantedNow() {
  const given = new URLSearchParams(location.search);
  return Object.fromEntries(PARTS.flatMap(part => given.get(part) ? [[part, given.get(part) || ""]] : []));
}
/** The page's own address with another search. @param {Wanted} wanted */
const pageAddress = wanted => address("/", Object.fromEntries(Object.entries(wanted).filter(([, value]) => value)));

/** @param {Wanted} wanted */
function go(wanted) {
  history.pushState(null, "", pageAddress(wanted));
  show();
}

// -- asking

class Refused extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) { super(message); this.status = status; }
}

/** An answer of /api/v1. @param {string} path @param {Wanted} parameters @param {AbortSignal} [signal] @returns {Promise<any>} */
async function ask(path, parameters, signal) {
  const response = await fetch(address(`/api/v1${path}`, parameters), { signal });
  if (response.ok) return response.json();
  const said = await response.json().catch(() => ({}));
  throw new Refused(response.status, said.error || `the worker answers ${response.status}`);
}
/** The parameters of a search, as the API names them. @param {Wanted} wanted */
function searched(wanted) {
  const { story, order, ...bounds } = wanted;
  return bounds;
}

// -- articles

/** @param {any} article @param {string} field */
const spansIn = (article, field) => article.spans.filter(span => span.field === field).map(span => [span.start, span.end]);

/** @param {any} article an ArticleSummary of the API */
function drawArticle(article) {
  const points = Array.from(article.snippet);
  return drawCard({
    ...article,
    snippet: points.slice(0, MAX_SNIPPET).join(""),
    cutBefore: article.snippet_start > 0,
    cutAfter: points.length > MAX_SNIPPET || /[\p{L}\p{N},;:]$/u.test(article.snippet),
    titleSpans: spansIn(article, "title"),
    snippetSpans: spansIn(article, "text").filter(span => span[1] <= MAX_SNIPPET),
  });
}

let firstShown = "", before = null, running = new AbortController();

/** Show the first page of what the address asks for, with its counts. */
async function show() {
  running.abort();
  running = new AbortController();
  const { signal } = running, wanted = wantedNow();
  fillForm(wanted);
  drawStories(wanted);
  byId("newer").hidden = true;
  problem("");
  try {
    await (wanted.story ? showStory(wanted, signal) : showSearch(wanted, signal));
  } catch (error) {
    if (!signal.aborted) failed(error);
  }
}

/** @param {Wanted} wanted @param {AbortSignal} signal */
async function showSearch(wanted, signal) {
  const counting = ask("/counts", searched(wanted), signal);
  counting.catch(() => {}); // the same question, refused for the same reason: the page of articles says it
  byId("articles-title").textContent = "Articles";
  const page = await ask("/articles", { ...searched(wanted), ...(wanted.order ? { order: wanted.order } : {}), limit: `${PAGE_SIZE}` }, signal);
  byId("articles").replaceChildren();
  append(page);
  firstShown = page.articles.length ? page.articles[0].fetch_id : "";
  note(page.articles.length || !page.complete ? "" : nothingFound(wanted));
  const counts = await counting.catch(error => error);
  if (signal.aborted) return;
  if (counts instanceof Error) { // the articles stay, without numbers
    byId("count").textContent = `not counted: ${messageOf(counts)}`;
    for (const part of ["days", "facets"]) byId(part).hidden = true;
    return;
  }
  byId("count").textContent = `${counts.complete ? "" : "at least "}${counts.articles.toLocaleString("en")} found`;
  drawDays(counts.days, wanted);
  drawFacets(counts, wanted);
}

/** @param {Wanted} wanted */
const nothingFound = wanted => Object.keys(wanted).length ? "Nothing fits. Take a word away, or a longer time." : "No article is kept yet. They appear here as they come.";

/** Show one story's articles. @param {Wanted} wanted @param {AbortSignal} signal */
async function showStory(wanted, signal) {
  const answer = await ask(`/stories/${encodeURIComponent(wanted.story)}`, {}, signal);
  byId("articles-title").replaceChildren("Story: ", withText("bdi", answer.story.languages[0], answer.story.title));
  byId("articles").replaceChildren(...answer.articles.map(drawArticle));
  byId("count").textContent = storyLine(answer.story);
  byId("older").hidden = true;
  for (const part of ["days", "facets"]) byId(part).hidden = true;
  note("");
}

/** @param {any} page an ArticlePage of the API */
function append(page) {
  byId("articles").append(...page.articles.map(drawArticle));
  before = page.before;
  byId("older").hidden = before === null;
  byId("older").textContent = page.complete ? "More articles" : "Look further back: not all was searched";
}

async function showOlder() {
  const wanted = wantedNow(), { signal } = running, last = byId("articles").lastElementChild;
  byId("older").disabled = true; // a second click would bring the same articles again
  try {
    append(await ask("/articles", { ...searched(wanted), before: before || "", limit: `${PAGE_SIZE}` }, signal));
    if (last && last.nextElementSibling) last.nextElementSibling.focus({ preventScroll: true });
  } catch (error) {
    if (!signal.aborted) problem(messageOf(error)); // what is shown stays; the button tries again
  } finally {
    byId("older").disabled = false;
  }
}

/** Say that there are newer articles; show them at once to a reader at the top who writes nothing. */
export async function lookForNewer() {
  const wanted = wantedNow();
  if (document.hidden || wanted.story || wanted.order === "best" || wanted.until || !byId("problem").hidden) return;
  const { signal } = running;
  try {
    const { articles } = await ask("/articles", { ...searched(wanted), limit: "1" }, signal);
    if (!articles.length || articles[0].fetch_id === firstShown) return;
    const writing = document.activeElement === byId("query") || byId("query").value !== (wanted.query || "");
    if (writing || scrollY > 0 || byId("articles").contains(document.activeElement)) byId("newer").hidden = false;
    else show();
  } catch { /* the next look, or the next search, says what is wrong */ }
}

/** @param {any} error */
const messageOf = error => error instanceof Refused ? error.message : "the worker does not answer";

/** @param {any} error */
function failed(error) {
  problem(messageOf(error));
  for (const part of ["older", "days", "facets"]) byId(part).hidden = true;
  byId("articles").replaceChildren();
  byId("count").textContent = "";
  note("");
}
/** @param {string} text */
function problem(text) {
  byId("problem").textContent = text;
  byId("problem").hidden = !text;
  byId("query").setAttribute("aria-invalid", String(Boolean(text)));
}
/** @param {string} text */
function note(text) { byId("history-note").textContent = text; byId("history-note").hidden = !text; }

// -- narrowing

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

/** A name in English of a code. @param {"region" | "language"} type @param {string} code */
function nameOf(type, code) {
  try { return new Intl.DisplayNames(["en"], { type }).of(code) || code; } catch { return code; }
}

/** @param {any} counts a CountsAnswer of the API @param {Wanted} wanted */
function drawFacets(counts, wanted) {
  const kinds = [
    { title: "Countries", field: "region", counts: counts.countries, name: code => nameOf("region", code), value: code => code },
    { title: "Topics", field: "topic", counts: counts.topics, name: id => counts.topic_names[id] || id, value: id => counts.topic_names[id] || id },
    { title: "Sources", field: "source", counts: counts.sources, name: source => source.replace(/^www\./, ""), value: source => source },
    { title: "Languages", field: "lang", counts: counts.languages, name: code => nameOf("language", code), value: code => code },
  ];
  const groups = kinds.map(kind => {
    const group = node("section"), list = node("ul");
    const entries = Object.entries(kind.counts).filter(([key]) => key).sort((a, b) => b[1] - a[1]).slice(0, FACET_COUNT);
    for (const [key, count] of entries) {
      const condition = `${kind.field}:${quoted(kind.value(key))}`, item = node("li");
      item.append(facetLink(kind.name(key), count, condition, wanted));
      list.append(item);
    }
    group.append(node("h3", kind.title), list);
    return entries.length ? group : null;
  });
  byId("facet-groups").replaceChildren(...groups.filter(group => group !== null));
  byId("facets").hidden = !byId("facet-groups").childElementCount;
}
/** @param {string} name @param {number} count @param {string} condition @param {Wanted} wanted */
function facetLink(name, count, condition, wanted) {
  const query = wanted.query || "", link = node("a"), active = holds(query, condition);
  link.append(node("bdi", name), " ", node("span", count.toLocaleString("en"), "number"));
  link.title = active ? `Take away ${condition}` : `Add ${condition}`;
  if (active) link.setAttribute("aria-current", "true");
  return leading(link, { ...wanted, query: narrowed(query, condition) });
}
/** A link to another search: a click stays on the page, a new tab works too. @param {any} link @param {Wanted} wanted */
function leading(link, wanted) {
  link.setAttribute("href", pageAddress(wanted));
  link.addEventListener("click", event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(wanted);
  });
  return link;
}

// -- days

/** @param {string} day @param {number} days */
const dayAfter = (day, days) => new Date(Date.parse(day) + days * 86400000).toISOString().slice(0, 10);

/** A histogram of articles by day. @param {Record<string, number>} counts @param {Wanted} wanted */
function drawDays(counts, wanted) {
  const known = Object.keys(counts).sort(), last = known[known.length - 1], days = [];
  byId("days").hidden = known.length < 2;
  if (known.length < 2) return byId("days").replaceChildren();
  for (let day = last; (day >= known[0] || days.length < MIN_DAYS) && days.length < MAX_DAYS; day = dayAfter(day, -1)) days.unshift(day);
  const most = Math.max(...days.map(day => counts[day] || 0)), chart = document.createElementNS(SVG, "svg");
  chart.setAttribute("viewBox", `0 0 ${days.length * 10} 48`);
  chart.setAttribute("preserveAspectRatio", "none");
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", `Articles a day, ${days[0]} to ${last}, at most ${most}`);
  days.forEach((day, index) => chart.append(drawDay(day, index, (counts[day] || 0) / most, counts[day] || 0, wanted)));
  const scale = node("p", undefined, "scale meta");
  scale.append(node("span", days[0]), node("span", `at most ${most.toLocaleString("en")} a day`), node("span", last));
  return byId("days").replaceChildren(chart, scale);
}
/** @param {string} day @param {number} index @param {number} share @param {number} count @param {Wanted} wanted */
function drawDay(day, index, share, count, wanted) {
  const group = document.createElementNS(SVG, "g"), title = document.createElementNS(SVG, "title");
  title.textContent = `${day}: ${count}`;
  const height = count ? Math.max(2, share * 48) : 0;
  group.append(title, bar("ground", index, 48), bar("bar", index, height));
  group.addEventListener("click", () => go({ ...wanted, since: day, until: dayAfter(day, 1) }));
  return group;
}
/** @param {string} name @param {number} index @param {number} height */
function bar(name, index, height) {
  const made = document.createElementNS(SVG, "rect");
  for (const [key, value] of Object.entries({ class: name, x: index * 10 + 1, y: 48 - height, width: 8, height })) made.setAttribute(key, String(value));
  return made;
}

// -- stories

/** @param {any} story @returns {string} */
const storyLine = story => [
  `${story.sources} ${story.sources === 1 ? "source" : "sources"}`, `${story.articles} articles`, `since ${ago(story.first_seen_at)}`,
  story.regions.slice(0, 3).map(region => region.label).join(", "),
].filter(Boolean).join(" · ");

/** The newest stories that more than one article tells. @param {Wanted} wanted */
async function drawStories(wanted) {
  const only = Object.keys(wanted).every(part => part === "story"); // a search is about articles
  if (!only) { byId("stories-panel").hidden = true; return; }
  const { stories } = await ask("/stories", { since: "24h", limit: "100" }).catch(() => ({ stories: [] }));
  const told = stories.filter(story => story.articles > 1).slice(0, STORY_COUNT);
  byId("stories").replaceChildren(...told.map(story => drawStory(story, wanted)));
  byId("stories-panel").hidden = !told.length || Object.keys(wantedNow()).some(part => part !== "story");
}
/** @param {any} story @param {Wanted} wanted */
function drawStory(story, wanted) {
  const item = node("li"), open = wanted.story === story.id;
  const link = leading(withText("a", story.languages[0], story.title), open ? {} : { story: story.id });
  if (open) link.setAttribute("aria-current", "true");
  item.append(link, node("p", storyLine(story), "meta"));
  return item;
}
/** @param {string} tag @param {string} language @param {string} text */
const withText = (tag, language, text) => Object.assign(speaking(tag, language), { textContent: text });

// -- the form

/** @param {Wanted} wanted */
function fillForm(wanted) {
  byId("query").value = wanted.query || "";
  byId("order").value = wanted.order === "best" ? "best" : "newest";
  const since = byId("since"), value = wanted.until ? "between" : wanted.since || "";
  since.querySelector("[data-given]")?.remove();
  if (![...since.options].some(option => option.value === value)) {
    const option = Object.assign(node("option", wanted.until ? `${wanted.since || "…"} to ${wanted.until}` : `since ${value}`), { value });
    option.dataset.given = "";
    since.append(option);
  }
  since.value = value;
  byId("columns").classList.toggle("searching", Object.keys(wanted).length > 0); // a phone shows the answer before the alerts
  byId("feeds").hidden = Boolean(wanted.story); // there are feeds of searches only
  byId("everything").hidden = !Object.keys(wanted).length;
  for (const link of document.querySelectorAll("[data-search-feed]"))
    link.setAttribute("href", address(`/api/v1/articles.${/** @type {any} */ (link).dataset.searchFeed}`, searched(wanted)));
  document.title = wanted.query ? `${wanted.query} · wirewatch` : "wirewatch";
}
function submit() {
  const now = wantedNow(), between = byId("since").value === "between";
  const wanted = { query: byId("query").value.trim(), since: between ? now.since || "" : byId("since").value, until: between ? now.until || "" : "", order: byId("order").value === "best" ? "best" : "" };
  go(wanted);
}

/** Begin; give false where this worker keeps no history. */
export async function begin() {
  try {
    await ask("/articles", { limit: "1" });
  } catch (error) {
    if (!(error instanceof Refused) || error.status === 401) return false;
    if (error.status === 404) {
      byId("history-note").hidden = false;
      byId("history-note").textContent = "Only what this worker has in memory is shown. To search and keep history, set archive.url in wirewatch.toml, for example \"sqlite:history.db\".";
      return false;
    }
  }
  byId("search").hidden = false;
  byId("facets").open = matchMedia("(min-width: 56rem)").matches;
  byId("search").addEventListener("submit", event => { event.preventDefault(); submit(); });
  for (const choice of ["since", "order"]) byId(choice).addEventListener("change", submit);
  byId("older").addEventListener("click", showOlder);
  byId("newer").addEventListener("click", () => { scrollTo(0, 0); show(); });
  leading(byId("everything"), {});
  addEventListener("popstate", show);
  setInterval(lookForNewer, REFRESH_MILLISECONDS);
  show();
  return true;
}
