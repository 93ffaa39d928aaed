// After each deed the focus stays with what was acted on, also when that was redrawn or its dialog has closed.
(() => {
  "use strict";

  let around = [];

  document.addEventListener("focusin", ({ target }) => {
    if (!target.closest("dialog, .toasts")) {
      const withId = (element) => (element ? [...(element.id ? [element.id] : []), ...withId(element.parentElement)] : []);
      around = withId(target);
    }
  });

  const give = (element) => {
    const place = element.matches("a, button, input, select, textarea, summary") ? element : element.querySelector("h1, h2") ?? element;
    if (place.tabIndex < 0) {
      place.tabIndex = -1;
    }
    place.focus({ preventScroll: true });
  };

  const keep = () => {
    if (document.activeElement === document.body && !document.querySelector("dialog:modal")) {
      const left = around.map((id) => document.getElementById(id)).find((element) => element?.getClientRects().length);
      give(left ?? document.getElementById("main") ?? document.body);
    }
  };
  document.addEventListener("htmx:after:swap", () => setTimeout(keep));
  document.addEventListener("close", () => setTimeout(keep), true);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-dismiss]")) {
      setTimeout(keep);
    }
  });

  // A page that tells what was done begins there; the list goes on at the row from which a customer was opened.
  const begin = () => {
    const asked = location.hash && document.getElementById(location.hash.slice(1));
    const row = asked?.closest?.("[data-rows] tr");
    if (row) {
      row.querySelector(".name")?.focus();
    } else if (document.activeElement === document.body && (asked || document.querySelector(".toast"))) {
      give(asked || document.querySelector("main h1") || document.body);
    }
  };
  // Not before the browser has gone to the fragment, which takes the focus away.
  addEventListener("load", () => setTimeout(begin));
})();
