// Partial requests: Trusted Types for htmx, failures, and what answers change besides content.
(() => {
  "use strict";

  const refuse = () => {
    throw new Error("Expressions are not evaluated here.");
  };
  const rules = { createHTML: (html) => html, createScript: refuse };
  const policy = window.trustedTypes ? trustedTypes.createPolicy("htmx", rules) : rules;
  const Refused = function () {
    return { call: refuse };
  };
  htmx.registerExtension("gatebook", { init: (api) => api.initSecurity(policy, Refused, Refused) });

  const say = (text, kind) => document.dispatchEvent(new CustomEvent("gatebook:say", { detail: { text, kind } }));

  // An answer that is not ours (a proxy's page, say) must never land inside a list or a form.
  const isOurs = (ctx) => ctx.response.status < 500 || ctx.text.trimStart().startsWith("<hx-partial");

  document.addEventListener("htmx:before:swap", (event) => {
    const ctx = event.detail.ctx;
    if (ctx.response && !isOurs(ctx)) {
      event.preventDefault();
      say("The server had a problem. Nothing was saved.", "bad");
    }
  });

  document.addEventListener("htmx:error", (event) => {
    const lost = event.detail.error?.name === "TypeError" || event.detail.ctx?.request?.signal?.aborted;
    if (event.detail.ctx?.target?.id === "results") {
      event.detail.ctx.target.dataset.old = "";
      say("The search failed. The list is old.", "bad");
      return;
    }
    say(lost ? "No connection. Nothing was saved." : "That did not work. Nothing was saved.", "bad");
  });

  // While a search runs, aria-busy marks the list: at once for screen readers, visibly after a moment.
  const setBusy = (event, busy) => {
    const target = event.detail.ctx?.target;
    if (target?.id === "results") {
      target.setAttribute("aria-busy", String(busy));
    }
  };
  document.addEventListener("htmx:before:request", (event) => setBusy(event, true));
  document.addEventListener("htmx:finally:request", (event) => setBusy(event, false));

  // aria-invalid of a field follows the note under it.
  const markField = (note) => {
    const field = document.getElementById(note.id.replace(/-note$/, ""));
    if (note.classList.contains("error")) {
      field?.setAttribute("aria-invalid", "true");
    } else {
      field?.removeAttribute("aria-invalid");
    }
  };

  const renewTokens = (welcome) => {
    for (const input of document.querySelectorAll("input[name=csrf_token]")) {
      input.value = welcome.dataset.csrfToken;
    }
    const dialog = welcome.closest("dialog");
    dialog.replaceChildren();
    dialog.close();
    say(welcome.textContent, "success");
  };

  const fillTimeZones = () => {
    for (const input of document.querySelectorAll("[data-time-zone]")) {
      input.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
    }
  };

  document.addEventListener("htmx:after:swap", () => {
    document.querySelectorAll("#customer-form [id$=-note]").forEach(markField);
    if (document.querySelector("#error-summary, #clashes, .case .error") && !document.title.startsWith("Error: ")) {
      document.title = `Error: ${document.title}`;
    }
    fillTimeZones();
    const welcome = document.getElementById("welcome-back");
    if (welcome) {
      renewTokens(welcome);
    }
  });
  fillTimeZones();

  // Select the content of a form's first field, so that typing replaces it.
  const first = document.querySelector("form input[autofocus]");
  if (first === document.activeElement) {
    first?.select();
  } else {
    first?.addEventListener("focus", () => first.select(), { once: true });
  }

  // Back after signing out: a page from the back/forward cache stays hidden until the session is known to be valid.
  addEventListener("pageshow", async (event) => {
    if (!event.persisted || !document.querySelector(".shell")) {
      return;
    }
    document.body.hidden = true;
    const answer = await fetch("/account/session", { redirect: "manual" }).catch(() => null);
    if (answer?.status === 204) {
      document.body.hidden = false;
    } else {
      location.reload();
    }
  });
})();
