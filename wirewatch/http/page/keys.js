// @ts-check
// Keys: "/" searches, "j" and "k" go from article to article, "o" opens one, "?" shows the keys.
import { byId } from "./dom.js";

/** @param {number} step */
function move(step) {
  const cards = [...document.querySelectorAll("#articles article")];
  const now = cards.findIndex(card => card.contains(document.activeElement));
  const next = /** @type {HTMLElement | undefined} */ (cards[now < 0 ? 0 : now + step]);
  if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
}
function open() {
  const card = document.activeElement?.closest("article");
  const link = /** @type {HTMLAnchorElement | null} */ (card ? card.querySelector("h3 a[href]") : null);
  if (link) window.open(link.href, "_blank", "noopener,noreferrer");
}
function search() {
  const box = byId("search").hidden ? byId("filter") : byId("query");
  box.focus();
  box.select();
}

/** @type {Record<string, () => void>} */
const KEYS = { "/": search, j: () => move(1), k: () => move(-1), o: open, "?": () => byId("keys").showModal() };

/** Listen to the keys, except while somebody writes or a dialog is open. */
export function listen() {
  addEventListener("keydown", event => {
    const at = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || at.matches("input, select, textarea") || byId("keys").open) return;
    if (KEYS[event.key]) { event.preventDefault(); KEYS[event.key](); }
  });
  byId("show-keys").addEventListener("click", KEYS["?"]);
}
