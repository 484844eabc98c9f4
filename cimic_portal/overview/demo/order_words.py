"""Words of the demo mission's FRAGOs and after-action reviews."""

# Title, reason, and what the execution says from then on besides.
FRAGOS = [
    (
        "Ferry closed: convoys go by the bridge",
        "The river authority closed the ferry after the flood of last week.",
        "\n\n## Route\nAll vehicles use the **northern bridge**; nobody waits at the landing after 16:00.",
    ),
    (
        "Second reception point beside the school",
        "Twice as many families came as were expected; the first point is full by noon.",
        "\n\n## Second reception point\nOpens at 07:00 on the sports ground. Female officers are present "
        "at both points.",
    ),
    (
        "Exams: no vehicles on the school road",
        "The education office moved the final exams into this week.",
        "\n\n## School road\nClosed to all mission vehicles from **07:00 to 13:00** on exam days.",
    ),
    (
        "Night patrols begin an hour earlier",
        "Three reports of people followed between 18:00 and 19:00.",
        "\n\n## Night patrols\nBegin at 17:30, on foot, together with the community policing team.",
    ),
]

ENGINEERS = "Pontoon ferry with crew, from the second day"

# Expected, happened, why, what comes next.
REVIEWS = [
    (
        "Markets on both banks open twice a week, and nobody harmed on the way.",
        "Five of six market days took place. On the third the bridge was closed from noon, and about "
        "forty traders stayed overnight in the school.",
        "The closure was known to the engineers the day before and reached the lead office at 11:00. "
        "The morning call had been skipped for a visit.",
        "Closures go to the journal at once, and the morning call is held without exception.",
    ),
    (
        "Families are received within a day and know where to complain.",
        "All 412 families were received. Nine complaints came in; seven were answered within two days, "
        "two by the civil affairs office after a week.",
        "The complaints desk had no interpreter for two of the languages spoken on the site.",
        "Interpreters are booked with the phase, not with the day; the desk opens with the gate.",
    ),
    (
        "The road stays open for humanitarian trucks through the rains.",
        "The road was open on 17 of 21 days. On four days the drainage failed at the same culvert.",
        "The culvert was repaired from above; the outlet below stayed blocked by an abandoned truck.",
        "The outlet is cleared before the next rains, together with the town and its youth forum.",
    ),
]

# What was seen, what it means, what should be done, who follows it up (office of the sector, title).
FINDINGS = [
    (
        "The chiefs’ assembly heard of the second phase from the radio, a day late.",
        "What is announced first by others is not trusted when we say it.",
        "Word to the assembly the evening before each phase, by civil affairs together with the police.",
        "Civil Affairs",
    ),
    (
        "Radio procedures of police and force differed; two calls for the ambulance were heard by one side only.",
        "A common channel that is rehearsed once is worth more than two good ones.",
        "One channel for all participants, tried on the eve; the call signs stand in the order.",
        "Sector",
    ),
    (
        "Women came to the reception point when the female officers of the community police stood there.",
        "Who stands at the gate decides who dares to come.",
        "Mixed teams at every reception point, planned as a task of their own.",
        "Police Sector",
    ),
    (
        "Armoured vehicles parked beside the clinic on the first day; patients turned back.",
        "Being near is not always being useful.",
        "Parking away from health posts and schools is part of the coordinating instructions.",
        "Sector",
    ),
]
