/* global SwaggerUIBundle */

SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  // Otherwise the page would show the document to the library's makers.
  validatorUrl: null,
});
