// Slow lines: each link, key and button says at once that it was heard.
(() => {
  "use strict";

  const page = document.documentElement;
  // At most some seconds: a page that was left after all, or a file that was saved, never says so.
  const PATIENCE = 8000;
  const hear = () => {
    page.toggleAttribute("data-busy", true);
    setTimeout(rest, PATIENCE);
  };
  const rest = () => page.toggleAttribute("data-busy", false);

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const isPlain = !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    if (link && isPlain && link.target !== "_blank" && link.origin === location.origin && link.pathname !== location.pathname && !link.hasAttribute("download")) {
      hear();
    }
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && event.target.method !== "dialog") {
      hear();
    }
  });
  document.addEventListener("htmx:before:request", hear);
  document.addEventListener("htmx:finally:request", rest);
  addEventListener("pageshow", rest);
})();
