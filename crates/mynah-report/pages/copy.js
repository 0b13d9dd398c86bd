// Puts a button beside each query that copies it. Without it, queries can be selected.
"use strict";
for (const figure of document.querySelectorAll(".query")) {
  const code = figure.querySelector("code");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  if (figure.dataset.title) button.setAttribute("aria-label", `Copy ${figure.dataset.title}`);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      // A browser may not let pages of files do this: then it is selected, to be copied by hand.
      getSelection().selectAllChildren(code);
      button.textContent = "Selected";
    }
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  figure.prepend(button);
}
