"""Addresses of courses, sessions, training records and certificates."""

from django.urls import URLPattern, URLResolver, path

from cimic_portal.core.views.listing import list_routes
from training.listings.course import course_list, session_list
from training.listings.record import enrolment_list, qualification_list, training_record_list
from training.views import course, marks, record, seats, session, verify

urlpatterns: list[URLPattern | URLResolver] = [
    path("", record.training_home, name="training_home"),
    *list_routes(course_list, "courses/"),
    path("courses/new/", course.course_add, name="course_add"),
    path("courses/<slug:code>/", course.course_detail, name="course"),
    path("courses/<slug:code>/edit/", course.course_edit, name="course_edit"),
    path("courses/<slug:code>/plan/", session.session_plan, name="session_plan"),
    *list_routes(session_list, "sessions/"),
    path("sessions/calendar/", session.session_calendar, name="session_calendar"),
    path("sessions/<int:pk>/", session.session_detail, name="session"),
    path("sessions/<int:pk>/session.ics", session.session_ics, name="session_ics"),
    path("sessions/<int:pk>/edit/", session.session_edit, name="session_edit"),
    path("sessions/<int:pk>/marks/", marks.session_marks, name="session_marks"),
    *(
        path(
            f"sessions/<int:pk>/attendance.{form}",
            marks.attendance_file,
            {"form": form},
            name=f"attendance_{form}",
        )
        for form in ("csv", "xlsx")
    ),
    path("sessions/<int:pk>/import/", marks.attendance_import, name="attendance_import"),
    path("sessions/<int:pk>/<slug:verb>/", session.session_verb, name="session_verb"),
    *list_routes(enrolment_list, "seats/"),
    path("seats/<int:pk>/<slug:verb>/", seats.enrolment_verb, name="enrolment_verb"),
    *list_routes(training_record_list, "records/"),
    path("records/<reference:reference>/", record.record_detail, name="training_record"),
    path("records/<reference:reference>/earlier/", record.earlier_add, name="earlier_add"),
    *list_routes(qualification_list, "qualifications/"),
    path("qualifications/<int:pk>/", record.qualification_detail, name="qualification"),
    path("qualifications/<int:pk>/certificate.pdf", record.certificate, name="certificate"),
    path("qualifications/<int:pk>/proof/<int:proof>/", record.proof, name="qualification_proof"),
    path("qualifications/<int:pk>/<slug:verb>/", record.qualification_verb, name="qualification_verb"),
    path("verify/", verify.certificate_ask, name="certificate_ask"),
    path("verify/<slug:code>/", verify.certificate_check, name="certificate_check"),
]
