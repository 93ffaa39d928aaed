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
})();
