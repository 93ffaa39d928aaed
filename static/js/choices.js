// Typing in a long select finds an option by the beginning of any of its words, without accents: "cote" finds Côte d'Ivoire.
(() => {
  "use strict";

  const LONG = 12;
  const PAUSE = 1000;
  let typed = "";
  let timer;

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const find = (select) => {
    const options = [...select.options].filter((option) => option.value);
    const starts = (option) => plain(option.text).startsWith(typed);
    const hasWord = (option) => plain(option.text).split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(typed));
    return options.find(starts) ?? options.find(hasWord);
  };

  document.addEventListener("keydown", (event) => {
    const select = event.target;
    const isTyping = event.key.length === 1 && (event.key !== " " || typed) && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!select.matches?.("select") || select.options.length < LONG || !isTyping) {
      return;
    }
    event.preventDefault();
    clearTimeout(timer);
    timer = setTimeout(() => { typed = ""; }, PAUSE);
    typed += plain(event.key);
    const option = find(select);
    if (option && !option.selected) {
      option.selected = true;
      select.dispatchEvent(new Event("input", { bubbles: true }));
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
})();
