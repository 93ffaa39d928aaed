// Ticking rows of a list: all of them, a range with Shift, and how many are selected.
(() => {
  "use strict";

  // A request to remove, or a missing reason, is selected by itself only.
  const boxes = (all) => [...all.form.elements].filter((box) => box.name === all.dataset.selectAll && !("alone" in box.dataset));

  // How many are selected is always in sight; with Shift a whole range follows the box.
  const count = (form) => {
    const selected = form.querySelectorAll("tbody input:checked").length;
    const matching = form.querySelector("#select-matching:checked");
    const text = matching ? `All ${matching.dataset.number} selected` : `${selected || "Nothing"} selected`;
    form.querySelector("#selected-count").textContent = text;
    form.toggleAttribute("data-selected", Boolean(selected || matching));
  };
  let last;
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("#selection tbody input[type=checkbox]");
    if (!box) {
      return;
    }
    const list = [...box.form.querySelectorAll("tbody input[type=checkbox]")];
    if (event.shiftKey && list.includes(last)) {
      const ends = [list.indexOf(last), list.indexOf(box)].sort((one, other) => one - other);
      for (const other of list.slice(ends[0], ends[1] + 1)) {
        other.checked = box.checked;
      }
    }
    last = box;
    count(box.form);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-select-all], #select-matching")) {
      setTimeout(() => count(event.target.form));
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-select-all]")) {
      for (const box of boxes(event.target)) {
        box.checked = event.target.checked;
      }
      return;
    }
    const all = event.target.form?.querySelector?.("[data-select-all]");
    if (all && event.target.name === all.dataset.selectAll) {
      all.checked = boxes(all).every((box) => box.checked);
    }
  });
})();
