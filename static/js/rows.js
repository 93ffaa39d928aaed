// The one menu of all rows of the list: it is made that of a row just before it opens, or before a key of its items is used.
(() => {
  "use strict";

  const copied = {
    email: (row) => row.querySelector(".second").textContent,
    phone: (row) => row.querySelector("td.figures").textContent.replaceAll(/[^+\d]/g, ""),
    id: (row) => row.id.slice("c-".length),
  };

  const fit = (item, row, address) => {
    const { copyOf, ifBlacklisted, ofRow, returnTo } = item.dataset;
    if (copyOf) {
      item.dataset.copy = copied[copyOf](row);
      item.hidden = !item.dataset.copy;
      return;
    }
    item.href = address + ofRow;
    item.hidden = ifBlacklisted !== undefined && (ifBlacklisted === "yes") !== ("blacklisted" in row.dataset);
    if (returnTo) {
      item.setAttribute("data-hx-get", `${item.pathname}?return_to=${returnTo}`);
    }
  };

  // Browsers without popovers do not know the selector; there the menu stays hidden, and the page has the same.
  const isOpen = (menu) => CSS.supports("selector(:popover-open)") && menu.matches(":popover-open");

  const fitMenu = (row) => {
    for (const item of document.querySelectorAll("#row-menu :is(a, button)")) {
      fit(item, row, row.querySelector(".name").pathname);
    }
  };

  // The whole row opens, except where something else is clicked or text is selected.
  document.addEventListener("click", (event) => {
    const name = event.target.closest?.("[data-rows] tr")?.querySelector("a.name");
    const isOther = event.target.closest?.("a, button, input, label");
    if (name && !isOther && !String(getSelection())) {
      if (event.ctrlKey || event.metaKey) {
        open(name.href);
      } else {
        name.click();
      }
    }
  });

  document.addEventListener("gatebook:row", (event) => fitMenu(event.target));
  // An open menu would only close at the button of another row, which counts as inside it.
  let opened;
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.("[popovertarget=row-menu]")?.closest("tr");
    const menu = document.getElementById("row-menu");
    if (row && row !== opened && isOpen(menu)) {
      menu.hidePopover?.();
    }
    if (row) {
      fitMenu(row);
      opened = row;
    }
  });
})();
