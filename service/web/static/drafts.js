// What was typed into a form when the session had ended comes back after the next log-in of the same person. It waits in
// the storage of this browser tab alone, which ends with the tab; without scripts it is lost, as the log-in page says.
(function () {
  "use strict";

  var KEY = "zhuanjie-draft";
  var LONGEST_WAIT = 30 * 60 * 1000;
  // Never kept: passwords, codes, identity numbers and whatever looks like one.
  var SECRET_NAME = /password|captcha|secret|token|csrf|proof|certificate|(^|_)code$|id_?number|^(number|login|again|credential)/i;
  var SECRET_VALUE = /\d{17}[\dXx]|\d{15}/;
  var SECRET_KIND = /^(current-password|new-password|one-time-code|username)$/;
  var TYPED = /^(text|search|tel|email|url|number|date|month|textarea|select-one)$/;
  var TICKED = /^(checkbox|radio)$/;

  function account() {
    var known = document.querySelector('meta[name="account"]');
    return known ? known.content : "";
  }

  function read() {
    try {
      return JSON.parse(window.sessionStorage.getItem(KEY));
    } catch (fault) {
      return null;
    }
  }

  function write(draft) {
    try {
      if (draft) {
        window.sessionStorage.setItem(KEY, JSON.stringify(draft));
      } else {
        window.sessionStorage.removeItem(KEY);
      }
    } catch (fault) {
      // A browser that stores nothing keeps nothing.
    }
  }

  function isKept(field) {
    if (!field.name || field.disabled || SECRET_NAME.test(field.name) || SECRET_KIND.test(field.autocomplete)) {
      return false;
    }
    if (TICKED.test(field.type)) {
      return !field.hasAttribute("data-gate"); // what somebody vouches for is ticked anew
    }
    return TYPED.test(field.type) && !SECRET_VALUE.test(field.value.replace(/[\s-]/g, ""));
  }

  function fields(form) {
    return Array.prototype.slice.call(form.elements).filter(isKept);
  }

  function hidden(form, name) {
    var field = form.querySelector('input[type="hidden"][name="' + name + '"]');
    return field ? field.value : "";
  }

  function picked(field) {
    var note = field.id && document.getElementById(field.id + "-picked");
    return note ? note.textContent : "";
  }

  function draftOf(form) {
    var values = fields(form).map(function (field) {
      var ticks = TICKED.test(field.type);
      return { name: field.name, value: field.value, ticked: ticks ? field.checked : null, picked: picked(field) };
    });
    var isTyped = values.some(function (each) { return each.ticked === null ? each.value !== "" : each.ticked; });
    return isTyped ? {
      account: account(), action: form.getAttribute("action"), decision: hidden(form, "decision"),
      version: hidden(form, "version"), at: Date.now(), waits: false, values: values
    } : null;
  }

  function put(form, known) {
    fields(form).forEach(function (field) {
      var ticks = TICKED.test(field.type);
      if (field.name !== known.name || (ticks && field.value !== known.value)) {
        return;
      }
      if (ticks) {
        field.checked = known.ticked;
      } else {
        field.value = known.value;
      }
      var note = document.getElementById(field.id + "-picked");
      if (note) {
        note.textContent = known.picked;
      }
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  function restore(draft) {
    var forms = Array.prototype.slice.call(document.querySelectorAll('main form[method="post"]'));
    var form = forms.filter(function (each) {
      return each.getAttribute("action") === draft.action && hidden(each, "decision") === draft.decision;
    })[0];
    if (!form) {
      return false;
    }
    draft.values.forEach(function (known) { put(form, known); });
    var version = form.querySelector('input[type="hidden"][name="version"]');
    if (version && draft.version) {
      version.value = draft.version; // what others changed meanwhile is still noticed
    }
    var told = document.getElementById("draft-restored").content.cloneNode(true);
    form.parentNode.insertBefore(told, form);
    return true;
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.getAttribute("action") === "/log-out") {
      write(null);
    } else if (form.method === "post" && account() && form.closest("main") && form.getAttribute("role") !== "search") {
      write(draftOf(form) || read());
    }
  });

  var draft = read();
  var ended = document.querySelector("[data-session-ended]");
  if (draft && Date.now() - draft.at > LONGEST_WAIT) {
    write(null);
  } else if (draft && ended) {
    draft.waits = true;
    write(draft);
    ended.querySelector("[data-draft-waits]").hidden = false;
  } else if (draft && account() && (!draft.waits || draft.account !== account() || restore(draft))) {
    write(null);
  }

  // A form that was fetched into the page, as that of another decision, may be the one that is waited for.
  document.addEventListener("htmx:load", function () {
    var waiting = read();
    if (waiting && waiting.waits && waiting.account === account() && restore(waiting)) {
      write(null);
    }
  });
}());
