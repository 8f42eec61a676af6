// @ts-check
// Stories: what is big, new or grows, with a small line of each; and one story with all that is known of it.
import { ask, isSearch, leading, messageOf, wantedNow } from "./address.js";
import { button, byId, drawn, inList, listed, nameOf, node, seen, sourceName, speaking, withText } from "./dom.js";
import { publishedAt, since } from "./times.js";
/** @typedef {import("./address.js").Wanted} Wanted */

const FEW = 6, MANY = 40, ASKED = 24, ALL = 200, // ALL: as many as the API ranks
  MOST_LANGUAGES = 4, MOST_RELATED = 4, MOST_WORDS = 8;
const LINE_WIDTH = 72, LINE_HEIGHT = 20;
/** @type {Record<string, string>} */
const ORDERS = { big: "Big", grows: "Growing", new: "New" };
/** @type {Record<string, string>} */
const NOTHING = { big: "No story has more than one article yet.", grows: "No story grows now.", new: "No new story with more than one article." };

/** @param {number} count @param {string} noun */
const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
/** @param {any} story @returns {(string | Node)[]} */
function storyLine(story) {
  const parts = [
    [counted(story.sources, "source")], [counted(story.articles, "article")], ["first ", since(story.first_seen_at)],
    [story.regions.slice(0, 3).map(region => region.label).join(", ")],
  ].filter(([first]) => first);
  return parts.flatMap((part, index) => index ? ["\u00a0· ", ...part] : part);
}

/** Numbers as a screen reader is to say them: most parts of a story's time have none. @param {number[]} line */
export const spoken = line => line.join(", ").replace(/\b0(, 0\b)+/g, zeros => `${zeros.split(",").length} times none`);

/** Articles in equal parts of a time, as bars: text says it for those who do not see it. @param {number[]} line */
function growthLine(line) {
  const most = Math.max(1, ...line), step = LINE_WIDTH / line.length;
  const chart = drawn("svg", { class: "growth", viewBox: `0 0 ${LINE_WIDTH} ${LINE_HEIGHT}`, width: LINE_WIDTH, height: LINE_HEIGHT, role: "img" });
  chart.setAttribute("aria-label", `Articles over the time shown, the earliest first: ${spoken(line)}`);
  line.forEach((count, index) => {
    const height = count ? Math.max(2, count / most * LINE_HEIGHT) : 1;
    chart.append(drawn("rect", { class: count ? "bar" : "none", x: index * step + .5, y: LINE_HEIGHT - height, width: step - 1, height }));
  });
  return chart;
}

/** The stories of the last 24 hours, where the address asks for no search. @param {Wanted} wanted */
export async function drawStories(wanted) {
  const panel = byId("stories-panel"), order = ORDERS[wanted.stories] ? wanted.stories : "big", all = Boolean(wanted.stories);
  if (isSearch(wanted) || wanted.story) { panel.hidden = true; return; }
  const answer = await ask("/stories", { since: "24h", order, limit: String(all ? ALL : ASKED) }).catch(() => null);
  const now = wantedNow();
  if (answer === null || isSearch(now) || now.story) return;
  const found = oneOfRelated(answer.stories).map(story => drawStory(story, answer.growth[story.id]));
  const shown = found.slice(0, all ? MANY : FEW);
  byId("stories").replaceChildren(...shown);
  byId("stories-more").replaceChildren(...shown.length === found.length ? [] : [all ? moreButton(found) : leading(node("a", "More stories"), { ...wanted, stories: order })]);
  byId("stories-orders").replaceChildren(...Object.entries(ORDERS).map(([each, name]) => {
    const link = leading(node("a", name), { ...wanted, stories: each });
    if (each === order) link.setAttribute("aria-current", "true");
    return link;
  }));
  byId("stories-note").textContent = answer.stories.length ? "" : NOTHING[order];
  panel.hidden = !answer.stories.length && !all;
}
/** A button that shows the stories that do not stand there yet. @param {any[]} found all of them */
function moreButton(found) {
  return button(`Show all ${found.length} stories`, () => {
    byId("stories").replaceChildren(...found);
    byId("stories-more").replaceChildren();
    found[MANY].querySelector("a").focus();
  }, "wide");
}
/** Of stories that tell of one event in several languages the first: one event does not fill the page. @param {any[]} stories */
export function oneOfRelated(stories) {
  /** @type {Map<string, Set<string>>} */
  const groups = new Map(), shown = new Set();
  for (const story of stories) { // two may each be related to a third alone
    const ids = new Set([story.id, ...story.related].flatMap(id => [...groups.get(id) || [id]]));
    for (const id of ids) groups.set(id, ids);
  }
  return stories.filter(story => !shown.has(groups.get(story.id)) && shown.add(groups.get(story.id)));
}
/** The languages of the same event elsewhere: a story's id begins with its own. @param {any} story @returns {string} */
function elsewhere(story) {
  const names = [...new Set(story.related.map(/** @param {string} id */ id => nameOf("language", id.slice(0, id.lastIndexOf("-")))))];
  const more = names.length - MOST_LANGUAGES;
  return names.length ? `also in ${names.slice(0, MOST_LANGUAGES).join(", ")}${more > 0 ? ` and ${more} more` : ""}` : "";
}
/** The report that came out last, where a story has its title of another. @param {any} story */
const lastOf = story => story.latest && story.latest.title !== story.title ? story.latest : null;
/** @param {any} story @param {number[] | undefined} line */
function drawStory(story, line) {
  const item = node("li"), meta = node("p", undefined, "meta");
  const also = elsewhere(story);
  meta.append(...storyLine(story), also ? `\u00a0· ${also}` : "");
  const head = node("div", undefined, "head");
  const link = leading(withText("a", story.languages[0], seen(story.title)), { story: story.id });
  link.title = story.title; // a very long one is cut off
  head.append(link);
  const last = lastOf(story);
  if (last) { // its title may be that of a rumour that was denied
    const line = node("p", "Latest: ", "last");
    line.append(withText("span", story.languages[0], seen(last.title)));
    line.title = last.title;
    head.append(line);
  }
  const foot = node("div", undefined, "foot");
  foot.append(meta);
  if (line) foot.append(growthLine(line));
  item.append(head, foot);
  item.dataset.id = story.id;
  return item;
}

// -- one story

/** Show one story above its articles. @param {any} answer a StoryAnswer of the API */
export function drawOneStory(answer) {
  const { story, events } = answer, about = node("div", undefined, "about");
  const back = leading(node("a", "All stories"), {});
  const line = node("p", undefined, "meta");
  line.append(...storyLine(story), " · last ", since(story.last_seen_at));
  const title = withText("h2", story.languages[0], listed(story.title));
  about.append(back, title, line);
  if (events.length > 2) about.append(growthLine(parts(events.map(event => Date.parse(event.last_seen_at)))));
  if (story.lead && story.lead !== story.title) about.append(withText("p", story.languages[0], story.lead));
  about.append(...[newestOf(story), latestOf(story), sharesOf(story), headlinesOf(story), relatedOf(story), wordsOf(answer)].filter(part => part !== null));
  byId("story").replaceChildren(about);
  byId("story").hidden = false;
  document.title = `${listed(story.title)} · wirewatch`;
}
/** Count times in 24 equal parts from the first to the last. @param {number[]} times */
function parts(times) {
  const first = Math.min(...times), width = (Math.max(...times) - first) / 24 || 1, found = Array(24).fill(0);
  for (const time of times) found[Math.min(23, Math.floor((time - first) / width))] += 1;
  return found;
}
/** @param {string} title @param {any[]} items */
function section(title, items) {
  if (!items.length) return null;
  const made = node("section"), list = node("ul");
  list.append(...items.map(item => { const line = node("li"); line.append(...item); return line; }));
  made.append(node("h3", title), list);
  return made;
}
/** @param {any} article a StoryArticle of the API */
function headline(article) {
  const title = speaking("span", null);
  title.append(inList(article.title, article.url));
  const source = node("span", undefined, "meta");
  source.append(node("bdi", sourceName(article.source)), article.duplicate ? ", a copy, " : ", ");
  return [title, " ", source, publishedAt(article.published_at || article.fetched_at)];
}
/** The latest article that brought something new. @param {any} story */
const newestOf = story => section("What is new", story.newest ? [headline(story.newest)] : []);
/** The report that came out last, where it is not the one that brought something new. @param {any} story */
const latestOf = story => section("Latest report", lastOf(story) && story.latest.id !== story.newest?.id ? [headline(story.latest)] : []);
/** @param {any} story */
const headlinesOf = story => section("Other headlines", story.headlines.filter(each => each.id !== story.newest?.id && each.id !== lastOf(story)?.id).map(headline));
/** @param {any} story */
function sharesOf(story) {
  const shares = [...story.regions.slice(0, 4), ...story.topics.slice(0, 4)], made = node("section"), line = node("p");
  if (!shares.length) return null;
  shares.forEach((share, index) => line.append(index ? ", " : "", share.label, " ", node("span", `${Math.round(share.share * 100)}%`, "meta")));
  made.append(node("h3", "Share of its articles about"), line);
  return made;
}
/** The same events in other languages, beside each other. @param {any} story */
function relatedOf(story) {
  if (!story.related.length) return null;
  const made = node("section", undefined, "languages"), list = node("ul");
  made.append(node("h3", "In other languages"), list);
  for (const id of story.related.slice(0, MOST_RELATED)) {
    ask(`/stories/${encodeURIComponent(id)}`, {}).then(({ story: other }) => {
      const line = node("li"), meta = node("p", undefined, "meta");
      meta.append(nameOf("language", other.languages[0]), " · ", ...storyLine(other));
      line.append(leading(withText("a", other.languages[0], listed(other.title)), { story: other.id }), meta);
      list.append(line);
    }).catch(error => list.append(node("li", messageOf(error), "meta")));
  }
  return made;
}
/** Words that stand in most headlines: articles join a story by rare words, names and places that they share. @param {any} answer */
function wordsOf(answer) {
  if (answer.articles.length < 2 || typeof Intl.Segmenter !== "function") return null;
  const counts = new Map(), cut = new Intl.Segmenter(answer.story.languages[0], { granularity: "word" });
  for (const article of answer.articles) {
    const words = [...cut.segment(article.title)].filter(part => part.isWordLike && part.segment.length > 2).map(part => part.segment.toLowerCase());
    for (const word of new Set(words)) counts.set(word, (counts.get(word) || 0) + 1);
  }
  const shared = [...counts].filter(([, count]) => count > 1 && count >= answer.articles.length / 2).sort((a, b) => b[1] - a[1]).slice(0, MOST_WORDS);
  if (!shared.length) return null;
  const made = node("section");
  made.append(node("h3", "Why these articles"), node("p", "Articles join a story by rare words, names and places that they share. In most of its headlines:", "meta"),
    withText("p", answer.story.languages[0], shared.map(([word]) => word).join(", ")));
  return made;
}
