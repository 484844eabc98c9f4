"""Addresses of exercises."""

from django.urls import URLPattern, URLResolver, path

from cimic_portal.core.views.listing import list_routes
from training.listings.exercise import exercise_list
from training.views import (
    exercise,
    exercise_board,
    exercise_compare,
    exercise_plan,
    exercise_play,
    exercise_review,
    exercise_seats,
)

ONE = "exercises/<reference:reference>/"
RUN = f"{ONE}runs/<int:number>/"
FINDINGS = f"{ONE}evaluation/findings/"

exercise_urls: list[URLPattern | URLResolver] = [
    *list_routes(exercise_list, "exercises/"),
    path("exercises/new/", exercise.exercise_new, name="exercise_new"),
    path(ONE, exercise.exercise_detail, name="exercise"),
    path(f"{ONE}live/", exercise.exercise_live, name="exercise_live"),
    path(f"{ONE}edit/", exercise.exercise_edit, name="exercise_edit"),
    path(f"{ONE}plan/", exercise_plan.exercise_plan, name="exercise_plan"),
    path(f"{ONE}plan/msel.<str:form>", exercise_plan.exercise_msel, name="exercise_msel"),
    path(f"{ONE}plan/<slug:part>/new/", exercise_plan.part_new, name="exercise_part_new"),
    path(f"{ONE}plan/<slug:part>/<int:pk>/", exercise_plan.part_edit, name="exercise_part"),
    path(f"{ONE}plan/<slug:part>/<int:pk>/remove/", exercise_plan.part_remove, name="exercise_part_remove"),
    path(f"{ONE}seats/", exercise_seats.control_seats, name="exercise_seats"),
    path(RUN, exercise_board.exercise_board, name="exercise_board"),
    path(f"{RUN}seats/", exercise_seats.run_seats, name="exercise_run_seats"),
    path(f"{RUN}inbox/", exercise_play.exercise_inbox, name="exercise_inbox"),
    path(f"{RUN}inbox/<int:pk>/", exercise_play.exercise_message, name="exercise_message"),
    path(f"{RUN}injects/<int:pk>/<slug:step>/", exercise_board.inject_step, name="exercise_inject_step"),
    path(f"{RUN}<slug:step>/", exercise_board.run_step, name="exercise_run_step"),
    path(f"{ONE}observations/<int:pk>/strike/", exercise_review.observation_strike, name="exercise_strike"),
    path(f"{ONE}comparison/", exercise_compare.exercise_comparison, name="exercise_comparison"),
    path(f"{ONE}aar/", exercise_compare.exercise_aar, name="exercise_aar"),
    path(f"{ONE}evaluation/", exercise_review.exercise_evaluation, name="exercise_evaluation"),
    path(f"{ONE}evaluation/text/", exercise_review.review_edit, name="exercise_review_edit"),
    path(
        f"{ONE}evaluation/objectives/<int:pk>/", exercise_review.objective_evaluate, name="exercise_evaluate"
    ),
    path(f"{FINDINGS}new/", exercise_review.finding_new, name="exercise_finding_new"),
    path(f"{FINDINGS}<int:pk>/", exercise_review.finding_edit, name="exercise_finding"),
    path(f"{FINDINGS}<int:pk>/<slug:step>/", exercise_review.finding_step, name="exercise_finding_step"),
    path(f"{ONE}<slug:verb>/", exercise.exercise_verb, name="exercise_verb"),
]
