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

  // What was typed stays with the tab, so that Back brings it as it was: a page that must not be stored loses it
  // otherwise. Only whoever typed it gets it back, with the version of the record that they saw.
  const OWNER = "form_owner";
  const isOther = (field) =>
    field.options
      ? [...field.options].some((option) => option.selected !== option.defaultSelected)
      : field.type === "checkbox" || field.type === "radio"
      ? field.checked !== field.defaultChecked
      : field.type !== "hidden" && field.type !== "password" && field.value !== field.defaultValue;
  const remember = (forms) => {
    const typed = forms.flatMap((form) => [...form.elements].filter((field) => field.id && isOther(field)));
    const [{ elements }] = forms;
    const kept = { owner: elements[OWNER]?.value, version: elements.version?.value, fields: typed.map(({ id, value, checked }) => [id, value, checked]) };
    sessionStorage.setItem(location.pathname, JSON.stringify(kept));
  };
  const restore = ({ owner, version, fields: typed }) => {
    for (const [id, value, checked] of typed) {
      const field = document.getElementById(id);
      if (field?.form && owner && field.form.elements[OWNER]?.value === owner) {
        field.value = value;
        field.checked = checked;
        unsaved.add(field.form);
        if (version && field.form.elements.version) {
          field.form.elements.version.value = version;
        }
      }
    }
  };

  const isTyped = (form) => unsaved.has(form) && form.isConnected;
  const rememberTyped = () => {
    const forms = [...unsaved].filter(isTyped);
    if (forms.length) {
      remember(forms);
    }
    return forms.length;
  };
  document.addEventListener("submit", ({ target }) => {
    unsaved.delete(target);
    sessionStorage.removeItem(location.pathname);
  });
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
    if (rememberTyped()) {
      event.preventDefault();
    }
  });
  addEventListener("pagehide", () => rememberTyped());
  // It goes with the session, and before somebody else reads it.
  const present = document.querySelector(`[name=${OWNER}]`)?.value;
  const isTheirs = (text) => !present || JSON.parse(text).owner === present;
  for (const [path, text] of Object.entries(sessionStorage)) {
    if (document.getElementById("sign-in-form") || !isTheirs(text)) {
      sessionStorage.removeItem(path);
    }
  }
  // WebKit says that one came back only in the older way, and only after the page was shown.
  addEventListener("pageshow", () => setTimeout(() => {
    const typedHere = sessionStorage.getItem(location.pathname);
    const [how] = performance.getEntriesByType("navigation");
    if (typedHere && (how?.type === "back_forward" || performance.navigation?.type === 2)) {
      restore(JSON.parse(typedHere));
    }
  }));

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
