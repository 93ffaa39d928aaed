// The search field of every page: Ctrl+K reaches it, the arrow keys go through what it found, Escape leaves it.
(() => {
  "use strict";

  const field = () => document.querySelector("[data-find], #q");

  const move = (step) => {
    const places = [field(), ...document.querySelectorAll("#found a")];
    const place = places[places.indexOf(document.activeElement) + step];
    place?.focus();
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "k" && field()) {
      event.preventDefault();
      field().focus();
      field().select();
    } else if (event.target.closest?.("#find") && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.target.closest?.("#find") && event.key === "Escape") {
      document.activeElement.blur();
    }
  });
})();
