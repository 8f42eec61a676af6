// @ts-check
// Watches that are begun and not in force: this tab keeps them, over links and reloads, until they are.
const PREFIX = "wirewatch-watch:";
/** What the desk has a field for. */
const PARTS = ["name", "query", "severity", "each", "cool_down", "limit_per_hour", "receivers", "trends"];

const MOST_TITLE = 80;

/** A watch as far as the desk writes it, to be compared. @param {any} record */
const said = record => JSON.stringify(PARTS.map(part => part === "receivers" ? [...record.receivers].sort() : record[part] ?? null));

/** The drafts of this tab, each by the watch of the address and the query with which it was begun. @returns {{watch: string, query: string, title: string}[]} */
export function drafts() {
  return Object.keys(sessionStorage).filter(key => key.startsWith(PREFIX)).sort().map(key => {
    const [watch, query] = JSON.parse(key.slice(PREFIX.length));
    const begun = JSON.parse(sessionStorage.getItem(key) || "{}");
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
  const begun = JSON.parse(sessionStorage.getItem(key) || "null");
  return {
    record: begun ? { ...base, ...begun } : base,
    /** @param {any} record @returns {boolean} whether it is kept */
    keep(record) {
      if (said(record) === untouched) { sessionStorage.removeItem(key); return false; }
      sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(PARTS.map(part => [part, record[part]]))));
      return true;
    },
    /** @param {any} [inForce] what is there from now on */
    end(inForce) {
      if (inForce) untouched = said(inForce);
      sessionStorage.removeItem(key);
    },
  };
}
