import { PERSONNEL_OUTLINE } from '../../../src/migrations/personnel/personnel.outline.js';
import { planPermissions } from '../../../src/runner/composition/plan-permissions.js';
import { plans } from '../../../src/runner/composition/plans.js';
import { iamPolicies } from '../../../src/runner/iam/iam-policies.js';
import type { PolicyDocument, PolicyStatement } from '../../../src/runner/iam/policy-document.js';

function statement(plan: string, sid: string): PolicyStatement | undefined {
  const found = plans().find((one) => one.plan.name === plan)!.plan;
  const [run] = iamPolicies(found, { name: 'dev', region: 'eu-west-1' }, 'journal', (name) => name);
  return (run?.document as PolicyDocument).Statement.find(({ Sid }) => Sid === sid);
}

describe('what a plan needs beside reading and writing its tables', () => {
  it('the right to ask tables and indexes, where access patterns are tried', () => {
    const table = (name: string): string => `arn:aws:dynamodb:eu-west-1:*:table/${name}`;
    expect(statement('personnel', 'AskAsTheApplication')).toEqual({
      Sid: 'AskAsTheApplication',
      Effect: 'Allow',
      Action: ['dynamodb:Query'],
      Resource: [
        table('sitelogix-personnel'),
        table('sitelogix-personnel-v2'),
        `${table('sitelogix-personnel-v2')}/index/*`,
      ],
    });
    expect(statement('core-table', 'AskAsTheApplication')?.Resource).toEqual(
      ['ServersTable', 'UserMembershipTable', 'CoreTable'].map(table),
    );
    expect(statement('kpi', 'AskAsTheApplication')).toBeUndefined();
  });

  it('C-07: the right to ask for users, where a user pool is configured, of this pool only', () => {
    const pool = { kind: 'cognito', userPoolId: 'us-gov-west-1_AbC' };
    const environment = { plans: { 'core-table': { directory: pool } } };
    expect(planPermissions(environment, 'core-table')).toEqual([
      {
        Sid: 'DirectoryOfUsers',
        Effect: 'Allow',
        Action: ['cognito-idp:AdminGetUser'],
        Resource: ['arn:aws-us-gov:cognito-idp:us-gov-west-1:*:userpool/us-gov-west-1_AbC'],
      },
    ]);
    expect(planPermissions({ plans: { 'core-table': { strictRoles: true } } }, 'core-table')).toEqual([]);
    expect(planPermissions(environment, PERSONNEL_OUTLINE.name)).toEqual([]);
  });
});
