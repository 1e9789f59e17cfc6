# SPDX-License-Identifier: Apache-2.0
"""What to do about a bean that is missing."""

from pyfly.container._type_names import PLAIN_VALUES, names_class, type_name


def how_to_provide(bean_type: object, bean_name: str | None, *, left_out: bool) -> str:
    """Tell how to provide a bean.

    Args:
        bean_type: The type asked for.
        bean_name: The name asked for.
        left_out: There are beans that would do, but are not used.
    """
    scanned = "Its module must lie in one of the scan_packages, or its distribution be installed."
    if bean_name is not None:
        return (
            "Correct the name or the type at the injection point. Or provide the bean:\n"
            f"mark its class with @component(name='{bean_name}') or\n"
            f"@service(name='{bean_name}'), or give the name to a @bean method of a @configuration\n"
            f"class. {scanned}"
        )

    if bean_type is None:
        return (
            "Provide the bean: mark its class with @component or @service, or make it in a @bean method.\n"
            f"{scanned}"
        )

    name = type_name(bean_type)
    if not names_class(bean_type):
        return (
            f"'{name}' does not say which bean: annotate one class or port that a @component,\n"
            "@service or @bean of the scan_packages provides, or give a default."
        )

    if bean_type in PLAIN_VALUES:
        return (
            f'For a setting, write Annotated[{name}, Value("${{some.key}}")]. Or give a default,\n'
            "or return the value from a @bean method of a @configuration class. (@component and\n"
            "@service mark classes of your own, in the scan_packages.)"
        )

    first = "Remove what keeps the beans above from being used. Or:\n" if left_out else ""
    return (
        f"{first}Provide a bean of type '{name}': mark its class with @component, @service or\n"
        f"@repository, or return it from a @bean method of a @configuration class.\n{scanned}"
    )
