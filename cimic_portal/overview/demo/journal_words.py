"""Words of the demo mission's journals, as watchkeepers write them."""

# Kind → lines; {town}, {post} (a place), {n}, {m} (numbers), {grid} (metres of the gauge).
LINES = {
    "report": [
        "Morning call held, all participants present. No change to the plan of the day.",
        "Patrol of {n} vehicles left base for {town}.",
        "Patrol back at base, nothing to report. {n} km of track driven, two wash-outs marked.",
        "Foot patrol at the market of {town}: about {m} people, calm, women in the majority.",
        "Radio check with all stations good, except relay two: weak since the storm.",
        "Convoy of {n} humanitarian trucks passed the junction by itself, waved at, not stopped.",
        "Night watch handed over. Lights seen on the far bank, no sound of engines.",
        "Checkpoint at the bridge manned by the national police, polite, no fees asked for.",
        "School at {town} open, {m} children counted by the head teacher.",
        "Platoon commander met the night guard of the displacement site; lamps at the water point work again.",
        "Two motorcycles without plates turned round before the junction. Description passed to the police.",
        "Heavy rain since midday; track passable for four-wheel drive only.",
    ],
    "contact": [
        "Chief of {town} asks that vehicles stay away from the mosque during Friday prayer. Agreed.",
        "Women's association reports that the path to the well is used again after dusk.",
        "Call from the field office of a water partner: their team stays in {town} until tomorrow noon.",
        "Youth forum of {town} wants to be told of patrols beforehand; civil affairs will call them each evening.",
        "Sub-prefect visited the command post, informed of the plan of the week in general terms.",
        "Complaint: a water jar was broken by a vehicle. Taken down, compensation form handed over.",
        "Herders' council and farmers agreed on the times for the ford: herds before nine, carts after.",
    ],
    "logistics": [
        "Fuel: {n},000 l on hand, resupply due in three days.",
        "Vehicle 3 of the second platoon off the road, rear axle. Recovery asked for.",
        "Water purification back at work, {n} m³ a day.",
        "Medical evacuation drill held: from call to take-off in {n} min.",
        "Rations for five days drawn; bread from the bakery of {town} as agreed.",
        "Bridging parts arrived, two panels short. Engineers informed.",
    ],
    "situation": [
        "Shots heard north of {town}, two bursts, distance about {n} km. No casualties known.",
        "The ford is above the mark: gauge at 2.{n} m. Carts are turned back.",
        "Rumour in the market that the clinic closes tomorrow. Clinic says it does not.",
        "About {m} people on the move from the east with their animals, going to the displacement site.",
        "Road block of tree trunks at the second bend, nobody near it. Traffic goes round by the old track.",
        "The two communities have called their assembly for tomorrow; market day moves to Thursday.",
    ],
    "urgent": [
        "Grenade thrown at the market gate of {town}. Three wounded known, taken to the clinic. Market is being emptied.",
        "Ambush on a private truck at the second bend. Driver wounded. Road closed to all until further word.",
        "Crowd of about {m} at the gate of the displacement site, stones thrown. Police on their way.",
    ],
    "decision": [
        "Night patrols doubled until Sunday. Reason: two thefts at the water point within three nights.",
        "Market patrol goes on foot only. Reason: vehicles block the gate and frighten the animals.",
    ],
}  # fmt: skip

PROGRESS = {
    "done": ["Finished as planned.", "Done, handed over to the community.", "Completed; pictures with the engineers."],
    "in_progress": ["About half is done.", "Going on; tomorrow the second part.", "Under way, slower for the rain."],
    "held_up": ["Held up: the track is under water.", "Waits for the spare part."],
}  # fmt: skip

# Why an entry was struck, and the words of its correction.
STRUCK = [
    ("Wrong ford: it was the northern one.", "Correction: the northern ford, not the one at the market."),
    ("Entered twice.", ""),
    ("Number misheard on the radio.", "Correction: {n} vehicles, not {m}."),
]

# By the place of the decision point in the plan: what was decided, and why.
DECIDED = [
    (
        "The phase begins at first light, with the police in front.",
        "No incident within three days, and the chiefs have agreed.",
    ),
    (
        "Patrols leave the market; police alone stay, civil affairs speaks with the traders this afternoon.",
        "The traders asked for it after the crowd had shouted at the second platoon.",
    ),
]
