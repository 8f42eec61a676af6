// @ts-check
// The watches: those in force, and a desk to write one, try it over history, and put it in force. Loaded when it is opened.
import { Refused, ask, go, leading, messageOf, wantedNow } from "./address.js";
import { address, button, drawn, heldBack, inList, marked, node, once, speaking, spot } from "./dom.js";
import { draftOf, drafts } from "./drafts.js";
import { muteButton } from "./mutes.js";
import { at, clock, publishedAt, since } from "./times.js";
import { tokenBox, write } from "./writing.js";
/** @typedef {import("./address.js").Wanted} Wanted */

const WAIT_MILLISECONDS = 500; // after the last letter, before a watch is tried
const NEW = "new";
const COSTLY = 0.3; // of all articles tried
const DAYS = ["1", "7", "30"];
/** @type {Record<string, string>} */
const OUTCOMES = { raised: "alerts", repeat: "repeats of one", cool_down: "held back by cool-down", limit: "held back by the limit", quiet: "in quiet hours or muted", held: "kept for after quiet hours", late: "too old when fetched", no_burst: "without a burst", waiting: "waiting for their story" };
/** @type {Record<string, string>} */
const EACH = { group: "article, copies count once", story: "story", event: "event, languages count once", article: "article, copies too" };
const HELP = [
  ["strike* OR walkout*", "either; * stands for any ending"], ['"general strike"', "the words together, in this order"],
  ["port NEAR/5 strike*", "within five words of each other"], ["oil AND NOT olive", "the one without the other"],
  ["title:earthquake", "in the title"], ["=US", "exactly so, with its capitals"], ["region:VE", "about a country, region or place"],
  ["topic:labour", "about a topic"], ["lang:es, source:paper.example", "in a language, from a source"], ["story.sources >= 5", "once its story has five sources"],
  ["trend:VE", "far more than usual of a country, or of trend:labour; one alert for each trend"],
];

/** @type {Record<string, string>} */
const TRENDS = { "": "all that are shown", eager: "eager and quieter", balanced: "balanced and quieter", quiet: "quiet ones alone" };

/** Show the view. @param {any} place @param {Wanted} wanted @param {AbortSignal} signal */
export async function show(place, wanted, signal) {
  const answer = await ask("/watches", {}, { signal }).catch(error => {
    if (signal.aborted || wanted.watch !== NEW || !(error instanceof Refused) || error.status !== 503) throw error;
    return { watches: [], count: 0, wrong: {}, receivers: [], may_write: false, problem: error.message };
  });
  const edited = answer.watches.find(each => each.record.name === wanted.watch);
  place.className = "view";
  place.replaceChildren(...wanted.watch ? [desk(answer, wanted.watch === NEW ? null : edited, wanted, signal)] : list(answer));
}

// -- the list

/** @param {any} answer @returns {any[]} */
function list(answer) {
  const bar = node("div", undefined, "bar"), write = leading(node("a", "Write a watch", "button"), { view: "watches", watch: NEW });
  bar.append(node("h2", "Watches"), node("span", `${answer.count} in force`, "soft"), write);
  const cards = answer.watches.map(drawWatch);
  const wrong = Object.entries(answer.wrong).map(([name, error]) => node("p", `${name} is wrong and not in force: ${error}`, "note"));
  const none = answer.count ? [] : [node("p", "No watch is in force. A watch is a search that goes on: it raises an alert on each new article that it matches. Write the first one.", "note")];
  return [bar, ...begun(), ...none, ...wrong, ...cards, ...testing(answer)];
}
/** Leads to what this tab keeps and is not in force. */
function begun() {
  const all = drafts(), line = node("p", "Begun and not in force, kept in this tab: ", "note");
  all.forEach(({ watch, query, title }, index) => line.append(index ? ", " : "", leading(node("a", title), { view: "watches", watch, query })));
  return all.length ? [line] : [];
}
/** @param {any} share */
const costOf = share => share === null ? "" : `${share >= COSTLY ? "costly: " : ""}tries about ${share < .001 ? "0.1" : (share * 100).toFixed(share < .01 ? 1 : 0)}% of articles`;
/** @param {any} watch */
function drawWatch(watch) {
  const { record } = watch, card = node("section", undefined, `about alert ${record.severity}`), top = node("div", undefined, "top");
  const feed = Object.assign(node("a", "RSS"), { href: address(`/watches/${record.name}.rss`) });
  top.append(node("span", record.severity, "severity"), node("h3", record.name, "name"));
  const actions = node("nav");
  actions.setAttribute("aria-label", `The watch ${record.name}`);
  actions.append(leading(node("a", "Search"), { query: watch.search }), leading(node("a", "Change"), { view: "watches", watch: record.name }), feed, muteButton(record.name));
  top.append(actions);
  const limits = [
    record.receivers.length ? `to ${record.receivers.join(", ")}` : "to nobody", record.cool_down !== "0s" ? `cool-down ${record.cool_down}` : "",
    record.each === "group" ? "" : `one alert for each ${record.each}`, record.trends ? `trends: ${TRENDS[record.trends]}` : "",
    record.limit_per_hour ? `at most ${record.limit_per_hour} an hour` : "", record.quiet_hours ? `quiet from ${record.quiet_hours.from} to ${record.quiet_hours.to} (${record.quiet_hours.timezone})` : "",
    watch.muted_until ? `muted for everybody until ${clock(watch.muted_until)}` : "", record.burst ? `burst of ${record.burst.count} in ${record.burst.window}` : "", costOf(watch.tried_share),
  ];
  const meta = node("p", limits.filter(Boolean).join(" · "), "meta"), alerts = node("p", undefined, "meta");
  if (watch.last_raised_at) alerts.append(`${watch.alerts} ${watch.alerts === 1 ? "alert" : "alerts"} kept here, the last `, since(watch.last_raised_at));
  else alerts.append("no alert yet");
  card.append(top, node("p", record.query, "query"), meta, alerts);
  if (watch.held_back.length) card.append(heldBack(watch.held_back, "since the last alert"));
  return card;
}
/** Test messages to receivers. @param {any} answer */
function testing(answer) {
  if (!answer.receivers.length) return [];
  const box = node("section", undefined, "about"), said = node("p", undefined, "meta");
  said.setAttribute("role", "status");
  box.append(node("h3", "Receivers"));
  for (const name of answer.receivers) {
    const send = button(`Send a test message to ${name}`, () => once(send, async () => {
      try {
        const { delivered, error } = await write(`/receivers/${encodeURIComponent(name)}/test`, "POST");
        said.textContent = delivered ? `${name}: delivered` : `${name}: not delivered: ${error}`;
      } catch (error) { said.textContent = messageOf(error); }
    }));
    box.append(send, " ");
  }
  box.append(...answer.may_write ? [tokenBox()] : [node("p", "To send one from here, set page.write_token; or call wirewatch receivers test NAME.", "meta")], said);
  return [box];
}

// -- the desk

/** @param {any} answer @param {any} watch one that is changed, else null @param {Wanted} wanted @param {AbortSignal} left */
function desk(answer, watch, wanted, left) {
  const base = watch ? watch.record : { name: "", query: wanted.query || "", severity: "info", each: "group", cool_down: "30m", limit_per_hour: 0, receivers: [] };
  const draft = draftOf(wanted.watch || NEW, wanted.query || "", base), { record } = draft;
  const form = node("form", undefined, "about desk"), result = node("div");
  const query = Object.assign(node("textarea"), { id: "watch-query", value: record.query, rows: 4, spellcheck: false, maxLength: 4000 });
  query.setAttribute("aria-describedby", "watch-fault");
  const name = Object.assign(node("input"), { value: record.name, required: true, disabled: Boolean(watch), placeholder: "port-strikes", pattern: "[a-z0-9][a-z0-9._\\-]{0,99}", title: "small letters, digits, . _ -" });
  const severity = choice(["info", "warning", "critical"], record.severity), each = choice(["article", "group", "story", "event"], record.each, EACH);
  const coolDown = Object.assign(node("input"), { value: record.cool_down, size: 6 }), limit = Object.assign(node("input"), { type: "number", min: "0", value: String(record.limit_per_hour), size: 6 });
  const trends = choice(Object.keys(TRENDS), record.trends || "", TRENDS), trendsField = field("Trends", trends);
  const days = choice(DAYS, "7");
  const receivers = answer.receivers.map(receiver => Object.assign(node("input"), { type: "checkbox", value: receiver, checked: record.receivers.includes(receiver) }));
  const fault = Object.assign(node("p", undefined, "fault"), { id: "watch-fault" });
  fault.setAttribute("role", "alert");
  result.setAttribute("aria-live", "polite");
  const written = () => ({ ...record, name: name.value, query: query.value, severity: severity.value, each: each.value, cool_down: coolDown.value, limit_per_hour: Number(limit.value) || 0, receivers: receivers.filter(box => box.checked).map(box => box.value), trends: trendsField.hidden ? undefined : trends.value || undefined });
  const asked = () => { trendsField.hidden = !/(^|[^\p{L}\p{N}])trend:/u.test(query.value); };
  asked();
  let running = new AbortController(), waiting = 0;
  const attempt = async () => {
    running.abort();
    running = new AbortController();
    const { signal } = running, { severity: grade, query: words, each: one, cool_down, limit_per_hour, trends: level } = written();
    if (!words.trim()) { fault.textContent = ""; result.replaceChildren(); return; }
    result.classList.add("busy");
    try {
      const tried = await ask("/watches/try", { query: words, severity: grade, each: one, cool_down, limit_per_hour: String(limit_per_hour), days: days.value, ...level ? { trends: level } : {} }, { signal });
      showFaults(tried.faults, words, fault);
      query.setAttribute("aria-invalid", String(tried.faults.length > 0));
      result.replaceChildren(...tried.faults.length ? [] : outcome(tried));
    } catch (error) {
      if (!signal.aborted) result.replaceChildren(node("p", messageOf(error), "note"));
    }
    if (!signal.aborted) result.classList.remove("busy");
  };
  const kept = keeping(draft, written, left);
  whenWritten(form, () => { asked(); kept.look(); clearTimeout(waiting); waiting = setTimeout(attempt, WAIT_MILLISECONDS); });
  const put = Object.assign(node("button", watch ? "Put the change in force" : "Put in force", "button"), { type: "submit", disabled: !answer.may_write });
  const said = node("p", undefined, "meta");
  said.setAttribute("role", "status");
  form.addEventListener("submit", async event => {
    event.preventDefault();
    try {
      const done = await write(`/watches/${encodeURIComponent(name.value)}`, "PUT", written());
      kept.end();
      said.textContent = `${done.name} is in force (${done.outcome}); running workers have it within seconds, for articles that come from then on.`;
    } catch (error) { said.textContent = messageOf(error); }
  });
  const fields = node("div", undefined, "fields");
  fields.append(field("Name", name), field("Severity", severity), field("An alert for each", each), field("Cool-down", coolDown), field("At most an hour (0: any)", limit), trendsField);
  form.append(leading(node("a", "All watches"), { view: "watches" }), node("h2", watch ? record.name : "Write a watch"), ...watch ? [muteButton(record.name)] : [], field("Query", query), fault, help(), fields);
  if (receivers.length) {
    const told = node("fieldset");
    told.append(node("legend", "Receivers"), ...receivers.map(box => { const label = node("label", ` ${box.value} `); label.prepend(box); return label; }));
    form.append(told);
  }
  form.append(result);
  const over = node("div", undefined, "actions");
  over.append(field("Tried over the last days", days), ...answer.may_write ? [tokenBox()] : [], put);
  if (watch && answer.may_write) over.append(removal(record.name, said));
  form.append(over, kept.line, said);
  if (!answer.may_write) said.textContent = answer.problem ? `${answer.problem.replace(/\.$/, "")}. Until then a watch can be written and tried; open this page again to put it in force.` : "This worker lets nobody put a watch in force from here (page.write_token). Save it as a file and call wirewatch watches put FILE.";
  form.append(asFile(written, form));
  attempt();
  return form;
}
/**
 * Keep in this tab what is written, say so, and ask before the tab is left. @param {any} draft @param {() => any} written @param {AbortSignal} signal
 * @returns {{line: any, look: () => void, end: () => void}}
 */
function keeping(draft, written, signal) {
  const line = node("p", undefined, "meta kept"), text = node("span");
  line.setAttribute("role", "status");
  line.append(text, button("Start over", () => { draft.end(); line.hidden = true; go(wantedNow()); }));
  const look = () => {
    const { differs, isKept } = draft.keep(written());
    const words = `Not in force yet. ${isKept ? "This tab keeps what is written here." : "This browser does not keep it: it is lost when the page is left."} `;
    if (text.textContent !== words) text.textContent = words;  // a screen reader reads it each time that it is set
    line.hidden = !differs;
  };
  look();
  addEventListener("beforeunload", event => { if (!line.hidden) event.preventDefault(); }, { signal });
  return { line, look, end: () => { draft.end(written()); line.hidden = true; } };
}
/** Call a function whenever a form has another content: of a choice some say one, some the other. @param {any} form @param {() => void} does */
function whenWritten(form, does) { for (const kind of ["input", "change"]) form.addEventListener(kind, does); }
/** A record's parts in the order of a file; all that is not said is as it is by itself. */
const PARTS = ["name", "query", "severity", "owner", "receivers", "each", "cool_down", "limit_per_hour", "quiet_hours", "burst", "backfill", "trends"];
/** A value as TOML has it. @param {any} value @returns {string} */
export const toml = value => value && typeof value === "object" && !Array.isArray(value)
  ? `{ ${Object.entries(value).map(([name, each]) => `${name} = ${toml(each)}`).join(", ")} }` : JSON.stringify(value);
/** The watch as a file for the command line. @param {() => any} written @param {any} form */
function asFile(written, form) {
  const part = node("details", undefined, "versions"), text = node("pre", undefined, "file");
  const fill = () => {
    const record = written();
    text.textContent = PARTS.filter(name => record[name] && record[name].length !== 0).map(name => `${name} = ${toml(record[name])}`).join("\n");
  };
  whenWritten(form, fill);
  part.append(node("summary", "As a file"), text);
  fill();
  return part;
}
/** @param {string} name @param {any} said */
function removal(name, said) {
  const before = "Take out of force", made = button(before, async () => {
    if (made.dataset.sure !== "yes") { made.dataset.sure = "yes"; made.textContent = "Really take it out of force?"; return; }
    try {
      await write(`/watches/${encodeURIComponent(name)}`, "DELETE");
      go({ view: "watches" });
    } catch (error) { said.textContent = messageOf(error); }
  });
  made.addEventListener("blur", () => { made.dataset.sure = ""; made.textContent = before; });
  return made;
}
/** @param {string} text @param {any} control */
function field(text, control) { const label = node("label", undefined, "field"); label.append(node("span", text), control); return label; }
/** @param {string[]} options @param {string} value @param {Record<string, string>} [names] */
function choice(options, value, names = {}) {
  const made = node("select");
  made.append(...options.map(option => Object.assign(node("option", names[option] || option), { value: option })));
  return Object.assign(made, { value });
}
function help() {
  const part = node("details", undefined, "versions"), rows = node("dl", undefined, "syntax");
  for (const [example, meaning] of HELP) { const term = node("dt"); term.append(node("code", example)); rows.append(term, node("dd", meaning)); }
  part.append(node("summary", "How to write a query"), rows);
  return part;
}

/** The faults, each under its line of the query with a mark at its column. @param {any[]} faults @param {string} query @param {any} place */
function showFaults(faults, query, place) {
  place.replaceChildren(...faults.flatMap(fault => {
    const said = node("span", `${fault.message}${fault.hint ? ` (${fault.hint})` : ""}`);
    return fault.message.startsWith("query: ") ? [spot(query, fault.line, fault.column), said] : [said];
  }));
}
/** What a watch would have raised. @param {any} tried @returns {any[]} */
function outcome(tried) {
  const parts = [...tried.findings.map(finding => node("p", finding, "finding")), ...tried.notes.map(note => node("p", note, "meta"))];
  const { caught } = tried, cost = costOf(tried.tried_share);
  if (tried.trends) parts.push(...ofTrends(tried.trends));
  if (!caught) return [...parts, node("p", `${cost}. No history is kept here to try it over.`, "meta")];
  const happened = Object.entries(caught.outcomes).sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${count.toLocaleString("en")} ${kind === "raised" && count === 1 ? "alert" : OUTCOMES[kind] || kind}`);
  const text = `${caught.complete ? "" : "More than "}${caught.matched.toLocaleString("en")} of ${caught.articles.toLocaleString("en")} articles of the last ${caught.days === 1 ? "day" : `${caught.days} days`} match`;
  if (tried.trends && !caught.matched) return parts;
  const line = node("p");
  line.append(node("strong", text), happened.length ? `: ${happened.join(", ")}. ` : ". ", node("span", cost, "meta"));
  parts.push(line);
  if (Object.keys(caught.alerts_by_day).length > 1) parts.push(daily(caught.alerts_by_day));
  const alerts = node("ul");
  alerts.append(...caught.alerts.map(drawCaught));
  if (caught.alerts.length) parts.push(node("h3", "The latest of these alerts"), alerts);
  return parts;
}
/** The trends that a watch would have told of. @param {any} tried @returns {any[]} */
function ofTrends({ days, trends, told, complete, alerts }) {
  const line = node("p"), list = node("ul");
  line.append(node("strong", `${complete ? "" : "More than "}${told} of ${trends} trends of the last ${days === 1 ? "day" : `${days} days`}`), " raise an alert, before cool-down and limits.");
  list.append(...alerts.map(/** @param {any} trend */ trend => {
    const item = node("li");
    item.append(node("bdi", trend.label), " ", node("span", `${trend.sensitivity}, ${trend.count} articles, usually ${trend.expected.toFixed(1)} `, "meta"), at(trend.at));
    return item;
  }));
  return alerts.length ? [line, list] : [line];
}
/** @param {Record<string, number>} days */
function daily(days) {
  const known = Object.entries(days), most = Math.max(...known.map(([, count]) => count)), chart = drawn("svg", { class: "growth", viewBox: `0 0 ${known.length * 10} 24`, width: known.length * 10, height: 24, role: "img" });
  chart.setAttribute("aria-label", `Alerts a day: ${known.map(([day, count]) => `${day} ${count}`).join(", ")}`);
  known.forEach(([, count], index) => chart.append(drawn("rect", { class: "bar", x: index * 10 + 1, y: 24 - count / most * 24, width: 8, height: count / most * 24 })));
  return chart;
}
/** @param {any} alert */
function drawCaught(alert) {
  const item = node("li"), title = speaking("span", alert.article.language), { article } = alert;
  const spans = /** @param {string} field @param {number} shift */ (field, shift) => alert.spans.filter(span => span.field === field).map(span => [span.start - shift, span.end - shift]);
  title.append(inList(article.title, article.url, spans("title", 0)));
  const text = speaking("p", article.language, "snippet meta");
  text.append(article.snippet_start ? "… " : "", marked(article.snippet, spans("text", article.snippet_start)), /[\p{L}\p{N},;:]$/u.test(article.snippet) ? "\u00a0…" : "");
  item.append(title, " ", node("span", `${article.source}, `, "meta"), publishedAt(article.published_at || article.fetched_at), ...article.snippet ? [text] : []);
  return item;
}
