// @ts-check
// The digests: those that will be made, each as it would be now, and those that were made. Loaded when it is opened.
import { ask, leading, messageOf } from "./address.js";
import { button, listed, node, once, withText } from "./dom.js";
import { at, when } from "./times.js";
/** @typedef {import("./address.js").Wanted} Wanted */

/** @type {Record<string, string>} */
const SECTIONS = { new: "New", developing: "Developing" };

/** Show the view. @param {any} place @param {Wanted} _ @param {AbortSignal} signal */
export async function show(place, _, signal) {
  const [{ digests }, plans] = await Promise.all([ask("/digests", { limit: "20" }, { signal }), ask("/digest-plans", {}, { signal })]);
  const bar = node("div", undefined, "bar"), how = node("p", undefined, "note");
  bar.append(node("h2", "Digests"), node("span", digests.length ? "the latest first" : "none was made yet", "soft"));
  how.append("A digest is a file in the folder that ", node("code", "digest.folder"), " names: which stories, when, and to whom.");
  const wrong = plans.problem ? plans.problem.split("\n").map(/** @param {string} fault */ fault => node("p", fault, "note fault")) : [];
  place.className = "view";
  place.replaceChildren(...wrong, ...coming(plans.digests, signal), bar, ...digests.map(drawDigest), how);
}

// -- those that will be made

/** @param {any[]} plans @param {AbortSignal} signal @returns {any[]} */
function coming(plans, signal) {
  if (!plans.length) return [];
  const bar = node("div", undefined, "bar");
  bar.append(node("h2", "Coming"), node("span", "as they would be now", "soft"));
  return [bar, ...plans.map(plan => drawPlan(plan, signal))];
}
/** @param {any} plan @param {AbortSignal} signal */
function drawPlan(plan, signal) {
  const card = node("section", undefined, "about"), meta = node("p", undefined, "meta"), place = node("div");
  place.setAttribute("role", "status");
  meta.append(...plan.due ? ["next ", at(plan.due)] : ["never due"], plan.receivers.length ? ` · to ${plan.receivers.join(", ")}` : " · to nobody");
  const preview = button("Preview", () => once(preview, async () => {
    place.textContent = "reading the stories …";
    try {
      place.replaceChildren(drawDigest(await ask(`/digest-plans/${encodeURIComponent(plan.name)}/preview`, {}, { signal }), "preview"));
    } catch (error) { if (!signal.aborted) place.replaceChildren(node("p", messageOf(error), "note")); }
  }));
  preview.setAttribute("aria-label", `Preview the digest ${plan.name}`);
  card.append(node("h2", plan.title), meta);
  if (plan.unknown_receivers.length) card.append(node("p", `This worker's settings have no receiver ${plan.unknown_receivers.join(", ")}.`, "finding"));
  card.append(preview, place);
  return card;
}

// -- one that was made, or would be

/** @param {any} digest @param {unknown} [kind] */
function drawDigest(digest, kind) {
  const preview = kind === "preview", card = node("section", undefined, preview ? "preview" : "about"), meta = node("p", undefined, "meta");
  const count = digest.sections.reduce((/** @type {number} */ sum, /** @type {any} */ section) => sum + section.stories.length, 0);
  meta.append(...preview ? ["what it would say now"] : [when(digest.at)], " · since ", at(digest.since),
    !preview && digest.receivers.length ? ` · to ${digest.receivers.join(", ")}` : "", digest.left_out ? ` · ${digest.left_out} more ${digest.left_out === 1 ? "story" : "stories"} left out` : "");
  card.append(...preview ? [] : [node("h2", digest.title)], meta);
  if (!count) card.append(node("p", preview ? "No story for it: where `empty` is not set to \"send\", nothing is sent." : "Nothing new in this time."));
  for (const section of digest.sections) {
    if (!section.stories.length) continue;
    const list = node("ul");
    list.append(...section.stories.map(drawStory));
    card.append(node("h3", SECTIONS[section.name] || section.name), list);
  }
  return card;
}
/** @param {any} story */
function drawStory(story) {
  const item = node("li");
  item.append(leading(withText("a", story.language, listed(story.title)), { story: story.id }), " ",
    node("span", [`${story.sources} ${story.sources === 1 ? "source" : "sources"}`, ...story.places.slice(0, 2)].join(" · "), "meta"));
  if (story.sentence) item.append(withText("p", story.language, story.sentence));
  if (story.latest) {
    const latest = node("p", "Latest: ");
    latest.append(withText("span", story.language, listed(story.latest)));
    item.append(latest);
  }
  return item;
}
