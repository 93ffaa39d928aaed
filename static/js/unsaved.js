// Nothing that was typed is lost without a word: leaving a page with an unsaved form asks, and so does Escape in a dialog.
(() => {
  "use strict";

  const unsaved = new Set();

  const isKept = (form) => form.method === "post" && !form.matches("[role=search], [data-unasked]");

  document.addEventListener("input", ({ target }) => {
    if (target.form && isKept(target.form) && target.name) {
      unsaved.add(target.form);
    }
  });

  const isTyped = (form) => unsaved.has(form) && form.isConnected;
  document.addEventListener("submit", ({ target }) => unsaved.delete(target));
  document.addEventListener("htmx:before:request", (event) => {
    const form = event.detail.ctx?.sourceElement;
    if (form?.matches?.("form")) {
      unsaved.delete(form);
    }
  });
  const bringBack = (event) => {
    const form = event.detail.ctx?.sourceElement;
    if (form?.matches?.("form") && isKept(form)) {
      unsaved.add(form);
    }
  };
  document.addEventListener("htmx:error", bringBack);
  document.addEventListener("htmx:response:error", bringBack);

  // A form that is shown again, with what is wrong, has not been saved either.
  const addRefused = () => {
    for (const form of document.forms) {
      if (isKept(form) && form.querySelector(".error, .error-summary")) {
        unsaved.add(form);
      }
    }
  };
  addRefused();

  // What is being typed into one form survives when another one redraws the page around both.
  let typed = [];
  const fields = (form) => [...form.elements].filter((field) => field.id && field.value !== field.defaultValue);
  document.addEventListener("htmx:before:swap", () => {
    typed = [...unsaved].filter(isTyped).flatMap(fields).map(({ id, value }) => [id, value]);
  });
  document.addEventListener("htmx:after:swap", () => {
    addRefused();
    for (const [id, value] of typed) {
      const field = document.getElementById(id);
      if (field?.form && field.value !== value) {
        field.value = value;
        unsaved.add(field.form);
      }
    }
  });

  addEventListener("beforeunload", (event) => {
    if ([...unsaved].some(isTyped)) {
      event.preventDefault();
    }
  });

  // The first Escape or Cancel in a dialog with text asks; the second one closes it.
  const say = (text) => document.dispatchEvent(new CustomEvent("gatebook:say", { detail: { text, kind: "notice" } }));
  const ask = (event, dialog) => {
    const form = [...dialog.querySelectorAll("form")].find(isTyped);
    if (form) {
      event.preventDefault();
      event.stopImmediatePropagation();
      unsaved.delete(form);
      say("What you typed is not saved. Do it again to close.");
    }
  };
  for (const dialog of document.querySelectorAll("dialog.filled")) {
    dialog.addEventListener("cancel", (event) => ask(event, dialog));
  }
  document.addEventListener(
    "click",
    (event) => {
      const dialog = event.target.closest?.("[data-close]")?.closest("dialog");
      if (dialog) {
        ask(event, dialog);
      }
    },
    true,
  );
})();
