// SPDX-License-Identifier: Apache-2.0
// Starts ReDoc. The page says what to show, and how, in attributes of the element that it is shown in.
(() => {
  const place = document.getElementById("redoc");
  const options = {};
  for (const option of place.dataset.options.split("; ")) {
    const colon = option.indexOf(": ");
    options[option.slice(0, colon)] = JSON.parse(option.slice(colon + 2));
  }

  Redoc.init(new URL(place.dataset.url, document.baseURI).href, options, place);
})();
