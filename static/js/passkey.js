// A form that a passkey fills in: the button asks the browser's key, and what it says is sent.
// The bytes are put into JSON and back by `webauthn-json.js`, which the sign-in library brings.

for (const form of document.querySelectorAll("[data-passkey]")) {
  const said = form.querySelector("[data-passkey-said]");
  const options = JSON.parse(form.querySelector("#passkey-options").textContent);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    if (!window.PublicKeyCredential) {
      said.textContent = form.dataset.missing;
      return;
    }
    const { webauthnJSON } = window;
    const asked = form.dataset.passkey === "make" ? webauthnJSON.create(options.creation_options) : webauthnJSON.get(options.request_options);
    try {
      form.elements.credential.value = JSON.stringify(await asked);
    } catch {
      said.textContent = form.dataset.failed;
      return;
    }
    form.submit();
  });
  form.toggleAttribute("data-started", true);
}
