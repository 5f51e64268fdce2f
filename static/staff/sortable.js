/* Rows of an inline formset put in order: dragged by a handle, moved by buttons, or sent to the number typed.

   Driven by the number field of each row: data-sortable names the field by whose text a row is called; data-group the field
   whose choices have an order of their own, and data-groups their headings, as {choice: heading}. The numbers are what is
   saved; the server gives the same ones again (oslo/staff/sortable.py). */

"use strict";

{
    const NUMBER = "[data-sortable]";
    const ROW = ".form-row:not(.empty-form), .inline-related:not(.empty-form)";
    const EDGE = 60; // pixels from the edge of the window, where dragging scrolls it

    const element = (name, properties = {}, attributes = {}) => {
        const made = Object.assign(document.createElement(name), properties);
        for (const [attribute, value] of Object.entries(attributes)) {
            made.setAttribute(attribute, value);
        }
        return made;
    };
    const button = (direction, sign) =>
        element("button", { type: "button", className: "sortable-button", textContent: sign }, { "data-move": direction });
    const number = row => row.querySelector(NUMBER);
    const rowOf = part => {
        const row = part.closest("tr, .inline-related");
        return row && row.matches(ROW) && number(row) ? row : null;
    };
    const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
    const isDeleted = row => Boolean(row.querySelector("[name$='-DELETE']:checked"));
    /* A row of a table stands below its errors. */
    const withErrors = row => {
        const above = row.previousElementSibling;
        return above && above.matches(".row-form-errors") ? [above, row] : [row];
    };

    class SortableList {
        constructor(container) {
            this.container = container;
            this.prefix = container.id.replace(/-group$/, "");
            const { group, groups, sortable } = container.querySelector(NUMBER).dataset;
            this.named = sortable;
            this.grouped = group;
            this.parent = container.querySelector(NUMBER).closest("tr, .inline-related").parentElement;
            this.status = element("p", { className: "visually-hidden" }, { role: "status" });
            container.append(this.status);
            this.titles = Object.entries(JSON.parse(groups || "{}")).map(([choice, words]) => this.title(choice, words));
            this.rows().forEach(row => this.setUp(row));
            this.arrange();
            this.label();
            this.listen();
        }

        // What is there

        units() {
            return [...this.parent.children].filter(one => this.titles.includes(one) || rowOf(one) === one);
        }

        rows() {
            return this.units().filter(one => !this.titles.includes(one));
        }

        /* The rows in the group of a row, and the place before its first. */
        group(row) {
            const units = this.units();
            const first = units.slice(0, units.indexOf(row)).findLastIndex(one => this.titles.includes(one)) + 1;
            const after = units.findIndex((one, i) => i >= first && this.titles.includes(one));
            return { first, title: units[first - 1], rows: units.slice(first, after < 0 ? units.length : after) };
        }

        name(row) {
            const text = field(row, this.named)?.value.trim() ?? "";
            return text ? `“${text.length > 60 ? `${text.slice(0, 59)}…` : text}”` : `number ${number(row).value}`;
        }

        // How it is made

        title(choice, words) {
            const add = element(
                "button",
                { type: "button", className: "sortable-add", textContent: `Add to ${words.toLowerCase()}` },
                { "data-add": choice }
            );
            const heading = element("span", { className: "sortable-heading", textContent: words });
            const isTable = this.parent.matches("tbody");
            const title = element(isTable ? "tr" : "div", { className: "sortable-title" }, { "data-choice": choice });
            const cell = element(isTable ? "td" : "div", isTable ? { colSpan: 100 } : {});
            cell.append(heading, add);
            title.append(cell);
            return title;
        }

        setUp(row) {
            const controls = element("span", { className: "sortable-controls" });
            const handle = element("span", { className: "sortable-handle", textContent: "⠿" }, { "aria-hidden": "true" });
            controls.append(handle, button("up", "↑"), button("down", "↓"));
            number(row).before(controls);
        }

        /* As the numbers have it: after an error they come as they were typed. */
        arrange() {
            const end = this.parent.querySelector(":scope > .empty-form, :scope > .add-row");
            const place = row => Number(number(row).value) || Infinity;
            const sorted = this.rows().map((row, i) => [row, place(row), i]);
            sorted.sort(([, a, i], [, b, j]) => (a === b ? i - j : a < b ? -1 : 1));
            const put = one => this.parent.insertBefore(one, end);
            const left = new Set(sorted.map(([row]) => row));
            for (const title of this.titles) {
                put(title);
                for (const row of left) {
                    if (field(row, this.grouped)?.value === title.dataset.choice) {
                        withErrors(row).forEach(put);
                        left.delete(row);
                    }
                }
            }
            left.forEach(row => withErrors(row).forEach(put));
        }

        label() {
            for (const row of this.rows()) {
                const { rows } = this.group(row);
                const ends = { up: row === rows[0], down: row === rows.at(-1) };
                for (const one of row.querySelectorAll("[data-move]")) {
                    const { move } = one.dataset;
                    one.setAttribute("aria-label", `Move ${this.name(row)} ${move}`);
                    one.setAttribute("aria-disabled", ends[move]);
                }
            }
        }

        // How it is changed

        /* The other unit goes around the row, which keeps its focus and the pointer that holds it. */
        step(row, by) {
            const units = this.units();
            const other = units[units.indexOf(row) + by];
            const parts = this.titles.includes(other) ? [other] : withErrors(other);
            if (by < 0) {
                row.after(...parts);
            } else {
                withErrors(row)[0].before(...parts);
            }
        }

        place(row, index) {
            const last = this.units().length - 1;
            const wanted = Math.min(Math.max(index, this.titles.length ? 1 : 0), last);
            let now = this.units().indexOf(row);
            while (now !== wanted) {
                const by = now < wanted ? 1 : -1;
                this.step(row, by);
                now += by;
            }
        }

        /* To the end of the group that was chosen. */
        placeInGroup(row) {
            const choice = field(row, this.grouped)?.value;
            const title = this.titles.find(one => one.dataset.choice === choice);
            if (!title || this.group(row).title === title) {
                return;
            }
            const units = this.units().filter(one => one !== row);
            const after = units.slice(units.indexOf(title) + 1).findIndex(one => this.titles.includes(one));
            this.place(row, after < 0 ? units.length : units.indexOf(title) + 1 + after);
        }

        move(row, by) {
            const { rows } = this.group(row);
            if (rows[rows.indexOf(row) + by]) {
                this.step(row, by);
            }
            this.settle(row);
        }

        /* The numbers follow the order; a row that is to be deleted has none of its own. */
        settle(row) {
            if (row) {
                this.join(row);
            }
            let place = 0;
            for (const one of this.units()) {
                if (this.titles.includes(one)) {
                    place = 0;
                } else if (!isDeleted(one)) {
                    place += 1;
                    number(one).value = place;
                }
            }
            this.label();
            if (row) {
                this.say(row);
            }
        }

        join(row) {
            const choice = this.group(row).title?.dataset.choice;
            if (choice) {
                field(row, this.grouped).value = choice;
            }
        }

        say(row) {
            const { title } = this.group(row);
            const count = this.group(row).rows.filter(one => !isDeleted(one)).length;
            const list = title ? `${title.querySelector(".sortable-heading").textContent}: ` : "";
            this.status.textContent = `${list}${this.name(row)} is number ${number(row).value} of ${count}.`;
        }

        /* A row was taken out, and Django has counted the rest as they stand: those on record have to come first. */
        count() {
            const rows = this.rows();
            const known = rows.filter(row => row.matches(".has_original"));
            const counter = new RegExp(`^((?:id_|select2-id_)?${this.prefix}-)\\d+`);
            [...known, ...rows.filter(row => !known.includes(row))].forEach((row, i) => {
                for (const one of [row, ...row.querySelectorAll("*")]) {
                    for (const attribute of ["id", "name", "for"]) {
                        const value = one.getAttribute(attribute);
                        if (value && counter.test(value)) {
                            one.setAttribute(attribute, value.replace(counter, `$1${i}`));
                        }
                    }
                }
            });
        }

        add(choice) {
            this.wanted = choice;
            this.container.querySelector(".add-row a").click();
            this.wanted = null;
        }

        added(row) {
            this.setUp(row);
            if (this.wanted) {
                field(row, this.grouped).value = this.wanted;
                this.placeInGroup(row);
                field(row, this.named)?.focus();
            }
            this.settle(row);
        }

        // What happens

        listen() {
            this.container.addEventListener("click", event => {
                const { move, add } = event.target.closest("button")?.dataset ?? {};
                if (move) {
                    this.move(rowOf(event.target), move === "up" ? -1 : 1);
                } else if (add) {
                    this.add(add);
                }
            });
            this.container.addEventListener("change", event => this.changed(event.target));
            this.container.addEventListener("input", () => this.label());
            this.container.addEventListener("formset:added", event => this.added(event.target));
            document.addEventListener("formset:removed", event => {
                if (event.detail.formsetName === this.prefix) {
                    queueMicrotask(() => {
                        this.count();
                        this.settle();
                    });
                }
            });
            this.container.addEventListener("pointerdown", event => this.take(event));
        }

        changed(input) {
            const row = rowOf(input);
            if (!row) {
                return;
            }
            if (input === number(row)) {
                const { first, rows } = this.group(row);
                const wanted = Math.min(Number(input.value) || rows.length, rows.length);
                this.place(row, first + Math.max(wanted, 1) - 1);
                this.settle(row);
            } else if (this.grouped && input === field(row, this.grouped) && input.value) {
                this.placeInGroup(row);
                this.settle(row);
            } else if (input.name.endsWith("-DELETE")) {
                this.settle();
            }
        }

        take(event) {
            const handle = event.target.closest(".sortable-handle");
            if (!handle || event.button) {
                return;
            }
            event.preventDefault();
            handle.setPointerCapture(event.pointerId);
            const row = rowOf(handle);
            const start = this.units().indexOf(row);
            const ended = new AbortController();
            const end = back => {
                ended.abort();
                row.classList.remove("sortable-dragged");
                if (back) {
                    this.place(row, start);
                }
                this.settle(row);
            };
            row.classList.add("sortable-dragged");
            const during = { signal: ended.signal };
            handle.addEventListener("pointermove", moved => this.drag(row, moved.clientY), during);
            handle.addEventListener("pointerup", () => end(false), during);
            handle.addEventListener("pointercancel", () => end(true), during);
            document.addEventListener("keydown", pressed => pressed.key === "Escape" && end(true), during);
        }

        /* The row goes past each other whose middle the pointer has passed. */
        drag(row, y) {
            if (y < EDGE || y > window.innerHeight - EDGE) {
                window.scrollBy(0, y < EDGE ? -EDGE / 4 : EDGE / 4);
            }
            const first = this.titles.length ? 1 : 0;
            const middle = one => one.getBoundingClientRect().top + one.offsetHeight / 2;
            for (const by of [-1, 1]) {
                for (;;) {
                    const units = this.units();
                    const next = units.indexOf(row) + by;
                    if (next < first || next >= units.length || (y - middle(units[next])) * by < 0) {
                        break;
                    }
                    this.step(row, by);
                }
            }
        }
    }

    document.addEventListener("DOMContentLoaded", () => {
        for (const container of document.querySelectorAll(".js-inline-admin-formset")) {
            if (container.querySelector(NUMBER)) {
                container.classList.add("sortable");
                new SortableList(container);
            }
        }
    });
}
