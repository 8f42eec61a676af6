// @ts-check
// The address of the page says what it shows; /api/v1 of its worker answers.
import { address, visible } from "./dom.js";

/** The parts of the address that say what the page shows. */
const PARTS = ["query", "since", "until", "order", "story", "article", "stories", "map", "view", "watch"];
/** Those that say which articles are found. */
const SEARCHED = ["query", "since", "until"];

/** @typedef {Record<string, string>} Wanted what the address asks for, by the names in PARTS */

/** @returns {Wanted} */
export function wantedNow() {
  const given = new URLSearchParams(location.search);
  return Object.fromEntries(PARTS.flatMap(part => given.get(part) ? [[part, given.get(part) || ""]] : []));
}
/** The page's own address with another search. @param {Wanted} wanted */
export const pageAddress = wanted => address("/", Object.fromEntries(Object.entries(wanted).filter(([, value]) => value)));
/** The parameters of a search, as the API names them. @param {Wanted} wanted */
export const searched = wanted => Object.fromEntries(Object.entries(wanted).filter(([part]) => SEARCHED.includes(part)));
/** Say whether the address asks for articles: not for all, and not for another view. @param {Wanted} wanted */
export const isSearch = wanted => Object.keys(searched(wanted)).length > 0;

/** @typedef {{shown: number, at: string, top: number}} Place how many articles are shown, the first story or article in view, and how far it is from the top */
/** The stories and articles that are shown: those of before wait, hidden, until others come. */
const cards = () => visible("#stories li, #articles article");
/** Where a reader is; null at the top of the page. @returns {Place | null} */
function placeNow() {
  const first = cards().find(card => card.getBoundingClientRect().bottom > 0);
  return first && scrollY > 0 ? { shown: document.querySelectorAll("#articles article").length, at: first.dataset.id || "", top: first.getBoundingClientRect().top } : null;
}
/** Keep it with the address that is left: who comes back is there again. */
const keepPlace = () => history.replaceState(placeNow(), "");

/** Go to where a reader was; false where what was in view is not there. @param {Place | null} place */
export function goTo(place) {
  const card = place && cards().find(each => each.dataset.id === place.at);
  if (place && card) scrollBy(0, card.getBoundingClientRect().top - place.top);
  return Boolean(card);
}

/** @type {(went: boolean) => void} */
let changed = () => {};
let shown = location.search;
/** Call a function whenever the address changes, other than in its fragment; `went`: by a link or a form, not back or forward. @param {(went: boolean) => void} listener */
export function whenChanged(listener) {
  changed = listener;
  addEventListener("pagehide", keepPlace);
  addEventListener("popstate", () => {
    const another = location.search !== shown;
    shown = location.search;
    if (another) changed(false);
  });
}
/** @param {Wanted} wanted */
export function go(wanted) {
  const next = pageAddress(wanted);
  if (next !== location.pathname + location.search) { keepPlace(); history.pushState(null, "", next); } // the same again is no step to go back
  shown = location.search;
  changed(true);
}
/** Change the address and nothing else: for what is shown already. @param {Wanted} wanted */
export function note(wanted) { history.replaceState(history.state, "", pageAddress(wanted)); shown = location.search; }

/** A link to another search: a click stays on the page, a new tab works too. @param {any} link @param {Wanted} wanted */
export function leading(link, wanted) {
  link.setAttribute("href", pageAddress(wanted));
  link.addEventListener("click", event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(wanted);
  });
  return link;
}

// -- asking

export class Refused extends Error {
  /** @param {number} status @param {string} message @param {any} [said] */
  constructor(status, message, said) { super(message); this.status = status; this.said = said; }
}

const ANSWER_MILLISECONDS = 60_000; // a connection that died without a word never says so
/** @param {RequestInit} request */
function withEnd(request) {
  if (typeof AbortSignal.any !== "function") return request;
  const end = AbortSignal.timeout(ANSWER_MILLISECONDS);
  return { ...request, signal: request.signal ? AbortSignal.any([request.signal, end]) : end };
}
/** An answer of /api/v1. @param {string} path @param {Wanted} parameters @param {RequestInit} [request] @returns {Promise<any>} */
export async function ask(path, parameters, request = {}) {
  const response = await fetch(address(`/api/v1${path}`, parameters), withEnd(request));
  if (response.ok) return response.json();
  const said = await response.json().catch(() => ({}));
  throw new Refused(response.status, said.error || `the worker answers ${response.status}`, said);
}
/** @param {any} error */
export const messageOf = error => error instanceof Refused ? error.message : "the worker does not answer";
