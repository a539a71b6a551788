import type { StopResult } from '../../application.js';
import type { LeaseView } from '../../ports/lease.js';
import type { CommandDefinition } from '../command-definition.js';
import { terminalSafe } from '../../reports/escape.js';
import { nextCommand } from '../../reports/next-command.js';
import { scopeOf } from '../scope.js';
import { holderWords } from './lease-words.js';

export const stopCommand: CommandDefinition = {
  path: ['stop'],
  summary: 'ask the runner that is at work to stop at the next safe place, wherever it runs',
  options: ['env', 'plan'],
  examples: ['stop --env staging'],
  async execute({ options, catalog, open }) {
    const { env, plan } = scopeOf(options, catalog);
    const application = await open(env);
    // waited for to the end: an abandoned request may still arrive, and nobody would know
    const result = await application.stop({ plan });
    const document = { value: { ...result, asked: result.asked ?? null } };
    return { exit: 0, document, text: stopText(result) };
  },
};

function stopText({ plan, env, asked }: StopResult): string {
  if (asked === undefined) {
    return `Nothing to stop: nobody works on the plan ${plan} in the environment ${env}.\n`;
  }
  if (asked.expired === true) return silentText(asked, nextCommand('status', { env, plan }));
  return [
    `Asked to stop: ${holderWords(asked)}.`,
    'It finishes the batch in flight, notes down how far it got, lets go of the lease and ends with exit 4.',
    terminalSafe(
      `Its lease lasts until ${asked.expiresAt} unless it is renewed; a process that is gone renews nothing.`,
    ),
    '',
    'Next:',
    `  ${nextCommand('status', { env, plan })}`,
    '',
  ].join('\n');
}

/** What `status` says of such a lease as well. */
function silentText(asked: LeaseView, status: string): string {
  return [
    `Not heard of any more: ${holderWords(asked)}.`,
    terminalSafe(
      `Its lease, until ${asked.expiresAt}, was not renewed while it was watched: it shows no sign of life.`,
    ),
    'Should it come back, it finds the request; the next command takes the lease over if it stays silent.',
    '',
    'Next:',
    `  ${status}`,
    '',
  ].join('\n');
}
