"""What the demo mission works by: policies, frameworks and directives."""

from __future__ import annotations

from typing import NamedTuple


class Edit(NamedTuple):
    """How a version differs from the one before: `was` became `now`, and why, in plain words."""

    was: str
    now: str
    changes: str
    is_correction: bool = False


class Document(NamedTuple):
    """One document as it stands. `edits`: from the first version to this text, oldest first.

    `state` of the newest version; `review_in`: days until the review is due; `concerned`: offices whose
    people acknowledge it; "mission" for every component of it.
    """

    kind: str
    number: str
    title: str
    theme: str
    office: str
    post: str
    approver: tuple[str, str]
    text: str
    edits: tuple[Edit, ...] = ()
    state: str = "in_force"
    review_in: int = 200
    concerned: tuple[str, ...] = ()
    with_partners: bool = False
    classification: int = 1
    changes: str = ""
    comments: tuple[tuple[str, str], ...] = ()
    replaced_by: str = ""


SRSG = ("Office of the SRSG", "Special Representative")
COMMANDER = ("Force HQ", "Force Commander")
STAFF = ("Force HQ", "Chief of staff")
COMMISSIONER = ("Police HQ", "Police Commissioner")
CIVIL = ("Civil Affairs", "Chief civil affairs")

POLICIES = [
    Document(
        "Policy",
        "POL 2026/01",
        "Sharing humanitarian information",
        "Information and sharing",
        "Force HQ U9",
        "Plans officer",
        SRSG,
        "## Purpose\n\nPartners trust us with what they see. This policy says what we do with it.\n\n"
        "## Rules\n\n1. What a partner tells us is used for the purpose for which it was told.\n"
        "2. Names of people in need are neither asked for nor kept.\n"
        "3. Where a partner works is not passed on to any party to the conflict.\n"
        "4. Whoever passes information on asks the partner first, and notes the answer.\n\n"
        "## When in doubt\n\nAsk the CMCoord officer. Waiting a day is cheaper than a closed road.",
        (
            Edit(
                "4. Whoever passes information on tells the partner.",
                "4. Whoever passes information on asks the partner first, and notes the answer.",
                "The partner is asked before, not told after.",
            ),
        ),
        concerned=("mission",),
        with_partners=True,
    ),
    Document(
        "Policy",
        "POL 2026/02",
        "Use of armed escorts as last resort",
        "Movement and escort",
        "Force HQ U9",
        "Operations officer",
        SRSG,
        "## Principle\n\nHumanitarian convoys drive without armed escort. An escort is the exception, when four "
        "things are true at once.\n\n## The four criteria\n\n"
        "| Criterion | What is asked |\n|---|---|\n"
        "| Need and criticality | Would lives be lost without this convoy? |\n"
        "| Responsible authorities | Are they unable or unwilling to protect it? |\n"
        "| Safety and security | Does the escort make it safer, and not a target? |\n"
        "| Sustainability | Can aid go on later without an escort? |\n\n"
        "## Who decides\n\nWhere one of them is not met, the Humanitarian Coordinator decides with reasons in "
        "writing, and the Designated Official on the side of security.\n\n"
        "## Afterwards\n\nEach escort is told to CMCoord within a day: route, time, what happened at the stops.",
        (
            Edit(
                "CMCoord decides with reasons in writing.",
                "the Humanitarian Coordinator decides with reasons in writing, and the Designated Official on the "
                "side of security.",
                "Who decides where a criterion is not met is named: never CMCoord alone.",
            ),
            Edit(
                "told to CMCoord within a week",
                "told to CMCoord within a day",
                "The day after the escort, not the week after.",
                is_correction=True,
            ),
        ),
        concerned=("Force HQ",),
        with_partners=True,
    ),
    Document(
        "Policy",
        "POL 2026/03",
        "Handling of allegations of sexual exploitation and abuse",
        "Protection of civilians",
        "Human Rights",
        "Human rights officer",
        SRSG,
        "## Duty\n\nWhoever hears of sexual exploitation or abuse by anyone of the mission or of a partner reports "
        "it the same day. A rumour is enough. There is no chain of command for this report.\n\n"
        "## What to do\n\n- See to the safety of the person first; ask what they want.\n"
        "- Ask no more than is needed to get help: where, when, is there danger now.\n"
        "- Take no pictures, write no name into any log of this portal.\n"
        "- Report to the conduct and discipline focal point by telephone.\n\n"
        "## What not to do\n\nDo not investigate. Do not confront anyone. Do not promise an outcome.\n\n"
        "## Help for survivors\n\nMedical help within 72 hours counts most. The health partner on call is on the "
        "card that everybody carries.",
        (
            Edit(
                "it within three days.",
                "it the same day. A rumour is enough.",
                "The report is due the same day.",
            ),
        ),
        concerned=("mission",),
        review_in=-12,
    ),
    Document(
        "Policy",
        "POL 2026/04",
        "Support to security forces outside the United Nations",
        "Command and coordination",
        "Human Rights",
        "Chief human rights",
        SRSG,
        "## Rule\n\nNo support to forces outside the United Nations without a written assessment of the risk of "
        "grave violations.\n\n## The assessment\n\nIt says who is supported and with what, what is known of the "
        "unit and its commander, which mitigation is put in place, and who monitors it.\n\n"
        "## When it goes wrong\n\nSupport is suspended the same day. The head of mission writes to the authorities.",
        concerned=("Force HQ", "Police HQ"),
        classification=2,
        review_in=40,
    ),
    Document(
        "Policy",
        "POL 2024/03",
        "Contacts with armed groups",
        "Contact with communities",
        "Civil Affairs",
        "Chief civil affairs",
        SRSG,
        "## Rule\n\nContacts with armed groups are made by those alone whom the head of mission has named, for "
        "humanitarian access and the protection of civilians.\n\n## Record\n\nEach contact is logged within two days.",
        state="withdrawn",
        changes="The channel directive says it more clearly, with one owner for each group.",
        replaced_by="DIR 2026/02",
    ),
    Document(
        "Framework",
        "FRA 2026/01",
        "Protection of civilians: from alert to response",
        "Protection of civilians",
        "Protection of Civilians",
        "PoC officer",
        SRSG,
        "## Three tiers\n\n- **Dialogue**: talk with those who threaten and those who are threatened.\n"
        "- **Presence**: patrols, temporary bases, escorts of women to the fields.\n"
        "- **Environment**: justice, reconciliation, return.\n\n"
        "## The alert\n\n1. Whoever receives it writes it down with time and source.\n"
        "2. The sector verifies it within two hours.\n3. The sector commander decides, with the civilian and police "
        "heads in the room or on the line.\n4. No response needs a reason in writing.\n\n"
        "## Feedback\n\nThe community hears within three days what was done, also where nothing was done.",
        (
            Edit(
                "2. The sector verifies it within six hours.",
                "2. The sector verifies it within two hours.",
                "Two hours for verification; the drills of March showed that it can be done.",
            ),
            Edit(
                "The community hears what was done.",
                "The community hears within three days what was done, also where nothing was done.",
                "Feedback to the community has a day.",
            ),
        ),
        concerned=("mission",),
    ),
    Document(
        "Framework",
        "FRA 2026/02",
        "Who talks to whom: UN-CIMIC and UN-CMCoord",
        "Humanitarian partners",
        "Force HQ U9",
        "Chief U9",
        COMMANDER,
        "## Two functions\n\nUN-CIMIC is a staff function of the force. UN-CMCoord is a humanitarian function. They "
        "work together and are never merged.\n\n## Single point of entry\n\nA partner is met through the position that "
        "owns the channel. Whoever else wants to meet them asks it, or informs it within a day.\n\n"
        "## Meetings\n\nThe weekly meeting is at a place where partners come without passing a military gate.",
        concerned=("Force HQ",),
        with_partners=True,
    ),
    Document(
        "Framework",
        "FRA 2026/03",
        "Joint planning of the three components",
        "Planning together",
        "Force HQ U9",
        "Plans officer",
        STAFF,
        "## Why\n\nA plan that one component wrote is read by one component.\n\n## How\n\n- Every operation names who "
        "leads, supports, is consulted and informed.\n- Each section has a writer; objections are written, not spoken.\n"
        "- Silence is not consent: an answer that is overdue is asked for through the head.\n\n"
        "## The evening before\n\nPolice, force and civil affairs go through the matrix together for a quarter of an hour.",
        state="review",
        comments=(
            ("The evening before", "A quarter of an hour is too short where three sectors take part."),
            ("How", "Say who calls the meeting; at present everybody waits for the other."),
        ),
    ),
    Document(
        "Directive",
        "DIR 2026/01",
        "Conduct at checkpoints and in markets",
        "Contact with communities",
        "Force HQ",
        "Chief of staff",
        COMMANDER,
        "## At checkpoints\n\n1. Weapons point to the ground; helmets off where the threat allows it.\n"
        "2. Women are searched by women, or not at all.\n3. Ambulances and water trucks pass first.\n"
        "4. Nobody pays, gives or takes anything.\n\n## In markets\n\nPatrols go on foot, in small groups, and greet "
        "before they ask. Vehicles stay outside.\n\n## Reports\n\nEach complaint is noted, with what was done.",
        (
            Edit(
                "3. Ambulances pass first.",
                "3. Ambulances and water trucks pass first.",
                "Water trucks were held up for hours in the dry season.",
            ),
        ),
        concerned=("Force HQ",),
        review_in=10,
    ),
    Document(
        "Directive",
        "DIR 2026/02",
        "Channels to armed groups and local authorities",
        "Contact with communities",
        "Civil Affairs",
        "Chief civil affairs",
        SRSG,
        "## One owner\n\nFor each group and each authority one position owns the channel. The list is kept by Civil "
        "Affairs and shown to heads of component.\n\n## Before a contact\n\nThe owner is asked. In danger of life the "
        "contact is made first, and the owner told within the hour.\n\n## What is said\n\nAccess, safety of civilians, "
        "release of people. Nothing of operations, of partners, or of other groups.",
        concerned=("Civil Affairs",),
        classification=2,
    ),
    Document(
        "Directive",
        "DIR 2026/03",
        "Quiet hours and presence at displacement sites",
        "Protection of civilians",
        "Sector North",
        "Operations officer",
        COMMANDER,
        "## Where\n\nSites for displaced people in the north.\n\n## Rules\n\n- No armed person inside the fence, but to "
        "save life.\n- Patrols pass the outer road between 18:00 and 06:00 each hour.\n- Site managers hold the number "
        "of the duty officer; it is answered in Carani.",
        state="draft",
    ),
    Document(
        "Policy",
        "POL 2026/05",
        "Personal data of people whom we meet",
        "Information and sharing",
        "Civil Affairs",
        "Reports officer",
        SRSG,
        "## Least is best\n\nA name is written down where a promise, a contact or a claim needs it, and nowhere else.\n\n"
        "## Consent\n\nPeople are told what is kept, who reads it, and that they may have it taken out.\n\n"
        "## End\n\nTwo years after the last meeting the name goes; what was promised stays without it.",
        state="approved",
        comments=(("Consent", "In a crowd nobody can be asked one by one."),),
    ),
]
