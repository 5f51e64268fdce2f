// Record positions: ticks and columns that answer at once, and quotes taken out of the text.
// The text is read as one string (`whole`), so that a quote is found across lines, and shown as a range of its nodes.

const form = document.getElementById("positions");
const region = document.getElementById("words");

// The grid

const everyone = document.getElementById("everyone");
const ticks = [...form.querySelectorAll("[name=confirmed]")];
const cells = [...form.querySelectorAll("[data-cell-of]")];

const countTicks = () => {
  if (!everyone) return;
  everyone.checked = ticks.every((tick) => tick.checked);
  everyone.indeterminate = !everyone.checked && ticks.some((tick) => tick.checked);
};

const tellColumn = (select) => {
  const said = select.value ? `As all: ${select.selectedOptions[0].text}` : "As for all";
  for (const cell of cells) if (cell.dataset.cellOf === select.dataset.topic) cell.options[0].text = said;
};

form.addEventListener("change", ({ target }) => {
  if (target === everyone) for (const tick of ticks) tick.checked = everyone.checked;
  if (target.matches("[data-topic]")) tellColumn(target);
  if (target.matches("[data-cell-of]")) {
    target.parentElement.classList.toggle("differs", target.value !== "");
    if (target.value && target.value !== "none") target.closest("tr").querySelector("[name=confirmed]").checked = true;
  }
  countTicks();
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey) form.requestSubmit(form.querySelector("[value=look]"));
});
for (const select of form.querySelectorAll("[data-topic]")) tellColumn(select);
for (const cell of cells) cell.parentElement.classList.toggle("differs", cell.value !== "");
countTicks();

// The text

const nodes = [];
let whole = "";
const read = (element) => {
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE && element !== region) {
      nodes.push({ node: child, start: whole.length });
      whole += child.data;
    } else if (child.nodeName === "BR") whole += " ";
    else if (child.nodeType === Node.ELEMENT_NODE && !child.classList.contains("of-topic")) read(child);
  }
  if (element.nodeName === "P") whole += "\n\n";
};

const place = (at, isEnd) => {
  const found = nodes.findLast(({ start }) => (isEnd ? start < at : start <= at)) ?? nodes[0];
  return [found.node, Math.min(at - found.start, found.node.length)];
};

const rangeOf = ([from, to]) => {
  const range = new Range();
  range.setStart(...place(from, false));
  range.setEnd(...place(to, true));
  return range;
};

// As the server finds quotes (statements/quotes.py).
const ALIKE = ["'’‘‛‚ʼ`´", '"“”„‟«»'];
const ENDS = new RegExp(`^[${ALIKE.join("")}]+|[${ALIKE.join("")}]+$`, "g");
const BEGINS = /^[\p{L}\p{N}]/u;
const CLOSES = /[\p{L}\p{N}]$/u;
const escaped = (word) =>
  [...word]
    .map((one) => {
      const alike = ALIKE.find((kind) => kind.includes(one));
      return alike ? `[${alike}]` : one.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    })
    .join("");
const pieces = (parts) => {
  const found = [];
  let after = 0;
  for (const part of parts.filter((one) => one.trim())) {
    const words = part.trim();
    const before = BEGINS.test(words) ? "(?<![\\p{L}\\p{N}_])" : "";
    const behind = CLOSES.test(words) ? "(?![\\p{L}\\p{N}_])" : "";
    const pattern = new RegExp(before + words.split(/\s+/).map(escaped).join("\\s+") + behind, "gu");
    pattern.lastIndex = after;
    const match = pattern.exec(whole);
    if (!match) return [];
    found.push([match.index, match.index + match[0].length]);
    after = found.at(-1)[1];
  }
  return found;
};
const find = (quote) => {
  const bare = quote.trim().replace(ENDS, "").trim();
  for (const parts of [[quote], [bare], bare.split(/\s*[[(]?(?:…|\.\.\.)[\])]?\s*/)]) {
    const found = pieces(parts);
    if (found.length) return found;
  }
  return [];
};

const fields = [...form.querySelectorAll("[data-quote]")];
const highlight = () => {
  if (!window.Highlight) return;
  const ranges = fields.flatMap((field) => find(field.value).map(rangeOf));
  CSS.highlights.set("typed-quotes", new Highlight(...ranges));
};

// Choosing words: with the mouse, the finger or the keys; `chosen` is [from, to] in `whole`.

let chosen = null;

const choose = (from, to) => {
  chosen = [from, to];
  const range = rangeOf(chosen);
  const selection = document.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  const [lines, frame] = [range.getBoundingClientRect(), region.getBoundingClientRect()];
  if (lines.top < frame.top || lines.bottom > frame.bottom) region.scrollTop += lines.top - frame.top - 20;
};

const onSelection = () => {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const inside = nodes.filter(({ node }) => range.intersectsNode(node));
  if (!inside.length || !region.contains(range.commonAncestorContainer)) return;
  const [first, last] = [inside[0], inside.at(-1)];
  const from = first.start + (range.startContainer === first.node ? range.startOffset : 0);
  const to = last.start + (range.endContainer === last.node ? range.endOffset : last.node.length);
  if (whole.slice(from, to).trim()) chosen = [from, to];
};

const sentences = () => {
  const parts = [...new Intl.Segmenter(document.documentElement.lang, { granularity: "sentence" }).segment(whole)];
  return parts
    .filter((part) => part.segment.trim())
    .map((part) => [part.index, part.index + part.segment.trimEnd().length]);
};
const wordStarts = () => [...whole.matchAll(/\S+/g)].map((match) => match.index);
const wordEnds = () => [...whole.matchAll(/\S+/g)].map((match) => match.index + match[0].length);

const MOVES = {
  ArrowDown: ([from]) => sentences().find((one) => one[0] > from) ?? sentences().at(-1),
  ArrowUp: ([from]) => sentences().findLast((one) => one[0] < from) ?? sentences()[0],
  "Shift+ArrowDown": ([from, to]) => [from, sentences().find((one) => one[1] > to)?.[1] ?? to],
  "Shift+ArrowUp": ([from, to]) => [from, sentences().findLast((one) => one[1] < to && one[1] > from)?.[1] ?? to],
  ArrowRight: ([from, to]) => [wordStarts().find((one) => one > from && one < to) ?? from, to],
  ArrowLeft: ([from, to]) => [wordStarts().findLast((one) => one < from) ?? from, to],
  "Shift+ArrowRight": ([from, to]) => [from, wordEnds().find((one) => one > to) ?? to],
  "Shift+ArrowLeft": ([from, to]) => [from, wordEnds().findLast((one) => one < to && one > from) ?? to],
};

const say = (text) => {
  document.getElementById("taken").textContent = text;
};

const take = (field) => {
  if (!chosen) {
    say("Choose words in the text first.");
    return;
  }
  const words = whole.slice(...chosen).trim().replace(/[^\S\n]+/g, " ");
  field.value = words;
  highlight();
  say(`Quote for ${field.dataset.quote}: “${words}”`);
};

const addButtons = (box) => {
  const help = document.createElement("p");
  help.className = "help";
  help.id = "take-help";
  help.textContent =
    "Select words, then press the button of their topic. By keyboard: ↓ and ↑ choose a sentence, Shift+→ and Shift+← " +
    "move its end, → and ← its beginning; the number takes it.";
  const buttons = document.createElement("div");
  buttons.className = "take";
  fields.forEach((field, number) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = `${number < 9 ? `${number + 1} ` : ""}Quote for ${field.dataset.quote}`;
    button.addEventListener("click", () => take(field));
    buttons.append(button);
  });
  const status = document.createElement("p");
  status.id = "taken";
  status.className = "help";
  status.setAttribute("role", "status");
  box.append(help, buttons, status);
  region.setAttribute("aria-describedby", "take-help");
};

if (region && fields.length) {
  read(region);
  addButtons(document.getElementById("take"));
  highlight();
  form.addEventListener("input", (event) => fields.includes(event.target) && highlight());
  document.addEventListener("selectionchange", onSelection);
  region.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target !== region) return;
    const move = MOVES[`${event.shiftKey ? "Shift+" : ""}${event.key}`];
    const field = /^[1-9]$/.test(event.key) && fields[event.key - 1];
    if (move) choose(...move(chosen ?? [-1, -1]));
    else if (field) take(field);
    else return;
    event.preventDefault();
  });
}
