"""What the demo mission practises: scenario, objectives, injects. {place} is a district.

What teams answered, decided and learnt stands in `exercise_answers`.
"""

from __future__ import annotations

from typing import NamedTuple

MILITARY, POLICE, CIVILIAN = 1, 2, 3


class Inject(NamedTuple):
    """A message as the players get it, and what control expects."""

    title: str
    text: str
    expected: str


class Aim(NamedTuple):
    """An objective; `component` is None where all reach it together."""

    what: str
    component: int | None
    measure: str


class Drill(NamedTuple):
    """One exercise: what it is, in which state, of which type of operation, and what control puts in."""

    title: str
    form: str
    state: str
    kind: str
    purpose: str
    scenario: str
    aims: tuple[Aim, ...]
    injects: tuple[Inject, Inject, Inject]


DRILLS = [
    Drill("A quarter of {place} under threat", "simulation", "evaluated", "PoC response",
          "Decide together within minutes how civilians are protected.",
          "Two armed groups draw near to the quarter by the market. Families gather at the school. The force has "
          "a platoon at ten minutes, the police two cars at the station, Civil Affairs one assistant in the quarter.",
          (Aim("Agree on one course within ten minutes", None, "Minutes from the message to the decision"),
           Aim("Hear the quarter before moving", CIVILIAN, "The assistant's word is in the reasoning"),
           Aim("Keep the school out of the line of fire", MILITARY, "Nobody is posted at its gate")),
          (Inject("Shots north of the market",
                  "From the community liaison assistant, by radio: single shots north of the market since ten "
                  "minutes. Some thirty men, two pick-ups. Shops close, women and children walk to the school.",
                  "Propose within five minutes; ask the police what they see; leave the school gate free."),
           Inject("Families at the school ask for shelter",
                  "The headmistress calls: four hundred people are in the yard, no water, dusk in an hour. She "
                  "asks for soldiers at the gate. The partner's field office offers its compound, 600 metres away.",
                  "No post at the gate. Move people to the compound by the back road, partners lead."),
           Inject("A rumour of a second column",
                  "Three voice messages tell of trucks from the east. The drone is down for wind.",
                  "Check with the police post on the east road before anybody is told."))),
    Drill("Evacuation of staff from {place}", "table_top", "ended", "Evacuation",
          "Bring eighty people to the airfield without leaving anybody behind.",
          "The road is open by day only. Partners have twelve vehicles, the force has six.",
          (Aim("One list of names that all use", None, "Names on the list at the gate against those counted"),
           Aim("Partners keep their own drivers", CIVILIAN, "No partner rides in an armed vehicle unasked")),
          (Inject("The list of names differs by nine",
                  "The wardens' list says 80, the partners' list 71, the airfield counts 74 seats. First flight at 11:30.",
                  "One office keeps the list; nine names are called one by one before the convoy leaves."),
           Inject("The bridge is closed to trucks",
                  "Engineers: the bridge at kilometre 9 bears cars only since last night's flood. Ford two "
                  "kilometres down, passable for high vehicles until noon.",
                  "Split by vehicle, not by organisation; a time for the ford; tell the airfield."),
           Inject("One team does not answer",
                  "Two vaccinators left at dawn for a village off the road. Their telephone rings out.",
                  "Ask the health partner and the chief; name who waits, until when, and with what."))),
    Drill("The river over {place}", "field", "running", "Humanitarian support",
          "Warn, move and shelter people before the water comes.",
          "Rain has fallen for six days. The gauge upstream rises a hand each hour.",
          (Aim("The warning reaches the low quarters in thirty minutes", POLICE, "Time of the first and last street"),
           Aim("Boats and shelter follow one list of needs", None, "One list, kept by the coordination cell")),
          (Inject("The gauge passes the red mark",
                  "Water authority: 4.20 m and rising. The low quarters flood at 4.60 m. Some 2,300 people live there.",
                  "Warn by loudspeaker and chiefs at once; the force readies boats and does not wait for the request."),
           Inject("The clinic asks for boats",
                  "The nurse in charge: eleven who cannot walk, two in labour. The ground floor is wet. Who comes, and when?",
                  "One office answers her with a time. Boats under the lead of the health partner, no arms aboard."),
           Inject("The shelter is full",
                  "The school has taken 640 people and has two latrines. Families stand outside in the rain.",
                  "Open the second shelter with its owner; tell the road posts where to send people."))),
    Drill("An escort as last resort near {place}", "table_top", "scheduled", "Escort",
          "Weigh an armed escort by its four criteria, and say no well.",
          "A partner must bring medicines through a valley where a convoy was stopped.",
          (Aim("Each criterion is answered in writing", None, "Four answers, none of them “as usual”"),),
          (Inject("The partner asks for an escort",
                  "Three trucks of medicines, tomorrow at 07:00. A convoy was stopped in the valley on Monday, nobody was hurt.",
                  "Need, alternatives, consequences, time: answered before yes or no."),
           Inject("Elders offer safe passage",
                  "Two elders offer to ride in the first truck if no soldier comes along.",
                  "The partner decides; the force holds a patrol out of sight."),
           Inject("A second partner asks as well",
                  "Another partner has heard of an escort and wants to join with five trucks.",
                  "Say openly what was decided, and that an escort binds those who follow."))),
    Drill("Election day in {place}", "simulation", "scheduled", "Electoral support",
          "Keep polling open without standing in the door.",
          "Two hundred places to vote, one road, and a radio that spreads rumours.",
          (Aim("Uniforms stay out of sight of the ballot boxes", POLICE, "Distance noted by observers"),
           Aim("A rumour is answered within the hour", CIVILIAN, "Minutes until the commission speaks")),
          (Inject("Ballots are late",
                  "Forty places have no ballots at 08:00. The truck stands with a broken axle at kilometre 22.",
                  "Ask the commission what it wants; carry boxes only on its request and with its staff."),
           Inject("A crowd at the gate",
                  "Three hundred people press against the gate of the girls' school. Two national policemen are there.",
                  "The mission's police advise; the force stays at ten minutes."),
           Inject("The radio says it is over",
                  "The local station says that polling has ended in the south. It has not.",
                  "The commission denies it, by the same station; the mission repeats nothing."))),
    Drill("A camp near {place} catches fire", "field", "closed", "Humanitarian support",
          "Give means to partners who lead, and step back in time.",
          "Four hundred shelters stand close; the wind blows from the east.",
          (Aim("Means come on request of the camp's management", None, "Each means has a name who asked"),
           Aim("The force leaves when the last fire is out", MILITARY, "Hours after the last flame")),
          (Inject("Smoke is seen",
                  "The tower of the base reports smoke over block C of the camp. Nobody has called yet.",
                  "Call the camp's management before a truck moves; send the water truck on its word."),
           Inject("The well is dry",
                  "The pump gives out after twenty minutes. The next water is the base's own tank, 60,000 litres.",
                  "Give the water, say how much, keep what the base's clinic needs."),
           Inject("The press is there",
                  "Two journalists film soldiers who carry children. They ask who is in charge.",
                  "The camp's management speaks; soldiers name it and step aside."))),
    Drill("Weapons handed in at {place}", "table_top", "draft", "DDR support",
          "Know who does what when weapons are handed in.",
          "Sixty fighters want to hand in; their families wait outside.",
          (Aim("Children are met by those trained for it", None, "Who speaks first with a child"),),
          (Inject("More come than were named",
                  "Ninety-one stand at the gate, sixty are on the list.",
                  "Nobody is sent away armed; a second list, a second day."),
           Inject("A child among them",
                  "A boy of perhaps fifteen carries a rifle and gives his age as twenty.",
                  "Child protection leads; no question about his unit."),
           Inject("Someone takes pictures",
                  "A man films faces from a car outside the wire.",
                  "The police ask him to stop; those filmed are told."))),
    Drill("The bridge of {place}", "table_top", "paused", "Engineering",
          "Agree on one road before two offices promise two.",
          "The bridge carries five tons. Partners come with twenty.",
          (Aim("One office promises, the others point to it", None, "Promises heard, against promises logged"),
           Aim("The repair has a date that engineers stand by", MILITARY, "Days from the promise to the survey")),
          (Inject("A truck is stuck",
                  "A partner's truck of nineteen tons has broken two planks. It stands; nobody is hurt; market day tomorrow.",
                  "Recover by daylight, close the bridge to trucks, tell partners the other road."),
           Inject("The contractor leaves",
                  "The contractor has not been paid since August and takes the crane away tonight.",
                  "Ask who owes what before any promise; survey by the force's engineers."),
           Inject("The mayor promised otherwise",
                  "The mayor told the market that the mission builds a new bridge in two weeks.",
                  "Civil Affairs sees the mayor the same day, with one date from the engineers."))),
    Drill("Joint patrol into {place}", "field", "evaluated", "Joint patrol",
          "Force and police speak with one voice to a village.",
          "The village has not been visited for two months.",
          (Aim("One question is asked once", None, "Questions that the village heard twice"),
           Aim("Women are heard by women", POLICE, "Who spoke with whom, and where")),
          (Inject("The chief is away",
                  "The chief went to the market town. His brother receives you and does not ask you to sit.",
                  "Greet, ask for nothing, agree on a day; no meeting held over the chief's head."),
           Inject("Women ask to speak apart",
                  "Four women wait by the well and will not come to the square.",
                  "The policewoman goes with the interpreter, without notebook or rifle; the others stay in sight."),
           Inject("A stone is thrown",
                  "A boy throws a stone at the last vehicle. Laughter; some men shout at him.",
                  "Drive on; the police tell the brother; nothing is made of it."))),
    Drill("Rumours in {place}", "simulation", "draft", "Area security",
          "Answer a rumour within the hour, by those who are believed.",
          "A voice message says that the wells are poisoned.",
          (Aim("The answer comes from those who are believed", CIVILIAN, "Who speaks, and on which station"),),
          (Inject("The message spreads",
                  "The voice message has reached three districts in an hour.",
                  "Ask the water partner for a test before anybody denies."),
           Inject("The market closes",
                  "Water sellers are chased away, the market shuts.",
                  "The police keep the road open; elders and nurses drink in public."),
           Inject("A well is guarded by young men",
                  "Twelve young men with machetes let nobody draw water.",
                  "Talk first, by those who know their fathers."))),
    Drill("Night line of {place}", "table_top", "cancelled", "PoC response",
          "Take a call at two in the morning and move.",
          "The line rings; the caller whispers.",
          (Aim("A patrol moves within thirty minutes of a call", MILITARY, "Minutes from the call to the gate"),),
          (Inject("The call breaks off",
                  "A woman says “they are at the mill” and the line is dead.",
                  "Call nobody back; find out which mill; wake the duty officer of the police."),
           Inject("A second caller",
                  "A man asks whether soldiers come, and how many.",
                  "Say nothing of the patrol."),
           Inject("Lights on the road",
                  "The patrol sees two vehicles without plates, lights off when it nears.",
                  "Stop, report, let the police follow the plates."))),
    Drill("Return to {place}", "table_top", "ended", "Humanitarian support",
          "Support a return that is chosen freely.",
          "Nine hundred people speak of going home before the rains.",
          (Aim("Nobody is carried who has not been asked", None, "Families asked, against families on the list"),
           Aim("The path is declared safe by those who may", MILITARY, "Who signed, and for which stretch")),
          (Inject("A truck is offered by a party",
                  "A candidate for governor offers six trucks with his picture on them, for Saturday.",
                  "Civil Affairs and partners decline together, with an other way to travel."),
           Inject("Mines on the path",
                  "A herder lost two goats at the ford. Mine action has not looked at that path.",
                  "Close the path; mine action before any date; tell the families why."),
           Inject("Some wish to stay",
                  "About sixty families say that they will not go, and fear for their rations.",
                  "Say in writing that staying costs nothing."))),
]  # fmt: skip
