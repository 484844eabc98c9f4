"""The case studies the portal ships with. Administrators may change them, and write more."""

from django.db import migrations

SIERRA_LEONE = {
    "title": "Sierra Leone: from hostages to a handover with benchmarks",
    "mission": "UNAMSIL",
    "country": "Sierra Leone",
    "since_year": 2000,
    "until_year": 2005,
    "summary": (
        "A mission that nearly failed in its first year was rebuilt in strength, in command and in the way its "
        "components worked together, and left by steps that had been agreed in advance."
    ),
    "story": """## A beginning on weak feet
The mission was set up in October 1999 to help carry out a peace agreement. Contingents came with different
equipment and different views of what the mandate asked. In May 2000 fighters of the Revolutionary United Front took
about five hundred peacekeepers hostage, and the agreement stood still.

## Rebuilt
A British force secured the capital and its airport, and trained the national army. The Security Council raised the
mission by steps to 17,500 soldiers, the largest force of the United Nations at that time, and made the task of protecting civilians and
deploying into all districts plain. From late 2000 on, cease-fire talks in Abuja set out what each side does by when.

## Disarmament, elections, departure
Government, Revolutionary United Front and mission met regularly, at first every few weeks, and settled disarmament district by
district. By January 2002 more than seventy thousand people had gone through it. Elections were held in May 2002. The mission then withdrew
over three years, area by area, each step tied to what the police and army of the country could take over, and left
in December 2005.""",
    "worked": """- **One table for the three who decide.** What was agreed at the top was checked in the district within days.
- **One head for mission and humanitarian coordination.** A deputy of the Special Representative was resident and humanitarian
coordinator as well, so that plans of force and aid were laid side by side early.
- **Police and force in the same places**, with the police taking over first where it could.
- **Departure by benchmarks**: what must be true before a battalion leaves was written down, measured and told in public.
- **Radio of its own** in the languages of the country: rumours were answered on the same day.
- **Small works by contingents** near their camps, chosen with the chiefs, opened doors that patrols did not.""",
    "hampered": """- **Different readings of one mandate.** Some contingents stayed in camp where others would have acted.
- **Information stayed in stovepipes.** Military observers, battalions and civil staff knew parts; nobody held the whole in May 2000.
- **Command by exception**: orders were referred to capitals, and the time for acting went by.
- **Works without a plan for their upkeep** fell silent when the contingent rotated.
- **Nearness of arms and aid** was not agreed at first; some partners avoided the mission for months.
- **Reintegration came later than disarmament**, so that men waited with money and without work.""",
    "advice": """1. Ask in the first week what each participant understands by the mandate, in the words of a case: *what do you do when …*
2. Put one desk where observers, police, civil affairs and battalions report, and let it answer the same day.
3. Agree on the first page of the plan how near arms come to aid, and write it with the partners.
4. Plan reintegration before the first weapon is handed in.
5. Begin with the end: write down what must be true before you leave a place, and measure it from the beginning.""",
}
CONGO = {
    "title": "Democratic Republic of the Congo: protecting civilians over great distances",
    "mission": "MONUC, MONUSCO",
    "country": "Democratic Republic of the Congo",
    "since_year": 1999,
    "until_year": 2013,
    "summary": (
        "In a country as large as western Europe a mission learned to protect people whom it could not reach by numbers: "
        "through those who live among them, through joint teams, and by asking whom it supports."
    ),
    "story": """## Observers first
The mission began in 1999 with observers of a cease-fire and grew into one of the largest of its time. In 2003 its
troops in Bunia could not stop the killing; a European force secured the town for three months until a brigade with a stronger
mandate took over.

## Protection as the first task
Elections were held in 2006. Violence in the east went on. In November 2008 about a hundred and fifty people were killed in
Kiwanja, close to a base that did not learn in time what happened. From 2009 on joint protection
teams of civil affairs, human rights, child protection and others went out together with the force, community liaison assistants
lived beside the bases, and villages were given ways to call.

## Whom we support
Operations beside the national army in 2009 made the mission ask what it answers for. Support was tied to conditions, and
what was learned there became policy for the whole organisation: no support without an assessment. In November 2012 an armed group took
Goma; in 2013 the Security Council gave the mission a brigade with an offensive mandate, and the debate about what that does to
the work of humanitarians began anew.""",
    "worked": """- **Community liaison assistants**: people of the area, attached to a base, who know whom to ask and whom to believe.
- **Alert networks**: telephones and radios with villages, and somebody awake at the other end.
- **Joint teams** that look at one place together and leave one plan for it, with dates.
- **One list of places by need**: which must be protected, which should, which could, settled with humanitarians every few weeks.
- **Conditions for support**: a list of units that are not supported, and why, kept by force and human rights together.
- **Small mobile bases** for weeks, moved by what the alerts say.""",
    "hampered": """- **Distance.** Few helicopters, no roads in the rain; a company for an area as large as a province elsewhere.
- **Languages.** Patrols without an interpreter saw villages and heard nothing.
- **Rotation** took with it in a day what had been learned in a year.
- **Promises** that were made by patrols and known to nobody after them.
- **Blurred roles.** Where the force fought and helped in one place, people and armed groups no longer told aid from operation.
- **Alerts without an answer** were not repeated.""",
    "advice": """1. Count interpreters and liaison assistants like vehicles: a patrol without one does not leave.
2. Give every alert a time by which somebody answers, and say what was decided, also when nothing is done.
3. Settle the list of places with humanitarians, at one table, and plan from it.
4. Assess before you support, and look again while it runs.
5. Write promises down where the successor finds them.
6. Keep arms and aid apart in time, in place and in colour, most of all where the mandate is robust.""",
}


def ship(apps, schema_editor):
    case = apps.get_model("training", "CaseStudy")
    for texts in (SIERRA_LEONE, CONGO):
        whole = {name: _paragraphs(value) if isinstance(value, str) else value for name, value in texts.items()}
        case.objects.get_or_create(title=whole.pop("title"), defaults=whole)


def _paragraphs(text):
    """Lines that were broken for this file become one again; headings, points and empty lines stand."""
    lines = []
    for line in text.splitlines():
        begins = not line or line.startswith(("#", "- ")) or line[:2].rstrip(".").isdigit()
        if begins or not lines or not lines[-1] or lines[-1].startswith("#"):
            lines.append(line)
        else:
            lines[-1] += f" {line}"
    return "\n".join(lines)


class Migration(migrations.Migration):
    dependencies = [("training", "0002_shipped_themes")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
