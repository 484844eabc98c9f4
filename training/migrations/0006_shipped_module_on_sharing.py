"""The module on how the portal shares information. An office that is named its keeper writes further editions."""

from datetime import date

from django.db import migrations

TITLE = "How this portal shares information"
SUMMARY = (
    "Everybody who writes here decides who reads it. Afterwards you know who sees what you write, from when on, "
    "and what to do when somebody should see more, or less."
)
RULE = {
    "alt": (
        "A path with three questions: active and in a post; cleared for the level; one way in: owner office, audience "
        "once published, named to act, or a grant. Yes to all: you see it. No at any: it does not exist for you."
    ),
    "file": "sharing-rule.svg",
    "width": 480,
    "height": 560,
}
DRAFT = {
    "alt": (
        "A draft is read by its author, its office and those asked to write or decide. After somebody else has released "
        "it, the components and organisations of its audience and everyone named to take part read it too."
    ),
    "file": "draft-and-published.svg",
    "width": 480,
    "height": 420,
}
PAGES = [
    (
        "One rule for everything",
        """Soldiers, police, civil staff and humanitarian partners write into the same portal. They must be able to trust it with different things: a company commander with a patrol report, a partner with the route of a convoy, a liaison officer with what a chief said in confidence.

So there is **one rule** that decides who reads a record, and every page, list, count, map, file, mail and search asks it. There is no second list of exceptions somewhere.

You need to know the rule for two reasons:

- what you write is read by exactly those whom it lets in, no fewer and no more;
- what you do not find may be there all the same, and nobody may tell you.""",
        None,
    ),
    (
        "Three levels",
        """Each record has a classification, and each person a clearance of the same three levels. A record above your clearance is closed to you, **whatever else speaks for you**: also where your own office owns it.

| Level | What belongs there | Where it shows |
|---|---|---|
| Unclassified | what may be known by every partner at the table | grey line |
| Confidential | what would harm people or the mission if it came to the wrong ears | amber line, top and foot of each page |
| Strictly confidential | what could cost a life: names of sources, sexual violence, routes before they are driven | red line |

Nobody classifies above their own clearance. A page carries the highest level of all that stands on it, and so does a paper that is printed from it.

Classify by what would happen to people, not by how important the subject feels: too high, and those who must act do not read it.""",
        None,
    ),
    (
        "The questions the portal asks",
        """Whoever asks for a record, the portal asks three questions, each time anew.

[picture]

One way in is enough. But the first two questions come before all of them: without a post today, or below the level, there is no way in at all.

When a post ends, reading ends with it, from the next page on.""",
        RULE,
    ),
    (
        "Drafts are not shared",
        """While you write, the audience that you chose **does not count yet**. You may be wrong, you may be interrupted, and you may still change your mind.

[picture]

What publishes a record differs: an engagement is released, a tasking issued, an operation goes into staffing, a request is submitted, a notification sent. The button always says so before.

A dashed badge means: this audience is chosen, and does not read it yet.""",
        DRAFT,
    ),
    (
        "By office, and up the chain",
        """Records belong to **offices**, not to people: people rotate, the office stays.

| Who | Reads |
|---|---|
| holds a position in the owner office | all of the office's records up to their clearance |
| heads the office, or an office above it | the same, within the same organisation |
| deputises for a position | what the position reads by its office, not what its holder reads by clearance or component |
| heads the mission | nothing of a partner's: their offices form a tree of their own |
| was the author and has left for another organisation | no more than anyone else there |

When an office is closed, it names the successor that inherits its records.""",
        None,
    ),
    (
        "By audience",
        """The audience of a published record is a set of **components** (military, police, civilian, humanitarian, host state) and of single **organisations**.

As it stands in the form at first, the audience is your own component; for a partner it is their own organisation. That is deliberate: sharing more is a decision that somebody takes, never one that was forgotten.

Ask before you add a component:

1. What could they do better if they knew it?
2. Whom could it harm if it were passed on?
3. Is the person who told you content with that?

Then share. A report that nobody reads protects nobody either.""",
        None,
    ),
    (
        "By name",
        """Some people read a record because they must **act** on it: the one who is to approve it, the one who carries out a task, an office that takes part. Naming them is enough; you need not add them to the audience.

If you name somebody who is not cleared for the level, the portal refuses, so that nobody is asked to decide on what they may not read.

**Being met shares nothing.** Whoever is an attendee in your report does not read the report because of that. A chief, a partner's director, a colleague of another organisation: they stand in it as somebody who was there.

For a single exception there is the **grant**: it opens one record to one person or group, says why, ends on a day, and gives reading only. The office that owns the record gives it.""",
        None,
    ),
    (
        "What you may not see does not exist",
        """If a record is closed to you, the portal does not say “no access”. It says “not found”, and it leaves no trace anywhere:

- it is not in lists, totals, searches, suggestions or on the map;
- it is not in your mails, files, calendars or histories;
- no message names it, also where your own entry collides with it.

So never conclude from an empty list that nothing happened. Say: *as far as I may read, nothing is recorded.*

Where two records meet and you see only one of them (a notified movement runs into an operation that you do not know of), those who may see both are told, and always the coordination cell. They can write you an advisory by hand.""",
        None,
    ),
    (
        "Sharing more, or less, afterwards",
        """Somebody should read what they do not? Do not copy the text into a mail: there it has no level, no audience and no end. Use the verb.

| You want | Do this | Who may |
|---|---|---|
| one person to read it for a time | share by name | the owner office |
| another component to read it | widen the audience, with a reason | the releasing position, never the author |
| it to be less classified | downgrade, with a reason | the releasing position, never the author |
| a paper to go to others | release a copy, with an audience of its own | the releasing position, never whoever made it |
| it to be corrected | a new version, or an entry struck with a reason | as the record says |

**Nobody releases their own work**, in no post and by no delegation. It is passed up until somebody else looks at it.""",
        None,
    ),
    (
        "It is written down",
        """Every change of every record is kept: who, when, what was and what is. It cannot be changed, by nobody, and administrators have no way around it. Administrators manage people and posts; they read records as the rule lets them, like everybody else.

Reading what is classified is written down too. That protects you: when something has become known that should not, it shows who could not have told it.

Changes count **at once**: a new clearance, a post that ended, a grant that ran out are in force with the next page you open.""",
        None,
    ),
    (
        "What it asks of you",
        """- **Before you write:** which office writes this, and at which level?
- **While you write:** only you and your office read it. Take your time.
- **Before you submit:** read the audience aloud. “Military and police read this.” Right?
- **When you are asked for more:** use share, widen or release; never copy and paste.
- **When you find nothing:** say so as what it is, and ask the coordination cell.
- **When you leave:** your records stay with the office. Your reading ends.

In doubt, choose the higher level and the smaller audience, and ask your releasing position the same day.""",
        None,
    ),
]
QUESTIONS = [
    (
        "A colleague of your own office is cleared up to confidential. Does she read your office's strictly confidential report?",
        ["Yes: it belongs to her own office", "No: it is above her clearance", "Yes, if her head agrees"],
        [1],
        "Clearance is asked before every way in. Owning office, audience and grants count only up to one's own level.",
    ),
    (
        "You are writing a report and have ticked the humanitarian component as its audience. When do they read it?",
        ["As soon as you save it", "When it has been released", "When your head has opened it"],
        [1],
        "Before publication the audience does not count. A report is published when it is released, by somebody else.",
    ),
    (
        "Who reads a draft? Choose all that do.",
        ["Its author", "The office that owns it", "The components of its audience", "Somebody asked to write in it"],
        [0, 1, 3],
        "Author, owner office (with the heads above it) and those asked to write or decide. The audience waits for publication.",
    ),
    (
        "The director of a partner organisation attended your meeting and stands in your report. Does he read it?",
        ["Yes, because he is named in it", "No: being met shares nothing", "Only the part about himself"],
        [1],
        "Attendees are not readers. Who takes part is a fact of the report, not a role that acts on it.",
    ),
    (
        "The head of the mission looks for a draft of a partner organisation. What does she find?",
        ["All of it: she is the head", "Its title only", "Nothing at all"],
        [2],
        "Offices form one tree for each organisation. No head of the mission reads a partner's drafts.",
    ),
    (
        "Your list of incidents for a district is empty. What may you report?",
        [
            "There were no incidents",
            "As far as I may read, none is recorded",
            "The portal is not used in that district",
        ],
        [1],
        "What you may not see leaves no trace, also not in totals. Say what the empty list means for you.",
    ),
    (
        "A partner needs your confidential report until Friday. What do you do?",
        [
            "Copy the text into a mail, without the level",
            "Share it by name until Friday, with the reason",
            "Add their organisation to the audience for good",
        ],
        [1],
        "A grant opens one record to one person for a time, and the trail knows it. A copy has no level and no end.",
    ),
    (
        "You deputise for a position whose holder is cleared strictly confidential; you are cleared confidential. What do you read for the position?",
        [
            "What its office owns, up to strictly confidential",
            "What its office owns, up to confidential",
            "Nothing until the holder is back",
        ],
        [1],
        "A delegate gets the position's office and head rights, never its holder's clearance or component.",
    ),
    (
        "You wrote a report and it should be downgraded. Who does it?",
        ["You, with a reason", "The releasing position, with a reason", "An administrator"],
        [1],
        "Nobody widens or downgrades their own work, and administrators are not above the rule.",
    ),
    (
        "Your post ends tonight. What happens to the records that you wrote? Choose all that is true.",
        ["They stay with the office", "You go on reading them", "They are deleted after a month", "Your successor reads them"],
        [0, 3],
        "Records belong to offices. Reading ends with the post, from the next page on.",
    ),
]


def ship(apps, schema_editor):
    publish(
        apps,
        PAGES,
        QUESTIONS,
        title=TITLE,
        summary=SUMMARY,
        minutes=20,
        published_on=date(2026, 11, 28),
    )


def publish(apps, pages, questions, *, title, **facts):
    """A module and its first edition, unless a module of this title is there."""
    content = {
        "pages": [{"title": name, "text": text, "picture": picture} for name, text, picture in pages],
        "questions": [
            {"text": text, "answers": answers, "right": right, "explanation": why}
            for text, answers, right, why in questions
        ],
    }
    module, new = apps.get_model("training", "Module").objects.get_or_create(title=title, defaults=facts)
    if new:
        apps.get_model("training", "ModuleEdition").objects.create(module=module, number=1, content=content)


class Migration(migrations.Migration):
    dependencies = [("training", "0005_shipped_kinds_of_guidance")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
