"""What the demo mission's offices hold and lend."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Held:
    """One asset. `office` by its name; `{sector}` is filled for each sector where it stands in the name.

    `level`: classification. `state`: other than in service, with the reason in `why`.
    """

    name: str
    kind: str
    office: str
    capacity: str = ""
    unit: str = ""
    can: str = ""
    pieces: int = 1
    languages: str = ""
    conditions: str = ""
    level: int = 1
    state: str = "in_service"
    why: str = ""


# Of each of the four sectors: forty.
OF_SECTORS = (
    Held("Troop carriers {sector}", "Armoured vehicle", "Sector {sector}", "40", "seats", "troop transport, escort, off-road", 4,
         conditions="Crews of the battalion; 24 hours notice; not in markets on market days."),
    Held("Truck platoon {sector}", "Truck", "Sector {sector}", "32", "tonnes", "cargo, tents, rations, winch", 4),
    Held("Ambulance {sector}", "Ambulance", "Sector {sector}", "2", "patients", "stretcher, oxygen, off-road"),
    Held("Medical team {sector}", "Medical team", "Sector {sector}", "20", "patients", "level I, first aid, triage",
         conditions="Stays within one hour of its base."),
    Held("Patrol cars police {sector}", "Light vehicle", "Police Sector {sector}", "12", "seats", "patrol, escort, radio", 3),
    Held("Formed police platoon {sector}", "Formed police unit platoon", "Police Sector {sector}", "30", "people", "crowd management, guard"),
    Held("Translators {sector}", "Translator team", "Civil Affairs {sector}", "4", "people", "interpreting, written translation",
         languages="English, French, Carani, Sango"),
    Held("Field car civil affairs {sector}", "Light vehicle", "Civil Affairs {sector}", "4", "seats", "meetings, off-road"),
    Held("Liaison car {sector}", "Light vehicle", "Sector {sector} CIMIC", "4", "seats", "meetings, radio, off-road"),
    Held("Mixed engagement team {sector}", "Community liaison team", "Sector {sector} CIMIC", "6", "people", "meetings with communities, women's groups",
         languages="French, Carani"),
)  # fmt: skip
OF_MISSION = (
    Held("Helicopter UN 101", "Helicopter", "Force HQ", "22", "seats", "passengers, cargo, medical evacuation", conditions="48 hours notice; daylight only.", level=2),
    Held("Helicopter UN 102", "Helicopter", "Force HQ", "22", "seats", "passengers, cargo, hoist", conditions="48 hours notice; daylight only.", level=2),
    Held("Cargo aeroplane UN 201", "Aeroplane", "Force HQ", "14.5", "tonnes", "cargo, unpaved strip"),
    Held("Surveillance drone 1", "Unmanned aircraft", "Force HQ", "10", "hours", "pictures by day and night", level=2),
    Held("Hospital team level II", "Medical team", "Force HQ", "40", "patients", "level II, surgery, laboratory"),
    Held("Press and meeting tent", "Meeting room", "Force HQ", "120", "seats", "meetings, shade"),
    Held("Excavator 1", "Engineer plant", "Force HQ Engineers", "21", "tonnes", "digging, culverts, drains"),
    Held("Excavator 2", "Engineer plant", "Force HQ Engineers", "21", "tonnes", "digging, culverts, drains"),
    Held("Grader", "Engineer plant", "Force HQ Engineers", "15", "tonnes", "roads, airstrips"),
    Held("Panel bridge set", "Engineer plant", "Force HQ Engineers", "30", "tonnes", "bridge of 30 metres, class 30"),
    Held("Bridging team", "Engineer team", "Force HQ Engineers", "18", "people", "bridges, rafts, reconnaissance"),
    Held("Drilling rig", "Engineer plant", "Force HQ Engineers", "120", "litres_hour", "wells to 90 metres"),
    Held("EOD team 1", "Explosive ordnance disposal team", "Force HQ Engineers", "6", "people", "search, disposal, training"),
    Held("EOD team 2", "Explosive ordnance disposal team", "Force HQ Engineers", "6", "people", "search, disposal, training"),
    Held("Water treatment unit", "Water and power", "Force HQ Engineers", "4000", "litres_hour", "drinking water from rivers"),
    Held("Buses police headquarters", "Bus", "Police HQ", "80", "seats", "passengers, roads only", 2),
    Held("River boats", "Boat", "Police HQ", "24", "seats", "patrol, crossing", 3),
    Held("Satellite terminal, mobile", "Communications", "Field Technology", "", "", "voice, data, 2 Mbit/s"),
    Held("Generator 100 kVA", "Water and power", "Field Technology", "100", "kva", "trailer, silent", state="under_repair", why="Fuel pump; the part is on its way."),
    Held("Warehouse at the airfield", "Storage", "Office of the SRSG", "800", "m2", "dry goods, ballot boxes, guarded"),
    Held("Water tankers", "Truck", "Clean Water Action Carana", "20000", "litres", "drinking water only", 2, conditions="Humanitarian use only; no escort, no uniforms on board."),
    Held("Old trucks of Sector East", "Truck", "Sector East", "16", "tonnes", "cargo", 2, state="withdrawn", why="Written off after the flood."),
)  # fmt: skip
# Booked without a gap, so that somebody asks why; and never asked for.
BUSY = ("Helicopter UN 101", "Translators North", "Excavator 1")
IDLE = ("EOD team 2", "River boats", "Press and meeting tent", "Grader", "Field car civil affairs West")
PURPOSES = (
    "Carry people and material to the place of the task and back.",
    "Needed on the ground for the whole task.",
    "Reserve for the main effort.",
    "Bring the teams of all components to the same place at the same time.",
)
DECLINED = (
    "The crew is due for rest; the sector south has one.",
    "Promised to the flood response in these days.",
)
OUT = ("100-hour service", "Rotation of the contingent", "Tyres and brakes", "Calibration")
