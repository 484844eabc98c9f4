"""Django REST framework and its schema."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "cimic_portal.core.api.authentication.TokenAuthentication",
        "cimic_portal.core.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["cimic_portal.core.api.permissions.HoldsPosition"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["cimic_portal.core.api.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "cimic_portal.core.api.pagination.KeysetPagination",
    "EXCEPTION_HANDLER": "cimic_portal.core.api.problems.problem_response",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "600/min"},
    "DEFAULT_VERSIONING_CLASS": None,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CIMIC portal API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_PERMISSIONS": ["cimic_portal.core.api.permissions.HoldsPosition"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "Component": "cimic_portal.core.sharing.levels.Component",
        "Classification": "cimic_portal.core.sharing.levels.Classification",
        "OrganisationKind": "cimic_portal.core.models.OrganisationKind",
        "PlaceKind": "cimic_portal.core.models.PlaceKind",
        "DocumentState": "cimic_portal.core.models.DocumentState",
        "EngagementState": "liaison.models.EngagementState",
        "TaskingState": "liaison.models.TaskingState",
        "CommitmentState": "liaison.models.CommitmentState",
        "QipState": "operations.models.QipState",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "cimic_portal.core.api.schema.add_problems",
    ],
}
