/* The column form: "Try" without leaving the page, and by itself after a change.
 * Without this script the button sends the whole form and the page comes back. */
(function () {
  "use strict";

  /* Milliseconds without a change after which the preview is fetched. */
  const PAUSE = 700;

  function start(form) {
    const target = document.getElementById(form.dataset.sdPreview);
    let running = null;
    let waiting = null;

    /* Fetch the preview; `otherwise` is called when that is not possible. */
    async function refresh(otherwise) {
      window.clearTimeout(waiting);
      if (running) {
        running.abort();
      }
      const own = new AbortController();
      running = own;
      target.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          headers: { "X-Requested-With": "fetch" },
          body: new URLSearchParams(new FormData(form)),
          signal: own.signal,
        });
        if (!answer.ok || answer.redirected) {
          throw new Error(answer.statusText);
        }
        target.innerHTML = await answer.text();
      } catch (error) {
        if (error.name === "AbortError") {
          return;
        }
        otherwise();
      }
      target.removeAttribute("aria-busy");
    }

    /* A column newly marked as wide needs the server to ask for its header's meaning. */
    function needsWholePage() {
      return form.querySelector(".sd-column option[value=wide]:checked") !== null;
    }

    form.addEventListener("submit", function (event) {
      const button = event.submitter;
      if (button && button.value === "try" && !needsWholePage()) {
        event.preventDefault();
        refresh(function () {
          form.submit();
        });
      }
    });

    form.addEventListener("change", function () {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(refresh, PAUSE, function () {});
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-sd-preview]").forEach(start);
  });
})();
