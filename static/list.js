// Lists change in place (htmx). What htmx does not do: leave out empty fields, keep open what was open, say how many
// records there are now, and take the keyboard to the results after a link or the button.

const list = () => document.getElementById("list");
let before = { open: [], scroll: [], focused: "" };
let toResults = false;

document.addEventListener("htmx:configRequest", (event) => {
  if (["submit", "click"].includes(event.detail.triggeringEvent?.type)) toResults = true;
  const form = event.detail.parameters;
  for (const name of [...form.keys()]) {
    const filled = form.getAll(name).filter((value) => value.trim());
    form.delete(name);
    for (const value of filled) form.append(name, value);
  }
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== list()) return;
  if (event.detail.xhr.status === 400) event.detail.shouldSwap = false;
  before = {
    open: [...list().querySelectorAll("details[id]")].map((one) => [one.id, one.open]),
    scroll: [...list().querySelectorAll("fieldset")].map((one) => [one.parentElement.id, one.scrollTop]),
    focused: document.activeElement.id,
  };
});

document.addEventListener("htmx:afterSettle", () => {
  for (const [id, open] of before.open) {
    const details = document.getElementById(id);
    if (details) details.open = open;
  }
  for (const [id, top] of before.scroll) {
    const fieldset = document.querySelector(`#${id} > fieldset`);
    if (fieldset) fieldset.scrollTop = top;
  }
  const results = document.getElementById("results");
  document.getElementById("announced").textContent = results?.querySelector("[data-count]")?.textContent ?? "";
  if (toResults) results?.focus();
  else if (before.focused) document.getElementById(before.focused)?.focus({ preventScroll: true });
  toResults = false;
});

// An address that the server refuses is shown as the page that says why.
const show = (event) => window.location.assign(event.detail.pathInfo.finalRequestPath);
document.addEventListener("htmx:responseError", show);
// Without a connection the browser says so.
document.addEventListener("htmx:sendError", show);
