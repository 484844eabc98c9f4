"""Addresses of online modules."""

from django.urls import URLPattern, URLResolver, path

from cimic_portal.core.views.listing import list_routes
from training.listings.module import module_draft_list, module_list, module_result_list
from training.views import module, module_draft, module_quiz, module_scorm

_drafts: list[URLPattern | URLResolver] = [
    *list_routes(module_draft_list, "drafts/"),
    path("drafts/new/", module_draft.draft_begin, name="moduledraft_begin"),
    path("drafts/<reference:reference>/", module_draft.draft_detail, name="moduledraft"),
    path("drafts/<reference:reference>/edit/", module_draft.draft_edit, name="moduledraft_edit"),
    path("drafts/<reference:reference>/package/", module_draft.draft_package, name="moduledraft_package"),
    path("drafts/<reference:reference>/arrange/", module_draft.draft_arrange, name="moduledraft_arrange"),
    path("drafts/<reference:reference>/pages/new/", module_draft.draft_page, name="moduledraft_page_new"),
    path(
        "drafts/<reference:reference>/pages/<int:number>/", module_draft.draft_page, name="moduledraft_page"
    ),
    path(
        "drafts/<reference:reference>/pages/<int:number>/picture/",
        module_draft.draft_picture,
        name="moduledraft_picture",
    ),
    path(
        "drafts/<reference:reference>/questions/new/",
        module_draft.draft_question,
        name="moduledraft_question_new",
    ),
    path(
        "drafts/<reference:reference>/questions/<int:number>/",
        module_draft.draft_question,
        name="moduledraft_question",
    ),
    path("drafts/<reference:reference>/<slug:verb>/", module_draft.draft_verb, name="moduledraft_verb"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *list_routes(module_list, ""),
    *list_routes(module_result_list, "results/"),
    *_drafts,
    path("<int:pk>/", module.module_detail, name="module"),
    path("<int:pk>/pages/<int:number>/", module.module_page, name="module_page"),
    path("<int:pk>/pictures/<int:edition>/<int:number>/", module.module_picture, name="module_picture"),
    path("<int:pk>/file/", module.module_file, name="module_file"),
    path("<int:pk>/quiz/", module_quiz.module_quiz, name="module_quiz"),
    path("<int:pk>/attempts/<int:number>/", module_quiz.module_attempt, name="module_attempt"),
    path("<int:pk>/play/", module_scorm.module_play, name="module_play"),
    path("<int:pk>/report/", module_scorm.module_report, name="module_report"),
    path("<int:pk>/edition/", module.module_edition, name="module_edition"),
    path("<int:pk>/archive/", module.module_archive, name="module_archive"),
]
