import { hostname, userInfo } from 'node:os';
import { operator } from '../../../src/runner/cli/operator.js';

describe('who types', () => {
  it('is named as user and host', () => {
    expect(operator()).toBe(`${userInfo().username}@${hostname()}`);
  });

  it('is named by number where no user list knows the user', () => {
    expect(
      operator(() => {
        throw new Error('ENOENT');
      }),
    ).toBe(`uid-${process.getuid?.() ?? ''}@${hostname()}`);
  });
});
