import { freePort, isServing, listensOn, portOf, serverOn, stopServer } from './server-process.js';
import { EmbeddedSupervisor } from './supervisor.js';
import type { SupervisorSettings } from './supervisor.js';

/** What the parts below import; they are joined into one module. */
const IMPORTS = `
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
`;

const PARTS = [serverOn, portOf, listensOn, isServing, stopServer, freePort, EmbeddedSupervisor];

/**
 * The supervisor as one ES module for the standard input of `node`, made of the text of its functions. A file would
 * have to be found and be JavaScript in every world that the runner is started in; this text is the same in a
 * build, in tests that run the sources, and anywhere else, and needs no temporary file.
 */
export function supervisorProgram(settings: SupervisorSettings): string {
  const parts = PARTS.map((part) => part.toString()).join('\n');
  return `${IMPORTS}\n${parts}\nawait new EmbeddedSupervisor(${JSON.stringify(settings)}).run();\n`;
}
