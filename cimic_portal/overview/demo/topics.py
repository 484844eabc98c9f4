"""What the demo mission's meetings are about. Every word is written for the demo."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """{org} is who was met, {town} where."""

    purpose: str
    points: tuple[str, ...]
    next_step: str
    ours: str
    theirs: str


TOPICS = [
    Topic(
        "Convoy route through {town} before the rains",
        (
            "{org} expects the low road to close by the end of the month.",
            "The bridge carries loads up to five tonnes; heavier vehicles must use the ford.",
            "Drivers ask to be told a day ahead when the market square is used for parking.",
        ),
        "Share the weight limit with every convoy planner; inspect the ford with the engineers.",
        "Send the convoy dates for the coming month",
        "Mark the ford with poles before the next convoy",
    ),
    Topic(
        "First visit to {org}",
        (
            "{org} had not met the mission for several months and wants one person to call.",
            "They list water, the clinic roof and night security as their three concerns.",
            "They prefer mornings, outside market days.",
        ),
        "Agree a monthly meeting; introduce the civil affairs officer.",
        "Return within three weeks with answers on the clinic roof",
        "Name two people who speak for the committee",
    ),
    Topic(
        "Tension over grazing near {town}",
        (
            "Herders arrived ten days earlier than agreed; two fields were crossed.",
            "Both sides accept a joint visit and want the police to be present, not the army.",
            "{org} asks that no patrol stops at the well while talks go on.",
        ),
        "Arrange the joint visit with police; keep patrols away from the well until then.",
        "Bring the letter for the joint visit",
        "Send two spokesmen to the joint visit",
    ),
    Topic(
        "Return of families to {town}",
        (
            "About forty families came back since last week; most sleep in the school.",
            "{org} registers them and asks for tools and tarpaulins, not food.",
            "Land papers of six families are disputed.",
        ),
        "Pass the list of needs to the humanitarian coordinator; keep the school in mind for the term start.",
        "Pass the list of needs to partners within two days",
        "Share the number of families each Friday",
    ),
    Topic(
        "Night patrols and the market at {town}",
        (
            "Traders feel safer since the evening patrol passes the market.",
            "Women traders report harassment at the northern checkpoint.",
            "{org} asks for a woman officer at the weekly meeting.",
        ),
        "Raise the checkpoint with police; send a woman officer to the next meeting.",
        "Answer on the checkpoint before the next market day",
        "Write down each incident with day and hour",
    ),
    Topic(
        "Access of health teams to {town}",
        (
            "Vaccination teams turned back twice because a roadblock asked for papers nobody had issued.",
            "{org} will announce the teams by radio if it gets the dates.",
            "No escort is wanted; teams travel without any military vehicle near them.",
        ),
        "Take the roadblock up with the authorities; do not come near the teams.",
        "Raise the roadblock with the prefecture",
        "Announce the vaccination days by radio",
    ),
    Topic(
        "Road repair and the quarry at {town}",
        (
            "The grader can come in the second half of the month if fuel is secured.",
            "{org} worries about dust near the school and asks for work outside school hours.",
            "Local workers are to be hired through the council, in turns.",
        ),
        "Confirm the grader’s dates; agree working hours with the school.",
        "Road grader for the school track",
        "List of workers by turn",
    ),
    Topic(
        "Rumours after the incident near {town}",
        (
            "People believe that the base will close; {org} asks for a plain answer on the radio.",
            "Parents kept children at home for two days.",
            "Elders speak with both groups and ask for quiet.",
        ),
        "Prepare a short radio statement with public information.",
        "Give a statement to the local radio",
        "Invite both groups to one table",
    ),
    Topic(
        "Water point and waiting times at {town}",
        (
            "The hand pump is broken and the queue starts at four in the morning.",
            "{org} has a mechanic but no spare seals.",
            "Displaced families and residents agreed on hours; it holds so far.",
        ),
        "Ask the water partner for seals; check the agreement again in two weeks.",
        "Find out who holds spare seals",
        "Keep to the agreed hours at the pump",
    ),
    Topic(
        "Mines and unexploded shells near {town}",
        (
            "Farmers marked three places with red cloth; one lies beside the school path.",
            "{org} can teach the children if materials come.",
            "Nobody was hurt this month.",
        ),
        "Report the three places to mine action; ask for a teaching session.",
        "Ask mine action for a clearance date",
        "Keep people off the marked places",
    ),
    Topic(
        "Preparing the harvest fair in {town}",
        (
            "Some two thousand visitors are expected over three days.",
            "{org} plans a committee of its own for order and asks police to stay at the edge.",
            "A first-aid tent and water are still missing.",
        ),
        "Coordinate the first-aid tent with partners; agree police positions.",
        "Offer a water tank for three days",
        "Share the plan of the fair ground",
    ),
    Topic(
        "Detained youths and the families’ concern in {town}",
        (
            "Four young men were taken by the gendarmerie last week; families have no news.",
            "{org} asks who can enquire without making it worse.",
            "A march was called off after the elders spoke.",
        ),
        "Pass it to human rights colleagues; do not discuss names by telephone.",
        "Inform human rights colleagues today",
        "Keep the families informed through one elder",
    ),
]

WHY = {
    "positive": (
        "The chair walked us to the vehicle and asked when we would come again.",
        "Open questions on both sides; the tea was served before the list of demands.",
        "They had kept their last promise and said so.",
    ),
    "neutral": (
        "Correct and brief; the key person was absent.",
        "They listened, took notes and made no commitment.",
        "A first meeting in a hall full of listeners: polite, little said.",
    ),
    "negative": (
        "They waited two hours for us and said so; the last promise was not kept.",
        "Voices were raised over the checkpoint; calmer towards the end.",
        "The hall was tense: an armed vehicle had stopped outside shortly before.",
    ),
}

CONTEXT = (
    "Friday after eleven is prayer; meetings before ten find everybody.",
    "The old and the new chief are cousins and not on speaking terms: greet the old one first.",
    "Women speak freely only when met apart; ask for the school yard.",
    "Harvest has begun: people are in the fields until four.",
    "A funeral in the chief’s family; business resumes next week.",
    "",
    "",
    "",
)
TASKS = [
    (
        "Meet {org} before the engineers arrive in {town}",
        "The engineers start without the committee’s word, and then it stalls.",
    ),
    (
        "Find out who speaks for the displaced in {town}",
        "Three names are mentioned; we need the one the families accept.",
    ),
    ("Ask {org} about the road closure at {town}", "Two convoys depend on it this week."),
    (
        "Bring our answer on the checkpoint to {org}",
        "They wait for it since last month; silence costs us trust.",
    ),
    ("Calm the dispute over the well at {town}", "Transhumance begins; last year two people were hurt."),
    ("Introduce the new civil affairs officer to {org}", "The relation should not hang on one person."),
    ("Check the rumour about the base with {org}", "It keeps children out of school."),
    ("Agree a monthly meeting with {org}", "Contacts were irregular since the rotation."),
]
