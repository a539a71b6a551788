/** Loaded by `node --import`: leaves the addresses of all modules that a process loads in the file that LOADED_MODULES names. */
import { appendFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const list = process.env['LOADED_MODULES'];
const hook = `
  import { appendFileSync } from 'node:fs';
  export function load(url, context, next) {
    appendFileSync(${JSON.stringify(list)}, url + '\\n');
    return next(url, context);
  }`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

// what is loaded by `require` passes no hook
const { cache } = createRequire(import.meta.url);
process.on('exit', () => {
  for (const path of Object.keys(cache)) appendFileSync(list, `${pathToFileURL(path).href}\n`);
});
