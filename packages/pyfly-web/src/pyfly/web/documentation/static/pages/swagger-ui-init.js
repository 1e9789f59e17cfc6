// SPDX-License-Identifier: Apache-2.0
// Starts Swagger UI. The page says what to show, and how, in attributes of the element that it is shown in.
(() => {
  const place = document.getElementById("swagger-ui");
  const address = (relative) => new URL(relative, document.baseURI).href;
  const options = {};
  for (const option of place.dataset.options.split("; ")) {
    const colon = option.indexOf(": ");
    options[option.slice(0, colon)] = JSON.parse(option.slice(colon + 2));
  }

  window.ui = SwaggerUIBundle({
    ...options,
    domNode: place,
    url: address(place.dataset.url),
    oauth2RedirectUrl: address(place.dataset.oauth2Redirect),
    presets: [SwaggerUIBundle.presets.apis],
  });
})();
