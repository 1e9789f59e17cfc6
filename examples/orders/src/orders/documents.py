# SPDX-License-Identifier: Apache-2.0
"""Documents of orders: files in a folder that lives as long as the service."""

from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from orders.events import OrderRemoved
from orders.models import Document
from pyfly.container import component
from pyfly.context import app_event_listener, post_construct, pre_destroy
from pyfly.kernel import ResourceNotFoundException
from pyfly.web import UploadedFile


@component
class DocumentFolder:
    """Keeps one document for each order, and forgets it with the order."""

    def __init__(self) -> None:
        self._documents: dict[UUID, Document] = {}

    @post_construct
    def open(self) -> None:
        self._folder = TemporaryDirectory(prefix="orders-")

    @pre_destroy
    def close(self) -> None:
        self._folder.cleanup()

    async def keep(self, order_id: UUID, file: UploadedFile) -> Document:
        await file.save(self._path(order_id))
        document = Document(filename=file.safe_filename, size=file.size)
        self._documents[order_id] = document
        return document

    def find(self, order_id: UUID) -> tuple[Path, Document]:
        document = self._documents.get(order_id)
        if document is None:
            raise ResourceNotFoundException(f"Order {order_id} has no document", code="DOCUMENT_NOT_FOUND")

        return self._path(order_id), document

    @app_event_listener
    async def on_order_removed(self, event: OrderRemoved) -> None:
        if self._documents.pop(event.order.id, None) is not None:
            self._path(event.order.id).unlink(missing_ok=True)

    def _path(self, order_id: UUID) -> Path:
        return Path(self._folder.name, str(order_id))
