"""What the demo mission's quick impact projects say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Project:
    """`age`: days since it was submitted; `votes`: of the committee, last seat first; `result`: what was
    achieved, or why it was returned, refused or cancelled."""

    title: str
    need: str
    beneficiaries: str
    people: int
    lines: tuple[tuple[str, str], ...]
    milestones: tuple[str, ...]
    state: str
    age: int = 0
    votes: tuple[str, ...] = ()
    result: str = ""


ANSWERS = (
    "The community signed for it; the chief and the women's group were at the meeting.",
    "Done within three months; no running costs for the mission.",
    "Three offers were compared; this is the lowest with a guarantee.",
    "CMCoord was asked on the phone and sees no overlap.",
    "The sous-préfet agrees in writing.",
)
FOR, AGAINST, ABSTAIN = "for", "against", "abstain"

PROJECTS = (
    Project("Hand pump for the market of {place}", "The only pump of {place} broke in the dry season; women walk nine kilometres.",
            "Traders and the families of the quarter", 2400, (("Pump and pipes", "6200.00"), ("Drilling crew", "5400.50"), ("Fence and slab", "1900.00")),
            ("Contract signed", "Hole drilled", "Pump handed over"), "under_way", 62, (FOR, FOR, FOR, FOR)),
    Project("Roof of the primary school in {place}", "The storm took the roof; 310 pupils are taught under trees.",
            "Pupils and teachers", 310, (("Sheets and timber", "9800.00"), ("Carpenters from the village", "3100.00")),
            ("Timber delivered", "Roof closed"), "under_review", 12, (FOR, AGAINST)),
    Project("Solar light for the health post in {place}", "Births at night are attended by torch.",
            "Patients of the health post", 5200, (("Panels and batteries", "7450.00"), ("Fitting and training", "1200.00")),
            ("Panels fitted", "Nurses trained"), "under_review", 9, (FOR, FOR, ABSTAIN)),
    Project("Culvert on the road to {place}", "The ford floods; ambulances and patrols turn back.",
            "Travellers, traders, patients", 8000, (("Concrete rings", "14300.00"), ("Digger, ten days", "8800.00"), ("Labour from both villages", "4200.00")),
            ("Bypass opened", "Rings laid", "Road closed over it"), "submitted", 3),
    Project("Football ground between the two quarters of {place}", "The young men of the two quarters meet nowhere but at road blocks.",
            "Young people of both quarters", 900, (("Levelling", "2300.00"), ("Goals, nets, balls", "640.00")),
            ("Ground levelled", "First match"), "closed", 210, (FOR, FOR, FOR), "The first tournament was played by mixed teams; the ground is used every day."),
    Project("Rebuilding the court room of {place}", "Hearings are held in the open, and witnesses stay away.",
            "Parties, witnesses, the two judges", 1500, (("Masonry", "11800.00"), ("Furniture", "3900.00")),
            ("Walls up", "Room furnished"), "completed", 120, (FOR, FOR, FOR, AGAINST), "The court sits twice a week; the registry has a door that locks."),
    Project("Grain store for the women's cooperative in {place}", "A third of the harvest is lost to rain.",
            "Members of the cooperative", 260, (("Building", "8600.00"), ("Pallets and scales", "1150.00")),
            ("Foundation laid", "Store opened"), "approved", 30, (FOR, FOR, FOR, ABSTAIN)),
    Project("Latrines for the school in {place}", "Girls leave school at thirteen because there are none.",
            "Pupils", 420, (("Six cabins", "5100.00"), ("Hand-washing points", "480.00")),
            ("Pits dug", "Cabins handed over"), "not_approved", 25, (AGAINST, AGAINST, AGAINST, FOR), "A humanitarian partner builds latrines at the same school from next month."),
    Project("Radio studio for the community station of {place}", "Rumours travel faster than news.",
            "Listeners within forty kilometres", 30000, (("Transmitter", "9900.00"), ("Studio", "6100.00")),
            ("Licence shown", "On the air"), "returned", 18, (), "Say who pays the journalists after the first year."),
    Project("Cattle trough at the crossing of {place}", "Herders and farmers quarrel at the same spring.",
            "Herders and farmers", 1200, (("Trough and pipe", "3700.00"), ("Mediation days", "900.00")),
            ("Agreement signed", "Trough filled"), "cancelled", 40, (), "The spring fell dry; both sides were told in person."),
    Project("Tools for the garden of returnees in {place}", "Families who came back have land and nothing to work it with.",
            "Returned families", 640, (("Hoes, cans, seed", "2750.00"),),
            ("Tools handed out",), "draft"),
    Project("Foot bridge between {place} and its fields", "Two children drowned at the ford last year.",
            "The village", 1900, (("Steel and cable", "12600.00"), ("Foundations", "5200.75")),
            ("Foundations set", "Bridge open"), "under_way", 50, (FOR, FOR, FOR, FOR, FOR)),
)  # fmt: skip
