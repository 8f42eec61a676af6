// What this worker does now: its steps, its alerts, and, where it keeps no history, its latest articles.
import { address, button, byId as $, drawCard, heldBack, inList, linked, marked, node, seen, speaking, token } from "./dom.js";
import { leading } from "./address.js";
import { begin } from "./history.js";
import { listen } from "./keys.js";
import { drawMuted, followMutes, isMuted, muteButton } from "./mutes.js";
import { copyWhole, publishedAt, sayAnew, since } from "./times.js";

const SHOWN = 100, KEPT_ARTICLES = 200;
const SNIPPET = 320;
const KNOWN_MILLISECONDS = 3_600_000; // after which an alert without an outcome is one from before a restart
const FOLDED = 2; // what a narrow screen shows of the alerts before the articles
const words = () => $("filter").value.toLowerCase().split(/\s+/).filter(Boolean);

// -- articles

let shownArticles = "";
const evidence = (a, field) => [...a.regions, ...a.topics].flatMap(t => t.evidence.filter(e => e.field === field).map(e => [e.start, e.end]));
function drawArticle(a) {
  const points = Array.from(a.text);
  return drawCard({
    ...a,
    snippet: points.slice(0, SNIPPET).join(""), cutBefore: false, cutAfter: points.length > SNIPPET,
    titleSpans: evidence(a, "title"), snippetSpans: evidence(a, "text").filter(span => span[1] <= SNIPPET),
  });
}
const among = (tags, text, wanted) => wanted.every(w => tags.some(t => t === w || (w.length > 2 && t.includes(w))) || (w.length > 2 && text.includes(w)));
function articleFits(a, wanted) {
  const tags = [a.language, a.source, a.primary_country, ...a.regions.flatMap(r => [r.country, r.code, r.name]), ...a.topics.flatMap(t => [t.id, t.label])];
  return among(tags.filter(Boolean).map(t => t.toLowerCase()), `${a.title}\n${a.text}`.toLowerCase(), wanted);
}
let articles = [], kept = false; // kept: history.js shows the articles
function showArticles() {
  if (kept) return;
  const fitting = articles.filter(a => articleFits(a, words())).slice(0, SHOWN);
  const key = fitting.map(a => a.fetch_id).join();
  if (key !== shownArticles) { $("articles").replaceChildren(...fitting.map(drawArticle)); shownArticles = key; }
  $("count").textContent = articles.length ? `${fitting.length} of the latest ${articles.length}` : "";
}

// -- alerts

const alerts = new Map(), cards = new Map();
let deliveries = {}, live = false, waits = ""; // waits: what keeps alerts from coming, as the worker says
const fieldSpans = (spans, field, shift = 0) => spans.filter(s => s.field === field).map(s => [s.start - shift, s.end - shift]);
const lengthOf = s => s % 86400 === 0 ? `${s / 86400} d` : s % 3600 === 0 ? `${s / 3600} h` : `${Math.round(s / 60)} min`;
function drawAlert(a) {
  const n = Object.assign(node("li", undefined, `alert ${a.severity}`), { tabIndex: -1 }), top = node("div", undefined, "top");
  const watch = button(a.watch, () => { $("filter").value = $("filter").value === a.watch ? "" : a.watch; showAll(); }, "watch");
  watch.title = `Only the watch ${a.watch}`;
  const time = since(a.raised_at);
  top.append(node("span", a.severity, "severity"), watch, time);
  n.append(top);
  if (a.burst) n.append(node("p", `${a.burst.count} articles in ${lengthOf(a.burst.window_seconds)}, usually ${a.burst.usual.toFixed(1)}`, "why"));
  if (a.kind === "digest") {
    n.append(node("p", `Digest of ${a.digest.length}`, "why"));
    const list = node("ul");
    for (const item of a.digest.slice(-10).reverse()) {
      const line = speaking("li", item.article.language);
      line.append(inList(item.article.title, item.article.url, fieldSpans(item.spans, "title")));
      list.append(line);
    }
    n.append(list);
  } else {
    const h = speaking("h3", a.article.language);
    h.append(linked(a.article.title, a.article.url, fieldSpans(a.spans, "title")));
    n.append(h);
    if (a.article.snippet) {
      const p = speaking("p", a.article.language, "snippet");
      p.append(a.article.snippet_start ? "… " : "", marked(a.article.snippet, fieldSpans(a.spans, "text", a.article.snippet_start)),
        /[\p{L}\p{N},;:]$/u.test(a.article.snippet) ? "\u00a0…" : ""); // cut off within a sentence
      n.append(p);
    }
  }
  if (a.suppressed) n.append(heldBack(a.held_back, "before this alert", a.suppressed));
  const foot = node("div", undefined, "foot");
  const about = node("span", undefined, "about-article"), places = (a.article.region_names.length ? a.article.region_names : a.article.regions).slice(0, 3);
  const published = a.article.published_at ? ["\u00a0· ", publishedAt(a.article.published_at)] : a.kind === "trend" ? [] : ["\u00a0· no date"];
  about.append(node("bdi", a.article.source), ...published, ...places.map(place => `\u00a0· ${place}`));
  foot.append(about);
  foot.append(node("span", undefined, "receivers"));
  const feed = Object.assign(node("a", "RSS"), { href: address(`/watches/${a.watch}.rss`) });
  feed.setAttribute("aria-label", `RSS feed of the watch ${a.watch}`);
  const story = leading(node("a", "Its story"), a.story ? { story: a.story } : { article: a.article.id });
  story.setAttribute("aria-label", `Its story: ${seen(a.article.title)}`);
  foot.append(...kept && a.kind !== "trend" && a.digest.length < 2 ? [story] : [], feed, muteButton(a.watch));
  n.append(foot);
  return n;
}
const OUTCOMES = { delivered: "✓ ", failed: "↻ ", dead: "✕ " };
function drawReceivers(a, card) {
  const known = deliveries[a.id] || {};
  const key = JSON.stringify(known);
  if (card.dataset.deliveries === key) return;
  card.dataset.deliveries = key;
  const names = [...new Set([...a.receivers, ...Object.keys(known)])];
  card.querySelector(".receivers").replaceChildren(...names.flatMap((name, i) => {
    const d = known[name], old = Date.now() - Date.parse(a.raised_at) > KNOWN_MILLISECONDS;
    const text = d ? `${OUTCOMES[d.outcome]}${name}` : old ? name : `◌ ${name}`;
    const said = d ? `${d.outcome}, attempt ${d.attempt}${d.error ? `: ${d.error}` : ""}` : old ? "this worker no longer knows what became of it" : "no outcome yet";
    const receiver = Object.assign(node("span", text, `receiver ${d ? d.outcome : "waiting"}`), { title: said });
    receiver.append(node("span", `, ${said}`, "hidden"));
    return i ? [" ", receiver] : [receiver];
  }));
}
function alertFits(a, wanted) {
  const all = [a, ...a.digest];
  const tags = [a.watch, a.severity, ...all.flatMap(x => [x.article.source, x.article.language, ...x.article.regions, ...x.article.region_names, ...x.article.topics, ...x.article.topic_labels])];
  const text = all.map(x => `${x.article.title}\n${x.article.snippet}`).join("\n");
  return among(tags.filter(Boolean).map(t => t.toLowerCase()), text.toLowerCase(), wanted);
}
function showAlerts() {
  const sorted = [...alerts.values()].sort((a, b) => Date.parse(b.raised_at) - Date.parse(a.raised_at));
  for (const a of sorted.slice(SHOWN)) { alerts.delete(a.id); cards.delete(a.id); }
  const fitting = sorted.slice(0, SHOWN).filter(a => !isMuted(a.watch) && alertFits(a, words()));
  drawMuted();
  const wanted = fitting.map(a => cards.get(a.id) || (cards.set(a.id, drawAlert(a)), cards.get(a.id)));
  fitting.forEach((a, i) => drawReceivers(a, wanted[i]));
  const list = $("alerts");
  // Cards that stay are left where they are, so that focus and selection stay with them.
  for (const card of [...list.children]) if (!wanted.includes(card)) card.remove();
  wanted.forEach((card, i) => { if (list.children[i] !== card) list.insertBefore(card, list.children[i] || null); });
  sayAnew(list);
  $("more").hidden = wanted.length <= FOLDED || list.classList.contains("all");
  $("more").textContent = `Show all ${wanted.length} alerts`;
  if (live) note(waits ? notNow() : wanted.length ? "" : alerts.size ? noneShown() : "No watch has raised an alert yet. They appear here as they come.");
}
/** Why none of the alerts that are here is shown. */
const noneShown = () => words().length ? `None of the latest ${alerts.size} alerts fits the filter.` : "All watches with alerts are muted.";
const notNow = () => `No new alerts: ${waits.split(". ")[0]}`; // what follows is advice for who sets up a worker
function note(text) { $("alerts-note").textContent = text; $("alerts-note").hidden = !text; }
function setLive(on, text) { live = on; $("live").className = `live ${on && !waits ? "on" : "off"}`; $("live").textContent = on && waits ? "waiting" : text; }

let source = null, gaveUp = false, lastId = "", filled = false, redraw = 0, arrived = []; // arrived: since the last redraw; gaveUp: the stream is ended until the worker answers
function connect() {
  gaveUp = false;
  source = new EventSource(address("/watches/events", lastId ? { last_event_id: lastId } : { replay: "50" }));
  source.addEventListener("open", () => {
    if (lost) { lost = false; $("state").textContent = ""; asked = 0; refresh(); } // a stream is an answer: no word of a worker that gives none
    setLive(true, "live");
    showAlerts();
    setTimeout(() => { filled = true; }, 1500);
  });
  source.addEventListener("alert", event => {
    const a = JSON.parse(event.data);
    lastId = event.lastEventId;
    if (alerts.has(a.id)) return;
    alerts.set(a.id, a);
    if (filled && !isMuted(a.watch)) {
      cards.set(a.id, drawAlert(a));
      cards.get(a.id).classList.add("fresh");
      arrived.push(a);
    }
    if (!redraw) redraw = requestAnimationFrame(() => { redraw = 0; showAlerts(); sayArrived(); });
  });
  source.addEventListener("error", () => {
    setLive(false, "not connected");
    if (source.readyState === EventSource.CLOSED && !document.hidden) setTimeout(connect, 5000); // a browser gives up where the answer is no stream
  });
}
/** Say aloud what has come: of many at once the number, since each would silence the one before. */
function sayArrived() {
  const a = arrived.at(-1), title = node("span", a?.article.title);
  if (!a) return;
  title.lang = a.article.language || "";
  $("news").replaceChildren(arrived.length > 1 ? `${arrived.length} new alerts, the last one ` : "New ", `${a.severity}${arrived.length > 1 ? "" : " alert"}, ${a.watch}: `, title);
  arrived = [];
}
const showAll = () => { showArticles(); showAlerts(); };

// -- what the page asks for besides: little, and only while somebody looks

const OUTCOME_MILLISECONDS = 600_000; // so long it is asked every few seconds what became of an alert
/** Whether an alert of the last so many milliseconds has not arrived, as far as is known. Where that is over ten minutes, one that is tried again counts however old it is. @param {number} milliseconds */
const awaited = milliseconds => [...alerts.values()].some(a => a.receivers.some(name => {
  const { outcome } = (deliveries[a.id] || {})[name] || {};
  return outcome === "failed" && milliseconds > OUTCOME_MILLISECONDS || outcome !== "delivered" && Date.now() - Date.parse(a.raised_at) < milliseconds;
}));
/** Take what became of alerts. A worker that has just started knows of none yet: what is known here stays. */
function takeDeliveries(known) {
  const named = Object.entries({ ...deliveries, ...Object.fromEntries(Object.entries(known).filter(([, each]) => Object.keys(each).length)) });
  deliveries = Object.fromEntries(named.filter(([id]) => id in known || alerts.has(id)));
}
function drawSteps(steps) {
  $("steps").replaceChildren(...steps.map(s => {
    const row = node("tr");
    const outcomes = Object.entries(s.outcomes).map(([k, v]) => `${k} ${v}`).join(", ");
    for (const v of [s.step, s.taken, outcomes, s.lag, s.seconds === null ? "" : `${(s.seconds * 1000).toFixed(0)} ms`]) row.append(node("td", String(v)));
    return row;
  }));
  const lag = steps.reduce((sum, s) => sum + s.lag, 0);
  $("summary").textContent = `${steps.length} running, ${lag} ${lag === 1 ? "message waits" : "messages wait"}`;
}
const ANSWER_MILLISECONDS = 15_000; // so long an answer may take: a stream whose worker hangs stays open and silent
const ASLEEP_MILLISECONDS = 60_000; // between two looks that come every few seconds
const LOOK_MILLISECONDS = 30_000; // so often it is asked whether alerts can come, while nothing else is needed
let first = true, lost = false, asking = false, asked = 0; // lost: the worker has not answered since
/** The parts of /status.json that are needed now. */
function partsNow() {
  const parts = kept ? [] : ["articles"];
  if (first || $("running").open) parts.push("steps");
  if (first || awaited(Date.now() - asked < LOOK_MILLISECONDS ? OUTCOME_MILLISECONDS : KNOWN_MILLISECONDS)) parts.push("deliveries");
  return parts;
}
let looked = Date.now(), version = ""; // version: of this page, as its worker gave it out
/** Begin another stream, and ask for all that is needed. */
function beginAnew() {
  connect();
  asked = 0;
  looked = Date.now();
}
/** A computer that slept has a stream that may be dead without a word: begin another one. */
function wake() {
  if (source !== null && !document.hidden && Date.now() - looked > ASLEEP_MILLISECONDS) { source.close(); beginAnew(); }
  looked = Date.now();
}
/** Offer the page of a worker that was updated: an old one may ask for what there is no more. */
function sayRenewed(now) {
  version ||= now;
  if (!now || now === version || !$("renewed").hidden) return;
  $("renewed").append("There is a newer version of this page. ", button("Load it", () => location.reload()));
  $("renewed").hidden = false;
}
async function refresh() {
  wake();
  const parts = partsNow();
  if (document.hidden || asking || (!parts.length && live && !lost && Date.now() - asked < LOOK_MILLISECONDS)) return;
  asked = Date.now();
  asking = true;
  try {
    const after = articles.length ? { after: articles[0].fetch_id } : {};
    const answer = await fetch(address("/status.json", { parts: parts.join(), ...after }), { signal: AbortSignal.timeout(ANSWER_MILLISECONDS) });
    if (answer.status === 401) {
      setLive(false, token === null ? "token needed" : "wrong token");
      $("state").textContent = `${token === null ? "This worker needs its token" : "This is not the worker's token"}: open this page as /?token=TOKEN.`;
      return note($("state").textContent);
    }
    const status = await answer.json();
    sayRenewed(status.page);
    first = lost = false;
    if (status.steps) drawSteps(status.steps);
    if (status.articles) articles = [...status.articles, ...articles].slice(0, KEPT_ARTICLES);
    if (status.deliveries) takeDeliveries(status.deliveries);
    $("state").textContent = kept || articles.length ? "" : "waiting for the first article";
    if (source === null || gaveUp) connect();
    waits = status.alerts_wait_for || "";
    if (live) setLive(true, "live");
    else if (waits) note(notNow());
    showAll();
  } catch {
    lost = true;
    $("state").textContent = "the worker does not answer; this page asks again every few seconds";
    if (live) { gaveUp = true; source.close(); setLive(false, "not connected"); }
  } finally { asking = false; }
}
// A tab that nobody sees holds no stream: a browser has six connections to one worker, for all of its tabs.
document.addEventListener("visibilitychange", () => {
  if (source === null) return refresh(); // opened behind another tab, it has asked for nothing yet
  if (document.hidden) { source.close(); setLive(false, "paused"); } else { beginAnew(); refresh(); }
});
$("running").addEventListener("toggle", refresh);
$("filter").addEventListener("input", showAll);
$("more").addEventListener("click", () => { $("alerts").classList.add("all"); $("more").hidden = true; $("alerts").children[FOLDED]?.focus(); });
for (const link of document.querySelectorAll("[data-feed]")) link.href = address(link.dataset.feed);

// With history the search is what finds articles; the filter is left for the alerts, and stands with them.
async function start() {
  listen();
  kept = await begin();
  if (kept) {
    $("filter").placeholder = "Filter alerts: a watch, VE, a word …";
    $("filter").previousElementSibling.textContent = "Filter alerts";
    $("alerts-panel").insertBefore($("filter").parentElement, $("alerts-note"));
  }
  await refresh();
  followMutes(showAlerts);
  setInterval(refresh, kept ? 5000 : 3000);
}
start();
copyWhole();
setInterval(sayAnew, 30_000);
document.addEventListener("visibilitychange", () => sayAnew());
