"""What the demo mission works by: procedures, guidelines and templates."""

from __future__ import annotations

from cimic_portal.overview.demo.guidance_words import CIVIL, COMMANDER, COMMISSIONER, STAFF, Document, Edit

PROCEDURES = [
    Document(
        "Standard operating procedure",
        "SOP 2026/01",
        "Quick impact projects: from need to hand-over",
        "Contact with communities",
        "Civil Affairs",
        "Reports officer",
        CIVIL,
        "## 1. The need\n\nIt is told by the community, women and men apart, and written in their words.\n\n"
        "## 2. The check\n\nAsk OCHA whether a humanitarian project does the same. If so, ours is not needed.\n\n"
        "## 3. The proposal\n\nOne page, a budget in lines, two milestones, who keeps it running afterwards.\n\n"
        "## 4. The committee\n\nMeets on the first Tuesday. Whoever wrote the proposal does not vote.\n\n"
        "## 5. Hand-over\n\nThe keys go to a committee of users. A plaque is small or left out.\n\n"
        "## 6. A year later\n\nSomebody goes and looks whether it works.",
        (
            Edit(
                "## 5. Hand-over\n\nThe keys go to the authorities.",
                "## 5. Hand-over\n\nThe keys go to a committee of users.",
                "Four of ten wells stood locked: keys now go to their users.",
            ),
        ),
        concerned=("Civil Affairs",),
        with_partners=True,
    ),
    Document(
        "Standard operating procedure",
        "SOP 2026/02",
        "Guest list at key leader engagements",
        "Contact with communities",
        "Sector North CIMIC",
        "Liaison officer 2",
        ("Sector North", "Sector commander"),
        "## Before\n\n- Ask who has to be there so that what is agreed holds.\n- At least one woman who speaks for "
        "herself; her way home is seen to.\n- Nobody is invited twice in one week: look at the coverage page.\n\n"
        "## At the table\n\nTwo of ours at most sit; the interpreter sits beside the guest. No weapon in the room.\n\n"
        "## After\n\nWhat was promised goes into the log the same evening, with the day.",
        state="review_again",
        changes="At least one woman who speaks for herself, and her way home.",
        edits=(
            Edit(
                "- Ask who has to be there so that what is agreed holds.\n",
                "- Ask who has to be there so that what is agreed holds.\n- At least one woman who speaks for "
                "herself; her way home is seen to.\n",
                "Women were spoken for, not heard.",
            ),
        ),
        concerned=("Sector North",),
        comments=(
            ("Before", "One woman alone is seldom heard: make it two."),
            ("At the table", "Say where the close protection waits."),
        ),
        review_in=-40,
    ),
    Document(
        "Standard operating procedure",
        "SOP 2026/03",
        "Logging a contact from the field",
        "Information and sharing",
        "Force HQ U9",
        "Assessment officer",
        STAFF,
        "## What goes in\n\nWho was met, in which role; what was said in two or three lines; what was promised by whom.\n\n"
        "## What stays out\n\nNames of informants, of children, of survivors. Guesses about people’s minds.\n\n"
        "## Without a link\n\nThe form keeps what was typed on the laptop and sends it when there is a link again.\n\n"
        "## By when\n\nOn the day of the meeting; the releasing officer answers within two days.",
        (
            Edit(
                "Within three days of the meeting;",
                "On the day of the meeting;",
                "The same day; memory is short.",
            ),
            Edit(
                "the releasing officer answers soon.",
                "the releasing officer answers within two days.",
                "A day for the answer as well.",
                is_correction=True,
            ),
        ),
        concerned=(
            "Force HQ U9",
            "Sector North CIMIC",
            "Sector South CIMIC",
            "Sector East CIMIC",
            "Sector West CIMIC",
        ),
    ),
    Document(
        "Standard operating procedure",
        "SOP 2026/04",
        "Joint patrols of police and force",
        "Planning together",
        "Police HQ",
        "Chief of operations",
        COMMISSIONER,
        "## Roles\n\nPolice speak, force secures. One radio net, one commander for the whole patrol, named the day before.\n\n"
        "## Interpreters\n\nOne for each foot patrol. Without one the patrol shows presence and asks no questions.\n\n"
        "## Complaints\n\nTaken by police alone, out of hearing of others.",
        concerned=("Police HQ", "Sector North"),
        with_partners=False,
        state="review",
        changes="",
        comments=(
            ("Interpreters", "Where a patrol is split, one interpreter is not enough."),
            ("Roles", "Say what happens when the radio net fails."),
            ("Complaints", "Add: women may ask for a policewoman."),
        ),
    ),
    Document(
        "Standard operating procedure",
        "SOP 2026/05",
        "Acknowledging a humanitarian notification",
        "Humanitarian partners",
        "Force HQ U9",
        "Operations officer",
        COMMANDER,
        "## What it is\n\nA partner tells where it is or moves. It is no request for permission, and our acknowledgement "
        "is no approval.\n\n## Within two hours\n\n1. The duty officer acknowledges.\n2. Sectors on the route are told.\n"
        "3. Whatever meets it in space and time is moved, or the partner is warned.\n\n"
        "## Records\n\nEvery step has its time. Nothing is changed afterwards; mistakes are struck through.",
        (Edit("## Within six hours", "## Within two hours", "Two hours, as partners were promised."),),
        concerned=("Force HQ U9", "Sector North", "Sector South", "Sector East", "Sector West"),
        with_partners=True,
    ),
    Document(
        "Standard operating procedure",
        "SOP 2026/06",
        "Night line for alerts of communities",
        "Protection of civilians",
        "Protection of Civilians",
        "Senior PoC adviser",
        ("Office of the SRSG", "Special Representative"),
        "## Who answers\n\nA language assistant and a duty officer, together, every night of the year.\n\n"
        "## What is asked\n\nWhere, how many, what do you need now, can we call back on this number.\n\n"
        "## What follows\n\nThe sector is called within ten minutes. The caller is called back within half an hour.",
        concerned=("Protection of Civilians",),
        state="review_again",
        changes="The caller is called back within half an hour.",
        edits=(
            Edit(
                "The caller is called back within the hour.",
                "The caller is called back within half an hour.",
                "Half an hour: callers who waited longer did not pick up any more.",
            ),
        ),
        comments=(("What follows", "With two calls at once half an hour cannot be kept."),),
    ),
    Document(
        "Standard operating procedure",
        "SOP 2024/11",
        "Requests of partners for engineers",
        "Logistics and assets",
        "Force HQ Engineers",
        "Engineer liaison officer",
        STAFF,
        "## Way of a request\n\nBy letter to the chief of staff, two weeks before.\n\n## Priority\n\nRoads for aid, then "
        "water, then all else.",
        state="withdrawn",
        changes="Requests come through the portal now, with the criteria of last resort in the form.",
    ),
    Document(
        "Standard operating procedure",
        "SOP 2026/07",
        "Repair of roads used by aid convoys",
        "Logistics and assets",
        "Force HQ Engineers",
        "Force engineer",
        COMMANDER,
        "## Choice\n\nThe list of roads is made with the logistics cluster each month; the mission’s own roads are on a list "
        "of their own.\n\n## Work\n\nCommunities are told a week before. Work stops on market days.\n\n"
        "## Sign\n\nNo flag and no sign at the road: it belongs to those who live there.",
        state="draft_again",
        edits=(
            Edit(
                "Work stops on holidays.",
                "Work stops on market days.",
                "Market days, not holidays, are when people need the road.",
            ),
        ),
        concerned=("Force HQ Engineers",),
        with_partners=True,
    ),
    Document(
        "Standard operating procedure",
        "SOP 2026/08",
        "Medical evacuation of civilians",
        "Medical support",
        "Force HQ",
        "Chief of staff",
        COMMANDER,
        "## Rule\n\nLife is saved first; who pays is settled later.\n\n## Steps\n\n1. Nine lines to the operations centre.\n"
        "2. The nearest hospital that can help, ours or not.\n3. One relative travels along.\n"
        "4. The way home is planned on the day of admission.",
        concerned=("Force HQ",),
        review_in=55,
    ),
    Document(
        "Guideline",
        "GUI 2026/01",
        "Working with interpreters",
        "Contact with communities",
        "Integrated Training",
        "Training officer",
        CIVIL,
        "## Before\n\nGive the interpreter the agenda and the words that matter. Ask what must not be said in this place.\n\n"
        "## During\n\nSpeak to the guest, in short sentences. One person speaks at a time. Leave out jokes.\n\n"
        "## After\n\nAsk what you did not hear. Thank them. Their name goes into no report.",
        with_partners=True,
        concerned=(),
    ),
    Document(
        "Guideline",
        "GUI 2026/02",
        "First week in the mission area",
        "Training and handover",
        "Integrated Training",
        "Training officer",
        CIVIL,
        "## Day by day\n\n| Day | What |\n|---|---|\n| 1 | Badge, radio, the card with emergency numbers |\n"
        "| 2 | Induction: conduct, protection of civilians, mines |\n| 3 | Meet your counterpart and three partners |\n"
        "| 4 | Read the book of your predecessor and sign each part |\n| 5 | First patrol or visit, beside somebody who knows |\n\n"
        "## What people here do not do\n\nPoint with the left hand, take pictures of women, talk about the dead of the flood.",
        (
            Edit(
                "| 3 | Meet your counterpart |",
                "| 3 | Meet your counterpart and three partners |",
                "Partners in the first week.",
            ),
        ),
        concerned=("mission",),
    ),
    Document(
        "Guideline",
        "GUI 2026/03",
        "Rumours and what to answer",
        "Media and rumours",
        "Civil Affairs North",
        "Civil affairs officer",
        CIVIL,
        "## Hear it\n\nWrite the rumour down as it was told, and where.\n\n## Check it\n\nTwo sources that do not know each "
        "other.\n\n## Answer it\n\nIn the language of the market, by somebody whom people know. Say what is true; do not "
        "repeat what is false.",
        state="returned",
    ),
    Document(
        "Template",
        "TPL 2026/01",
        "One page for a joint assessment",
        "Planning together",
        "Force HQ U9",
        "Assessment officer",
        STAFF,
        "## Where and when\n\nPlace, P-code, date, who went.\n\n## Who was heard\n\n- Women, men, elders, youth: how many of each\n"
        "- What each group said that the others did not\n\n## What is needed\n\nIn the words of the community, most urgent first.\n\n"
        "## Who does what\n\n| What | Who | By when |\n|---|---|---|\n| | | |",
        with_partners=True,
    ),
]
