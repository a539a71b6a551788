import 'reflect-metadata';

export { loadCatalog } from './catalog.js';
export { openApplication } from './open-application.js';
export { bindRepositories } from './repositories.js';
