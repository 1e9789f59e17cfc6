# SPDX-License-Identifier: Apache-2.0
"""A document for each order: uploaded as a form, downloaded as a file."""

from uuid import UUID

from orders.documents import DocumentFolder
from orders.models import Document
from orders.service import OrderService
from pyfly.web import (
    File,
    FileResult,
    PathVar,
    UploadedFile,
    get_mapping,
    put_mapping,
    request_mapping,
    rest_controller,
)
from pyfly.web.openapi import operation


@rest_controller
@request_mapping("/orders/{order_id:uuid}/document")
@operation(tags=["documents"])
class DocumentController:
    """Documents of orders."""

    def __init__(self, orders: OrderService, documents: DocumentFolder) -> None:
        self._orders = orders
        self._documents = documents

    @put_mapping("")
    @operation(responses={404: "There is no such order"})
    async def attach(self, order_id: PathVar[UUID], document: File[UploadedFile]) -> Document:
        """Attach a document, in place of an earlier one."""
        await self._orders.find(order_id)
        return await self._documents.keep(order_id, document)

    @get_mapping("")
    @operation(responses={404: "The order has no document"})
    async def download(self, order_id: PathVar[UUID]) -> FileResult:
        """Download the document."""
        path, document = self._documents.find(order_id)
        return FileResult(path, "application/octet-stream", document.filename)
