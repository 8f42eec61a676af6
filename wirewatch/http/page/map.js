// @ts-check
// A map of the world: where the articles found are from, or where far more comes in than usual. Loaded when it is opened.
import { ask, go, leading, messageOf } from "./address.js";
import { address, byId, drawn, nameOf, node } from "./dom.js";
import { condition, facetLink, narrower } from "./facets.js";
import { latest } from "./unusual.js";
/** @typedef {import("./address.js").Wanted} Wanted */
/** @typedef {{value: number, figure: string, said: string}} Figure of a country: what colours it, and what is said of it */

const SHADES = 5, LISTED = 12, TRENDS = "200";
const SPAN = "24h"; // of the trends that are shown where the address names no time

/** @type {any} */
let world = null;
/** @type {Map<string, Element[]>} */
const shapes = new Map();

/** @param {Record<string, number>} countries @returns {Map<string, Figure>} */
const byNumber = countries => new Map(Object.entries(countries).map(([code, count]) =>
  [code, { value: Math.log1p(count), figure: count.toLocaleString("en"), said: `${count.toLocaleString("en")} ${count === 1 ? "article" : "articles"}` }]));

/** The most unusual trend of each country that goes on. @param {any[]} trends @returns {Map<string, Figure>} */
function byTrend(trends) {
  const found = new Map();
  for (const trend of latest(trends)) {
    if (trend.state === "over") continue;
    const code = trend.key.country, known = found.get(code);
    if (!code || (known && known.value >= trend.score)) continue;
    const said = `${trend.label}: ${trend.count} in ${trend.window_hours} h, usually ${trend.expected.toFixed(1)}`;
    found.set(code, { value: trend.score, figure: `${trend.count} for ${trend.expected.toFixed(1)}`, said });
  }
  return found;
}

/** Draw the map for a search. @param {any} counts a CountsAnswer of the API @param {Wanted} wanted */
export async function drawMap(counts, wanted) {
  const unusual = wanted.map === "unusual";
  try {
    if (world === null) load(await (await fetch(address("/world.json"))).json());
    const figures = unusual ? byTrend((await ask("/trends", { since: wanted.since || SPAN, limit: TRENDS })).trends) : byNumber(counts.countries);
    colour(figures, wanted);
    list(figures, wanted);
    byId("map-note").textContent = unusual
      ? figures.size ? "Where far more comes in than is usual for the hour; the number is of articles, for the usual one." : "Nothing unusual. It takes some hours of history until it is known what is usual."
      : figures.size ? "" : "No article found is about a country.";
  } catch (error) {
    byId("map-note").textContent = messageOf(error);
  }
  for (const kind of ["number", "unusual"]) {
    const link = leading(node("a", kind === "number" ? "by number" : "unusual"), { ...wanted, map: kind });
    if (unusual === (kind === "unusual")) link.setAttribute("aria-current", "true");
    byId(`map-${kind}`).replaceChildren(link);
  }
}

/** @param {any} given */
function load(given) {
  world = given;
  const chart = drawn("svg", { viewBox: `0 0 ${world.width} ${world.height}`, "aria-hidden": "true" }), points = drawn("g", {});
  for (const [code, shape] of Object.entries(world.countries)) {
    const parts = [drawn("path", { d: shape.path })];
    chart.append(parts[0]);
    if (shape.at) {
      parts.push(drawn("circle", { cx: shape.at[0], cy: shape.at[1], r: 3.5 }));
      points.append(parts[1]);
    }
    for (const part of parts) part.append(drawn("title", {}));
    shapes.set(code, parts);
  }
  chart.append(points);
  byId("world").replaceChildren(chart);
}

/** @param {Map<string, Figure>} figures @param {Wanted} wanted */
function colour(figures, wanted) {
  const most = Math.max(...[...figures.values()].map(figure => figure.value));
  for (const [code, parts] of shapes) {
    const figure = figures.get(code), chosen = (wanted.query || "").includes(condition("region", code));
    for (const part of parts) {
      const shade = figure ? Math.max(1, Math.ceil(figure.value / most * SHADES)) : 0;
      part.setAttribute("class", `shade${shade}${chosen ? " chosen" : ""}`);
      /** @type {any} */ (part.firstChild).textContent = `${nameOf("region", code)}${figure ? `: ${figure.said}` : ""}`;
      /** @type {any} */ (part).onclick = figure || chosen ? () => go(narrower(wanted, condition("region", code))) : null;
    }
  }
}

/** @param {Map<string, Figure>} figures @param {Wanted} wanted */
function list(figures, wanted) {
  const sorted = [...figures].sort((a, b) => b[1].value - a[1].value).slice(0, LISTED);
  byId("map-list").replaceChildren(...sorted.map(([code, figure]) => {
    const item = node("li"), link = facetLink(nameOf("region", code), figure.figure, condition("region", code), wanted);
    link.title = `${figure.said}. ${link.title}`;
    item.append(link);
    return item;
  }));
}
