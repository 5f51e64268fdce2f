// What a text is made of in the editor: exactly what oslo/richtext.py lets through, written as it writes it.
import {
    Blockquote, Bold, BulletList, Document, Extension, Gapcursor, HardBreak, Heading, History, HorizontalRule,
    Italic, ListItem, Mark, Node, OrderedList, Paragraph, Subscript, Superscript, Text,
} from "../django_prose_editor/editor.js";

const REL = "noopener noreferrer";
const PROTOCOLS = ["http:", "https:", "mailto:", ":"]; // the last is an address of this site

const Link = Mark.create({
    name: "link",
    inclusive: false,
    addAttributes: () => ({ href: { default: null }, title: { default: null } }),
    parseHTML: () => [{ tag: "a[href]:not([data-figure])", getAttrs: a => PROTOCOLS.includes(a.protocol) && null }],
    renderHTML: ({ HTMLAttributes: { href, title } }) => ["a", { href, title, rel: REL }, 0],
});

// One thing: it is inserted, moved and deleted whole, so that its number and its address cannot come apart.
const Figure = Node.create({
    name: "figure",
    group: "inline",
    inline: true,
    atom: true,
    addAttributes: () => ({
        address: { default: "", parseHTML: element => element.getAttribute("href") },
        number: { default: "", parseHTML: element => element.textContent },
    }),
    parseHTML: () => [{ tag: "a[data-figure]", priority: 100 }],
    renderHTML: ({ node: { attrs } }) => ["a", { href: attrs.address, "data-figure": "", rel: REL }, attrs.number],
    renderText: ({ node }) => node.attrs.number,
    addNodeView: () => ({ node }) => {
        const dom = document.createElement("span");
        dom.className = "live-figure";
        dom.textContent = node.attrs.number;
        dom.title = `Live figure: ${node.attrs.address}`;
        return { dom };
    },
});

// Tab leaves the text, as it leaves every field; other keys move an item in and out.
const Item = ListItem.extend({
    addKeyboardShortcuts() {
        return {
            Enter: () => this.editor.commands.splitListItem(this.name),
            "Mod-]": () => this.editor.commands.sinkListItem(this.name),
            "Mod-[": () => this.editor.commands.liftListItem(this.name),
        };
    },
});

// A list begins with 1, and its numbers are digits.
const Numbered = OrderedList.extend({ addAttributes: () => ({}), addNodeView: null });

export const extensions = shortcuts => [
    Document, Paragraph, Text, HardBreak, Heading.configure({ levels: [2, 3, 4] }), BulletList, Numbered, Item,
    Blockquote, HorizontalRule, Bold, Italic, Subscript, Superscript, Link, Figure, History, Gapcursor,
    Extension.create({ name: "shortcuts", addKeyboardShortcuts: () => shortcuts }),
];

// Stored text for the editor; what was typed without a script can be plain paragraphs.
export function contentOf(text) {
    if (/<[a-z]/i.test(text) || !text.trim()) return text;
    const inline = line => (line ? [{ type: "text", text: line }] : []);
    const paragraph = lines => lines.flatMap((line, i) => [...(i ? [{ type: "hardBreak" }] : []), ...inline(line)]);
    const paragraphs = text.trim().split(/\r?\n\s*\r?\n/).map(one => paragraph(one.split(/\r?\n/)));
    return { type: "doc", content: paragraphs.map(content => ({ type: "paragraph", content })) };
}

// What is stored of the editor's text: no empty paragraphs, and none around the only words of an item.
export function htmlOf(editor) {
    const { body } = new DOMParser().parseFromString(editor.getHTML(), "text/html");
    for (const one of body.querySelectorAll("p")) {
        const lists = [...one.parentElement.children].slice(1).every(other => other.matches("ul, ol"));
        if (one.matches("li > p:first-child") && lists) one.replaceWith(...one.childNodes);
        else if (!one.hasChildNodes()) one.remove();
    }
    return body.innerHTML;
}

// Pasted text brings styles and scripts along, which the policy of the site would refuse one by one.
export const simplified = html => html
    .replace(/<(\/?)t[dh]\b/gi, "<$1div") // each cell is a paragraph
    .replace(/<style\b[\s\S]*?<\/style>/gi, "")
    .replace(/\s(?:style|on\w+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "");
