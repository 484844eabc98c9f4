// Runs on the content origin, around a SCORM 1.2 package: offers it the `API` object of the standard, and
// tells the portal's page what it reports. Nothing else of the portal can be reached from here.

const told = JSON.parse(document.getElementById("told").textContent);
const frame = document.getElementById("part");
const parts = [...document.querySelectorAll("[data-part]")];

const WORDS = {
  0: "No error", 101: "General exception", 201: "Invalid argument error", 202: "Element cannot have children",
  203: "Element not an array, cannot have count", 301: "Not initialized", 401: "Not implemented error",
  402: "Invalid set value, element is a keyword", 403: "Element is read only", 404: "Element is write only",
  405: "Incorrect data type",
};
const STATUS = ["passed", "completed", "failed", "incomplete", "browsed", "not attempted"];
const ENDED = ["passed", "completed", "failed"];
const EXIT = ["time-out", "suspend", "logout", ""];
const text = (most) => (value) => value.length <= most;
const oneOf = (values) => (value) => values.includes(value);
const score = (value) => value === "" || (/^-?\d+(\.\d+)?$/.test(value) && Number(value) >= 0 && Number(value) <= 100);
const time = (value) => /^\d{2,4}:[0-5]\d:[0-5]\d(\.\d{1,2})?$/.test(value);
const whole = (least, most) => (value) => /^-?\d+$/.test(value) && Number(value) >= least && Number(value) <= most;

// Element → how it may be used (r, w), and which values are taken.
const KNOWN = {
  "cmi.core.student_id": "r", "cmi.core.student_name": "r", "cmi.core.credit": "r", "cmi.core.entry": "r",
  "cmi.core.total_time": "r", "cmi.core.lesson_mode": "r", "cmi.launch_data": "r", "cmi.comments_from_lms": "r",
  "cmi.student_data.mastery_score": "r", "cmi.student_data.max_time_allowed": "r", "cmi.student_data.time_limit_action": "r",
  "cmi.core.lesson_location": ["rw", text(255)], "cmi.core.lesson_status": ["rw", oneOf(STATUS.slice(0, 5))],
  "cmi.core.score.raw": ["rw", score], "cmi.core.score.max": ["rw", score], "cmi.core.score.min": ["rw", score],
  "cmi.core.exit": ["w", oneOf(EXIT)], "cmi.core.session_time": ["w", time],
  "cmi.suspend_data": ["rw", text(4096)], "cmi.comments": ["rw", text(4096)],
  "cmi.student_preference.audio": ["rw", whole(-1, 100)], "cmi.student_preference.language": ["rw", text(255)],
  "cmi.student_preference.speed": ["rw", whole(-100, 100)], "cmi.student_preference.text": ["rw", whole(-1, 1)],
};
const CHILDREN = {
  "cmi.core._children": "student_id,student_name,lesson_location,credit,lesson_status,entry,score,total_time,lesson_mode,exit,session_time",
  "cmi.core.score._children": "raw,min,max",
  "cmi.objectives._children": "id,score,status",
  "cmi.student_data._children": "mastery_score,max_time_allowed,time_limit_action",
  "cmi.student_preference._children": "audio,language,speed,text",
  "cmi.interactions._children": "id,objectives,time,type,correct_responses,weighting,student_response,result,latency",
};
const ROW = /^cmi\.(objectives|interactions)\.(\d{1,3})\.(.+)$/;
const ROW_FIELDS = {
  objectives: { id: text(255), status: oneOf(STATUS), "score.raw": score, "score.min": score, "score.max": score },
  interactions: {
    id: text(255), time: text(20), weighting: text(20), student_response: text(255), latency: text(20),
    type: oneOf(["true-false", "choice", "fill-in", "matching", "performance", "likert", "sequencing", "numeric"]),
    result: (value) => ["correct", "wrong", "unanticipated", "neutral"].includes(value) || /^-?\d+(\.\d+)?$/.test(value),
  },
};
const NESTED = /^(objectives\.\d{1,2}\.id|correct_responses\.\d{1,2}\.pattern)$/;
const COUNTED = /^(objectives|correct_responses)\._count$/;

const clock = (seconds) => {
  const pair = (number) => String(Math.floor(number)).padStart(2, "0");
  return `${String(Math.floor(seconds / 3600)).padStart(4, "0")}:${pair((seconds % 3600) / 60)}:${pair(seconds % 60)}`;
};

class Session {
  constructor(item) {
    this.item = item;
    this.kept = told.cmi[item.id] || {};
    this.state = "new";
    this.error = 0;
    this.rows = { objectives: structuredClone(this.kept.objectives || []), interactions: structuredClone(this.kept.interactions || []) };
    const before = this.kept.status && this.kept.status !== "not attempted";
    this.values = {
      "cmi.core.student_id": told.learner, "cmi.core.student_name": "Learner, Portal", "cmi.core.credit": "credit",
      "cmi.core.entry": !before ? "ab-initio" : this.kept.exit === "suspend" ? "resume" : "",
      "cmi.core.total_time": clock(this.kept.seconds || 0), "cmi.core.lesson_mode": "normal",
      "cmi.core.lesson_location": this.kept.location || "", "cmi.core.lesson_status": this.kept.status || "not attempted",
      "cmi.core.score.raw": this.kept.score == null ? "" : String(this.kept.score), "cmi.core.score.min": "", "cmi.core.score.max": "",
      "cmi.core.exit": "", "cmi.core.session_time": "",
      "cmi.suspend_data": this.kept.suspend_data || "", "cmi.launch_data": item.launch_data || "",
      "cmi.comments": this.kept.comments || "", "cmi.comments_from_lms": "",
      "cmi.student_data.mastery_score": item.mastery == null ? "" : String(item.mastery),
      "cmi.student_data.max_time_allowed": "", "cmi.student_data.time_limit_action": "continue,no message",
      "cmi.student_preference.audio": "0", "cmi.student_preference.language": document.documentElement.lang,
      "cmi.student_preference.speed": "0", "cmi.student_preference.text": "0",
    };
  }

  done(error, value) {
    this.error = error;
    return value;
  }

  initialize(argument) {
    if (argument !== "") return this.done(201, "false");
    if (this.state !== "new") return this.done(101, "false");
    this.state = "running";
    return this.done(0, "true");
  }

  finish(argument) {
    if (argument !== "") return this.done(201, "false");
    if (this.state !== "running") return this.done(301, "false");
    this.state = "finished";
    this.report(true);
    return this.done(0, "true");
  }

  commit(argument) {
    if (argument !== "") return this.done(201, "false");
    if (this.state !== "running") return this.done(301, "false");
    this.report(false);
    return this.done(0, "true");
  }

  get(element) {
    if (this.state !== "running") return this.done(301, "");
    if (element in CHILDREN) return this.done(0, CHILDREN[element]);
    const count = /^cmi\.(objectives|interactions)\._count$/.exec(element);
    if (count) return this.done(0, String(this.rows[count[1]].length));
    const row = ROW.exec(element);
    if (row) return this.getRow(row[1], Number(row[2]), row[3]);
    if (!(element in KNOWN)) return this.done(this.whyUnknown(element), "");
    if (!KNOWN[element][0].includes("r")) return this.done(404, "");
    return this.done(0, this.values[element]);
  }

  getRow(list, number, field) {
    const row = this.rows[list][number];
    if (list === "interactions" && !COUNTED.test(field)) return this.done(field in ROW_FIELDS.interactions || NESTED.test(field) ? 404 : 401, "");
    if (!row) return this.done(201, "");
    if (COUNTED.test(field)) {
      const start = `${field.split(".")[0]}.`;
      return this.done(0, String(Object.keys(row).filter((key) => key.startsWith(start)).length));
    }
    if (field === "score._children") return this.done(0, "raw,min,max");
    if (!(field in ROW_FIELDS.objectives)) return this.done(401, "");
    return this.done(0, row[field] || "");
  }

  whyUnknown(element) {
    if (element.endsWith("._children")) return 202;
    if (element.endsWith("._count")) return 203;
    return element.startsWith("cmi.") ? 401 : 201;
  }

  set(element, given) {
    if (this.state !== "running") return this.done(301, "false");
    const value = String(given);
    if (element in CHILDREN || element.endsWith("._count") || element.endsWith("._children")) return this.done(402, "false");
    const row = ROW.exec(element);
    if (row) return this.setRow(row[1], Number(row[2]), row[3], value);
    if (!(element in KNOWN)) return this.done(this.whyUnknown(element), "false");
    const [use, takes] = KNOWN[element];
    if (!use.includes("w")) return this.done(403, "false");
    if (!takes(value)) return this.done(405, "false");
    // Comments are added to, as the standard says.
    const whole = element === "cmi.comments" ? this.values[element] + value : value;
    if (!takes(whole)) return this.done(405, "false");
    this.values[element] = whole;
    return this.done(0, "true");
  }

  setRow(list, number, field, value) {
    const rows = this.rows[list];
    if (number > rows.length || number >= 250) return this.done(201, "false");
    const takes = ROW_FIELDS[list][field] || (list === "interactions" && NESTED.test(field) ? text(255) : null);
    if (!takes) return this.done(401, "false");
    if (!takes(value)) return this.done(405, "false");
    if (number === rows.length) rows.push({});
    rows[number][field] = value;
    return this.done(0, "true");
  }

  report(finished) {
    const v = this.values;
    const cmi = {
      location: v["cmi.core.lesson_location"], status: v["cmi.core.lesson_status"], score: v["cmi.core.score.raw"],
      exit: v["cmi.core.exit"], session: v["cmi.core.session_time"], suspend_data: v["cmi.suspend_data"],
      comments: v["cmi.comments"], objectives: this.rows.objectives, interactions: this.rows.interactions,
    };
    const mark = this.item.mastery;
    const judged = finished && mark != null && cmi.score !== "" ? (Number(cmi.score) >= mark ? "passed" : "failed") : cmi.status;
    told.cmi[this.item.id] = { ...this.kept, ...cmi, status: judged, score: cmi.score === "" ? null : Number(cmi.score) };
    window.parent.postMessage({ kind: "scorm", item: this.item.id, cmi, finished }, told.portal);
    mark_part(this.item.id, judged);
  }
}

let session = new Session(told.items[0]);

window.API = {
  LMSInitialize: (argument) => session.initialize(argument),
  LMSFinish: (argument) => session.finish(argument),
  LMSGetValue: (element) => session.get(String(element)),
  LMSSetValue: (element, value) => session.set(String(element), value),
  LMSCommit: (argument) => session.commit(argument),
  LMSGetLastError: () => String(session.error),
  LMSGetErrorString: (code) => WORDS[code] || "",
  LMSGetDiagnostic: (code) => WORDS[code || session.error] || "",
};

function mark_part(id, status) {
  for (const button of parts.filter((one) => one.dataset.part === id)) button.dataset.status = ENDED.includes(status) ? status : "";
}

function open_part(id) {
  // One that was left without a word ends here, so that its time and place are kept.
  if (session.state === "running") session.finish("");
  session = new Session(told.items.find((item) => item.id === id));
  for (const button of parts) {
    if (button.dataset.part === id) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  frame.src = `files/${session.item.href}`;
}

for (const item of told.items) mark_part(item.id, (told.cmi[item.id] || {}).status);
for (const button of parts) button.addEventListener("click", () => open_part(button.dataset.part));
window.addEventListener("pagehide", () => {
  if (session.state === "running") session.report(false);
});
const next = told.items.find((item) => !ENDED.includes((told.cmi[item.id] || {}).status)) || told.items[0];
open_part(next.id);
