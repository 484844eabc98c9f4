// The choice of colours: a cookie, so that the server draws the right ones from the first paint on; and the entry from
// which the administration's own script reads them.

export default function start(fieldset) {
  const chosen = document.documentElement.dataset.theme ?? "auto";
  fieldset.hidden = false;
  for (const radio of fieldset.querySelectorAll("input")) radio.checked = radio.value === chosen;
  fieldset.addEventListener("change", (event) => {
    const theme = event.target.value;
    const kept = theme === "auto" ? 0 : 31536000;
    localStorage.setItem("theme", theme);
    document.cookie = `theme=${theme}; path=/; max-age=${kept}; samesite=lax`;
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  });
}
