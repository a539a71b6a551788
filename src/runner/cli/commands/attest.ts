import { UsageError } from '../../ports/errors.js';
import type { CommandDefinition } from '../command-definition.js';
import { attestText } from '../../reports/checklist-text.js';
import { defined } from '../defined.js';
import { required } from '../required.js';
import { scopeOf } from '../scope.js';

export const attestCommand: CommandDefinition = {
  path: ['attest'],
  summary: 'write down that somebody vouches for an item of a checklist that no program can measure',
  options: ['env', 'plan', 'item', 'attester', 'note', 'until', 'validFor', 'withdraw'],
  examples: [
    'attest --env production --item stakeholders-notified --by ann --note CHG-4711',
    'attest --env production --item window-agreed --by ann --valid-for 36h',
    'attest --env production --item window-agreed --by ben --withdraw',
  ],
  async execute({ options, catalog, open }) {
    const { env, plan } = scopeOf(options, catalog);
    const item = required('--item', options.item, 'the item, as checklist names it');
    const by = required('--by', options.by, 'who vouches for it: an attestation needs a name');
    const { note, until, validFor: validHours, withdraw = false } = options;
    const ends = [
      ...(until === undefined ? [] : ['--until']),
      ...(validHours === undefined ? [] : ['--valid-for']),
    ];
    const [one, other = withdraw ? '--withdraw' : undefined] = ends;
    if (one !== undefined && other !== undefined)
      throw new UsageError('OPTION_CONFLICT', `${one} and ${other} contradict each other.`, 'Leave one out.');
    const application = await open(env);
    // waited for to the end: whether somebody vouches for it must not be left open
    const request = { plan, item, by, withdraw, ...defined({ note, until, validHours }) };
    const result = await application.attest(request);
    return { exit: 0, document: { value: result }, text: attestText(result) };
  },
};
