// Shows the cards whose text holds all the words that are typed. Without it, all cards are there.
const field = document.getElementById("search");
const cards = [...document.querySelectorAll(".cards > li")];
const status = document.getElementById("shown");
document.querySelector(".search").hidden = false;
function show() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const card of cards) {
    const text = (card.textContent + " " + card.dataset.words).toLowerCase();
    card.hidden = !words.every((word) => text.includes(word));
    shown += card.hidden ? 0 : 1;
  }
  status.textContent = words.length ? `${shown} of ${cards.length}` : "";
}
field.addEventListener("input", show);
show();
