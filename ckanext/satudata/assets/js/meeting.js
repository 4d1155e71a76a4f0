/* Meeting mode: forms without leaving the page, notes that save themselves, keys, and what other
 * computers decide. Without this script every form works by itself. */
(function () {
  "use strict";

  /* Milliseconds between two looks at what others did, and of rest before a note is saved. */
  const LOOK = 3000;
  const REST = 900;
  const KEYS = "satudata-meeting-keys";

  let tag = null;

  const page = () => document.getElementById("sd-mode");
  const live = () => document.getElementById("sd-live");

  function tell(text) {
    const line = live();
    if (line) {
      line.textContent = text;
      line.classList.toggle("sd-told", Boolean(text));
    }
  }

  /* A note that is being written must survive an exchange of the page. */
  function unsaved() {
    return Array.from(document.querySelectorAll("[data-sd-note]")).some((f) => f.dataset.dirty);
  }

  /* Put another state of the page in the place of this one. */
  function exchange(html, address) {
    const found = new DOMParser().parseFromString(html, "text/html").getElementById("sd-mode");
    if (!found) {
      return false;
    }
    keepNotes(found);
    page().replaceWith(document.adoptNode(found));
    if (address) {
      window.history.pushState({}, "", address);
      document.title = found.querySelector("h1") ? found.querySelector("h1").textContent : document.title;
    }
    start();
    return true;
  }

  /* What somebody is writing goes over to the new page, as long as it is about the same matter. */
  function keepNotes(found) {
    if (found.dataset.item !== page().dataset.item) {
      return;
    }
    document.querySelectorAll("[data-sd-note]").forEach(function (form) {
      const other = found.querySelector('[data-sd-note="' + form.dataset.sdNote + '"]');
      if (form.dataset.dirty && other) {
        other.replaceWith(document.adoptNode(form));
      }
    });
    const open = document.querySelectorAll(".sd-mode-side > details");
    found.querySelectorAll(".sd-mode-side > details").forEach(function (box, place) {
      box.open = box.open || Boolean(open[place] && open[place].open);
    });
  }

  async function send(form) {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { "X-Requested-With": "fetch" },
      body: new URLSearchParams(new FormData(form)),
    });
    if (!answer.ok && answer.status !== 409) {
      throw new Error(answer.statusText);
    }
    if (!exchange(await answer.text(), null)) {
      window.location.reload();
    }
    const heading = document.getElementById("decision");
    if (heading) {
      heading.setAttribute("tabindex", "-1");
      heading.focus();
    }
  }

  async function renew() {
    const answer = await fetch(window.location.href, { headers: { "X-Requested-With": "fetch" } });
    if (answer.ok) {
      exchange(await answer.text(), null);
    }
  }

  /* Notes. */

  function startNote(form) {
    const field = form.querySelector("textarea");
    const saved = form.querySelector("[data-sd-saved]");
    const both = form.querySelector(".sd-both");
    let waiting = null;
    let running = false;

    if (form.dataset.started) {
      return;
    }
    form.dataset.started = "1";

    async function save() {
      window.clearTimeout(waiting);
      if (running || !both.hidden) {
        return;
      }
      running = true;
      const text = field.value;
      saved.textContent = page().dataset.textSaving;
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          headers: { Accept: "application/json" },
          body: new URLSearchParams(new FormData(form)),
        });
        const said = await answer.json();
        if (answer.status === 409 && said.current) {
          differ(said.current);
        } else if (!answer.ok) {
          saved.textContent = (said.errors || []).join(" ") || page().dataset.textFailed;
        } else {
          form.elements.version.value = said.version;
          saved.textContent = page().dataset.textSaved;
          if (field.value === text) {
            delete form.dataset.dirty;
          } else {
            waiting = window.setTimeout(save, REST);
          }
        }
      } catch (error) {
        saved.textContent = page().dataset.textFailed;
        waiting = window.setTimeout(save, LOOK);
      }
      running = false;
    }

    /* Somebody else wrote meanwhile: show their text beside this one. */
    function differ(current) {
      const theirs = current.note !== undefined ? current.note : current.notes;
      both.hidden = false;
      both.querySelector("blockquote").textContent = theirs;
      saved.textContent = "";
      both.querySelectorAll("[data-sd-both]").forEach(function (button) {
        button.onclick = function () {
          const mine = field.value;
          field.value = { both: theirs + "\n" + mine, theirs: theirs, mine: mine }[button.dataset.sdBoth];
          form.elements.version.value = current.version;
          both.hidden = true;
          field.focus();
          save();
        };
      });
    }

    field.addEventListener("input", function () {
      form.dataset.dirty = "1";
      window.clearTimeout(waiting);
      waiting = window.setTimeout(save, REST);
    });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      save();
    });
  }

  /* Attendance: each line by itself. */

  function startPresence(form) {
    const box = form.closest("details");
    const saved = form.querySelector("[data-sd-saved]");
    /* One after the other: each needs the version the one before has made. */
    let queue = Promise.resolve();

    async function save() {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(new FormData(form)),
      });
      const said = await answer.json();
      if (answer.ok) {
        form.elements.version.value = said.version;
        saved.textContent = page().dataset.textSaved;
        box.querySelector(".sd-count").textContent = box.querySelectorAll("[name=present]:checked").length;
      } else if (said.current) {
        form.elements.version.value = said.current.version;
        saved.textContent = said.errors.join(" ") + " " + said.current.name + " " + said.current.position;
      }
    }

    function later() {
      queue = queue.then(save).catch(function () {
        saved.textContent = page().dataset.textFailed;
      });
    }

    form.addEventListener("change", later);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      later();
    });
  }

  /* What others did. */

  async function look() {
    const own = page();
    if (!own || !own.dataset.item || document.hidden) {
      return;
    }
    let answer;
    try {
      answer = await fetch(own.dataset.stateAddress, {
        headers: tag ? { "If-None-Match": tag } : {},
        cache: "no-store",
      });
    } catch (error) {
      return;
    }
    if (answer.status !== 200) {
      return;
    }
    tag = answer.headers.get("ETag");
    const now = await answer.json();
    if (now.state !== own.dataset.state) {
      if (now.state === "selesai") {
        tell(own.dataset.textClosed);
      }
      if (!unsaved()) {
        renew();
      }
      return;
    }
    const item = now.items.find((one) => one.id === own.dataset.item);
    if (!item) {
      return;
    }
    freshen("item", item.note, item.note_version);
    freshen("meeting", now.notes, now.version);
    if (String(item.version) !== own.dataset.version && !busy()) {
      await renew();
      tell(own.dataset.textChanged + ": " + item.label + (item.by ? " (" + item.by + ")" : ""));
    }
  }

  /* Nobody's half-filled form is taken away. */
  function busy() {
    return document.querySelector("#sd-decision details[open]") !== null;
  }

  function freshen(kind, text, version) {
    const form = document.querySelector('[data-sd-note="' + kind + '"]');
    if (form && !form.dataset.dirty && form.elements.version.value !== String(version)) {
      form.elements.note.value = text;
      form.elements.version.value = version;
    }
  }

  /* Keys. */

  function press(event) {
    const place = event.target;
    if (
      !page() || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented ||
      !keysWanted() || place.closest("input, textarea, select, [contenteditable]")
    ) {
      return;
    }
    if (event.key.toLowerCase() === "c") {
      const note = document.querySelector('[data-sd-note="item"] textarea');
      if (note) {
        event.preventDefault();
        note.focus();
      }
      return;
    }
    const wanted = document.querySelector('[data-sd-key="' + CSS.escape(event.key) + '"]');
    if (!wanted) {
      return;
    }
    event.preventDefault();
    if (wanted.tagName === "A") {
      wanted.click();
    } else if (wanted.tagName === "DETAILS") {
      wanted.open = true;
      const field = wanted.querySelector("input:not([type=hidden]), textarea");
      (field || wanted.querySelector("summary")).focus();
    } else {
      wanted.focus();
    }
  }

  function keysWanted() {
    return window.localStorage.getItem(KEYS) !== "off";
  }

  function start() {
    const own = page();
    if (!own) {
      return;
    }
    own.querySelectorAll("form[data-sd-swap]").forEach(function (form) {
      form.addEventListener("submit", function (event) {
        event.preventDefault();
        send(form).catch(() => form.submit());
      });
    });
    own.querySelectorAll("[data-sd-note]").forEach(startNote);
    own.querySelectorAll("[data-sd-presence]").forEach(startPresence);
    const box = own.querySelector("#sd-keys");
    if (box) {
      box.closest(".sd-keys").hidden = false;
      box.checked = keysWanted();
      box.addEventListener("change", function () {
        window.localStorage.setItem(KEYS, box.checked ? "on" : "off");
      });
    }
  }

  document.addEventListener("keydown", press);
  window.addEventListener("beforeunload", function (event) {
    if (unsaved()) {
      event.preventDefault();
    }
  });
  start();
  window.setInterval(look, LOOK);
})();
