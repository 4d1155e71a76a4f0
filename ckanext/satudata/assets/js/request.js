/* Asking for data: what already answers is shown while one types, and the form goes step by step.
 * Without this script the search is a page of its own, and all steps stand below each other. */
(function () {
  "use strict";

  /* Milliseconds without a keystroke before the portal is asked, and letters it takes. */
  const PAUSE = 350;
  const LEAST = 3;

  function suggest(form) {
    const field = form.querySelector("input[type=search]");
    const place = document.getElementById(form.dataset.sdSuggest);
    let timer = null;
    let running = null;

    async function ask() {
      const words = field.value.trim();
      if (words.length < LEAST) {
        return;
      }
      if (running) {
        running.abort();
      }
      running = new AbortController();
      const address = new URL(form.dataset.sdAddress, window.location.href);
      address.searchParams.set("q", words);
      try {
        const answer = await fetch(address, { signal: running.signal });
        if (answer.ok) {
          place.innerHTML = await answer.text();
        }
      } catch {
        /* Another key was pressed, or the network is gone: the button still searches. */
      }
    }

    field.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, PAUSE);
    });
  }

  function steps(form) {
    const all = Array.from(form.querySelectorAll(".sd-step"));
    const words = form.dataset;
    if (all.length < 2) {
      return;
    }
    const wrong = all.findIndex((step) => step.querySelector(".sd-wrong"));
    let at = Math.max(0, wrong);

    const where = document.createElement("p");
    where.className = "sd-at-step";
    where.setAttribute("role", "status");
    form.querySelector(".sd-step").before(where);
    const bar = document.createElement("div");
    bar.className = "sd-actions";
    const back = document.createElement("button");
    back.type = "button";
    back.className = "btn btn-secondary";
    back.textContent = words.sdBack;
    const next = document.createElement("button");
    next.type = "button";
    next.className = "btn btn-primary";
    next.textContent = words.sdNext;
    next.dataset.sdStepNext = "";
    bar.append(back, next);
    all[all.length - 1].after(bar);
    const end = form.querySelector(".sd-last");

    function fits(step) {
      return Array.from(step.querySelectorAll("input, textarea, select")).every((field) =>
        field.reportValidity()
      );
    }

    function show(focus) {
      all.forEach((step, n) => {
        step.hidden = n !== at;
      });
      back.hidden = at === 0;
      next.hidden = at === all.length - 1;
      end.hidden = at !== all.length - 1;
      where.textContent = words.sdStep.replace("{n}", at + 1).replace("{all}", all.length);
      if (focus) {
        const title = all[at].querySelector("legend");
        title.tabIndex = -1;
        title.focus();
      }
    }

    next.addEventListener("click", function () {
      if (fits(all[at])) {
        at += 1;
        show(true);
      }
    });
    back.addEventListener("click", function () {
      at -= 1;
      show(true);
    });
    form.addEventListener("keydown", function (event) {
      /* Enter in a line of an early step leads on instead of sending what is not complete. */
      if (event.key === "Enter" && event.target.matches("input:not([type=file])") && at < all.length - 1) {
        event.preventDefault();
        next.click();
      }
    });
    form.addEventListener(
      "invalid",
      function (event) {
        const step = all.findIndex((one) => one.contains(event.target));
        if (step >= 0 && step !== at) {
          at = step;
          show(false);
        }
      },
      true
    );
    show(false);
  }

  /* What only legal bodies, or only people, fill in is shown to them alone, and demanded of them. */
  function applicants(form) {
    const rows = form.querySelectorAll("[data-sd-for]");

    function fit() {
      const chosen = form.querySelector("[name=applicant]:checked");
      rows.forEach(function (row) {
        const wanted = !chosen || row.dataset.sdFor.split(" ").includes(chosen.value);
        row.hidden = !wanted;
        row.querySelectorAll("input, textarea").forEach(function (field) {
          field.disabled = !wanted;
          field.required = Boolean(chosen) && wanted;
        });
      });
    }

    form.querySelectorAll("[name=applicant]").forEach((one) => one.addEventListener("change", fit));
    fit();
  }

  document.querySelectorAll("form[data-sd-steps]").forEach(applicants);
  document.querySelectorAll("form[data-sd-suggest]").forEach(suggest);
  document.querySelectorAll("form[data-sd-steps]").forEach(steps);
})();
