// @ts-check
// What changes something on the worker: with the token that may write, which this tab alone remembers.
import { ask } from "./address.js";
import { node } from "./dom.js";

const TOKEN = "wirewatch-write";

/** Change something. @param {string} path @param {string} method @param {any} [body] @param {Record<string, string>} [parameters] */
export const write = (path, method, body, parameters = {}) => ask(path, parameters, { method, headers: { "X-Wirewatch-Write": sessionStorage.getItem(TOKEN) || "" }, ...(body ? { body: JSON.stringify(body) } : {}) });
/** Asks for the token that may write. */
export function tokenBox() {
  const label = node("label", "Token that may write ", "field"), box = Object.assign(node("input"), { type: "password", autocomplete: "off", value: sessionStorage.getItem(TOKEN) || "" });
  box.addEventListener("input", () => sessionStorage.setItem(TOKEN, box.value));
  label.append(box);
  return label;
}
