// @ts-check
// The histogram of a search over time. Drag over it with mouse or finger, or go with the arrow keys, to narrow the search.
import { go, leading } from "./address.js";
import { byId, drawn, node } from "./dom.js";
/** @typedef {import("./address.js").Wanted} Wanted */
/** @typedef {{since: string, until: string, label: string, count: number}} Slot a day or an hour */

const MIN_SLOTS = 14, MAX_DAYS = 366; // bars that fill the width, and that fit beside each other
const HEIGHT = 56, STEP = 10;
const HOUR = 3_600_000, DAY = 24 * HOUR;
const HOURS_UP_TO = 2 * DAY; // of a time no longer than this the hours are shown

/** @param {number} time */
const day = time => new Date(time).toISOString().slice(0, 10);
/** @param {number} time */
const hour = time => new Date(time).toISOString().slice(0, 13);
const dayText = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
const hourText = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
/** A day by UTC, with its year where that is not this one. @param {number} at */
function dayLabel(at) {
  const year = new Date(at).getUTCFullYear();
  return year === new Date().getUTCFullYear() ? dayText.format(at) : `${dayText.format(at)} ${year}`;
}

/** Counts of a year, up to tomorrow: a wrong date of years ahead or of 1969 leaves the others in view. All, where each is later. @param {Record<string, number>} counts by day or hour */
function inView(counts) {
  const tomorrow = day(Date.now() + DAY), known = Object.keys(counts).sort(), past = known.filter(time => time.slice(0, 10) <= tomorrow);
  const kept = past.length ? past : known, first = kept.length ? day(Date.parse(kept[kept.length - 1].slice(0, 10)) - (MAX_DAYS - 1) * DAY) : "";
  return Object.fromEntries(kept.filter(time => time >= first).map(time => [time, counts[time]]));
}
/** @param {Record<string, number>} counts */
const sumOf = counts => Object.values(counts).reduce((sum, count) => sum + count, 0);
/** A link to articles that the bars leave out, where there are some. @param {number} count @param {string} when @param {Wanted} wanted */
const others = (count, when, wanted) => count ? [", ", leading(node("a", `${count.toLocaleString("en")} dated ${when}`), wanted)] : [];
/** @param {Record<string, number>} counts by day, as 2026-11-27 @returns {Slot[]} */
function daysOf(counts) {
  const known = Object.keys(counts).sort(), first = Date.parse(known[0]), last = Date.parse(known[known.length - 1]);
  const begin = Math.min(first, last - (MIN_SLOTS - 1) * DAY), slots = [];
  for (let at = begin; at <= last; at += DAY) slots.push({ since: day(at), until: day(at + DAY), label: dayLabel(at), count: counts[day(at)] || 0 });
  return slots;
}
/** @param {Record<string, number>} counts by hour, as 2026-11-27T12 @returns {Slot[]} */
function hoursOf(counts) {
  const known = Object.keys(counts).sort(), slots = [];
  const last = Date.parse(`${known[known.length - 1]}:00Z`), first = Math.min(Date.parse(`${known[0]}:00Z`), last - (MIN_SLOTS - 1) * HOUR);
  for (let at = first; at <= last; at += HOUR) {
    const moment = new Date(at).toISOString(), next = new Date(at + HOUR).toISOString();
    slots.push({ since: `${moment.slice(0, 16)}Z`, until: `${next.slice(0, 16)}Z`, label: hourText.format(at), count: counts[hour(at)] || 0 });
  }
  return slots;
}
/** Whether the reader's clock is not UTC: the days of the list of articles are then others than the bars'. */
const elsewhere = () => new Date().getTimezoneOffset() !== 0;
/** Draw the histogram. @param {any} counts a CountsAnswer of the API @param {Wanted} wanted */
export function drawDays(counts, wanted) {
  const days = inView(counts.days), hours = inView(counts.hours), known = Object.keys(days).sort();
  const byHour = Object.keys(hours).length > 1 && Date.parse(known[known.length - 1]) - Date.parse(known[0]) + DAY <= HOURS_UP_TO;
  byId("days").hidden = !byHour && known.length < 2;
  if (byId("days").hidden) return byId("days").replaceChildren();
  const slots = byHour ? hoursOf(hours) : daysOf(days), most = Math.max(...slots.map(slot => slot.count));
  const chart = drawn("svg", { viewBox: `0 0 ${slots.length * STEP} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  slots.forEach((slot, index) => chart.append(drawSlot(slot, index, most)));
  const scale = node("p", undefined, "scale meta");
  const height = node("span", `at most ${most.toLocaleString("en")} ${byHour ? "an hour" : elsewhere() ? "a day, by UTC" : "a day"}`);
  const earlier = sumOf(Object.fromEntries(Object.entries(counts.days).filter(([time]) => time < known[0])));
  height.append(...others(earlier, "earlier", { ...wanted, until: slots[0].since }),
    ...others(sumOf(counts.days) - sumOf(days) - earlier, "later", { ...wanted, since: day(Date.now() + 2 * DAY) }));
  scale.append(node("span", slots[0].label), height, node("span", slots[slots.length - 1].label));
  return byId("days").replaceChildren(choosing(chart, slots, wanted), scale);
}
/** @param {Slot} slot @param {number} index @param {number} most */
function drawSlot(slot, index, most) {
  const group = drawn("g", {}), title = drawn("title", {}), height = slot.count ? Math.max(2, slot.count / most * HEIGHT) : 0;
  title.textContent = `${slot.label}: ${slot.count.toLocaleString("en")}`;
  group.append(title, drawn("rect", { class: "ground", x: index * STEP, y: 0, width: STEP, height: HEIGHT }),
    drawn("rect", { class: "bar", x: index * STEP + 1, y: HEIGHT - height, width: STEP - 2, height }));
  return group;
}

/** The chart in a frame in which a part of it can be chosen. @param {Element} chart @param {Slot[]} slots @param {Wanted} wanted */
function choosing(chart, slots, wanted) {
  const frame = node("div", undefined, "chosen"), bars = [...chart.querySelectorAll("g")];
  let from = slots.length - 1, to = from, dragging = false;
  const show = () => {
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    const count = slots.slice(first, last + 1).reduce((sum, slot) => sum + slot.count, 0);
    bars.forEach((bar, index) => bar.classList.toggle("on", index >= first && index <= last));
    frame.setAttribute("aria-valuenow", String(to + 1));
    const label = first === last ? slots[first].label : `${slots[first].label} to ${slots[last].label}`;
    frame.setAttribute("aria-valuetext", `${label}: ${count.toLocaleString("en")} ${count === 1 ? "article" : "articles"}`);
    frame.title = `${frame.getAttribute("aria-valuetext")}`;
  };
  const leave = () => { dragging = false; from = to = slots.length - 1; bars.forEach(bar => bar.classList.remove("on")); };
  const narrow = () => {
    const { story, ...rest } = wanted;
    go({ ...rest, since: slots[Math.min(from, to)].since, until: slots[Math.max(from, to)].until });
  };
  /** @param {PointerEvent} event */
  const at = event => {
    const { left, width } = chart.getBoundingClientRect();
    return Math.min(slots.length - 1, Math.max(0, Math.floor((event.clientX - left) / width * slots.length)));
  };
  frame.addEventListener("pointerdown", event => {
    if (event.button) return;
    frame.setPointerCapture(event.pointerId);
    dragging = true; from = to = at(event); show();
  });
  frame.addEventListener("pointermove", event => { if (dragging) { to = at(event); show(); } });
  frame.addEventListener("pointerup", () => { if (dragging) { dragging = false; narrow(); } });
  frame.addEventListener("pointercancel", leave); // a finger that scrolls the page
  frame.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -slots.length, End: slots.length }[event.key];
    if (event.key === "Enter") narrow();
    else if (event.key === "Escape") leave();
    else if (step === undefined) return;
    else {
      to = Math.min(slots.length - 1, Math.max(0, to + step));
      if (!event.shiftKey) from = to;
      show();
    }
    event.preventDefault();
  });
  frame.tabIndex = 0;
  for (const [name, value] of Object.entries({ role: "slider", "aria-valuemin": 1, "aria-valuemax": slots.length, "aria-label": "Time: arrow keys choose, with Shift more of it, Enter narrows the search" }))
    frame.setAttribute(name, String(value));
  show(); leave();
  frame.title = "Drag over the bars to narrow the search";
  frame.append(chart);
  return frame;
}
