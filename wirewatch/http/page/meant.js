// @ts-check
// A query that cannot be read: the place of its fault, and the searches that may be meant.

/** The place in a fault of a query, and its text without it. @param {string} fault */
export function placeOf(fault) {
  const found = /^line (\d+), column (\d+): /.exec(fault);
  return found ? { line: Number(found[1]), column: Number(found[2]), said: fault.slice(found[0].length) } : null;
}

/** The searches that may be meant. @param {string} query @param {string} fault */
export function mayBeMeant(query, fault) {
  const quotes = withQuotes(query), words = withOperators(query);
  return quotes || (words.length ? words : withInstead(query, fault));
}
/** Those with what the fault names, in the place of what is wrong. @param {string} query @param {string} fault */
function withInstead(query, fault) {
  const place = placeOf(fault), wrong = place && /`(.+?)`/.exec(place.said)?.[1];
  if (!place || !wrong || place.line > 1) return [];
  const points = Array.from(query), before = points.slice(0, place.column - 1).join(""), rest = points.slice(place.column - 1).join("");
  if (!rest.startsWith(wrong)) return [];
  const pair = /: (.+ AND .+), or "(.+)" as a phrase\)$/.exec(place.said); // two terms with nothing between them
  if (!pair) return namesIn(place.said, wrong).map(name => before + name + rest.slice(wrong.length));
  const [, joined, phrase] = pair, both = before + wrong;
  return both.endsWith(phrase) ? [joined, `"${phrase}"`].map(each => both.slice(0, -phrase.length) + each + rest.slice(wrong.length)) : [];
}
/** @param {string} said @param {string} wrong */
function namesIn(said, wrong) {
  const names = /\(did you mean (".+")\?\)$/.exec(said)?.[1].match(/"[^"]+"/g);
  if (names) return names.map(name => /\s/.test(name) ? name : name.slice(1, -1));
  if (/\(operators are written in capitals/.test(said)) return [wrong.toUpperCase()];
  const operator = /\(write (AND|OR|NOT)\)$/.exec(said);
  return operator ? [operator[1]] : [];
}
/** One where a quotation mark that is alone has its other; null where none is alone. @param {string} query */
function withQuotes(query) {
  const text = query.trim(), quotes = text.replace(/\\./g, "").split(/["“”„«»]/).length - 1;
  if (quotes % 2 === 0) return null;
  return text.length < 2 ? [] : [quotes === 1 && /["“”»]$/.test(text) ? `"${text}` : `${text}"`];
}
/** Those of words with nothing between them: with AND, and as a phrase. @param {string} query */
function withOperators(query) {
  const words = query.trim().split(/\s+/);
  const plain = words.length < 9 && words.every(word => /^[\p{L}\p{N}][\p{L}\p{N}\p{M}'’.-]*\*?$/u.test(word) && !/^(AND|OR|NOT|NEAR|PRE)$/i.test(word));
  return plain && words.length > 1 ? [words.join(" AND "), `"${words.join(" ")}"`] : [];
}
