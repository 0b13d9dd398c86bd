// Shows the cards that fit all filters and hold all the words that are typed, in themselves or in one of their queries.
// Without it, all cards are there.
"use strict";
const form = document.querySelector("form.search");
const cards = [...document.querySelectorAll(".cards > li")].map((element) => ({
  element,
  text: (element.textContent + " " + element.dataset.words).toLowerCase(),
  queries: Object.entries(QUERIES[element.dataset.name] ?? {}).map(([title, text]) => [title, text.toLowerCase()]),
}));
const has = (list, value) => !value || list.split("|").includes(value);
function show() {
  const value = (name) => form.elements[name].value;
  const words = value("text").toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const { element, text, queries } of cards) {
    const data = element.dataset;
    const within = queries.filter(([, query]) => words.some((word) => query.includes(word) && !text.includes(word)));
    const fits =
      words.every((word) => text.includes(word) || queries.some(([, query]) => query.includes(word))) &&
      has(data.level, value("level")) &&
      has(data.tactics, value("tactic")) &&
      has(data.techniques, value("technique")) &&
      has(data.platforms, value("platform"));
    element.hidden = !fits;
    shown += fits ? 1 : 0;
    const found = element.querySelector(".found");
    found.hidden = !within.length;
    found.textContent = within.length ? `In the query of ${within.map(([title]) => title).join(", ")}` : "";
  }
  form.querySelector(".shown").textContent = shown === cards.length ? "" : `${shown} of ${cards.length}`;
}
form.addEventListener("input", show);
form.addEventListener("reset", () => setTimeout(show));
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
show();
