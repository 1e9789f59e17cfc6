# SPDX-License-Identifier: Apache-2.0
from pyfly.context.lifecycle import post_construct, pre_destroy
from pyfly.context.post_processor import BeanPostProcessor


def test_hooks_mark_the_method_and_return_it() -> None:
    def open_() -> None: ...

    async def _close() -> None: ...

    assert post_construct(open_) is open_
    assert pre_destroy(_close) is _close
    assert open_.__pyfly_post_construct__ is True
    assert _close.__pyfly_pre_destroy__ is True


def test_post_processor_needs_no_base_class() -> None:
    class Tracing:
        def before_init(self, bean: object, bean_name: str) -> object:
            return bean

        def after_init(self, bean: object, bean_name: str) -> object:
            return bean

    assert isinstance(Tracing(), BeanPostProcessor)
    assert not isinstance(object(), BeanPostProcessor)
