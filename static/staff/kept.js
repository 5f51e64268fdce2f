/* What is typed in a form stays in this browser until it is saved: neither a lost connection nor an ended session loses it. */
"use strict";
{
  const PREFIX = `kept:${document.currentScript.dataset.user}:`;
  const SENT = "kept:sent"; // in sessionStorage: the slot of what was sent last
  const LONGEST = 30 * 24 * 60 * 60 * 1000; // ms
  const PAUSE = 300; // ms after the last key
  const NOT_TYPED = ["csrfmiddlewaretoken", "loaded_version"];

  const read = (slot) => {
    try {
      return JSON.parse(localStorage.getItem(slot));
    } catch {
      return null;
    }
  };
  const write = (slot, text) => {
    try {
      localStorage.setItem(slot, text);
    } catch { /* No room, or not allowed: the page itself still has it. */ }
  };

  for (const slot of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
    const found = read(slot);
    if (!found || found.at < Date.now() - LONGEST) localStorage.removeItem(slot);
  }

  // What this tab sent is saved if the page that comes next in it says so, and no other page.
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && document.querySelector(".messagelist .success, .messagelist .saved, [data-stored]")) localStorage.removeItem(sent);

  const fieldsOf = (form) =>
    [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  const typed = (fields) =>
    JSON.stringify(fields.filter(([name]) => !NOT_TYPED.includes(name)).map(([name, text]) => [name, text.replace(/\r\n?/g, "\n")]));

  class Kept {
    constructor(marker) {
      this.form = marker.closest("form");
      this.slot = PREFIX + marker.dataset.keeps;
      this.again = marker.dataset.again.split("="); // what a form sends that is only to be shown again
      this.dialog = document.getElementById("kept");
      this.undecided = false;
      this.isTyped = "typed" in marker.dataset; // the page came with what was typed, which is not saved
      const soon = () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.keep(), PAUSE); };
      this.form.addEventListener("input", soon);
      window.django?.jQuery?.(this.form).on("change", soon); // what is found by typing tells nobody else
      this.form.addEventListener("submit", ({ submitter }) => {
        this.keep();
        if (this.isOurs && !submitter?.formTarget) sessionStorage.setItem(SENT, this.slot);
      });
      window.addEventListener("pagehide", () => this.keep());
      window.addEventListener("pageshow", () => this.look(), { once: true }); // when the browser has filled it in again
      this.dialog.addEventListener("cancel", (event) => event.preventDefault());
      this.dialog.addEventListener("click", ({ target }) => this.decide(target.dataset.does));
    }

    // The form as it came.
    get original() {
      const copy = this.form.cloneNode(true);
      copy.reset();
      return typed(fieldsOf(copy));
    }

    // Whether what is kept was typed on this page: another tab may have the same form.
    get isOurs() {
      return this.written !== undefined && localStorage.getItem(this.slot) === this.written;
    }

    keep() {
      clearTimeout(this.timer);
      if (this.undecided) return;
      const fields = fieldsOf(this.form);
      if (this.isTyped || typed(fields) !== this.original) {
        this.written = JSON.stringify({ at: Date.now(), fields });
        write(this.slot, this.written);
      } else if (this.isOurs) localStorage.removeItem(this.slot);
    }

    look() {
      const found = read(this.slot);
      if (this.isTyped) this.keep();
      else if (found && ![this.original, typed(fieldsOf(this.form))].includes(typed(found.fields))) this.offer(found);
    }

    offer(found) {
      this.undecided = true;
      this.dialog.querySelector("time").textContent = new Date(found.at).toLocaleString();
      this.dialog.showModal();
    }

    decide(what) {
      if (!what) return;
      this.dialog.close();
      const { fields } = read(this.slot) ?? { fields: [] };
      if (what === "restore") this.takeUp(fields);
      else {
        localStorage.removeItem(this.slot);
        this.undecided = false;
      }
    }

    takeUp(fields) {
      const form = document.createElement("form");
      form.method = "post";
      form.hidden = true;
      const token = this.form.elements.csrfmiddlewaretoken.value;
      for (const [name, value] of [...fields, ["csrfmiddlewaretoken", token], this.again]) {
        const field = document.createElement("textarea"); // an input would lose the ends of lines
        field.name = name;
        field.value = value;
        form.append(field);
      }
      document.body.append(form);
      form.submit();
    }
  }

  const marker = document.querySelector("[data-keeps]");
  if (marker) new Kept(marker);

  // A review sends on what was typed in the form before it.
  const review = document.querySelector("form[data-sends]");
  review?.addEventListener("submit", () => sessionStorage.setItem(SENT, PREFIX + review.dataset.sends));
}
