// @ts-check
// Watches that are begun and not in force: this tab keeps them, over links and reloads, until they are.
const PREFIX = "wirewatch-watch:";
/** What the desk has a field for. */
const PARTS = ["name", "query", "severity", "each", "cool_down", "limit_per_hour", "receivers", "trends"];
/** Characters of a query that stand for a draft without a name. */
const MOST_TITLE = 80;

/** A watch as far as the desk writes it, to be compared. @param {any} record */
const said = record => JSON.stringify(PARTS.map(part => part === "receivers" ? [...record.receivers].sort() : record[part] ?? null));

/** What this tab keeps under a key; null for nothing, and where a browser keeps nothing. @param {string} key @returns {any} */
function stored(key) { try { return JSON.parse(sessionStorage.getItem(key) || "null"); } catch { return null; } }
/** Keep a value under a key, or nothing; tell whether it is kept: a browser may refuse, and its room is bounded. @param {string} key @param {any} value */
function store(key, value) {
  try {
    if (value) sessionStorage.setItem(key, JSON.stringify(value)); else sessionStorage.removeItem(key);
    return Boolean(value);
  } catch { return false; }
}
/** The keys of all drafts. @returns {string[]} */
function keys() { try { return Object.keys(sessionStorage).filter(key => key.startsWith(PREFIX)).sort(); } catch { return []; } }

/** The drafts of this tab, each by the watch of the address and the query with which it was begun. @returns {{watch: string, query: string, title: string}[]} */
export function drafts() {
  return keys().map(key => {
    const [watch, query] = JSON.parse(key.slice(PREFIX.length)), begun = stored(key) || {};
    return { watch, query, title: begun.name || (begun.query || "").slice(0, MOST_TITLE) || "a watch" };
  });
}

/**
 * The draft of one watch: what was begun of it, how it is kept, whether it differs from the one that there is, and its end.
 * @param {string} watch @param {string} query @param {any} base the watch as it is without the draft
 */
export function draftOf(watch, query, base) {
  const key = PREFIX + JSON.stringify([watch, query]);
  let untouched = said(base);
  return {
    record: { ...base, ...stored(key) },
    /** @param {any} record @returns {{differs: boolean, isKept: boolean}} */
    keep(record) {
      const differs = said(record) !== untouched;
      return { differs, isKept: store(key, differs ? Object.fromEntries(PARTS.map(part => [part, record[part] ?? null])) : null) };
    },
    /** @param {any} [inForce] what is there from now on */
    end(inForce) {
      if (inForce) untouched = said(inForce);
      store(key, null);
    },
  };
}
