"""What the teams of the demo mission's exercises answered, decided and learnt, by the title of the drill."""

from __future__ import annotations

from typing import NamedTuple


class Choice(NamedTuple):
    """A decision of a simulation: its options, what follows from each, and how each is scored."""

    options: tuple[str, str, str]
    effects: tuple[str, str, str]
    scores: tuple[tuple[int, int, int, int], ...]


class Taken(NamedTuple):
    """How one team decided: proposed and chosen option with the words, what police and civilians said, what was
    seen of it.

    A stance that begins with “!” is an objection.
    """

    proposed: int
    why: str
    police: str
    civilian: str
    chosen: int
    reasoning: str
    seen: str
    rating: str


class Learnt(NamedTuple):
    """The four questions of the review, how far each objective was reached, and what should be done."""

    review: tuple[str, str, str, str]
    ratings: tuple[tuple[str, str], ...]
    finding: tuple[str, str, str]


CHOICES = {
    "A quarter of {place} under threat": (
        Choice(
            (
                "Be seen at once: the platoon to the north side, two police cars to the market",
                "Wait until force, police and Civil Affairs stand ready together",
                "Ask partners to move the families first, and hold the platoon at ten minutes",
            ),
            (
                "Families stay; the men halt at the edge of the quarter and talk to the police.",
                "Two hours are lost; a third of the families leave by night, nobody knows where to.",
                "Partners move the children by the back road; the quarter begins to trust the mission's word.",
            ),
            ((4, -1, -1, 3), (-3, 1, 1, -3), (2, 2, 3, -1)),
        ),
        Choice(
            (
                "Post a section at the gate of the school",
                "Light and water for the school, the platoon out of sight",
                "Bring the families to the partner's compound by the back road",
            ),
            (
                "The gate is quiet, and by morning the school is a target.",
                "The night passes; two people fall ill in the crowded yard.",
                "All are under a roof by nine; the partner keeps its door, and its name.",
            ),
            ((-2, -2, -4, 2), (2, 1, 1, 1), (4, 1, 2, -1)),
        ),
    ),
    "Election day in {place}": (
        Choice(
            (
                "Fly the ballots in, on request of the commission and with its staff",
                "Let the commission open late where ballots are missing",
                "Carry the boxes on patrol vehicles at once",
            ),
            (
                "Ballots arrive at 11:00; the commission speaks on the radio.",
                "Polling lasts into the dark in forty places.",
                "A party says that soldiers brought filled boxes.",
            ),
            ((2, 2, 1, -2), (-1, 1, 1, 2), (0, -4, -3, 3)),
        ),
        Choice(
            (
                "Let the national police open a second gate, with the mission's advisers",
                "Bring a platoon to the school",
                "Ask the elders to speak to the crowd",
            ),
            (
                "The queue splits in two, and goes on.",
                "The crowd runs; the place stays closed.",
                "It takes an hour, and holds until the evening.",
            ),
            ((3, 2, 1, 1), (-3, -3, -1, 2), (2, 2, 2, -1)),
        ),
    ),
    "Rumours in {place}": (
        Choice(
            (
                "Deny it at once on the mission's radio",
                "Have the water tested, and let the nurses speak",
                "Say nothing until the district officer has spoken",
            ),
            (
                "Few believe it; the rumour is now about the mission.",
                "By noon the nurses drink at three wells, on film.",
                "A day is lost; two water sellers are beaten.",
            ),
            ((-1, -2, -1, 2), (3, 2, 2, 0), (-3, 0, 0, 1)),
        ),
        Choice(
            (
                "Keep the road to the market open with joint patrols",
                "Bring water by truck to the quarters",
                "Ask the traders to open at a fixed hour, with police beside them",
            ),
            (
                "The road is open, and the market stays shut.",
                "People drink, and ask what is wrong with the wells.",
                "Half of the stalls open at ten, the rest follow.",
            ),
            ((1, 0, 0, 1), (1, -1, -1, -3), (2, 3, 1, 1)),
        ),
    ),
}

# By the number of the inject and that of the team.
TAKEN = {
    (0, 0): Taken(
        0, "The platoon is there in ten minutes, and is seen from the school.",
        "Two cars go to the market with the national police in front. We speak to the men, the force stays behind.",
        "Concur, if nobody stops at the school. Our assistant tells the headmistress what will be seen.",
        0, "Minutes count, and both conditions are met: police in front, nobody at the school.",
        "Police and Civil Affairs were asked before the proposal was written; six minutes in all.", "achieved",
    ),
    (1, 0): Taken(
        0, "The headmistress asks for it herself.",
        "Concur for one hour only; then our cars take over.",
        "!A post at the gate makes the school a target, for this night and for the next. The compound is offered.",
        2, "The objection holds. The partner leads, the platoon keeps the back road free without standing on it.",
        "The headmistress was called back by nobody for a quarter of an hour.", "partly",
    ),
    (0, 1): Taken(
        1, "Nobody knows yet who these men are. First all three stand ready.",
        "Concur. The station has one car out; the second is back in forty minutes.",
        "!Families will not wait for us. Those who walk by night walk past the pick-ups.",
        1, "The objection is noted. Without the second car we cannot hold what we show.",
        "The commander waited for the police by telephone; the radio net was on another channel.", "not",
    ),
    (1, 1): Taken(
        2, "The compound has walls, water and a generator.",
        "We close the back road to traffic for an hour and walk beside the last group.",
        "Concur. The partner asks that nobody armed enters the compound; we have said yes.",
        2, "All say the same, and the partner has been asked first.",
        "The assistant called the partner before anybody proposed; the headmistress had an answer in five minutes.",
        "achieved",
    ),
}  # fmt: skip

# Answers of force, police and Civil Affairs to the first and the second inject.
ANSWERS = {
    "Evacuation of staff from {place}": (
        ("U9 keeps the list from now on. We read the nine names on the wardens' net at 09:15 and again at 09:45; no "
         "vehicle leaves before each has an answer.",
         "Two of the nine slept at the police camp and are with us. We bring them to the gate at 10:00.",
         "Five of the nine are national staff of partners who go home today; their directors confirm it in writing. "
         "Two are still not reached."),
        ("Cars over the bridge in fives, high vehicles by the ford before 11:30. Engineers stand at both. The airfield "
         "has the new times.",
         "We hold traffic at kilometre 8, and send the market lorries back to the town.",
         "Partners agree to split by vehicle. They ask to keep their own flags and drivers; we have said yes."),
    ),
    "The river over {place}": (
        ("Six boats and crews to the clinic landing within the hour, engines covered. We move on the coordination "
         "cell's word, not before.",
         "Loudspeaker cars in the three low quarters since five minutes. The chiefs' list is with each car; last "
         "street by half past.",
         "The water authority speaks on Radio Carana at the half hour. The school and the mission church are opened "
         "with their owners."),
        (),
    ),
    "A camp near {place} catches fire": (
        ("Water truck and twelve men stand at the gate with the engine running. The camp's management has been called; "
         "we wait for its word.",
         "We keep the access road free and hold journalists at the junction.",
         "Camp management asks for water and for nothing else. It names Mrs Okello as the one who calls."),
        ("40,000 litres in eight runs, the first in fifteen minutes. 20,000 stay for our clinic. We leave when "
         "Mrs Okello says so.",
         "Runs come by the east gate; nobody crosses the burnt blocks.",
         "The water partner brings two bladders by evening, so that the runs can end today."),
    ),
    "The bridge of {place}": (
        ("Recovery at first light with the engineers' winch. Until then a post at each end; cars pass one by one.",
         "We turn trucks back at the junction and send them by the north road. Market women are told tonight.",
         "Partners have the closure and the north road in writing. The mayor hears it from us before the market does."),
        (),
    ),
    "Joint patrol into {place}": (
        ("We greet the brother, leave a note for the chief and ask for Thursday. No questions today.",
         "Same. We show the village the two faces that will come back.",
         "The chief's wife says that he is back on Wednesday night; Thursday holds."),
        ("The patrol stays on the square in sight of the well, vehicles at the trees.",
         "Inspector and interpreter go, without notebook. They tell of two girls who do not go to school any more; it "
         "goes to the protection adviser alone.",
         "We keep the brother in talk about the road. Nothing of what the women said is in the patrol's report."),
    ),
    "Return to {place}": (
        ("No vehicle of ours drives beside these trucks.",
         "We tell the candidate's office that the road is public, and that we take no part.",
         "With partners we thank him and decline. Families hear of buses without anybody's picture, on days that "
         "they choose."),
        ("The path is closed with tape and a post until mine action has looked. No date from us.",
         "The herder shows us the ford; we mark it on the map and tell both schools.",
         "We told the families in their meeting why it waits. They ask that the tape is not taken by children."),
    ),
}  # fmt: skip

# What was seen at the first and the second inject where nothing is decided, with how it was rated.
SEEN: dict[str, tuple[tuple[str, str], ...]] = {
    "Evacuation of staff from {place}": (
        ("Two lists were still in use at 09:40; the airfield had a third.", "not"),
        ("The split by vehicle was agreed in eight minutes, by those who drive.", "achieved"),
    ),
    "The river over {place}": (
        ("First loudspeaker after four minutes, without waiting for an order.", "achieved"),
    ),
    "A camp near {place} catches fire": (
        ("The truck waited at the gate until it was asked in.", "achieved"),
        ("Nobody had said who decides when the force leaves; it was settled on the spot.", "partly"),
    ),
    "The bridge of {place}": (("The north road was named by two offices with different times.", "partly"),),
    "Joint patrol into {place}": (
        ("The brother was asked for the harvest by the force and, an hour later, by the police.", "not"),
        ("The inspector went without notebook and came back after the women had ended.", "achieved"),
    ),
    "Return to {place}": (
        ("Declined within the hour, in one letter with two signatures.", "achieved"),
        ("Mine action was called by three offices.", "partly"),
    ),
}

LEARNT = {
    "A quarter of {place} under threat": Learnt(
        ("One word to all within ten minutes, and the school out of the line of fire.",
         "Team North decided after six and nine minutes, Team South after eleven and fourteen. Both kept soldiers "
         "from the gate in the end; Team North changed its mind on an objection.",
         "Team North asked on one net. In Team South the police had to be called by telephone, and one car was out.",
         "One net for the three duty officers, tried each Monday at 07:00."),
        (("achieved", "Six to fourteen minutes; the slower team knew what it waited for."),
         ("partly", "The assistant was heard in three decisions of four."),
         ("achieved", "Nobody was posted at the gate.")),
        ("An objection of Civil Affairs changed a decision that was as good as taken.",
         "Those who know the quarter see what a uniform at a gate does. They are heard when the form asks them.",
         "Duty officers ask Civil Affairs before a post near a school, a clinic or a place of worship is decided."),
    ),
    "Joint patrol into {place}": Learnt(
        ("The village hears one voice and is asked once.",
         "It was asked twice about the harvest, and once too often about the chief. The women were heard well.",
         "Force and police had written their questions apart, the evening before.",
         "One sheet of questions for each joint patrol, with who asks what."),
        (("not", "Two questions were heard twice."),
         ("achieved", "The inspector and the interpreter alone; nothing was written down there.")),
        ("The village was asked the same by two uniforms within an hour.",
         "People conclude that the mission does not talk to itself.",
         "The leader of a joint patrol brings one sheet of questions, agreed the day before."),
    ),
    "A camp near {place} catches fire": Learnt(
        ("Means are given on request, and taken back in time.",
         "The first water ran after twenty-two minutes. The force left four hours after the last flame.",
         "The camp's management was on the list with a number that no longer answers.",
         "Numbers of camp managements are tried each month by the duty officer."),
        (("achieved", "Each truck had a name who asked for it."),
         ("partly", "Four hours; two were agreed.")),
        ("The number of the camp's management was out of date.",
         "Ten of the twenty-two minutes went into finding somebody who may ask.",
         "The duty officer tries the numbers of camp managements on the first of each month."),
    ),
}  # fmt: skip
