// @ts-check
// What became of an article: its copies elsewhere, and its revisions with the words that changed. Loaded when it is opened.
import { ask, messageOf } from "./address.js";
import { inList, node, speaking } from "./dom.js";
import { publishedAt, when } from "./times.js";

const MAX_WORDS = 1_500; // of what differs between two versions, each: comparing them takes their product
const AROUND = 6; // words that stay beside those that changed
const MOST_COPIES = 20;

/** @param {string} text @returns {string[]} words, each with the space behind it */
const wordsOf = text => text.match(/\S+\s*/g) || [];
/** @param {string} one @param {string} other */
const same = (one, other) => one.trim() === other.trim();

/**
 * The words of two texts: [" ", word] in both, ["-", word] in the earlier alone, ["+", word] in the later alone.
 * By the longest common subsequence (Hirschberg's problem, solved by its table) of what lies between the parts that are
 * alike at the beginning and at the end; of what is longer than can be compared, all is said to differ.
 * @param {string} before @param {string} after @returns {[string, string][]}
 */
export function changes(before, after) {
  const one = wordsOf(before), other = wordsOf(after);
  let first = 0, end = 0;
  while (first < one.length && first < other.length && same(one[first], other[first])) first += 1;
  while (end < one.length - first && end < other.length - first && same(one[one.length - 1 - end], other[other.length - 1 - end])) end += 1;
  const left = one.slice(first, one.length - end), right = other.slice(first, other.length - end);
  const whole = /** @param {string} sign @param {string[]} words */ (sign, words) => words.map(word => /** @type {[string, string]} */ ([sign, word]));
  const between = left.length > MAX_WORDS || right.length > MAX_WORDS ? [...whole("-", left), ...whole("+", right)] : compared(left, right);
  return [...whole(" ", one.slice(0, first)), ...between, ...whole(" ", end ? one.slice(-end) : [])];
}
/** @param {string[]} left @param {string[]} right @returns {[string, string][]} */
function compared(left, right) {
  const width = right.length + 1, table = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--)
      table[i * width + j] = same(left[i], right[j]) ? table[(i + 1) * width + j + 1] + 1 : Math.max(table[(i + 1) * width + j], table[i * width + j + 1]);
  /** @type {[string, string][]} */
  const found = [];
  for (let i = 0, j = 0; i < left.length || j < right.length;) {
    if (i < left.length && j < right.length && same(left[i], right[j])) { found.push([" ", right[j]]); i += 1; j += 1; }
    else if (j >= right.length || (i < left.length && table[(i + 1) * width + j] >= table[i * width + j + 1])) found.push(["-", left[i++]]);
    else found.push(["+", right[j++]]);
  }
  return found;
}

/** The changed words with a few around them. @param {string} before @param {string} after @param {string | null} language */
function drawChanges(before, after, language) {
  const text = speaking("p", language, "changes"), all = changes(before, after);
  const near = all.map((_, index) => all.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(([sign]) => sign !== " "));
  all.forEach(([sign, word], index) => {
    if (!near[index]) { if (index && near[index - 1]) text.append("… "); return; }
    text.append(sign === " " ? word : node(sign === "+" ? "ins" : "del", word.trimEnd()), sign === " " ? "" : " ");
  });
  return text;
}

/** Fill a part of a card with an article's versions and copies. @param {any} place @param {string} id */
export async function drawVersions(place, id) {
  try {
    const { versions, duplicates } = await ask(`/articles/${encodeURIComponent(id)}`, {});
    const parts = versions.slice(0, -1).flatMap((later, index) => {
      const earlier = versions[index + 1], line = node("p", "Revised ", "meta");
      line.append(when(later.fetched_at));
      const title = later.title === earlier.title ? [] : [drawChanges(earlier.title, later.title, later.language)];
      return [line, ...title, later.text === earlier.text ? node("p", "The text is the same.", "meta") : drawChanges(earlier.text, later.text, later.language)];
    });
    const copies = node("ul");
    copies.append(...duplicates.slice(0, MOST_COPIES).map(copy => {
      const line = node("li"), title = speaking("span", null);
      title.append(inList(copy.title, copy.url));
      line.append(title, " ", node("span", `${copy.source}, ${copy.kind} `, "meta"), publishedAt(copy.published_at || copy.fetched_at));
      return line;
    }));
    if (duplicates.length) parts.push(node("p", `${duplicates.length} ${duplicates.length === 1 ? "copy" : "copies"} elsewhere`, "meta"), copies);
    place.replaceChildren(...parts.length ? parts : [node("p", "No copy, no revision.", "meta")]);
  } catch (error) {
    place.replaceChildren(node("p", messageOf(error), "meta"));
  }
}
