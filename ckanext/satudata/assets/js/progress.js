/* How far background work is, shown without loading the page again, until it ends.
 * Without this script the page offers a link instead. */
(function () {
  "use strict";

  /* Milliseconds until the next look: the first time, how much longer each time, and at most. */
  const FIRST = 1500;
  const GROWTH = 1.2;
  const LONGEST = 15000;
  /* Failed looks in a row after which the page stays as it is. */
  const PATIENCE = 5;

  function watch(region) {
    let pause = FIRST;
    let failed = 0;
    let shown = null;

    async function look() {
      if (document.hidden) {
        document.addEventListener("visibilitychange", look, { once: true });
        return;
      }
      let open = true;
      try {
        const answer = await fetch(region.dataset.sdProgress, {
          headers: { Accept: "application/json" },
          cache: "no-store",
        });
        if (answer.redirected || (answer.status >= 400 && answer.status < 500)) {
          return; /* Logged out, or no longer to be seen by this person. */
        }
        if (!answer.ok) {
          throw new Error(answer.statusText);
        }
        const told = await answer.json();
        if (told.html !== shown) {
          /* Only a change, or a screen reader would say the same again and again. */
          shown = told.html;
          region.innerHTML = shown;
        }
        open = told.open;
        failed = 0;
      } catch {
        failed += 1;
      }
      if (open && failed < PATIENCE) {
        pause = Math.min(pause * GROWTH, LONGEST);
        window.setTimeout(look, pause);
      }
    }

    window.setTimeout(look, pause);
  }

  document.querySelectorAll("[data-sd-progress]").forEach(watch);
})();
