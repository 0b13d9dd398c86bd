// Sorts tables, and filters and orders findings. Without it, everything is there in the order of time.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
      const rows = [...body.rows].map((row) => [key(row), row]);
      rows.sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }) * (down ? -1 : 1));
      body.append(...rows.map(([, row]) => row));
    });
  });
}

function open(id) {
  const target = id && document.getElementById(id);
  const around = target && target.closest("details");
  if (around) {
    around.open = true;
    around.scrollIntoView();
  }
}
window.addEventListener("hashchange", () => open(location.hash.slice(1)));
open(location.hash.slice(1));

// What is folded is printed too.
let folded = [];
window.addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const one of folded) one.open = true;
});
window.addEventListener("afterprint", () => {
  for (const one of folded) one.open = false;
});

const form = document.querySelector("form.filters");
if (form) {
  const list = document.querySelector(".list");
  const lines = (text) => (text ? text.split("\n") : []);
  const findings = [...list.children].map((element) => {
    const data = element.dataset;
    return {
      element,
      level: data.level,
      rule: data.rule,
      title: data.title,
      hosts: lines(data.hosts),
      users: lines(data.users),
      techniques: data.techniques.split(" ").filter(Boolean),
      first: data.first === "none" ? NaN : Number(data.first),
      last: data.last === "none" ? NaN : Number(data.last),
      severity: Number(data.severity),
      events: Number(data.events),
    };
  });
  const fields = form.elements;
  const fill = (name, values) => {
    for (const value of [...new Set(values)].sort()) fields[name].add(new Option(value, value));
  };
  fill("host", findings.flatMap((one) => one.hosts));
  fill("user", findings.flatMap((one) => one.users));
  fill("technique", findings.flatMap((one) => one.techniques.flatMap((id) => [id, id.split(".")[0]])));
  const used = new Set(findings.map((one) => one.rule));
  for (const option of [...fields.rule.options]) if (option.value && !used.has(option.value)) option.remove();

  const utc = (text) => (text ? Date.parse(text + "Z") : NaN);
  const show = () => {
    const levels = new Set([...form.querySelectorAll("[name=level]:checked")].map((box) => box.value));
    const [rule, host, user, technique] = ["rule", "host", "user", "technique"].map((name) => fields[name].value);
    const [from, to] = [utc(fields.from.value), utc(fields.to.value)];
    const words = fields.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const one of findings) {
      // A text is searched when it is first asked for.
      if (words.length) one.text ??= one.element.textContent.toLowerCase();
      const fits =
        levels.has(one.level) &&
        (!rule || one.rule === rule) &&
        (!host || one.hosts.includes(host)) &&
        (!user || one.users.includes(user)) &&
        (!technique || one.techniques.some((id) => id === technique || id.startsWith(technique + "."))) &&
        (isNaN(from) || one.last >= from) &&
        (isNaN(to) || one.first < to) &&
        words.every((word) => one.text.includes(word));
      one.element.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    form.querySelector(".shown").textContent = `${shown} of ${findings.length} shown`;
  };
  const order = () => {
    const down = fields.order.value.startsWith("-");
    const name = fields.order.value.replace("-", "");
    const key = (one) => (name === "host" ? one.hosts[0] ?? "" : one[name]);
    const compare = (a, b) =>
      typeof a === "string" ? a.localeCompare(b) : (isNaN(a) ? -Infinity : a) - (isNaN(b) ? -Infinity : b) || 0;
    findings.sort((a, b) => compare(key(a), key(b)) * (down ? -1 : 1));
    list.append(...findings.map((one) => one.element));
  };
  let waiting;
  form.addEventListener("input", (event) => {
    if (event.target.name === "order") return order();
    clearTimeout(waiting);
    waiting = setTimeout(show, event.target.name === "text" ? 150 : 0);
  });
  form.addEventListener("reset", () => setTimeout(() => (order(), show())));
  form.addEventListener("submit", (event) => event.preventDefault());
  // A technique of the matrix, a bar of the timeline, filter by themselves.
  const filtered = (set) => {
    form.reset();
    setTimeout(() => {
      set();
      show();
      document.getElementById("findings").scrollIntoView();
    });
  };
  for (const link of document.querySelectorAll("a[data-technique]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      filtered(() => (fields.technique.value = link.dataset.technique));
    });
  }
  const local = (time) => new Date(Number(time)).toISOString().slice(0, 19);
  for (const bar of document.querySelectorAll(".histogram g")) {
    bar.addEventListener("click", () =>
      filtered(() => {
        fields.from.value = local(bar.dataset.since);
        fields.to.value = local(bar.dataset.until);
      }),
    );
  }
  form.hidden = false;
  show();
}
