# SPDX-License-Identifier: Apache-2.0
"""Every setting as it applies, as data and as a table."""

from collections.abc import Callable, Mapping
from typing import Any

from pyfly.cli.environment import variable_name
from pyfly.cli.inspection.folder import Folder
from pyfly.cli.inspection.value_text import value_text
from pyfly.cli.output import table
from pyfly.config.auto import discover_auto_configurations
from pyfly.config.effective_settings import EffectiveSetting, effective_settings, is_under
from pyfly.config.key_check import check_keys
from pyfly.config.metadata import installed_keys, keys_of
from pyfly.config.strictness import KeyFindings
from pyfly.context.setting_check import check_settings, settings_classes

_APP_VARIABLE = "PYFLY_APP"
_DEFAULT = "default"
_DEFAULTS_SOURCE = "pyfly-defaults.yaml"
_VARIABLES = "systemEnvironment"


def settings_payload(folder: Folder, *, prefix: str = "", changed: bool = False) -> dict[str, Any]:
    """Return the settings, and which of them nothing reads.

    Args:
        folder: The configuration.
        prefix: Only what is under it.
        changed: Only what differs from its default.
    """
    found = [
        it
        for it in _settings(folder)
        if is_under(it.key, prefix) and (it.changed or not changed) and it.origin != _variable(_APP_VARIABLE)
    ]
    findings = _findings(folder)
    return {
        "activeProfiles": folder.config.active_profiles,
        "properties": {it.key: _entry(it) for it in found},
        "unknown": [
            {"key": it.key, "suggestions": list(it.suggestions), "origin": it.source}
            for it in findings.unknown
            if is_under(it.key, prefix)
        ],
        "unused": [
            {"section": it.section, "keys": list(it.keys), "origin": it.source}
            for it in findings.unused
            if any(is_under(key, prefix) for key in it.keys)
        ],
        "variables": [{"name": it.name, "suggestions": list(it.suggestions)} for it in findings.variables],
    }


def remote_settings_payload(env: Mapping[str, Any], *, prefix: str, changed: bool) -> dict[str, Any]:
    """Return the settings of an application that runs, as far as its sources tell them.

    Args:
        env: What its endpoint ``env`` answers.
        prefix: Only what is under it.
        changed: Only what is set by something else than the defaults of distributions.
    """
    variables: Mapping[str, Any] = {}
    properties: dict[str, dict[str, Any]] = {}
    for source in env["propertySources"]:
        if source["name"] == _VARIABLES:
            variables = source["properties"]
            continue

        for key, entry in source["properties"].items():
            if key in properties or not is_under(key, prefix):
                continue

            name = variable_name(key)
            if name in variables:
                properties[key] = {
                    "value": variables[name]["value"],
                    "origin": _variable(name),
                    "changed": True,
                }
            else:
                origin = entry.get("origin") or source["name"]
                by_hand = not source["name"].startswith(_DEFAULTS_SOURCE)
                properties[key] = {"value": entry["value"], "origin": origin, "changed": by_hand}

    shown = {key: entry for key, entry in sorted(properties.items()) if entry["changed"] or not changed}
    return {"activeProfiles": env["activeProfiles"], "properties": shown}


def show_settings(payload: Mapping[str, Any]) -> None:
    """Print one row for each setting."""
    remark = _remarks(payload)
    table(
        None,
        ["Key", "Value", "Origin", "Default", "Remark"],
        [
            (
                key,
                value_text(entry["value"]),
                _origin(entry["origin"]),
                value_text(entry["default"]) if entry["changed"] and entry.get("declared") else "",
                remark(key, entry["origin"]),
            )
            for key, entry in payload["properties"].items()
        ],
    )


def _settings(folder: Folder) -> tuple[EffectiveSetting, ...]:
    keys = {key.key: key for key in installed_keys()}
    if folder.context is not None:
        for cls in settings_classes(folder.context.container, discover_auto_configurations()):
            keys.update((key.key, key) for key in keys_of(cls) if key.key not in keys)

    return effective_settings(folder.config, keys.values())


def _findings(folder: Folder) -> KeyFindings:
    if folder.context is None:
        return check_keys(folder.config)

    return check_settings(folder.config, folder.context.container, discover_auto_configurations())


def _entry(setting: EffectiveSetting) -> dict[str, Any]:
    return {
        "value": setting.value,
        "origin": setting.origin or _DEFAULT,
        "default": setting.default,
        "changed": setting.changed,
        "declared": setting.declared,
    }


def _remarks(payload: Mapping[str, Any]) -> Callable[[str, str], str]:
    unknown = {it["key"]: _unknown(it) for it in payload.get("unknown", ())}
    variables = {_variable(it["name"]): _unknown(it) for it in payload.get("variables", ())}
    unused = {key for it in payload.get("unused", ()) for key in it["keys"]}

    def remark(key: str, origin: str) -> str:
        if key in unused:
            return "no installed distribution reads it"

        return unknown.get(key) or variables.get(origin, "")

    return remark


def _unknown(finding: Mapping[str, Any]) -> str:
    suggestions = finding["suggestions"]
    return f"unknown, did you mean {' or '.join(suggestions)}?" if suggestions else "unknown"


def _origin(origin: str) -> str:
    return _DEFAULT if origin.startswith(_DEFAULTS_SOURCE) else origin


def _variable(name: str) -> str:
    return f"environment variable {name}"
