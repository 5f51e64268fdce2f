// The two questions that the editor asks: what to link to, and which list to count.
import { crel } from "../django_prose_editor/editor.js";

const PAUSE = 150; // ms after the last key
let made = 0;

// An absolute address of this site, from the slash on.
function local(text) {
    try {
        const url = new URL(text);
        return url.origin === location.origin ? url.pathname + url.search + url.hash : text;
    } catch {
        return text;
    }
}

function addressIn(text) {
    if (/^(https?:\/\/|mailto:)\S+$/i.test(text)) return local(text);
    if (/^\/(?!\/)\S*$/.test(text)) return text;
    if (/^[^\s@/:]+\.[a-z]{2,}(\/\S*)?$/i.test(text)) return `https://${text}`;
    return /^[^\s@/:]+@[^\s@/:]+\.[a-z]{2,}$/i.test(text) ? `mailto:${text}` : "";
}

// The JSON that the site answers; its own sentence is thrown where it refuses.
async function ask(address, parameters, signal) {
    let answer;
    try {
        const response = await fetch(`${address}?${new URLSearchParams(parameters)}`, { signal });
        answer = await response.json();
    } catch (error) {
        if (error.name === "AbortError") throw error;
        throw new Error("The site did not answer. Look whether you are still connected and logged in.");
    }
    if (answer.error) throw new Error(answer.error);
    return answer;
}

// A modal window with one field. `answer(input)` gives what the window is closed with, or throws a sentence.
function open({ title, label, help, value, button, remove }, setUp) {
    const id = `dialogue-${++made}`;
    const input = crel("input", { id: `${id}-input`, type: "text", value, autocomplete: "off", spellcheck: false });
    input.setAttribute("aria-describedby", `${id}-help`);
    const fault = crel("p", { className: "errornote", role: "alert", hidden: true });
    const status = crel("p", { className: "dialogue-status", role: "status" });
    const buttons = crel("div", { className: "dialogue-buttons" }, [
        crel("button", { type: "submit", className: "button", textContent: button }),
        ...(remove ? [crel("button", { type: "button", className: "button", textContent: remove, value: "remove" })] : []),
        crel("button", { type: "button", className: "button", textContent: "Cancel", value: "cancel" }),
    ]);
    const form = crel("form", { method: "dialog", noValidate: true }, [
        crel("h2", { id, textContent: title }),
        crel("label", { htmlFor: input.id, textContent: label }),
        input,
        crel("p", { id: `${id}-help`, className: "help", textContent: help }),
        status,
        fault,
        buttons,
    ]);
    const dialog = crel("dialog", { className: "dialogue" }, [form]);
    dialog.setAttribute("aria-labelledby", id);
    document.body.append(dialog);

    return new Promise(resolve => {
        let result = null;
        const close = with_ => { result = with_; dialog.close(); };
        const say = text => { fault.textContent = text; fault.hidden = !text; };
        const answer = setUp({ input, status, say, close, dialog });
        buttons.addEventListener("click", ({ target }) => {
            if (target.value === "cancel") close(null);
            if (target.value === "remove") close("remove");
        });
        form.addEventListener("submit", async event => {
            event.preventDefault();
            say("");
            try {
                close(await answer());
            } catch (error) {
                say(error.message);
                input.focus();
            }
        });
        dialog.addEventListener("close", () => { dialog.remove(); resolve(result); });
        dialog.showModal();
        input.select();
    });
}

// Suggestions under the field, as WAI-ARIA's combobox has it; the first is chosen until another is.
function suggest({ input, status, say, close }, address) {
    const list = crel("ul", { id: `${input.id}-list`, className: "suggestions", role: "listbox", hidden: true });
    list.setAttribute("aria-label", "Suggestions");
    input.after(list);
    input.setAttribute("role", "combobox");
    for (const [name, value] of [["autocomplete", "list"], ["expanded", "false"], ["controls", list.id]])
        input.setAttribute(`aria-${name}`, value);
    let found = [], foundFor = null, current = -1, timer, looked;

    function point(at) {
        current = at;
        [...list.children].forEach((one, i) => one.setAttribute("aria-selected", String(i === at)));
        if (at < 0) input.removeAttribute("aria-activedescendant");
        else {
            input.setAttribute("aria-activedescendant", list.children[at].id);
            list.children[at].scrollIntoView({ block: "nearest" });
        }
    }
    const typed = () => input.value.trim();
    function show(results, q) {
        found = results;
        foundFor = q;
        list.replaceChildren(...found.map(({ name, kind }, i) => {
            const words = [crel("span", { textContent: name }), crel("span", { className: "kind", textContent: kind })];
            const option = crel("li", { id: `${list.id}-${i}`, role: "option" }, words);
            option.addEventListener("mousedown", event => { event.preventDefault(); close(found[i]); });
            return option;
        }));
        list.hidden = !found.length;
        input.setAttribute("aria-expanded", String(!list.hidden));
        point(found.length ? 0 : -1);
    }
    async function look() {
        looked?.abort();
        const q = typed();
        if (!q || addressIn(q)) { show([], q); status.textContent = ""; return; }
        looked = new AbortController();
        try {
            const { results } = await ask(address, { q }, looked.signal);
            show(results, q);
            status.textContent = results.length
                ? `${results.length} suggestion${results.length === 1 ? "" : "s"}.` : "Nothing has a name like that.";
        } catch (error) {
            if (error.name !== "AbortError") { show([], q); say(error.message); }
        }
    }
    input.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(look, PAUSE);
    });
    input.addEventListener("keydown", event => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step && found.length) {
            event.preventDefault();
            point((current + step + found.length) % found.length);
        } else if (event.key === "Escape" && !list.hidden) {
            event.preventDefault();
            event.stopPropagation();
            show([], typed());
        }
    });
    return {
        // Never one of the suggestions for what was typed before.
        chosen: async () => {
            if (foundFor === typed() && found[current]) return found[current];
            do {
                clearTimeout(timer);
                await look();
            } while (foundFor !== typed());
            return found[Math.max(current, 0)] ?? null;
        },
    };
}

// → { address, name }, "remove", or null.
export const askForLink = (address, { value = "", isLink = false }) => open({
    title: "Link",
    label: "Name or address",
    help: "Begin to type the name of a state, a conference, an instrument, a topic, a report or a page; "
        + "or an address that begins with https:// or mailto:",
    value,
    button: "Link",
    remove: isLink ? "Remove the link" : "",
}, parts => {
    const suggestions = suggest(parts, address);
    if (value && !isLink) parts.input.dispatchEvent(new Event("input"));
    return async () => {
        const typed = parts.input.value.trim();
        if (addressIn(typed)) return { address: addressIn(typed), name: typed };
        const chosen = await suggestions.chosen();
        if (chosen) return chosen;
        throw new Error("Choose one of the suggestions, or type an address that begins with https:// or mailto:");
    };
});

// → { address, count }, or null.
export const askForFigure = (address, { value = "" }) => open({
    title: "Live figure",
    label: "Address of the list",
    help: "Open the list on the site, choose its filters and its day, and copy its address here. "
        + "Whoever reads the text sees how many the list has then.",
    value,
    button: "Insert",
}, ({ input, status, say }) => {
    let timer;
    const counted = () => ask(address, { address: input.value.trim() });
    const look = async () => {
        const typed = input.value;
        say("");
        status.textContent = "";
        if (!typed.trim()) return;
        try {
            const { count } = await counted();
            if (typed === input.value) status.textContent = `${count} in this list now.`;
        } catch (error) {
            if (typed === input.value) say(error.message);
        }
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, PAUSE); });
    if (value) look();
    return async () => {
        clearTimeout(timer);
        if (!input.value.trim()) throw new Error("Paste the address of a list, such as /states/?region=Asia.");
        return counted();
    };
});
