// Rows of a formset are added and removed on the page. A removed row stays in the form, ticked for deletion and out of
// sight, because the numbers of the rows must not move.

const fieldsOf = (row) => [...row.querySelectorAll("input:not([type=hidden]), select, textarea")];
const chosen = (select) => select.selectedIndex > 0 && !select.selectedOptions[0].defaultSelected;

function written(field) {
  if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
  return field.type === "select-one" ? chosen(field) : field.value !== "";
}

export default function start(section, word) {
  const prefix = section.dataset.rows;
  const count = (name) => section.querySelector(`[name="${prefix}-${name}_FORMS"]`);
  const list = section.querySelector("[data-rows-list]");
  const button = section.querySelector("[data-rows-add]");
  const said = section.querySelector("[data-rows-said]");
  const total = count("TOTAL");
  const rows = () => [...list.querySelectorAll("[data-row]")];
  const shown = () => rows().filter((row) => !row.hidden);

  const fit = () => {
    button.hidden = shown().length >= Number(count("MAX_NUM").value);
  };

  const remove = (row) => {
    const next = shown()[shown().indexOf(row) + 1] ?? shown()[shown().indexOf(row) - 1];
    const tick = row.querySelector("[data-row-delete] input");
    if (tick) tick.checked = true;
    row.hidden = true;
    row.dispatchEvent(new Event("change", { bubbles: true }));
    said.textContent = word("rowRemoved");
    fit();
    (next?.querySelector("[data-row-remove]") ?? button).focus();
  };

  const arm = (row) => {
    const tick = row.querySelector("[data-row-delete]");
    if (!tick) return;
    tick.hidden = true;
    row.hidden = tick.querySelector("input").checked;
    // A draft that is brought back ticks rows without a press of the button.
    tick.addEventListener("change", () => {
      row.hidden = tick.querySelector("input").checked;
    });
    const press = row.querySelector("[data-row-remove]");
    press.hidden = false;
    press.addEventListener("click", () => remove(row));
  };

  const add = () => {
    const place = Number(total.value);
    const html = section.querySelector("[data-rows-template]").innerHTML.replaceAll("__prefix__", String(place));
    list.insertAdjacentHTML("beforeend", html);
    total.value = String(place + 1);
    const row = rows().at(-1);
    arm(row);
    row.dispatchEvent(new CustomEvent("rows:added", { bubbles: true }));
    fit();
    return row;
  };

  // Spare rows are for those without scripts: one is enough here. A refused form keeps every row as it was sent.
  const spare = () => rows().slice(Number(count("INITIAL").value) + 1).reverse();
  if (!section.closest("form")?.querySelector("#error-summary")) {
    for (const row of spare()) {
      // On a slow link somebody may write there already.
      if (row.contains(document.activeElement) || fieldsOf(row).some(written)) break;
      row.remove();
      total.value = String(Number(total.value) - 1);
    }
  }
  rows().forEach(arm);
  fit();
  button.addEventListener("click", () => {
    fieldsOf(add()).find((field) => field.offsetParent)?.focus();
    said.textContent = word("rowAdded");
  });
  section.addEventListener("rows:ensure", (event) => {
    while (Number(total.value) < event.detail) add();
  });
}
