"""What the demo mission practises. {place} is a district."""

from __future__ import annotations

from typing import NamedTuple


class Drill(NamedTuple):
    """One exercise: what it is, in which state, of which type of operation, and what control puts in."""

    title: str
    form: str
    state: str
    kind: str
    purpose: str
    scenario: str
    injects: tuple[str, str, str]


DRILLS = [
    Drill("A quarter of {place} under threat", "simulation", "evaluated", "PoC response",
          "Decide together within minutes how civilians are protected.",
          "Two armed groups draw near to the quarter by the market. Families gather at the school.",
          ("Shots north of the market", "Families at the school ask for shelter", "A rumour of a second column")),
    Drill("Evacuation of staff from {place}", "table_top", "ended", "Evacuation",
          "Bring eighty people to the airfield without leaving anybody behind.",
          "The road is open by day only. Partners have twelve vehicles, the force has six.",
          ("The list of names differs by nine", "The bridge is closed to trucks", "One team does not answer")),
    Drill("The river over {place}", "field", "running", "Humanitarian support",
          "Warn, move and shelter people before the water comes.",
          "Rain has fallen for six days. The gauge upstream rises a hand each hour.",
          ("The gauge passes the red mark", "The clinic asks for boats", "The shelter is full")),
    Drill("An escort as last resort near {place}", "table_top", "scheduled", "Escort",
          "Weigh an armed escort by its four criteria, and say no well.",
          "A partner must bring medicines through a valley where a convoy was stopped.",
          ("The partner asks for an escort", "Elders offer safe passage", "A second partner asks as well")),
    Drill("Election day in {place}", "simulation", "scheduled", "Electoral support",
          "Keep polling open without standing in the door.",
          "Two hundred places to vote, one road, and a radio that spreads rumours.",
          ("Ballots are late", "A crowd at the gate", "The radio says it is over")),
    Drill("A camp near {place} catches fire", "field", "closed", "Humanitarian support",
          "Give means to partners who lead, and step back in time.",
          "Four hundred shelters stand close; the wind blows from the east.",
          ("Smoke is seen", "The well is dry", "The press is there")),
    Drill("Weapons handed in at {place}", "table_top", "draft", "DDR support",
          "Know who does what when weapons are handed in.",
          "Sixty fighters want to hand in; their families wait outside.",
          ("More come than were named", "A child among them", "Someone takes pictures")),
    Drill("The bridge of {place}", "table_top", "paused", "Engineering",
          "Agree on one road before two offices promise two.",
          "The bridge carries five tons. Partners come with twenty.",
          ("A truck is stuck", "The contractor leaves", "The mayor promised otherwise")),
    Drill("Joint patrol into {place}", "field", "evaluated", "Joint patrol",
          "Force and police speak with one voice to a village.",
          "The village has not been visited for two months.",
          ("The chief is away", "Women ask to speak apart", "A stone is thrown")),
    Drill("Rumours in {place}", "simulation", "draft", "Area security",
          "Answer a rumour within the hour, by those who are believed.",
          "A voice message says that the wells are poisoned.",
          ("The message spreads", "The market closes", "A well is guarded by young men")),
    Drill("Night line of {place}", "table_top", "cancelled", "PoC response",
          "Take a call at two in the morning and move.",
          "The line rings; the caller whispers.",
          ("The call breaks off", "A second caller", "Lights on the road")),
    Drill("Return to {place}", "table_top", "ended", "Humanitarian support",
          "Support a return that is chosen freely.",
          "Nine hundred people speak of going home before the rains.",
          ("A truck is offered by a party", "Mines on the path", "Some wish to stay")),
]  # fmt: skip
