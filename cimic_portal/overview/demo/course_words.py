"""The demo mission's catalogue of courses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Taught:
    """One course: `here`: the training centre gives it; `months`: how long it is valid, None for ever."""

    code: str
    title: str
    summary: str
    phase: str
    standard: str
    months: int | None
    here: bool = True
    days: int = 1


COURSES = [
    Taught(
        "CPTM-01",
        "The United Nations and its peace operations",
        "Say what a mandate is, who decides, and what the mission may and may not do.",
        "before",
        "CPTM",
        None,
        here=False,
    ),
    Taught(
        "CPTM-02",
        "Protection of civilians",
        "Recognise threats to civilians, and choose among the tiers of response.",
        "before",
        "CPTM",
        36,
        here=False,
    ),
    Taught(
        "CPTM-03",
        "Conduct and discipline",
        "Know the standards, how to report, and what follows.",
        "before",
        "CPTM",
        24,
        here=False,
    ),
    Taught(
        "CPTM-04",
        "International humanitarian and human rights law",
        "Apply the law to what one meets on patrol and at a checkpoint.",
        "before",
        "CPTM",
        36,
        here=False,
    ),
    Taught(
        "CPTM-05",
        "Women, peace and security",
        "Plan and report so that women and men are both heard and both protected.",
        "before",
        "CPTM",
        36,
        here=False,
    ),
    Taught(
        "SAF-01",
        "Safe and secure in the field",
        "Prepare a trip, react to fire, checkpoints and mines, and come back.",
        "before",
        "UNDSS",
        36,
        here=False,
    ),
    Taught(
        "IND-01",
        "Induction to the mission",
        "Find one's way: who does what, how the mission works, whom to call.",
        "induction",
        "Mission",
        None,
        days=2,
    ),
    Taught(
        "IND-02",
        "Country and people",
        "Greet, sit and speak with respect; know what has happened here.",
        "induction",
        "Mission",
        None,
    ),
    Taught(
        "IND-03",
        "Civil-military coordination for newcomers",
        "Tell UN-CIMIC from UN-CMCoord, and take a request the right way.",
        "induction",
        "Mission",
        None,
    ),
    Taught(
        "IND-04",
        "How the portal shares information",
        "Classify, share and release so that nobody is put in danger.",
        "induction",
        "Mission",
        24,
    ),
    Taught(
        "LIA-01",
        "Liaison and key leader engagement",
        "Prepare, lead and report an engagement that keeps its promises.",
        "ongoing",
        "STM",
        24,
        days=2,
    ),
    Taught(
        "LIA-02",
        "Working with interpreters",
        "Brief, seat and protect an interpreter.",
        "ongoing",
        "Mission",
        24,
    ),
    Taught(
        "LIA-03",
        "Negotiation and mediation",
        "Find interests behind positions, and know when to stop.",
        "ongoing",
        "STM",
        36,
        days=3,
    ),
    Taught(
        "CMC-01",
        "UN-CIMIC staff officer",
        "Assess, plan and coordinate civil-military work in a sector.",
        "ongoing",
        "STM",
        36,
        days=5,
    ),
    Taught(
        "CMC-02",
        "Humanitarian principles for military and police",
        "Say why distance protects, and keep it.",
        "ongoing",
        "CMCoord",
        24,
    ),
    Taught(
        "CMC-03",
        "Requests for military assistance",
        "Test a request against last resort, and write down the exit.",
        "ongoing",
        "CMCoord",
        24,
    ),
    Taught(
        "CMC-04",
        "Humanitarian notification",
        "Take in, pass on and acknowledge a notified site or movement.",
        "ongoing",
        "CMCoord",
        12,
    ),
    Taught(
        "OPS-01",
        "Joint planning",
        "Write an order in five paragraphs with all components at the table.",
        "ongoing",
        "STM",
        24,
        days=3,
    ),
    Taught(
        "OPS-02",
        "Journal, SITREP and radio",
        "Keep a journal that others can act on.",
        "ongoing",
        "Mission",
        12,
    ),
    Taught(
        "OPS-03",
        "After-action review",
        "Lead a review that ends in lessons, not in blame.",
        "ongoing",
        "Mission",
        36,
    ),
    Taught(
        "OPS-04",
        "Convoy and escort drills",
        "Move together and stay apart from those one protects.",
        "ongoing",
        "Mission",
        12,
        days=2,
    ),
    Taught(
        "POC-01",
        "Early warning and alert desk",
        "Take an alert, verify it, and answer the community.",
        "ongoing",
        "Mission",
        12,
    ),
    Taught(
        "POC-02",
        "Child protection for sectors",
        "Recognise, refer, and leave interviews to those trained for them.",
        "ongoing",
        "STM",
        24,
    ),
    Taught(
        "POC-03",
        "Conflict-related sexual violence: first contact",
        "Listen, refer, and keep the survivor's confidence.",
        "ongoing",
        "STM",
        24,
    ),
    Taught(
        "DDP-01",
        "Human rights due diligence",
        "Assess support to others' forces, and follow it up.",
        "ongoing",
        "STM",
        24,
    ),
    Taught(
        "QIP-01",
        "Quick impact projects from need to handover",
        "Propose, follow and close a project that a village keeps.",
        "ongoing",
        "Mission",
        24,
    ),
    Taught(
        "MED-01",
        "First aid in the field",
        "Stop bleeding, keep breathing, call for evacuation.",
        "ongoing",
        "Mission",
        12,
        days=2,
    ),
    Taught("MED-02", "Casualty evacuation", "Call, mark and load.", "ongoing", "Mission", 12),
    Taught(
        "DRV-01", "Driving on laterite", "Drive, recover and park without harm.", "ongoing", "Mission", 24
    ),
    Taught(
        "GUI-01",
        "Guidance owner's workshop",
        "Write a procedure that people read.",
        "ongoing",
        "Mission",
        None,
    ),
]
ABROAD = "National peace training centre"
WHERE = (
    "Training hall",
    "Room 2, logistics base",
    "Sector headquarters, tent 4",
    "Online, link follows by mail",
)
REASONS = ("On duty at the ford that week", "Leave was moved", "Needed for the rotation")
