// @ts-check
// Keys: "/" searches, Escape leaves the search, "j" and "k" go from article to article, or from alert to alert, "o" opens
// one, "a" goes to the alerts and back, "?" shows the keys.
import { wantedNow } from "./address.js";
import { byId, visible } from "./dom.js";

const ARTICLES = "#articles article", ALERTS = "#alerts > li";
/** The article or the alert where the focus is. */
const here = () => /** @type {HTMLElement | null | undefined} */ (document.activeElement?.closest(`${ARTICLES}, ${ALERTS}`));
/** Where the focus was in the articles, and where it was before the search. @type {Record<string, Element | null | undefined>} */
const left = {};

/** Go to one, where it is there. @param {Element | null | undefined} card */
function reach(card) {
  if (!(card instanceof HTMLElement) || !card.isConnected || card === document.body) return false;
  card.focus();
  card.scrollIntoView({ block: "nearest" });
  return true;
}
/** @param {number} step */
function move(step) {
  const at = here(), all = visible(at?.matches(ALERTS) ? ALERTS : ARTICLES);
  reach(all[at ? all.indexOf(at) + step : 0]);
}
function open() {
  const link = /** @type {HTMLAnchorElement | null} */ (here()?.querySelector("h3 a[href]") || null);
  if (link) window.open(link.href, "_blank", "noopener,noreferrer");
}
function toAlertsOrBack() {
  if (byId("alerts-panel").contains(document.activeElement)) {
    if (!reach(left.articles) && !reach(visible(ARTICLES)[0])) reach(byId("main"));
    return;
  }
  left.articles = document.activeElement;
  if (!reach(visible(ALERTS)[0])) reach(byId("alerts-title"));
}
function search() {
  const box = byId("search").hidden ? byId("filter") : byId("query");
  left.search = document.activeElement;
  box.focus();
  box.select();
}
/** Leave a search that was not sent: the box says again what is shown. @param {KeyboardEvent} event */
function leave(event) {
  const box = /** @type {HTMLInputElement} */ (event.target);
  if (event.key !== "Escape" || event.isComposing || box.id === "filter" && box.value) return; // the browser empties a filter first
  event.preventDefault();
  if (box.id === "query") box.value = wantedNow().query || "";
  if (!reach(left.search)) reach(byId("main"));
}

/** @type {Record<string, () => void>} */
const KEYS = { "/": search, j: () => move(1), k: () => move(-1), o: open, a: toAlertsOrBack, "?": () => byId("keys").showModal() };

/** Listen to the keys, except while somebody writes or a dialog is open. */
export function listen() {
  addEventListener("keydown", event => {
    const at = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || at.matches("input, select, textarea") || byId("keys").open) return;
    if (KEYS[event.key]) { event.preventDefault(); KEYS[event.key](); }
  });
  for (const box of ["query", "filter"]) byId(box).addEventListener("keydown", leave);
  byId("show-keys").addEventListener("click", KEYS["?"]);
}
