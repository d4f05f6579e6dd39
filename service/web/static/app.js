// What the pages do beyond plain HTML; every page also works without it.
(function () {
  "use strict";

  // Each request that htmx sends carries the token of the session.
  document.addEventListener("htmx:configRequest", function (event) {
    var token = document.querySelector('meta[name="csrf-token"]');
    if (token) {
      event.detail.headers["X-CSRF-Token"] = token.content;
    }
  });

  // A decision that needs a ticked box can be sent once it is ticked.
  function followBox(form) {
    var boxes = Array.prototype.slice.call(form.querySelectorAll("input[data-gate]"));
    var send = form.querySelector("[data-send]");
    if (!boxes.length || !send) {
      return;
    }
    function update() {
      send.disabled = !boxes.every(function (box) { return box.checked; });
    }
    boxes.forEach(function (box) { box.addEventListener("change", update); });
    update();
  }

  function prepare(root) {
    root.querySelectorAll("form").forEach(followBox);
  }

  // What takes a while to count is fetched after the page, and put into the places that wait for it. Who leaves before
  // that misses nothing, and each place holds a link meanwhile.
  function fill(place) {
    fetch(place.dataset.fill, { headers: { "HX-Request": "true" } }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (text) {
      var parts = new DOMParser().parseFromString(text, "text/html").querySelectorAll("[id]");
      parts.forEach(function (part) {
        var waiting = document.getElementById(part.id);
        if (waiting) {
          waiting.textContent = part.textContent;
        }
      });
    }).catch(function () {});
  }

  document.querySelectorAll("[data-fill]").forEach(fill);

  // A result of the search is put into its field: the code is sent, the name is shown.
  document.addEventListener("click", function (event) {
    var choice = event.target.closest("[data-pick]");
    if (choice) {
      var input = document.getElementById(choice.dataset.pick);
      input.value = choice.dataset.code;
      document.getElementById(input.id + "-picked").textContent = choice.dataset.name;
      document.getElementById(input.id + "-found").textContent = "";
      input.focus();
    }
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    });
    if (event.target.closest("[data-print]")) {
      window.print();
    }
  });

  // A level of the tree that was fetched once is folded and unfolded where it is.
  document.addEventListener("click", function (event) {
    var opener = event.target.closest("[data-level]");
    var level = opener && document.getElementById(opener.dataset.level);
    if (level && level.children.length) {
      event.preventDefault();
      event.stopPropagation();
      level.hidden = !level.hidden;
      opener.setAttribute("aria-expanded", String(!level.hidden));
    } else if (opener) {
      opener.setAttribute("aria-expanded", "true");
    }
  }, true);

  document.addEventListener("input", function (event) {
    var note = document.getElementById(event.target.id + "-picked");
    if (note) {
      note.textContent = "";
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open]").forEach(function (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    }
  });

  // A form is sent once; its key would make a second one harmless anyway.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method === "post") {
      if (form.dataset.sent) {
        event.preventDefault();
      }
      form.dataset.sent = "1";
    }
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  // Where the part that was asked for is gone, as after somebody else's decision, the whole page is shown anew.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var wanted = event.detail.target.id;
    if (wanted === "decide" && event.detail.serverResponse.indexOf('id="decide"') < 0) {
      event.preventDefault();
      window.location.reload();
    }
  });

  document.addEventListener("htmx:load", function (event) { prepare(event.detail.elt); });
  prepare(document);
}());
