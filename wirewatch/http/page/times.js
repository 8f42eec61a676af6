// @ts-check
// Times in words, by the reader's clock. A tab stays open for days: each word that time makes wrong is said anew.

const dayForm = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short" });
const dateForm = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const clockForm = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const MONTH_SECONDS = 30 * 86400, CLOCKS_DIFFER = 3600; // in seconds

/** @param {string} time */
const utc = time => time.slice(0, 16).replace("T", " ") + " UTC";
/** The time of day by the reader's clock. @param {string | number} time */
export const clock = time => clockForm.format(new Date(time));
/** Whether of a publication the day alone is known: it stands at the day's beginning, in UTC. @param {string} time */
const isDayAlone = time => /T00:00:00(\.0+)?(Z|\+00:00)$/.test(time);
/** A publication where the reader is; a day alone is the same everywhere. @param {string} time */
const here = time => isDayAlone(time) ? new Date(time.slice(0, 19)) : new Date(time);

/** The day of a publication, or of any moment, where the reader is. @param {string} time @param {Date} [at] */
export function dayOf(time, at = here(time)) {
  const date = dateForm.format(at), now = new Date();
  if (date === dateForm.format(now)) return "Today";
  if (date === dateForm.format(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))) return "Yesterday";
  return at.getFullYear() === now.getFullYear() ? dayForm.format(at) : date;
}
/** @param {string} time */
const dayAndClock = time => `${dayOf(time, new Date(time))}, ${clock(time)}`;
/** @param {string} time */
const dayOrClock = time => isDayAlone(time) ? dayOf(time) : dayAndClock(time);
/** @param {string} words */
const within = words => words.replace(/^(Today|Yesterday)/, day => day.toLowerCase());
/** @param {string} time */
const dayAndHour = time => `${dayOf(time)}, ${String(new Date(time).getHours()).padStart(2, "0")}:00`;

/** How long ago a moment is; its date where that is more than a month, or by more than two clocks differ in the future. @param {string} time */
export function ago(time) {
  const seconds = (Date.now() - Date.parse(time)) / 1000;
  if (seconds < -CLOCKS_DIFFER) return dateForm.format(new Date(time));
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return seconds < MONTH_SECONDS ? `${Math.floor(seconds / 86400)} d ago` : dateForm.format(new Date(time));
}
/** In how long a moment will be. @param {string} time */
function ahead(time) {
  const seconds = (Date.parse(time) - Date.now()) / 1000;
  if (seconds < 60) return "at any moment";
  if (seconds < 3600) return `in ${Math.floor(seconds / 60)} min`;
  return seconds < 86400 ? `in ${Math.floor(seconds / 3600)} h` : `in ${Math.floor(seconds / 86400)} d`;
}

/** Ways to say a moment, each the class of the elements that say it so. @type {Record<string, (time: string) => string>} */
const WAYS = {
  when: dayAndClock, published: dayOrClock, ago, later: ahead, day: time => dayOf(time), hour: dayAndHour,
  at: time => within(dayAndClock(time)), "published-at": time => within(dayOrClock(time)),
};
const HEADS = ["day", "hour"], PUBLISHED = ["published", "published-at"];
/** A moment said in one of these ways; the title has it in UTC, that of a head its date. @param {string} time @param {string} way */
function said(time, way) {
  const title = HEADS.includes(way) ? dateForm.format(here(time)) : isDayAlone(time) && PUBLISHED.includes(way) ? time.slice(0, 10) : utc(time);
  return Object.assign(document.createElement("time"), { className: way, dateTime: time, textContent: WAYS[way](time), title });
}
/** Say all moments in a part of the page as they are to be said now. @param {ParentNode} [place] */
export function sayAnew(place = document) {
  for (const each of /** @type {NodeListOf<HTMLTimeElement>} */ (place.querySelectorAll("time[class]"))) {
    const text = WAYS[each.className]?.(each.dateTime) ?? each.textContent;
    if (each.textContent !== text) each.textContent = text; // what somebody has selected stays so
  }
}

/** What is copied goes to a mail or a sheet, where "just now" and "today" say nothing: the times in it are copied as their titles. */
export function copyWhole() {
  addEventListener("copy", () => {
    const selection = getSelection();
    if (!selection || selection.isCollapsed) return;
    const end = selection.getRangeAt(0).endContainer; // the end of what is copied would be lost with its text
    for (const each of /** @type {NodeListOf<HTMLTimeElement>} */ (document.querySelectorAll("time[class]")))
      if (selection.containsNode(each, true) && !each.contains(end)) each.textContent = each.title;
    setTimeout(sayAnew);
  });
}

const noDate = () => Object.assign(document.createElement("span"), { textContent: "no date" });
/** A moment by the reader's clock. @param {string} time */
export const when = time => said(time, "when");
/** A moment within a sentence. @param {string} time */
export const at = time => said(time, "at");
/** When an article came out, by the reader's clock, or its day alone. @param {string | null} time */
export const published = time => time ? said(time, "published") : noDate();
/** When an article came out, within a sentence. @param {string | null} time */
export const publishedAt = time => time ? said(time, "published-at") : noDate();
/** How long ago a moment is. @param {string} time */
export const since = time => said(time, "ago");
/** In how long a moment will be. @param {string} time */
export const later = time => said(time, "later");

/** The way to say when the articles around one came out: by the hour for today and yesterday, by the day before that. @param {string} time */
const wayOfGroup = time => !isDayAlone(time) && ["Today", "Yesterday"].includes(dayOf(time)) ? "hour" : "day";
/** The head of the articles of an hour or a day; none where those of another moment have it already. @param {string} time @param {string} [before] that moment */
export function headOf(time, before) {
  const way = wayOfGroup(time);
  return before && wayOfGroup(before) === way && WAYS[way](before) === WAYS[way](time) ? null : said(time, way);
}
