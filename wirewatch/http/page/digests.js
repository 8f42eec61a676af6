// @ts-check
// The digests that were made, the latest first. Loaded when it is opened.
import { ask, leading } from "./address.js";
import { ago, node, when, withText } from "./dom.js";
/** @typedef {import("./address.js").Wanted} Wanted */

/** @type {Record<string, string>} */
const SECTIONS = { new: "New", developing: "Developing" };

/** Show the view. @param {any} place @param {Wanted} _ @param {AbortSignal} signal */
export async function show(place, _, signal) {
  const { digests } = await ask("/digests", { limit: "20" }, { signal });
  const bar = node("div", undefined, "bar"), how = node("p", undefined, "note");
  bar.append(node("h2", "Digests"), node("span", digests.length ? "the latest first" : "none yet", "soft"));
  how.append("A digest is a file in the folder that ", node("code", "digest.folder"), " names; ", node("code", "wirewatch digest preview NAME"), " shows what it would say now.");
  place.className = "view";
  place.replaceChildren(bar, ...digests.map(drawDigest), how);
}
/** @param {any} digest */
function drawDigest(digest) {
  const card = node("section", undefined, "about"), meta = node("p", undefined, "meta");
  meta.append(when(digest.at), ` · since ${ago(digest.since)}`, digest.receivers.length ? ` · to ${digest.receivers.join(", ")}` : "", digest.left_out ? ` · ${digest.left_out} left out` : "");
  card.append(node("h2", digest.title), meta);
  for (const section of digest.sections) {
    if (!section.stories.length) continue;
    const list = node("ul");
    list.append(...section.stories.map(story => {
      const item = node("li");
      item.append(leading(withText("a", story.language, story.title), { story: story.id }), " ",
        node("span", [`${story.sources} ${story.sources === 1 ? "source" : "sources"}`, ...story.places.slice(0, 2)].join(" · "), "meta"));
      if (story.sentence) item.append(withText("p", story.language, story.sentence));
      return item;
    }));
    card.append(node("h3", SECTIONS[section.name] || section.name), list);
  }
  return card;
}
