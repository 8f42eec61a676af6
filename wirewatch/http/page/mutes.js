// @ts-check
// Watches that are muted for an hour: for everybody, or, where this worker lets nobody write, hidden in this browser alone.
import { Refused, ask, messageOf } from "./address.js";
import { button, byId } from "./dom.js";
import { clock } from "./times.js";
import { tokenBox, write } from "./writing.js";

const MINUTES = 60, LOOK_MILLISECONDS = 60_000, HIDDEN = "wirewatch-muted";
/** Until when, by watch. @type {Record<string, number>} */
let muted = {};
/** @type {Record<string, number>} */
let hidden = stored({});
let mayWrite = false, shown = "", told = 0, trouble = /** @type {any[]} */ ([]), changed = () => {};

/** What is hidden in this browser, whichever of its tabs hid it. @param {Record<string, number>} otherwise where nothing can be read */
function stored(otherwise) { try { return JSON.parse(localStorage.getItem(HIDDEN) || "{}"); } catch { return otherwise; } }
/** Hide a watch until a time; 0: no longer. @param {string} watch @param {number} until */
function hide(watch, until) {
  hidden = Object.fromEntries(Object.entries({ ...stored(hidden), [watch]: until }).filter(([, end]) => end > Date.now()));
  try { localStorage.setItem(HIDDEN, JSON.stringify(hidden)); } catch { /* it holds for this tab alone */ }
}
/** @param {string} watch */
const end = watch => Math.max(muted[watch] || 0, hidden[watch] || 0);
/** Say whether a watch's alerts are not shown now. @param {string} watch */
export const isMuted = watch => end(watch) > Date.now();

/** Ask the worker again and again who is muted; call a function when that has changed. @param {() => void} listener */
export function followMutes(listener) {
  changed = listener;
  look();
  setInterval(look, LOOK_MILLISECONDS);
  document.addEventListener("visibilitychange", look);
  addEventListener("storage", event => { if (event.key === HIDDEN) { hidden = stored(hidden); changed(); } });
}
async function look() {
  if (document.hidden) return;
  try {
    const answer = await ask("/mutes", {});
    const before = JSON.stringify([muted, mayWrite]);
    mayWrite = answer.may_write;
    muted = Object.fromEntries(Object.entries(answer.muted).map(([watch, until]) => [watch, Date.parse(until)]));
    if (JSON.stringify([muted, mayWrite]) === before && !Object.keys(hidden).length) return;
  } catch { return; } // said elsewhere on the page
  for (const button of document.querySelectorAll(".mute-watch")) name(button);
  changed();
}
/** @param {any} button */
function name(button) {
  const { watch } = button.dataset;
  button.textContent = mayWrite ? "Mute 1 h" : "Hide 1 h";
  button.title = mayWrite ? "No alert of this watch for an hour, for everybody: what matches is counted and named in its next alert" : "Hide the alerts of this watch in this browser for an hour; all others are told as before";
  button.setAttribute("aria-label", `${button.textContent}: the watch ${watch}, ${mayWrite ? "for everybody" : "in this browser"}`);
}
/** A button that mutes a watch. @param {string} watch */
export function muteButton(watch) {
  const made = button(undefined, () => mute(watch), "mute mute-watch");
  made.dataset.watch = watch;
  name(made);
  return made;
}
/** @param {string} watch */
async function mute(watch) {
  if (!mayWrite) { hide(watch, Date.now() + MINUTES * 60_000); return redraw(); }
  await tell(watch, () => write(`/watches/${encodeURIComponent(watch)}/mute`, "PUT", undefined, { minutes: String(MINUTES) }));
}
/** @param {string} watch */
async function unmute(watch) {
  if (hidden[watch]) hide(watch, 0);
  if (muted[watch]) return tell(watch, () => write(`/watches/${encodeURIComponent(watch)}/mute`, "DELETE"));
  redraw();
}
/** Change a mute; where the token is missing, ask for it and go on. @param {string} watch @param {() => Promise<any>} asking */
async function tell(watch, asking) {
  trouble = [];
  try {
    const { muted_until } = await asking();
    if (muted_until) muted[watch] = Date.parse(muted_until); else delete muted[watch];
  } catch (error) {
    const again = button("Go on", () => tell(watch, asking));
    trouble = error instanceof Refused && error.status === 401 ? [tokenBox(), " ", again] : [`${watch}: ${messageOf(error)}`];
  }
  told += 1;
  redraw();
}
/** Draw what came of it, and bring it into view: the button that was pressed may be gone with its alert, and the focus with it. */
function redraw() {
  const at = document.activeElement, place = byId("muted");
  changed();
  place.scrollIntoView({ block: "nearest" });
  if (at?.isConnected && at !== document.body) return;
  (place.querySelector("input, button") || byId("alerts-title")).focus({ preventScroll: true });
}
/** Show who is muted, each until when, and what went wrong. */
export function drawMuted() {
  const names = [...new Set([...Object.keys(muted), ...Object.keys(hidden)])].filter(isMuted).sort();
  const now = JSON.stringify(names.map(watch => [watch, end(watch)])) + told;
  if (now === shown) return; // the buttons stay, and with them the focus
  shown = now;
  const buttons = names.map(watch => {
    const where = (muted[watch] || 0) > Date.now() ? "" : " (here)";
    return Object.assign(button(`${watch}${where}, until ${clock(end(watch))}`, () => unmute(watch), "mute"), { title: "End it now" });
  });
  const parts = buttons.flatMap((button, i) => i ? [" · ", button] : ["Muted: ", button]);
  const place = byId("muted");
  place.hidden = !parts.length && !trouble.length;
  place.replaceChildren(...parts, ...parts.length && trouble.length ? [" "] : [], ...trouble);
}
