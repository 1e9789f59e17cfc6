# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from benchmarks.web.client import Request
from benchmarks.web.wrk import LoadFailedError, lua_script, read_report

REPORT = """\
Running 2s test @ http://127.0.0.1:8000/items/7
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.36ms    1.20ms  20.32ms   90.00%
    Req/Sec    27.43k     1.10k   29.00k    70.00%
  Latency Distribution
     50%  850.00us
     75%    2.39ms
     90%    1.20s
     99%    1.05m
  54583 requests in 2.00s, 8.50MB read
Requests/sec:  27245.22
Transfer/sec:      4.25MB
"""


def test_rate_and_latencies_are_read_from_the_report():
    load = read_report(REPORT)

    assert load.rate == 27245.22
    assert load.latencies == {50: 0.85, 75: 2.39, 90: 1200.0, 99: 63_000.0}


@pytest.mark.parametrize(
    "fault",
    ["Non-2xx or 3xx responses: 3", "Socket errors: connect 0, read 12, write 0, timeout 0"],
)
def test_failed_requests_are_an_error(fault: str):
    report = REPORT.replace("Requests/sec", f"  {fault}\nRequests/sec")

    with pytest.raises(LoadFailedError, match=fault):
        read_report(report)


def test_text_that_is_no_report_is_an_error():
    with pytest.raises(LoadFailedError, match="no report of wrk"):
        read_report("unable to connect")


def test_script_of_a_get_has_a_method_and_headers():
    script = lua_script(Request("GET", "/items"), Path("/tmp/body"))

    assert script.splitlines()[:2] == ['wrk.method = "GET"', 'wrk.headers["user-agent"] = "bench/1.0"']
    assert "wrk.body" not in script


def test_script_of_a_post_reads_its_body_and_lets_wrk_count_it():
    script = lua_script(Request("POST", "/", body=b"{}", content_type="application/json"), Path("/tmp/body"))

    assert 'wrk.headers["content-type"] = "application/json"' in script
    assert 'wrk.body = io.open("/tmp/body", "rb"):read("*a")' in script
    assert "content-length" not in script
