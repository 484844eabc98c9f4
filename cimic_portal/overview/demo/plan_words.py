"""Words of the demo mission's operations: titles, purposes, plans, risks, tasks."""

# Type of operation → (title, purpose); {town} is a district.
TITLES = {
    "Area security": [
        ("Market days at {town}", "Traders from both banks come to the market again and go home before dark unharmed."),
        ("Harvest protection around {town}", "Families bring in the harvest without guards of their own."),
    ],
    "Joint patrol": [
        ("Joint patrols between {town} and the ferry", "People on the road know whom to tell, and are heard the same day."),
        ("Night patrols around the displacement site of {town}", "Women fetch water after dusk without being followed."),
    ],
    "Humanitarian support": [
        ("Airstrip at {town} ready for relief flights", "Humanitarian cargo lands twice a week through the rains."),
        ("Fuel for the cold chain of {town}", "Vaccines stay cold until the road is open again."),
    ],
    "Escort": [
        ("Convoy window on the {town} road", "Humanitarian trucks that ask for it pass the gap of forty kilometres in daylight."),
    ],
    "Engineering": [
        ("Repair of the bridge at {town}", "Ambulances and markets are reached in the rains."),
        ("Drainage of the displacement site at {town}", "Shelters stand dry; the clinic stays open."),
    ],
    "DDR support": [
        ("Reception of former fighters at {town}", "Those who lay down arms are received with dignity, and neighbours feel safe."),
    ],
    "Electoral support": [
        ("Polling day in {town}", "People vote without fear, and ballots reach the tally centre the same night."),
    ],
    "Evacuation": [
        ("Relocation of families from the flood plain of {town}", "Families who ask for it reach dry ground together, with their papers and their animals."),
    ],
    "PoC response": [
        ("Response to threats against {town}", "The two villages that were named in the threats sleep at home again."),
    ],
}  # fmt: skip

SECTIONS = {
    "situation": """## General
Movement around **{town}** is free by day and rare by night. Rumours travel faster than patrols.

## Population
- about 14,000 residents and 3,200 displaced people in two sites
- market on Tuesday and Saturday
- the chiefs’ assembly, the women’s association and the youth forum are heard before each phase

## Humanitarian partners
Health, water and protection partners work in the area. *They are not part of this operation.* Their movements are looked up before every phase.""",
    "mission": """The lead office and its partners make it possible that {purpose}

They do so from the first day of the period to the last, in the area of **{town}**, together with police and civil affairs.""",
    "execution": """## Intent
Be seen early, listen first, leave nothing behind that others have to clear up.

## Coordination
| What | Who | When |
|---|---|---|
| Morning call | all participants | 07:30 |
| Look up humanitarian movements | operations officer | before each phase |
| Word to the chiefs | civil affairs | the evening before |

## Rules
- No armed presence inside schools, health facilities and displacement sites
- No transport of civilians but in danger to life
- Every complaint is written down and answered within two days""",
    "sustainment": """- Water and rations for the period are carried; nothing is bought up on local markets
- One medical team within the hour of every task
- Recovery vehicle at {town}
- Fuel point with the lead office""",
    "command": """The lead office commands; each component keeps its own chain. *Nobody gives orders to humanitarian partners.*

| Net | Used for |
|---|---|
| VHF 3 | participants |
| Satellite telephone | reports every six hours |
| Mission telephone 4120 | humanitarian emergency line, manned throughout |""",
}

OBJECTIVES = [
    (
        "People move freely in the area by day and by night",
        "Interviews of civil affairs",
        "4 of 10 say so",
        "7 of 10",
    ),
    ("Complaints are answered", "Log of complaints", "within nine days", "within two days"),
    ("No harm to civilians by our own presence", "Incident log", "one in six months", "none"),
]
MANDATE = [
    ("POC-1", "Protect civilians under threat of physical violence"),
    ("POC-2", "Patrol actively, by day and by night, where civilians are at risk"),
    ("HUM-1", "Create conditions for the safe delivery of humanitarian assistance"),
    ("DDR-1", "Support disarmament, demobilisation and reintegration"),
    ("ELE-1", "Support credible elections, logistically and technically"),
    ("HR-1", "Monitor, report and follow up violations of human rights"),
]
RISKS = [
    ("The presence draws attention to people who speak with us", "Those who were seen with patrols are threatened afterwards", 3, 4, "Talks are held by civil affairs, in places people choose; no names on the radio"),
    ("Crowding at the water point", "Women wait longer, and go at night instead", 3, 3, "Patrol times are agreed with the water committee"),
    ("Rumour that the operation clears the site", "Families leave before it begins", 2, 4, "Word to the site committees two days before, by people they know"),
    ("Accident on the laterite road", "Pedestrians and herds share the road", 3, 4, "Speed limit of 30, no movement after dusk"),
]  # fmt: skip
# (phase, its share of the period)
PHASES = [("Prepare", 0.25), ("Carry out", 0.6), ("Hand over", 0.15)]
# phase → tasks: (what, part: lead, police, civil, engineers)
TASKS = {
    "Prepare": [
        ("Tell the chiefs and the site committees", "civil"),
        ("Look at the ground with the community policing officer", "police"),
        ("Look up humanitarian sites and movements", "lead"),
        ("Agree patrol times with the water committee", "civil"),
        ("Check recovery vehicle and radio net", "lead"),
    ],
    "Carry out": [
        ("Patrol the road in daylight", "lead"),
        ("Stand at the market with the police", "police"),
        ("Hear complaints at the community house", "civil"),
        ("Night patrol to the edge of the site", "lead"),
        ("Weekly meeting with the women’s association", "civil"),
    ],
    "Hand over": [
        ("Hand the patrol plan to the police", "police"),
        ("Tell people what was done and what comes next", "civil"),
        ("Clear and photograph every place that was used", "lead"),
    ],
}
LARGE = (
    "Presidential election in four sectors",
    "Everybody who wants to vote can, in every district, and every ballot is counted.",
)
LARGE_PHASES = [
    "Registration",
    "Candidates and campaign",
    "Deployment",
    "Polling days",
    "Tally and announcement",
    "Recovery",
]
LARGE_TASKS = [
    "Survey polling stations", "Deliver registration kits", "Train station guards", "Agree routes with the commission",
    "Patrol the campaign ground", "Meet candidates’ representatives", "Move ballots", "Stand by with a medical team",
    "Escort the tally sheets on request", "Man the joint operations room",
]  # fmt: skip
DECISIONS = [
    ("Go on with the next phase", "Fewer than two incidents in the area within three days", "The phase begins at first light"),
    ("Pull back from the market", "Crowd turns against the presence, or partners ask for it", "Police alone stay; civil affairs speaks with the traders"),
]  # fmt: skip
COURSES = [
    ("Walk with the police", "Few vehicles, mixed foot patrols, posts in houses of the community."),
    ("Be there in strength", "Vehicles at the junctions, a mobile reserve, night vision."),
]
CRITERIA = [("Safety of civilians", 5, (5, 3)), ("Acceptance", 4, (5, 2)), ("Endurance", 2, (3, 4))]
OBJECTION = "The period falls on the exams. Children cross the road four times a day; move it by a week or keep vehicles off the school road."
COMMENT = "Concur, if the water committee is told before the site committees."
DILIGENCE = {
    "supported": "Two platoons of the national gendarmerie: fuel, rations, joint planning.",
    "risk": "Medium. Two cases of ill-treatment in custody in the last year, one of them before the courts.",
    "mitigation": "No joint detention; handover only to the judicial police with the human rights officer present; suspects are registered.",
    "monitoring": "Human rights officer rides with the command vehicle; weekly note; support ends at the first violation without follow-up.",
}
