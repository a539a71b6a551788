export { loadCatalog } from './catalog.js';
export { openApplication } from './open-application.js';
