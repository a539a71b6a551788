#!/usr/bin/env node
/** Starts the built command line, so that `node runner …` works from the repository's root and from anywhere. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const entry = new URL('./dist/runner/index.js', import.meta.url);

// Node 20 is supported here; the SDK's notice about it would be in every output.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// V8 spends a fifth of a short run's processor time on optimizing code, most of which does not run long enough to pay it
// back (ADR 0028). Other versions of Node compile in other steps, and nobody has measured them.
if (process.versions.node.startsWith('20.')) {
  setFlagsFromString('--interrupt-budget=400000');
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=400');
}

if (existsSync(entry)) {
  try {
    await import(entry.href);
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    refuse('NOT_INSTALLED', 'Waybill or one of its packages is not installed completely.');
  }
} else {
  refuse('NOT_BUILT', 'Waybill is not built yet.');
}

function refuse(code, message) {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const next = `Run npm ci, which also builds, in ${root} (or npm run build where only the build is missing).`;
  process.stderr.write(`error ${code}: ${message}\n  ${next}\n`);
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ error: { code, message, next } }, undefined, 2)}\n`);
  }
  process.exitCode = 2;
}
