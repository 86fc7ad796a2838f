"""Every operation of the vendors that takes JSON: with the class that reads it, and a good body."""

from dataclasses import replace

from darkroom.bootstrap.admin import AdminServices
from darkroom.dialects import registry
from darkroom.domain.api_key import SCOPES
from darkroom.settings import AdminSettings
from darkroom.usecases.create_workspace import Limits

FILE = "https://93.184.215.14/a.png"
INFLUENCER = {"name": "Ada", "description": "a painter of piers"}
FLASH = {"model": "vertex/nano-banana-flash", "prompt": "a pier"}
IMAGES = {
    "supapost": ("supapost", "POST", "/generate/image"),
    "powerpost": ("powerpost", "POST", "/api/v1/images/generate"),
    "dalnulla": ("dalnulla", "POST", "/api/v1/generate-image"),
    "posteverywhere": ("posteverywhere", "POST", "/ai/generate-image"),
    "qolaba": ("qolaba", "POST", "/api/v1/images/generate"),
}
BODIES = {
    case: FLASH if name == "qolaba" else {"prompt": "a pier"} for name, case in IMAGES.items()
} | {
    ("supapost", "POST", "/influencers"): INFLUENCER,
    ("supapost", "PATCH", "/influencers/{id}"): {"name": "Bea"},
    ("powerpost", "POST", "/api/v1/content/generate"): {
        "prompt": "a pier",
        "post_types": ["x-post"],
    },
    ("posteverywhere", "POST", "/media/upload"): {
        "filename": "a.png",
        "content_type": "image/png",
        "size": 9,
    },
    ("posteverywhere", "POST", "/media/upload-from-url"): {"url": FILE},
}
READ_BY = {
    (name, route.method, route.path): route.body
    for name in registry.MOUNTED
    for route in registry.dialect(name).routes
    if route.body is not None
}
# What takes a form, or nothing.
OTHERS = {
    ("powerpost", "POST", "/api/v1/media/upload"),
    ("posteverywhere", "POST", "/media/{id}/complete"),
}


def nobody_waits(patch):
    """No worker runs here, and these tests are not about the wait."""
    for name in ("powerpost.media", "dalnulla", "posteverywhere.images", "posteverywhere.media"):
        patch.setattr(f"darkroom.dialects.vendors.{name}.LONGEST_WAIT", 0)
    patch.setattr("darkroom.dialects.vendors.qolaba.LONGEST_WAIT", 0)


def opened(system, workspace="rich", *, credits_granted=1_000_000, max_in_flight=100_000):
    """The system as a workspace of its own sees it."""
    admin = AdminServices(AdminSettings.from_environment(system.environment))
    limits = Limits(requests_per_minute=100_000, max_in_flight=max_in_flight)
    admin.create_workspace(workspace, credits_granted, limits, "pro")
    return another_key(system, workspace)


def another_key(system, workspace):
    admin = AdminServices(AdminSettings.from_environment(system.environment))
    return replace(system, key=admin.key_service.create(workspace, scopes=SCOPES)[0])


def sent(system, case, body, **given):
    dialect, method, path = case
    if "{id}" in path:
        made = system.http("POST", "/supapost/influencers", INFLUENCER)
        path = path.replace("{id}", made.json["id"])
    headers = {"x-workspace-id": given.pop("workspace", "rich")} | given.pop("headers", {})
    return system.http(method, f"/{dialect}{path}", body, headers=headers, **given)
