// Passkeys: passes what the server asks to the key, and what the key answers to the server.
(function () {
  "use strict";

  var area = document.querySelector("[data-passkey]");
  if (!area || !window.PublicKeyCredential) {
    return;
  }
  var button = area.querySelector("button");
  var failed = area.querySelector("[data-failed]");
  var makes = area.dataset.passkey === "make";
  var base = makes ? "/api/v1/account/second-factors/passkey" : "/api/v1/session/passkey";

  function toBytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }

  function toText(buffer) {
    var plain = Array.from(new Uint8Array(buffer), function (each) { return String.fromCharCode(each); }).join("");
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function ask(path, body) {
    return fetch(path, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": area.dataset.csrf },
      body: body ? JSON.stringify(body) : undefined
    }).then(function (answer) {
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      return answer.json();
    });
  }

  function read(options) {
    options.challenge = toBytes(options.challenge);
    if (options.user) {
      options.user.id = toBytes(options.user.id);
    }
    ["excludeCredentials", "allowCredentials"].forEach(function (name) {
      (options[name] || []).forEach(function (each) { each.id = toBytes(each.id); });
    });
    return { publicKey: options };
  }

  function written(made) {
    var response = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (made.response[name]) {
        response[name] = toText(made.response[name]);
      }
    });
    return { id: made.id, rawId: toText(made.rawId), type: made.type, response: response, clientExtensionResults: {} };
  }

  function goOn(answer) {
    var place = area.querySelector("[data-recovery]");
    if (!place || !answer.recovery_codes.length) {
      window.location.assign("/");
      return;
    }
    answer.recovery_codes.forEach(function (code) {
      place.querySelector("ul").appendChild(document.createElement("li")).textContent = code;
    });
    place.hidden = false;
    button.hidden = true;
  }

  button.hidden = false;
  button.addEventListener("click", function () {
    failed.textContent = "";
    ask(base + "/options").then(function (asked) {
      var options = read(asked.public_key);
      return makes ? navigator.credentials.create(options) : navigator.credentials.get(options);
    }).then(function (made) {
      return ask(base, { credential: written(made) });
    }).then(goOn).catch(function () {
      failed.textContent = failed.dataset.failed;
    });
  });
}());
