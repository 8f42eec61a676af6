// @ts-check
// What changes something on the worker: with the token that may write, which this tab alone remembers.
import { Refused, ask } from "./address.js";
import { node } from "./dom.js";

const TOKEN = "wirewatch-write";

/** Change something. @param {string} path @param {string} method @param {any} [body] @param {Record<string, string>} [parameters] */
export async function write(path, method, body, parameters = {}) {
  const token = sessionStorage.getItem(TOKEN) || "";
  try {
    return await ask(path, parameters, { method, headers: { "X-Wirewatch-Write": token }, ...(body ? { body: JSON.stringify(body) } : {}) });
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401) throw error;
    throw new Refused(401, token ? "This is not the token that may write here." : "Give the token that may write; nothing is changed yet.");
  }
}
/** Asks for the token that may write. */
export function tokenBox() {
  const label = node("label", "Token that may write ", "field"), box = Object.assign(node("input"), { type: "password", autocomplete: "off", value: sessionStorage.getItem(TOKEN) || "" });
  box.addEventListener("input", () => sessionStorage.setItem(TOKEN, box.value));
  label.append(box);
  return label;
}
