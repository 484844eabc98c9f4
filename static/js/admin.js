// Names for fields of the administration that stand without a label of their own: cells of a table of rows take their
// column's heading, the halves of a date with time the words beside them.

const nameOf = (field) => {
  const cell = field.closest(".tabular td");
  const column = cell && cell.closest("table").querySelectorAll("thead th")[[...cell.parentElement.children].indexOf(cell)];
  const row = field.closest(".form-row");
  const label = column ?? row?.querySelector("label, .fieldset-heading, legend");
  return label?.textContent.replace(/[:\s]+/g, " ").trim();
};

function name(root) {
  for (const field of root.querySelectorAll("#content :is(input:not([type=hidden], [type=submit], [type=button]), select, textarea)")) {
    if (field.labels.length || field.ariaLabel || field.hasAttribute("aria-labelledby")) continue;
    const words = nameOf(field);
    if (words) field.setAttribute("aria-label", words);
  }
  for (const tip of root.querySelectorAll(".help-tooltip[aria-label]")) tip.setAttribute("role", "img");
  // Above what stands beside the fields: the row's own name, and the cross that takes it away.
  for (const head of root.querySelectorAll(".tabular thead th")) {
    if (!head.textContent.trim()) head.setAttribute("role", "presentation");
  }
}

// Django's own scripts make their fields when the page has loaded.
if (document.readyState === "complete") name(document);
else window.addEventListener("load", () => name(document));
document.addEventListener("formset:added", () => name(document));
