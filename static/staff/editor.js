// An editor in place of each text area with rich text. The text area keeps what is sent.
// The library is imported by its own address: an import map would be an inline script, which the policy forbids.
import { crel, Editor } from "../django_prose_editor/editor.js";
import { askForFigure, askForLink } from "./editor-dialogues.js";
import { contentOf, extensions, htmlOf, simplified } from "./editor-parts.js";

const HELP = "@ or Ctrl-K: a link to a name. Alt-F10: the tools. Ctrl-] and Ctrl-[: an item of a list in and out.";

// name, what is on the button, what it does, when it is on; a blank begins a group
const heading = level => [
    `Heading ${level}`, `H${level}`, chain => chain.toggleHeading({ level }), editor => editor.isActive("heading", { level }),
];
const toggle = (name, sign, command, mark) => [name, sign, chain => chain[command](), editor => editor.isActive(mark)];
const TOOLS = [
    heading(2), heading(3), heading(4), null,
    toggle("Bold", "B", "toggleBold", "bold"),
    toggle("Italic", "I", "toggleItalic", "italic"),
    toggle("Superscript", "x²", "toggleSuperscript", "superscript"),
    toggle("Subscript", "x₂", "toggleSubscript", "subscript"), null,
    toggle("Bulleted list", "•", "toggleBulletList", "bulletList"),
    toggle("Numbered list", "1.", "toggleOrderedList", "orderedList"),
    toggle("Quotation", "“”", "toggleBlockquote", "blockquote"),
    ["Line across", "—", chain => chain.setHorizontalRule()], null,
    ["Link", "Link", "link", editor => editor.isActive("link")],
    ["Live figure", "Figure", "figure", editor => editor.isActive("figure")], null,
    ["Undo", "↶", chain => chain.undo()],
    ["Redo", "↷", chain => chain.redo()],
];

class Writing {
    constructor(textarea) {
        this.textarea = textarea;
        this.label = textarea.labels[0];
        const name = this.label ? this.label.textContent.trim().replace(/:$/, "") : textarea.name;
        this.element = crel("div", { className: "rich-text" });
        textarea.before(this.element);
        textarea.hidden = true;
        this.help(textarea.getAttribute("aria-describedby"));
        this.editor = new Editor({
            element: this.element,
            injectCSS: false, // it is in editor.css: the policy forbids a <style>
            content: contentOf(textarea.value),
            extensions: extensions({
                "Mod-k": () => { this.link(); return true; },
                "Alt-F10": () => { this.buttons[0].focus(); return true; },
            }),
            editorProps: {
                attributes: this.attributes(name),
                transformPastedHTML: simplified,
                handleTextInput: (view, from, _to, text) => this.typed(view, from, text),
            },
            onUpdate: () => this.keep(),
            onTransaction: () => this.buttons && this.refresh(),
        });
        addEventListener("pageshow", () => this.fillInAgain());
        this.element.prepend(this.toolbar(name));
        this.label?.addEventListener("click", () => this.editor.view.focus());
        this.refresh();
    }

    // What the page says of the field is for those who write without a script.
    help(id) {
        const help = id && document.getElementById(id);
        if (help) (help.firstElementChild ?? help).textContent = HELP;
    }

    attributes(name) {
        const found = { role: "textbox", "aria-multiline": "true", "aria-label": name };
        for (const one of ["aria-describedby", "aria-invalid"])
            if (this.textarea.hasAttribute(one)) found[one] = this.textarea.getAttribute(one);
        if (this.textarea.required) found["aria-required"] = "true";
        return found;
    }

    // Where somebody comes back to the page, the browser puts into the text area what was typed before.
    fillInAgain() {
        if (this.textarea.value === this.textarea.defaultValue || this.textarea.value === htmlOf(this.editor)) return;
        this.editor.commands.setContent(contentOf(this.textarea.value));
    }

    keep() {
        this.textarea.value = htmlOf(this.editor);
        this.textarea.dispatchEvent(new Event("input", { bubbles: true }));
    }

    // The tools: one stop for Tab, arrows between them

    toolbar(name) {
        const toolbar = crel("div", { className: "rich-text-tools", role: "toolbar", "aria-label": `Tools for ${name}` });
        this.buttons = [];
        let group;
        for (const tool of [null, ...TOOLS]) {
            if (tool === null) {
                group = crel("div", { className: "rich-text-group" });
                toolbar.append(group);
                continue;
            }
            const [title, sign, run, active] = tool;
            const button = crel("button", {
                type: "button", title, textContent: sign, "aria-label": title, tabIndex: this.buttons.length ? -1 : 0,
            });
            button.addEventListener("mousedown", event => event.preventDefault()); // the text keeps the focus
            button.addEventListener("click", () => this.use(button));
            Object.assign(button, { run, active });
            this.buttons.push(button);
            group.append(button);
        }
        toolbar.addEventListener("keydown", event => this.move(event));
        return toolbar;
    }

    move(event) {
        const last = this.buttons.length - 1, at = this.buttons.indexOf(document.activeElement);
        const to = {
            ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last,
        }[event.key];
        if (event.key === "Escape") this.editor.view.focus();
        if (to === undefined) return;
        event.preventDefault();
        this.buttons.forEach((button, i) => { button.tabIndex = i === to ? 0 : -1; });
        this.buttons[to].focus();
    }

    use(button) {
        if (button.getAttribute("aria-disabled") === "true") return;
        if (typeof button.run === "string") this[button.run]();
        else button.run(this.chain()).run();
    }

    // What is typed next goes into the text: tiptap's own focus() comes a frame later.
    chain() {
        this.editor.view.focus();
        return this.editor.chain();
    }

    refresh() {
        for (const button of this.buttons) {
            const can = typeof button.run === "string" || button.run(this.editor.can().chain()).run();
            button.setAttribute("aria-disabled", String(!can));
            if (button.active) button.setAttribute("aria-pressed", String(button.active(this.editor)));
        }
    }

    // Links and figures

    typed(view, from, text) {
        const before = view.state.doc.textBetween(Math.max(0, from - 1), from, "\n", "\ufffc");
        if (text !== "@" || /\S/.test(before)) return false;
        this.link("@");
        return true;
    }

    // Where the caret is now: on a slow machine the browser tells of its last move after the next key.
    settle() {
        this.editor.view.domObserver.flush();
        return this.editor;
    }

    async link(otherwise = "") {
        const editor = this.settle(), { from, to, empty } = editor.state.selection;
        const isLink = editor.isActive("link");
        const value = isLink ? editor.getAttributes("link").href : editor.state.doc.textBetween(from, to, " ");
        const answer = await askForLink(this.textarea.dataset.links, { value, isLink });
        const chain = isLink ? this.chain().extendMarkRange("link") : this.chain();
        const after = ({ tr, commands }) => commands.setTextSelection(tr.selection.to);
        if (answer === "remove") chain.unsetMark("link").command(after).run();
        else if (answer && (isLink || !empty)) {
            chain.setMark("link", { href: answer.address, title: null }).command(after).run();
        } else if (answer) {
            const marks = [{ type: "link", attrs: { href: answer.address } }];
            chain.insertContent({ type: "text", text: answer.name, marks }).run();
        } else if (otherwise) chain.insertContent(otherwise).run();
    }

    async figure() {
        const editor = this.settle();
        const value = editor.isActive("figure") ? editor.getAttributes("figure").address : "";
        const answer = await askForFigure(this.textarea.dataset.figures, { value });
        const chain = this.chain();
        if (answer) chain.insertContent({ type: "figure", attrs: { address: answer.address, number: String(answer.count) } }).run();
    }
}

for (const textarea of document.querySelectorAll("textarea[data-rich-text]")) new Writing(textarea);
