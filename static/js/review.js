// The review queue: the next case is already loaded and shown as soon as one is decided; filters that act at once; and "select all" boxes.
(() => {
  "use strict";

  const cases = () => [...document.querySelectorAll("#turn .case")];

  const show = (wanted) => {
    for (const one of cases()) {
      one.hidden = one !== wanted;
    }
    wanted?.querySelector("h2").focus();
  };

  // Overturning without a note will be refused, so the next case must not be shown ahead of the answer.
  const willBeRefused = (form) => document.activeElement?.value === "overturned" && !form.elements.note?.value.trim();

  document.addEventListener("htmx:before:request", (event) => {
    const form = event.detail.ctx.sourceElement?.closest?.("[data-decision]");
    const [present, next] = cases();
    if (form && next && present.contains(form) && !willBeRefused(form)) {
      show(next);
    }
  });

  // A failed decision brings its case back, with what was typed.
  const bringBack = (event) => {
    const form = event.detail.ctx?.sourceElement?.closest?.("[data-decision]");
    if (form) {
      show(form.closest(".case"));
    }
  };
  document.addEventListener("htmx:error", bringBack);
  document.addEventListener("htmx:before:swap", (event) => {
    if ((event.detail.ctx.response?.status ?? 200) >= 400) {
      bringBack(event);
    }
  });

  // Who reads a case has claimed it, and who goes on writing about it claims it again; if that fails, somebody else may be shown it too.
  const AGAIN_AFTER = 240_000;
  let claimedAt = Date.now();
  const claim = () => {
    const form = document.querySelector("form[data-claim]");
    if (form) {
      claimedAt = Date.now();
      fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => {});
    }
  };
  claim();
  document.addEventListener("input", (event) => {
    if (event.target.closest?.("[data-decision]") && Date.now() - claimedAt > AGAIN_AFTER) {
      claim();
    }
  });

  document.addEventListener("change", (event) => event.target.closest?.("form[data-live]")?.requestSubmit());

  // A request to remove, or a missing reason, is selected by itself only.
  const boxes = (all) => [...all.form.elements].filter((box) => box.name === all.dataset.selectAll && !("alone" in box.dataset));

  // How many are selected is always in sight; with Shift a whole range follows the box.
  const count = (form) => {
    const selected = form.querySelectorAll("tbody input:checked").length;
    form.querySelector("#selected-count").textContent = selected ? `${selected} selected` : "Nothing selected";
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
    if (event.target.matches?.("[data-select-all]")) {
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
