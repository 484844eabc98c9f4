"""The demo mission's SCORM 1.2 package: one page to read, one short quiz, written to the standard."""

from __future__ import annotations

import io
import zipfile

_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="convoy" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
          xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="course"><organization identifier="course"><title>Convoy markings</title>
    <item identifier="read" identifierref="r1"><title>What a marked vehicle shows</title></item>
    <item identifier="check" identifierref="r2"><title>Check yourself</title>
      <adlcp:masteryscore>60</adlcp:masteryscore></item>
  </organization></organizations>
  <resources>
    <resource identifier="r1" type="webcontent" adlcp:scormtype="sco" href="read.html"><file href="read.html"/></resource>
    <resource identifier="r2" type="webcontent" adlcp:scormtype="sco" href="check.html"><file href="check.html"/></resource>
  </resources>
</manifest>
"""
_API = """function api() {
  var here = window;
  while (here && !here.API && here.parent && here.parent !== here) here = here.parent;
  return here.API;
}
function done(status, score) {
  if (score !== undefined) api().LMSSetValue("cmi.core.score.raw", String(score));
  api().LMSSetValue("cmi.core.lesson_status", status);
  api().LMSSetValue("cmi.core.session_time", "0000:02:00");
  api().LMSFinish("");
}
api().LMSInitialize("");
"""
_SHEET = """body { font: 17px/1.5 system-ui, sans-serif; max-width: 40em; margin: 2em auto; padding: 0 1em; color: #14202b; background: #fff; }
button { font: inherit; padding: .4em 1em; } label { display: block; padding: .3em 0; }
"""
_HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Convoy markings</title>
<link rel="stylesheet" href="sheet.css"><script src="api.js"></script></head><body>"""
_READ = f"""{_HEAD}
<h1>What a marked vehicle shows</h1>
<p>The sign of the organisation on both doors, on the bonnet and on the roof, so that it is seen from the air. A flag by day,
a lit flag by night. The number of the convoy, as it was notified.</p>
<p>What it does not show: arms, uniforms, or the sign of anybody else.</p>
<button onclick="done('completed'); this.textContent = 'Read'; this.disabled = true">I have read it</button></body></html>
"""
_CHECK = f"""{_HEAD}
<h1>Check yourself</h1>
<form onsubmit="event.preventDefault(); done('completed', 50 * (this.a.value === 'roof') + 50 * (this.b.value === 'no'))">
<p>Where must the sign be seen from the air?</p>
<label><input type="radio" name="a" value="roof"> On the roof</label><label><input type="radio" name="a" value="side"> On the side</label>
<p>May an armed guard ride in a marked vehicle?</p>
<label><input type="radio" name="b" value="yes"> Yes</label><label><input type="radio" name="b" value="no"> No</label>
<button>Hand in</button></form></body></html>
"""


def build() -> io.BytesIO:
    """The package as a file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (
            ("imsmanifest.xml", _MANIFEST),
            ("api.js", _API),
            ("sheet.css", _SHEET),
            ("read.html", _READ),
            ("check.html", _CHECK),
        ):
            package.writestr(name, content)
    target.seek(0)
    return target
