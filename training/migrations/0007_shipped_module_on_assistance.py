"""The module on requests for military assistance: the last resort, the criteria, who decides."""

from datetime import date
from importlib import import_module

from django.db import migrations

TITLE = "Requesting military assistance: last resort"
SUMMARY = (
    "When may aid use military means, who decides, and what must stand in a request? Afterwards you can write a "
    "request that is answered, and say no to one that should not be made."
)
LADDER = {
    "alt": (
        "A stair of five steps from the bottom up: the community itself, local and state services, aid organisations, "
        "commercial means, and at the top, as the last step, military means."
    ),
    "file": "last-resort.svg",
    "width": 480,
    "height": 470,
}
PATH = {
    "alt": (
        "The path of a request: the organisation asks; CMCoord reviews and returns, endorses or does not endorse; the "
        "mission tasks an office; the office accepts or declines; then it is carried out, closed and learned from."
    ),
    "file": "path-of-a-request.svg",
    "width": 480,
    "height": 600,
}
PAGES = [
    (
        "Two staffs, one request",
        """Two staffs meet over a request for assistance (**RFA**), and they are not the same:

| | UN-CIMIC | UN-CMCoord |
|---|---|---|
| Belongs to | the military component of the mission | the humanitarian side (OCHA) |
| Speaks for | what the force can and cannot do | the principles and needs of aid |
| In a request | finds the means, plans, carries out | reviews it and endorses it, or does not |

The portal keeps them apart: a review by CMCoord cannot be done by the office that will be tasked.

A request is made by an **organisation that gives aid**. It belongs to that organisation, whoever typed it in.""",
        None,
    ),
    (
        "What last resort means",
        """Military means for aid (**MCDA**: military and civil defence assets) are the last resort. Not because soldiers are worse at it, but because aid that arrives in a military truck may be taken for a part of the conflict. Then the next truck, without soldiers, is a target, and people stay away from it.

[picture]

Last resort does not mean *last in time*. In a flood the helicopter may be the only thing that flies on the first day. It means: on the day you ask, nothing civilian can do it.""",
        LADDER,
    ),
    (
        "Five criteria",
        """Each is answered yes or no, **with evidence**. The portal asks for all five.

| Criterion | Evidence that helps |
|---|---|
| An identified need that available civilian means cannot meet | assessment with date; who was asked for trucks, boats, aircraft, and what they answered |
| A unique advantage in capability, availability and timeliness | what the force can do by when, and others cannot |
| It complements civilian capability | what the organisation does itself before and after |
| It is urgent, and agreed as a priority | decision of the cluster or of the coordination meeting |
| Neutrality, acceptance and longer-term access are not compromised | who was asked in the community; how it will be seen; by which parties |

A “yes” without evidence is read as a “not known”.""",
        None,
    ),
    (
        "Ask for a capability",
        """Write **what must be achieved**, not which machine you would like.

- Not: *two Mi-8 for Tuesday.* But: *move 4 t of vaccine, kept cold, from the airfield to Ramba within 6 hours, between Tuesday and Thursday.*
- Not: *an engineer company.* But: *a crossing for 10-t trucks over the Oro, for three weeks.*

Then whoever has the means can find the best way, and perhaps a civilian one that you did not know.

A whole request says: the capability and its quantity; from when to when; the place; who asks, and for which cluster; **which alternatives were tried**; the five criteria; how it ends.""",
        None,
    ),
    (
        "Three kinds of support",
        """The nearer soldiers come to the people who receive aid, the stronger the reasons must be.

| Kind | What it is | Example | Visible to the population |
|---|---|---|---|
| Infrastructure | nobody is near: general services | repair of a road, a runway, a bridge; air traffic control | little |
| Indirect | one step away from the people | transport of goods between warehouses, relief personnel by air | some |
| Direct | face to face with people in need | handing out goods, treating the sick | fully |

Prefer the upper rows. Whatever the kind, three things hold:

- it is **under civilian direction**: aid decides who gets what, where and when; the force keeps the command of its own means;
- it is **limited** in time and scale from the first day;
- nobody in it gathers information for other ends, and nobody says thanks with a vote, a name or a tip.""",
        None,
    ),
    (
        "Who decides",
        """Three parties each decide their own part, and none of them the part of another.

[picture]

- **The organisation** decides that it needs help, and may withdraw before it is carried out.
- **CMCoord** endorses, returns with what is missing, or does not endorse, with the reason.
- **The tasked office** accepts or declines, with the reason: it answers for its people and machines.

Silence is nobody's yes. A request whose time passes without an answer lapses, and the portal counts it as such.""",
        PATH,
    ),
    (
        "Armed escorts are an exception",
        """An escort by soldiers protects the truck of today and can cost the trust of tomorrow. As a rule aid moves **without** arms, by being known and accepted. First think of what makes an escort unnecessary: another time, another route, another carrier, a notified movement, talks with those who hold the road.

Four criteria, and all four must be met:

| Criterion | The question |
|---|---|
| Humanitarian need and programme criticality | would people die or suffer greatly if this convoy did not go? |
| Responsible authorities | are those who should keep the road safe unable or unwilling? |
| Safety and security | does the escort make it safer for staff and for people, now and afterwards, or does it draw fire? |
| Sustainability | can we go on without it, or do we begin something that never ends? |""",
        None,
    ),
    (
        "When not all four are met",
        """Then CMCoord does **not** decide alone. A further decision is taken, in writing and with reasons:

- by the position of the **Humanitarian Coordinator**, for the humanitarian side;
- by the position of the **Designated Official**, for the security side.

The portal asks each of them, shows both the criteria as they were answered, and keeps the reasons. Which positions these are in your mission stands in the settings.

Repeated escorts on one route are shown as **dependence**. Ask then what would have to change on that road, and who works on it; each further escort makes the answer more expensive.""",
        None,
    ),
    (
        "Write the end first",
        """What begins without an end goes on until something breaks. Every request says three things about its exit:

1. **What ends it**: a fact that somebody can see. *The bridge carries 10 t again. The contractor's trucks have arrived.*
2. **Who takes over**: an organisation or a service, by name, and they know it.
3. **By when**: a day.

Before the day, look again at the five criteria. If the first one has become a “no”, the support ends, also where it was popular and also where it is still cheap.""",
        None,
    ),
    (
        "What happens to a request",
        """| State | Who acts next |
|---|---|
| Draft | you: nobody else reads it yet but your office |
| Submitted | CMCoord takes it into review |
| Returned | you: what is missing stands in it |
| Endorsed / not endorsed | the mission tasks an office / you find another way |
| Tasked | the office accepts or declines, with reason |
| Scheduled, executing | the office, as tasks of an operation |
| Completed or aborted | you and the office: was the need met? |
| Closed | nobody; it is counted and learned from |

You may withdraw before it is carried out. The provider may cancel, with a reason, when its means are needed to save lives elsewhere.

Besides your organisation, it is read by CMCoord, the tasked office and the position that typed it.""",
        None,
    ),
    (
        "Before you submit",
        """- The need was assessed, and the date stands there.
- Everybody who could do it without soldiers was asked, and their answers stand there.
- I ask for a capability, with quantity, place, from and to.
- Each of the five criteria has its evidence; for an escort the four as well.
- I chose the kind that is least visible.
- The community was asked how it would be seen.
- It says what ends it, who takes over, and by when.
- I would stand by it in front of the people for whom it is.

Is one of these missing? Then call CMCoord **before** you submit: ten minutes on the telephone save two days of returns.""",
        None,
    ),
]
QUESTIONS = [
    (
        "What does “last resort” mean for military assets?",
        [
            "They are used last in time, after some weeks",
            "On the day one asks, no civilian means can meet the need",
            "They are used when they are cheaper",
        ],
        [1],
        "It is a question of what else can do it, not of the calendar. On the first day of a flood nothing else may fly.",
    ),
    (
        "Who endorses a request for assistance, or does not?",
        ["The force commander", "UN-CIMIC", "UN-CMCoord"],
        [2],
        "UN-CMCoord reviews for the humanitarian side. UN-CIMIC finds the means; the two roles are never merged.",
    ),
    (
        "Which of these belong to the five last-resort criteria? Choose all.",
        [
            "Available civilian means cannot meet the need",
            "The military asset offers a unique advantage",
            "The mission gains good will by it",
            "Neutrality and longer-term access are not compromised",
        ],
        [0, 1, 3],
        "Winning good will is no criterion; it would make aid a means of the mission. The other two are: complements civilian capability; urgent and agreed as a priority.",
    ),
    (
        "Which sentence belongs into a request?",
        [
            "We need two helicopters on Tuesday",
            "4 t of vaccine, kept cold, from the airfield to Ramba within 6 hours, by Thursday",
            "Please support us with air assets as available",
        ],
        [1],
        "Ask for the capability with quantity, place and time. Whoever has the means finds the best way.",
    ),
    (
        "Which kind of support needs the strongest reasons?",
        ["Repairing a runway", "Carrying goods between warehouses", "Handing out goods to people"],
        [2],
        "Direct support is face to face with the population, and so the most visible.",
    ),
    (
        "Under whose direction is military support to aid?",
        [
            "Civilian: aid decides who gets what, where and when",
            "Military: the force decides, since it carries the risk",
            "It depends on who pays for the fuel",
        ],
        [0],
        "Aid directs the aid; the force keeps the command of its own means and people.",
    ),
    (
        "One of the four escort criteria is not met. Who decides now? Choose all.",
        [
            "CMCoord alone",
            "The position of the Humanitarian Coordinator",
            "The position of the Designated Official, on the security side",
            "The escort's commander",
        ],
        [1, 2],
        "A further decision with reasons: the Humanitarian Coordinator's position, and the Designated Official's on the security side. Never CMCoord alone.",
    ),
    (
        "The office that was tasked does not answer in time. What does that mean?",
        ["It has accepted", "Nothing is agreed; the request lapses when its time passes", "CMCoord accepts for it"],
        [1],
        "Silence is never consent. It is escalated, and lapses when its time passes.",
    ),
    (
        "What does a good exit say? Choose all.",
        ["What ends the support", "Who takes over", "By when", "How often it may be extended"],
        [0, 1, 2],
        "A fact that ends it, a name that takes over, and a day. Extensions are new decisions on the same criteria.",
    ),
    (
        "The same route has been escorted for the ninth time. What does the portal show, and what do you do?",
        [
            "Good cooperation; carry on",
            "Dependence; ask what must change on the road and who works on it",
            "Nothing; each escort stands by itself",
        ],
        [1],
        "Sustainability is one of the four criteria. Repeated escorts on one route are shown as dependence.",
    ),
]


def ship(apps, schema_editor):
    publish = import_module("training.migrations.0006_shipped_module_on_sharing").publish
    publish(
        apps,
        PAGES,
        QUESTIONS,
        title=TITLE,
        summary=SUMMARY,
        minutes=25,
        published_on=date(2026, 11, 28),
    )


class Migration(migrations.Migration):
    dependencies = [("training", "0006_shipped_module_on_sharing")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
