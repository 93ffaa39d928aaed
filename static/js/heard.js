// Each link, key and button says at once that it was heard, and counts even if the page moves under the finger.
(() => {
  "use strict";

  const page = document.documentElement;
  // At most some seconds: a page that was left after all, or a file that was saved, never says so.
  const PATIENCE = 8000;
  let patience;
  const hear = () => {
    page.toggleAttribute("data-busy", true);
    clearTimeout(patience);
    patience = setTimeout(rest, PATIENCE);
  };
  const rest = () => page.toggleAttribute("data-busy", false);
  const hasModifier = (event) => event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const isPlain = !event.defaultPrevented && !hasModifier(event) && event.button === 0;
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

  // A note that appears between the press and the release may push what was pressed away: no browser makes a click of that.
  let pressed;
  const STILL = 4;
  document.addEventListener("pointerdown", (event) => {
    const target = event.button === 0 && !hasModifier(event) && event.target.closest?.("button, a[href]");
    pressed = target && { target, x: event.clientX, y: event.clientY };
  });
  document.addEventListener("pointerup", (event) => {
    const { target, x, y } = pressed || {};
    pressed = undefined;
    if (target?.isConnected && !target.contains(event.target) && Math.hypot(event.clientX - x, event.clientY - y) < STILL) {
      target.click();
    }
  });
})();
