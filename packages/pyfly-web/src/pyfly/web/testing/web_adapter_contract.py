# SPDX-License-Identifier: Apache-2.0
"""What every web adapter does, theme by theme."""

from pyfly.web.testing.answer_contract import AnswerContract
from pyfly.web.testing.body_contract import BodyContract
from pyfly.web.testing.documentation_contract import DocumentationContract
from pyfly.web.testing.error_handler_contract import ErrorHandlerContract
from pyfly.web.testing.extra_route_contract import ExtraRouteContract
from pyfly.web.testing.failure_contract import FailureContract
from pyfly.web.testing.filter_contract import FilterContract
from pyfly.web.testing.identity_contract import IdentityContract
from pyfly.web.testing.inspection_contract import InspectionContract
from pyfly.web.testing.lifespan_contract import LifespanContract
from pyfly.web.testing.method_contract import MethodContract
from pyfly.web.testing.negotiation_contract import NegotiationContract
from pyfly.web.testing.parameter_contract import ParameterContract
from pyfly.web.testing.protection_contract import ProtectionContract
from pyfly.web.testing.request_scope_contract import RequestScopeContract
from pyfly.web.testing.routing_contract import RoutingContract
from pyfly.web.testing.settings_contract import SettingsContract
from pyfly.web.testing.stream_contract import StreamContract
from pyfly.web.testing.upload_contract import UploadContract


class WebAdapterContract(
    RoutingContract,
    MethodContract,
    ParameterContract,
    BodyContract,
    AnswerContract,
    FailureContract,
    ErrorHandlerContract,
    RequestScopeContract,
    LifespanContract,
    ExtraRouteContract,
    IdentityContract,
    FilterContract,
    ProtectionContract,
    NegotiationContract,
    UploadContract,
    StreamContract,
    DocumentationContract,
    InspectionContract,
    SettingsContract,
):
    """Derive a test class from this, and define what `AdapterHooks` asks for: `create_app` and the natives.

    The requests and the answers are the same for every adapter, byte for byte where the contract says so.
    An adapter that does more, or does a thing its own way, tests that beside this class.
    """
