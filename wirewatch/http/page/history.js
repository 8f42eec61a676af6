// @ts-check
// The search over history: the address of the page says what is searched, /api/v1 answers, and this draws the answer.
import { Refused, ask, go, goTo, isSearch, leading, messageOf, note as putAddress, pageAddress, searched, wantedNow, whenChanged } from "./address.js";
import { drawDays } from "./days.js";
import { address, byId, drawCard, node, once, spot } from "./dom.js";
import { condition, drawFacets, narrower } from "./facets.js";
import { mayBeMeant, placeOf } from "./meant.js";
import { advice, doubtsOf, hasAny } from "./nothing.js";
import { drawOneStory, drawStories } from "./stories.js";
import { headOf } from "./times.js";
import { drawUnusual } from "./unusual.js";
/** @typedef {import("./address.js").Wanted} Wanted */
/** @typedef {import("./address.js").Place} Place */

const PAGE_SIZE = 30;
const REFRESH_MILLISECONDS = 30_000, VIEW_MILLISECONDS = 120_000, RETRY_MILLISECONDS = 5_000;
const SLOW_MILLISECONDS = 1_500, WAITING = "waiting for the worker …";
const MAX_SNIPPET = 320;
const MOST_OPENED = 3; // articles of a story whose copies are shown at once
const MOST_ARTICLES = 200; // that the API gives at once, and of one story
const MOST_HOPS = 5; // from a story to the one that it has become part of
/** Views beside the news, each loaded when it is opened. @type {Record<string, string>} */
const VIEWS = { watches: "./watches.js", sources: "./sources.js", digests: "./digests.js" };
const FOLLOWED = ["watches", "sources"]; // views that are drawn anew while they are open

// -- articles

/** @param {any} article @param {string} field */
const spansIn = (article, field) => article.spans.filter(span => span.field === field).map(span => [span.start, span.end]);

/** @param {any} article an ArticleSummary of the API */
function drawArticle(article) {
  const points = Array.from(article.snippet);
  const card = drawCard({
    ...article,
    snippet: points.slice(0, MAX_SNIPPET).join(""),
    cutBefore: article.snippet_start > 0,
    cutAfter: points.length > MAX_SNIPPET || /[\p{L}\p{N},;:]$/u.test(article.snippet),
    titleSpans: spansIn(article, "title"),
    snippetSpans: spansIn(article, "text").filter(span => span[1] <= MAX_SNIPPET),
  }, (chip, field, value) => leading(chip, narrower(wantedNow(), condition(field, value))));
  if (article.revision > 0 || wantedNow().story) card.append(versionsOf(article));
  card.dataset.id = article.fetch_id;
  return card;
}
/** A part of a card that shows an article's versions and copies when it is opened. @param {any} article */
function versionsOf(article) {
  const part = node("details", undefined, "versions"), place = node("div");
  part.append(node("summary", article.revision > 0 ? `Revision ${article.revision}: words that changed, copies` : "Copies and revisions"), place);
  part.addEventListener("toggle", async () => {
    if (part.open && !place.childElementCount) (await import("./versions.js")).drawVersions(place, article.id);
  });
  return part;
}

/** @type {string | null} */
let before = null;
let firstShown = "", storyShown = "", lastTime = "", running = new AbortController(), retry = 0; // retry: the timer of what could not be shown
/** @type {any} */
let lastCounts = null;

/** Show what the address asks for. @param {boolean} [retried] an error stays until there is an answer @param {Place | null} [place] where its reader was */
async function show(retried, place = null) {
  running.abort();
  clearTimeout(retry);
  running = new AbortController();
  const { signal } = running;
  let wanted = wantedNow();
  fillForm(wanted);
  byId("newer").hidden = true;
  if (!retried) problem("");
  const view = VIEWS[wanted.view];
  byId("view").hidden = !view;
  byId("news-panel").hidden = Boolean(view);
  byId("main").classList.add("busy");
  const slow = setTimeout(() => { if (!retried) byId("state").textContent = WAITING; }, SLOW_MILLISECONDS);
  try {
    if (wanted.article) fillForm(wanted = await toItsStory(wanted.article, signal));
    viewed = Date.now();
    if (view) await (await import(view)).show(byId("view"), wanted, signal);
    else {
      const drawn = Promise.all([drawStories(wanted), drawUnusual(wanted)]);
      byId("story").hidden = !wanted.story;
      await (wanted.story ? showStory(wanted, signal, place) : showSearch(wanted, signal, place, drawn));
    }
    if (!signal.aborted) problem("");
  } catch (error) {
    if (!signal.aborted) failed(error);
  }
  clearTimeout(slow);
  if (signal.aborted) return;
  byId("main").classList.remove("busy");
  if (byId("state").textContent === WAITING) byId("state").textContent = "";
}
/** Show what a link leads to, from its head on: who goes by ear or keyboard reads on there. */
async function showFromHead() {
  const wanted = wantedNow(), at = document.activeElement;
  if (!isSearch(wanted) || wanted.story || wanted.view || byId("articles-title").getBoundingClientRect().top <= 0) scrollTo(0, 0); // hidden, it is at 0
  const shown = show(), { signal } = running;
  await shown;
  if (signal.aborted || byId("search").contains(at) || ![at, document.body].includes(document.activeElement)) return;
  const heads = [wanted.view ? "#view h2" : wanted.story || wanted.article ? "#story h2" : isSearch(wanted) ? "#articles-title" : "#stories-title", "#articles-title"];
  const head = /** @type {HTMLElement | undefined} */ (heads.map(each => document.querySelector(each)).find(each => each?.checkVisibility()));
  focusOn(head);
}
/** Put the story of an article into the address, in the article's place. @param {string} article @param {AbortSignal} signal @returns {Promise<Wanted>} */
async function toItsStory(article, signal) {
  const { story } = await ask(`/articles/${encodeURIComponent(article)}`, {}, { signal });
  if (!story) throw new Refused(404, "The story of this article is not known: it may still be on its way.");
  putAddress({ story });
  return { story };
}

/** @param {Wanted} wanted @param {AbortSignal} signal @param {Place | null} place @param {Promise<any>} drawn the stories above */
async function showSearch(wanted, signal, place, drawn) {
  const counting = ask("/counts", searched(wanted), { signal });
  counting.catch(() => {}); // the same question, refused for the same reason: the page of articles says it
  byId("articles-title").textContent = "Articles";
  const page = await ask("/articles", { ...searched(wanted), ...(wanted.order ? { order: wanted.order } : {}), limit: `${Math.min(MOST_ARTICLES, Math.max(PAGE_SIZE, place?.shown || 0))}` }, { signal });
  begun();
  append(page);
  if (!goTo(place)) drawn.then(() => { if (!signal.aborted) goTo(place); });
  firstShown = page.articles.length ? page.articles[0].fetch_id : "";
  note(page.articles.length || !page.complete ? "" : isSearch(wanted) ? `Nothing fits. ${advice(wanted)}` : "");
  byId("welcome").hidden = Boolean(page.articles.length) || isSearch(wanted);
  if (!page.articles.length && page.complete && isSearch(wanted)) sayWhyNothing(wanted, signal);
  const counts = await counting.catch(error => error);
  if (signal.aborted) return;
  if (counts instanceof Error) { // the articles stay, without numbers
    byId("count").textContent = `not counted: ${messageOf(counts)}`;
    for (const part of ["days", "facets", "map"]) byId(part).hidden = true;
    return;
  }
  byId("count").textContent = `${counts.complete || counts.counted < counts.articles ? "" : "at least "}${counts.articles.toLocaleString("en")} found`;
  lastCounts = counts;
  drawDays(counts, wanted);
  drawFacets(counts, wanted);
  byId("map").hidden = !counts.articles && !wanted.map;
  if (wanted.map) byId("map").open = true;
  showMap();
}

/** Say why nothing fits: no article is kept yet, or what is doubtful about the query. @param {Wanted} wanted @param {AbortSignal} signal */
async function sayWhyNothing(wanted, signal) {
  const kept = await hasAny({}, signal);
  if (signal.aborted) return;
  byId("welcome").hidden = kept;
  if (!kept) note("");
  if (!kept || !wanted.query) return;
  const doubts = await doubtsOf(wanted, signal);
  if (!signal.aborted) byId("history-note").append(...doubts.map(doubt => node("span", doubt, "finding")));
}

/** Draw the map where it is open: its shapes are loaded then. */
async function showMap() {
  if (byId("map").open && lastCounts !== null) (await import("./map.js")).drawMap(lastCounts, wantedNow());
}

/** Show one story with its articles. @param {Wanted} wanted @param {AbortSignal} signal @param {Place | null} place */
async function showStory(wanted, signal, place) {
  byId("older").hidden = true;
  for (const part of ["days", "facets", "map", "welcome"]) byId(part).hidden = true;
  let answer = await ask(`/stories/${encodeURIComponent(wanted.story)}`, {}, { signal });
  for (let hops = 0; answer.story.merged_into && hops < MOST_HOPS; hops += 1) { // it has become part of another
    putAddress({ story: answer.story.merged_into });
    answer = await ask(`/stories/${encodeURIComponent(answer.story.merged_into)}`, {}, { signal });
  }
  byId("articles-title").textContent = "Its articles";
  storyShown = signOf(answer);
  drawOneStory(answer);
  begun();
  append({ articles: answer.articles, before: null, complete: true });
  const more = answer.story.articles - answer.articles.length;
  const rest = answer.articles.length >= MOST_ARTICLES ? "older, copies of these" : more === 1 ? "that is a copy of one" : "that are copies of these";
  byId("count").textContent = `${answer.articles.length.toLocaleString("en")}${more > 0 ? `, and ${more.toLocaleString("en")} more ${rest}, or no longer kept` : ""}`;
  goTo(place);
  for (const part of more > 0 ? byId("articles").querySelectorAll("details.versions") : []) part.open = answer.articles.length <= MOST_OPENED;
  note("");
}

function begun() { byId("articles").replaceChildren(); lastTime = ""; }
/** Add articles, with a heading where another day or hour begins. @param {any} page an ArticlePage of the API */
function append(page) {
  const grouped = wantedNow().order !== "best";
  for (const article of page.articles) {
    const time = article.published_at || article.fetched_at, head = grouped ? headOf(time, lastTime) : null;
    if (head) byId("articles").appendChild(node("h3", undefined, "group")).append(head);
    lastTime = time;
    byId("articles").append(drawArticle(article));
  }
  before = page.before;
  byId("older").hidden = before === null;
  byId("older").textContent = page.complete ? "More articles" : "Look further back: not all was searched";
}

async function showOlder() {
  const wanted = wantedNow(), { signal } = running, last = byId("articles").querySelectorAll("article").length;
  try {
    append(await ask("/articles", { ...searched(wanted), before: before || "", limit: `${PAGE_SIZE}` }, { signal }));
    byId("articles").querySelectorAll("article")[last]?.focus({ preventScroll: true });
  } catch (error) {
    if (!signal.aborted) problem(messageOf(error)); // what is shown stays; the button tries again
  }
}

/** What changes in a story when it goes on. @param {any} answer a StoryAnswer of the API */
const signOf = answer => `${answer.story.id} ${answer.story.articles} ${answer.story.title} ${answer.articles.map(/** @param {any} each */ each => each.fetch_id)}`;
/** @param {string} story @param {AbortSignal} signal */
const storyGoesOn = async (story, signal) => signOf(await ask(`/stories/${encodeURIComponent(story)}`, {}, { signal })) !== storyShown;
/** @param {Wanted} wanted @param {AbortSignal} signal */
async function newerThanShown(wanted, signal) {
  const { articles } = await ask("/articles", { ...searched(wanted), limit: "1" }, { signal });
  return articles.length && articles[0].fetch_id !== firstShown;
}
/** Whether somebody reads an article, has selected text, or goes by the keyboard within a part of the page, other than at a head: what is drawn anew would take it away. @param {any} part */
function isAtWork(part) {
  const at = document.activeElement;
  return !getSelection()?.isCollapsed || byId("articles").contains(at) || part.contains(at) && at?.tagName !== "H2" && at?.matches(":focus-visible");
}
/** Draw a part anew; the focus at its head is at its head afterwards. @param {any} part @param {() => Promise<void>} draw */
async function keepingHead(part, draw) {
  const wasAtHead = document.activeElement?.tagName === "H2" && part.contains(document.activeElement);
  await draw();
  if (wasAtHead) focusOn(part.querySelector("h2"));
}
/** @param {HTMLElement | null | undefined} head */
function focusOn(head) {
  head?.setAttribute("tabindex", "-1");
  head?.focus({ preventScroll: true });
}
/** Say that there are newer articles; show them at once to a reader at the top who writes nothing. */
export async function lookForNewer() {
  const wanted = wantedNow();
  if (wanted.view) return showViewAnew(wanted);
  if (document.hidden || wanted.article || wanted.order === "best" || wanted.until || !byId("problem").hidden) return;
  const { signal } = running;
  try {
    if (!await (wanted.story ? storyGoesOn(wanted.story, signal) : newerThanShown(wanted, signal))) return;
    if (isWriting() || scrollY > 0 || isAtWork(byId("news-panel")) || byId("articles").querySelector("details[open]")) byId("newer").hidden = false;
    else await keepingHead(byId("story"), show);
  } catch { /* the next look, or the next search, says what is wrong */ }
}

let viewed = 0; // when a view was drawn
/** Draw the sources or the list of watches anew now and then: how they do changes. Not while somebody is at work in it. @param {Wanted} wanted */
async function showViewAnew(wanted) {
  const place = byId("view"), { signal } = running;
  if (document.hidden || isAtWork(place) || place.querySelector("details[open]") || !FOLLOWED.includes(wanted.view) || wanted.watch || !byId("problem").hidden || Date.now() - viewed < VIEW_MILLISECONDS) return;
  viewed = Date.now();
  try {
    await keepingHead(place, async () => (await import(VIEWS[wanted.view])).show(place, wanted, signal));
  } catch { /* the next look says what is wrong */ }
}

/** @param {any} error */
function failed(error) {
  const refused = error instanceof Refused && error.status === 400, ofQuery = refused && !/^(since|until|order): /.test(messageOf(error));
  problem(messageOf(error), ofQuery);
  for (const part of ["older", "days", "facets", "map", "story"]) byId(part).hidden = true;
  for (const part of ["articles", "view"]) byId(part).replaceChildren();
  byId("count").textContent = "";
  if (refused) byId("feeds").hidden = true; // there is no feed of a query that cannot be read
  note("");
  if (refused) sayRefused(ofQuery ? messageOf(error) : "");
  if (!(error instanceof Refused) || error.status === 503) retry = setTimeout(showAgain, RETRY_MILLISECONDS);
}
/** Say what was refused, and where to go on. @param {string} fault of the query; else empty */
function sayRefused(fault) {
  const wanted = wantedNow(), { query = "" } = wanted, meant = fault ? mayBeMeant(query, fault) : [];
  if (!fault) {
    note("No articles: the address asks for a time or an order that there is not, see above. ");
    byId("history-note").append(leading(node("a", "Search all time, newest first"), { query }));
  } else if (query) {
    note(`No articles: the query cannot be read, see above. ${meant.length ? "Search for " : ""}`);
    for (const each of meant) byId("history-note").append(leading(node("a", each), { ...wanted, query: each }), " · ");
    byId("history-note").append(leading(node("a", "How to write one"), { view: "watches", watch: "new", query }));
  }
}
/** Show what could not be shown, once somebody looks and nobody writes a search. */
function showAgain() {
  if (!document.hidden && !isWriting()) return show(true);
  retry = setTimeout(showAgain, RETRY_MILLISECONDS);
}
const isWriting = () => document.activeElement === byId("query") || byId("query").value !== (wantedNow().query || "");
let told = "";
/** @param {string} text @param {boolean} [ofQuery] */
function problem(text, ofQuery = false) {
  const { query = "" } = wantedNow(), place = ofQuery ? placeOf(text) : null;
  if (told !== text + query) byId("problem").replaceChildren(...place ? [spot(query, place.line, place.column), place.said] : [text]); // said aloud once
  told = text + query;
  byId("problem").hidden = !text;
  byId("query").setAttribute("aria-invalid", String(ofQuery));
}
/** @param {string} text */
function note(text) { byId("history-note").textContent = text; byId("history-note").hidden = !text; }

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
  byId("articles-title").dataset.search = [wanted.query, value && since.selectedOptions[0].textContent].filter(Boolean).join(", "); // paper has no form
  const ofOne = Boolean(wanted.story || wanted.article), asked = isSearch(wanted) || ofOne || Boolean(wanted.view);
  byId("columns").classList.toggle("searching", asked); // a phone shows the answer before the alerts
  byId("feeds").hidden = ofOne || Boolean(wanted.view); // there are feeds of searches only
  byId("everything").hidden = !asked;
  for (const link of document.querySelectorAll("[data-search-feed]"))
    link.setAttribute("href", address(`/api/v1/articles.${/** @type {any} */ (link).dataset.searchFeed}`, searched(wanted)));
  byId("watch-this").hidden = !wanted.query;
  byId("watch-this").href = pageAddress({ view: "watches", watch: "new", query: wanted.query || "" });
  for (const link of document.querySelectorAll("[data-view]")) {
    const here = (/** @type {any} */ (link).dataset.view || "") === (wanted.view || "");
    if (here) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  const name = wanted.watch === "new" ? "Write a watch" : wanted.watch || (VIEWS[wanted.view] ? wanted.view.replace(/^./, letter => letter.toUpperCase()) : wanted.query);
  document.title = name ? `${name} · wirewatch` : "wirewatch";
}
function submit() {
  const now = wantedNow(), between = byId("since").value === "between";
  const wanted = { map: now.map || "", query: byId("query").value.trim(), since: between ? now.since || "" : byId("since").value, until: between ? now.until || "" : "", order: byId("order").value === "best" ? "best" : "" };
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
      const wanted = wantedNow(), asked = isSearch(wanted) || wanted.story || wanted.article || wanted.view; // as a bookmark, or a link in a mail
      byId("history-note").textContent = `${asked ? "What this address asks for needs history, and this worker keeps none. " : ""}Only what this worker has in memory is shown. To search and keep history, set archive.url in wirewatch.toml, for example "sqlite:history.db".`;
      return false;
    }
  }
  byId("search").hidden = false;
  byId("facets").open = matchMedia("(min-width: 56rem)").matches;
  byId("search").addEventListener("submit", event => { event.preventDefault(); submit(); });
  for (const choice of ["since", "order"]) byId(choice).addEventListener("change", submit);
  byId("older").addEventListener("click", () => once(byId("older"), showOlder));
  byId("newer").addEventListener("click", () => { scrollTo(0, 0); byId("articles-title").focus({ preventScroll: true }); show(); });
  leading(byId("everything"), {});
  byId("watch-this").addEventListener("click", event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go({ view: "watches", watch: "new", query: wantedNow().query || "" });
  });
  for (const link of document.querySelectorAll("[data-view]")) {
    const { view } = /** @type {any} */ (link).dataset;
    leading(link, view ? { view } : {});
  }
  byId("views").hidden = false;
  byId("map").addEventListener("toggle", () => {
    const { map, ...rest } = wantedNow();
    if (byId("map").open !== Boolean(map)) putAddress(byId("map").open ? { ...rest, map: "number" } : rest);
    showMap();
  });
  whenChanged(went => went ? showFromHead() : show(false, history.state));
  setInterval(lookForNewer, REFRESH_MILLISECONDS);
  document.addEventListener("visibilitychange", lookForNewer);
  show(false, history.state);
  return true;
}
