import { COMPANY_OUTLINE } from '../../../src/migrations/company/company.outline.js';
import { iamPolicies } from '../../../src/runner/iam/iam-policies.js';
import { isAllowed } from './iam-evaluator.js';

const ALL = iamPolicies(
  { ...COMPANY_OUTLINE, steps: [] },
  { name: 'dev', region: 'eu-central-1' },
  'journal',
  (name) => `${name}-dev`,
);

function attached(...attach: readonly string[]): typeof ALL {
  return ALL.filter((policy) => attach.includes(policy.attach));
}

const arn = (table: string): string => `arn:aws:dynamodb:eu-central-1:123456789012:table/${table}-dev`;

describe('tables beside those of plan company, to the role that runs it', () => {
  it.each(COMPANY_OUTLINE.untouched)('E-03: %s may be described, and no more', (table) => {
    const run = attached('always', 'fallback', 'rollback', 'backup', 'tables');
    expect(isAllowed(run, 'dynamodb:DescribeTable', arn(table))).toBe(true);
    for (const action of [
      'Scan',
      'GetItem',
      'PutItem',
      'UpdateItem',
      'DeleteItem',
      'CreateTable',
      'DeleteTable',
    ])
      expect({ action, allowed: isAllowed(run, `dynamodb:${action}`, arn(table)) }).toEqual({
        action,
        allowed: false,
      });
  });

  it.each(COMPANY_OUTLINE.archived)('A-45: %s may be read by backups, and never be written', (table) => {
    expect(isAllowed(attached('always'), 'dynamodb:Scan', arn(table))).toBe(false);
    expect(isAllowed(attached('always', 'backup'), 'dynamodb:Scan', arn(table))).toBe(true);
    expect(isAllowed(attached('always', 'fallback', 'rollback'), 'dynamodb:PutItem', arn(table))).toBe(false);
    // another role than that of runs restores it, as any source
    expect(isAllowed(attached('backup'), 'dynamodb:CreateTable', arn(table))).toBe(true);
    expect(isAllowed(attached('always', 'backup'), 'dynamodb:PutItem', arn(table))).toBe(false);
  });
});
