// What the admin's own scripts make without a name that a screen reader can say.
"use strict";
{
    // select2 does not name what it puts in place of a choice: it gets the name of the choice.
    const nameOf = select => select.getAttribute("aria-label") ?? select.labels[0]?.textContent.trim().replace(/:$/, "");

    const name = select => {
        const selection = select.parentElement.querySelector(".select2-selection");
        if (!selection) return;
        selection.removeAttribute("aria-labelledby"); // what is chosen is its value, not its name
        selection.setAttribute("aria-label", nameOf(select));
        const text = selection.querySelector("[role=textbox]");
        text?.removeAttribute("role");
        text?.removeAttribute("aria-readonly");
        selection.querySelector("input")?.setAttribute("aria-label", nameOf(select));
    };

    const nameOpened = select => {
        const selection = select.parentElement.querySelector(".select2-selection");
        const list = document.getElementById(selection.getAttribute("aria-owns"));
        selection.setAttribute("aria-controls", list.id);
        for (const part of list.closest(".select2-dropdown").querySelectorAll("input, [role=listbox]")) {
            part.setAttribute("aria-label", nameOf(select));
        }
    };

    const chosenIn = root => root.querySelectorAll("select.admin-autocomplete");

    for (const select of chosenIn(document)) {
        select.dataset.dropdownParent = "#content"; // within the main part of the page
        // Each of several choices has its own button to remove it; one for all would stand in the list of choices.
        if (select.multiple) select.dataset.allowClear = "false";
    }
    // After admin/js/autocomplete.js, which waits for the same.
    django.jQuery(() => chosenIn(document).forEach(name));
    document.addEventListener("formset:added", event => chosenIn(event.target).forEach(name));
    django.jQuery(document).on("select2:open", event => nameOpened(event.target));

    // Two lists side by side: the name of a picture needs a picture. After admin/js/SelectFilter2.js.
    window.addEventListener("load", () => {
        document.querySelectorAll(".search-label-icon").forEach(icon => icon.setAttribute("role", "img"));
    });
}
