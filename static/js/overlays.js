// Overlays: messages, the dialogs in which fragments open, row menus; and copying to the clipboard.
(() => {
  "use strict";

  const say = (text, kind) => {
    const shown = [...document.querySelectorAll(".toast p")].some((line) => line.textContent === text);
    const toast = document.getElementById("toast-template")?.content.cloneNode(true);
    if (toast && !shown) {
      toast.querySelector("p").textContent = text;
      toast.querySelector(".toast").className = `toast ${kind}`;
      document.getElementById("toasts").append(toast);
    }
  };
  document.addEventListener("gatebook:say", (event) => say(event.detail.text, event.detail.kind));

  // A dialog opens when a fragment fills it and closes when one empties it. While it is open, messages go inside it,
  // because everything outside a modal dialog is inert.
  const dialogs = [...document.querySelectorAll("dialog.filled")];
  const toasts = document.getElementById("toasts");
  const placeToasts = () => (dialogs.findLast((dialog) => dialog.open) ?? document.body).append(toasts);

  // Several requests may find that the session has ended; only the first one asks, so that nothing typed is overwritten.
  const again = document.getElementById("again");
  // Each answer may have begun a session of its own; the browser keeps the last one, and so must the form.
  const askOnce = ({ ctx, tasks }) => {
    if (again?.open && !again.contains(ctx.sourceElement)) {
      const token = /name="csrf_token" value="([^"]+)"/.exec(ctx.text ?? "")?.[1];
      const field = again.querySelector("[name=csrf_token]");
      if (token && field && tasks.some((task) => task.target === again)) {
        field.value = token;
      }
      tasks.splice(0, tasks.length, ...tasks.filter((task) => task.target !== again));
    }
  };

  document.addEventListener("htmx:before:swap", (event) => {
    askOnce(event.detail);
    if (toasts) {
      document.body.append(toasts);
    }
  });
  document.addEventListener("htmx:after:swap", () => {
    for (const dialog of dialogs) {
      if (dialog.childElementCount && !dialog.open) {
        dialog.showModal();
      } else if (!dialog.childElementCount) {
        dialog.close();
      }
    }
    if (toasts) {
      placeToasts();
    }
  });
  for (const dialog of dialogs) {
    dialog.addEventListener("close", () => {
      placeToasts();
      dialog.replaceChildren();
    });
  }

  // Nothing stays folded on paper.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("main details:not([open])")];
    folded.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((details) => { details.open = false; }));

  const copy = async (button) => {
    button.closest("[popover]")?.hidePopover?.();
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      say("Copied.", "success");
    } catch {
      say("This browser does not let pages copy here.", "bad");
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button, [data-close]");
    const dialog = button?.closest("dialog");
    if (!button) {
      return;
    }
    if (button.matches("[data-dismiss]")) {
      button.closest(".toast").remove();
    } else if (button.matches("[data-close]") && dialog) {
      event.preventDefault();
      dialog.close();
    } else if (button.matches("[data-copy]")) {
      copy(button);
    }
  });

  // An opening menu takes the focus; the arrow keys move inside it.
  const items = (menu) => [...menu.querySelectorAll(":is(a, button):not([hidden])")];

  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target.matches?.(".menu") && event.newState === "open") {
        items(event.target)[0].focus();
      }
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".menu");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (menu && step) {
      event.preventDefault();
      const all = items(menu);
      all.at((all.indexOf(document.activeElement) + step) % all.length).focus();
    }
  });
})();
