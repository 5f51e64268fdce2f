/* Gives names to what Django's inlines and Select2 leave without: for those who hear the page. */

"use strict";

{
    const nameAll = () => {
        for (const input of document.querySelectorAll(".select2-search__field:not([aria-label])")) {
            const choice = input.closest(".select2-container")?.parentElement.querySelector("select");
            input.setAttribute("aria-label", choice?.getAttribute("aria-label") ?? choice?.labels[0]?.innerText ?? "Search");
        }
    };

    document.addEventListener("DOMContentLoaded", () => {
        for (const heading of document.querySelectorAll(".tabular th.original:empty")) {
            heading.append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: "Record" }));
        }
        new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
        nameAll();
    });
}
