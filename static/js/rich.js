// A small bar of buttons above a text: they write the same signs that one can type. Without it the field is as good.

const TABLE = "| | |\n|---|---|\n| | |\n";

// The whole lines that the selection touches.
function lines(field) {
  const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const stop = field.value.indexOf("\n", field.selectionEnd);
  return [start, stop < 0 ? field.value.length : stop];
}

function put(field, text, start, end, from, to) {
  field.setRangeText(text, start, end, "end");
  field.setSelectionRange(from, to);
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Signs around the chosen words; pressed again they are taken away.
function around(sign) {
  return (field) => {
    const { selectionStart: start, selectionEnd: end, value } = field;
    const chosen = value.slice(start, end);
    const outside = value.slice(start - sign.length, start) === sign && value.slice(end, end + sign.length) === sign;
    if (outside) return put(field, chosen, start - sign.length, end + sign.length, start - sign.length, end - sign.length);
    return put(field, sign + chosen + sign, start, end, start + sign.length, end + sign.length);
  };
}

// A sign before each chosen line; where all have it, it is taken away.
function before(sign, pattern) {
  return (field) => {
    const [start, stop] = lines(field);
    const rows = field.value.slice(start, stop).split("\n");
    const has = rows.every((row) => pattern.test(row));
    const changed = rows.map((row, place) => (has ? row.replace(pattern, "") : sign(place) + row)).join("\n");
    put(field, changed, start, stop, start + (rows.length > 1 ? 0 : changed.length), start + changed.length);
  };
}

function table(field) {
  const [, stop] = lines(field);
  const lead = field.value.slice(0, stop).trim() ? "\n\n" : "";
  put(field, lead + TABLE, stop, stop, stop + lead.length + 2, stop + lead.length + 2);
}

const TOOLS = [
  ["richHeading", before(() => "## ", /^#{1,6} /)],
  ["richBold", around("**")],
  ["richEmphasis", around("*")],
  ["richList", before(() => "- ", /^[-*+] /)],
  ["richNumbered", before((place) => `${place + 1}. `, /^\d+\. /)],
  ["richTable", table],
];

export default function start(field, word) {
  const bar = document.createElement("div");
  bar.className = "rich-tools";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", word("richTools"));
  for (const [name, run] of TOOLS) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = word(name);
    button.addEventListener("click", () => run(field));
    bar.append(button);
  }
  field.before(bar);
}
