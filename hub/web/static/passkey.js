// Passkeys: the hub's question to the browser's own dialogue, and its answer sent by the form. Nothing is kept here.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (part) => part && btoa(String.fromCharCode(...new Uint8Array(part))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// Browsers of before 2025 cannot do this by themselves (parseCreationOptionsFromJSON, toJSON).
function readable(wanted) {
  const publicKey = { ...wanted, challenge: bytes(wanted.challenge) };
  if (wanted.user) publicKey.user = { ...wanted.user, id: bytes(wanted.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (wanted[list]) publicKey[list] = wanted[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return { publicKey };
}

function told({ id, rawId, type, response }) {
  const said = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) said[part] = text(response[part]);
  }
  return JSON.stringify({ id, rawId: text(rawId), type, response: said });
}

async function wantedBy(form) {
  if (form.dataset.wanted) return JSON.parse(form.dataset.wanted);
  const answer = await fetch(form.dataset.ask, { method: "POST", signal: AbortSignal.timeout(15000) });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  form.hidden = !window.PublicKeyCredential;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = form.querySelector("[data-failed]");
    said.textContent = "";
    try {
      const options = readable(await wantedBy(form));
      const found = await (form.dataset.passkey === "make" ? navigator.credentials.create(options) : navigator.credentials.get(options));
      form.elements.answer.value = told(found);
      form.submit();
    } catch {
      said.textContent = said.dataset.failed; // cancelled, waited for too long, or there is one already
    }
  });
}
