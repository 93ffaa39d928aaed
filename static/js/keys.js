// Keyboard shortcuts. Elements declare theirs (data-key="g c" data-key-name="Go to customers"), so that the help always agrees.
// data-row-key applies to the focused row; j and k, which move between rows, are defined here. All single keys can be switched off.
(() => {
  "use strict";

  const SEQUENCE_TIME = 900;
  const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
  let typed = "";
  let timer;

  const all = (selector, scope = document) => [...scope.querySelectorAll(selector)];
  const names = () => all("[data-rows] .name");
  const currentRow = () => document.activeElement.closest?.("[data-rows] tr");

  const move = (step) => {
    const list = names();
    const at = list.indexOf(currentRow()?.querySelector(".name"));
    list[Math.max(0, Math.min(list.length - 1, at + step))]?.focus();
  };

  const use = (element) => {
    element.focus();
    if (element.matches(TYPING)) {
      element.select?.();
    } else {
      element.click();
    }
    document.getElementById(element.dataset.next)?.focus();
  };

  // What a row offers: its own elements, or its menu, which is one for all rows.
  const ofRow = (row, keys) => {
    const button = row.querySelector("[popovertarget=row-menu]");
    if (button && keys === ".") {
      return button;
    }
    if (button) {
      row.dispatchEvent(new Event("gatebook:row", { bubbles: true }));
    }
    const offered = all("[data-row-key]", button ? document.getElementById("row-menu") : row);
    return offered.find((element) => element.dataset.rowKey === keys && !element.hidden);
  };

  const find = (keys, scope) => {
    const row = currentRow();
    const inRow = row && ofRow(row, keys);
    const isShown = (element) => !element.closest("[hidden]");
    return inRow || all("[data-key]", scope).find((element) => element.dataset.key === keys && isShown(element));
  };

  // On a layout without Latin letters a key is identified by its position.
  const keyOf = (event) =>
    /^[\x20-\x7e]$/.test(event.key) || !/^Key[A-Z]$/.test(event.code) ? event.key : event.code.slice(3).toLowerCase();

  const isOff = (event) =>
    event.defaultPrevented || event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey ||
    event.key.length > 1 || document.documentElement.dataset.keys === "off" || event.target.matches?.(TYPING);

  // In a textarea Enter starts a new line, so Ctrl+Enter (or Cmd+Enter) sends the form: with its first button, or with
  // the one whose note was asked for.
  const sendText = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches?.("textarea")) {
      const form = event.target.form;
      form.requestSubmit(form.querySelector("[data-sent-by-enter]") ?? form.querySelector("button:not([type])"));
    }
  };

  document.addEventListener("keydown", (event) => {
    sendText(event);
    if (isOff(event)) {
      return;
    }
    const dialog = document.querySelector("dialog:modal");
    const key = keyOf(event);
    const keys = typed ? `${typed} ${key}` : key;
    clearTimeout(timer);
    typed = "";
    if (!dialog && (keys === "j" || keys === "k")) {
      move(keys === "j" ? 1 : -1);
      return;
    }
    const hit = find(keys, dialog || document);
    if (hit) {
      event.preventDefault();
      use(hit);
    } else if (all("[data-key]").some((element) => element.dataset.key.startsWith(`${keys} `))) {
      typed = keys;
      timer = setTimeout(() => { typed = ""; }, SEQUENCE_TIME);
    }
  });

  const line = (name, keys) => {
    const item = document.createElement("li");
    const key = document.createElement("kbd");
    key.textContent = keys;
    item.append(name, key);
    return item;
  };

  const describe = () => {
    const named = (what) =>
      new Map(all(`[data-${what}-name]`).map((element) => [element.getAttribute(`data-${what}-name`), element.getAttribute(`data-${what}`)]));
    const moves = names().length ? [line("Next row", "j"), line("Previous row", "k")] : [];
    const lines = (what) => [...named(what)].map(([name, keys]) => line(name, keys));
    return [...lines("key"), ...moves, ...lines("row-key")];
  };

  document.addEventListener("click", (event) => {
    const help = event.target.closest?.("[data-help]");
    if (help && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const dialog = document.getElementById("keys");
      dialog.querySelector("ul").replaceChildren(...describe());
      dialog.showModal();
    }
  });
})();
